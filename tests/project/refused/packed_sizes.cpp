// packed: Wx, Wh and b have a row for each unit of each gate of the cell
#include "bptt/live/fixed.hpp"

constexpr bptt::live::Matrix<4, 3> Wx = {};
constexpr bptt::live::Matrix<4, 2> Wh = {};
constexpr bptt::live::Matrix<4, 1> b = {};
constexpr auto weights = bptt::live::packed<bptt::live::GruBefore>(Wx, Wh, b);
int main() {}
