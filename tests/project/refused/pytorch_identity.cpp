// PyTorch's RNN is tanh or relu: there is no Rnn<T, Activation::identity>
#include <bptt/bptt.hpp>
#include <bptt/io/pytorch.hpp>

std::string tell(const bptt::Rnn<float, bptt::Activation::identity>& rnn) { return bptt::explain_pytorch("rnn", rnn); }
