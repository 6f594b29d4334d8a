#include <bptt/core/types.hpp>

extern "C" void other();
extern "C" void other() {}
