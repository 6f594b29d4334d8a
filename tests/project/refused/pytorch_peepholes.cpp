// PyTorch's LSTM has no peepholes: take Lstm<T>
#include <bptt/bptt.hpp>
#include <bptt/io/pytorch.hpp>

void write(const bptt::Stacked<bptt::Lstm<float, bptt::Peephole::full>>& stack) { bptt::save_pytorch("stack", stack); }
