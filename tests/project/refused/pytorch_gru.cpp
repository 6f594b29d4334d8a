// PyTorch's GRU applies its reset gate after the product: take Gru<T, Reset::after>
#include <bptt/bptt.hpp>
#include <bptt/io/pytorch.hpp>

void read(bptt::Gru<float>& gru) { bptt::load_pytorch("gru", gru); }
