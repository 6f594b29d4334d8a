// no matching function for call|no known conversion|cannot convert|no matching member function
#include "bptt/live/fixed.hpp"

constexpr bptt::live::Matrix<2, 3> W = {};
constexpr bptt::live::Matrix<2, 1> b = {};
constexpr auto weights = bptt::live::packed(W, b);
bptt::live::Runner<weights> head, next;
int main() { next.step(head.step({1, 2, 3})); }
