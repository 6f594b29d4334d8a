// a_weight_is_not_a_number_below_1e37
#include "bptt/live/fixed.hpp"

constexpr bptt::live::Matrix<1, 1> W = {{__builtin_nanf("")}}, b = {};
constexpr auto weights = bptt::live::packed(W, b);
int main() {}
