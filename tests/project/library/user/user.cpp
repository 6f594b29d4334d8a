#include <bptt/core/types.hpp>

bptt::Index rows(const bptt::Mat<float>& x);

int main() { return rows(bptt::Mat<float>(2, 1)) == 2 ? 0 : 1; }
