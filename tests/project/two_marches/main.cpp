#include <bptt/core/types.hpp>

bptt::Index other();
int main() { return static_cast<int>(other()); }
