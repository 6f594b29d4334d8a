// packed: after b come bh of a GruAfter
#include "bptt/live/fixed.hpp"

constexpr bptt::live::Matrix<8, 3> Wx = {};
constexpr bptt::live::Matrix<8, 2> Wh = {};
constexpr bptt::live::Matrix<8, 1> b = {};
constexpr auto weights = bptt::live::packed<bptt::live::Lstm<bptt::live::Peephole::current>>(Wx, Wh, b);
int main() {}
