#include <bptt/core/types.hpp>

bptt::Index other();
bptt::Index other() { return 0; }
