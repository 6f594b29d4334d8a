#include <bptt/core/types.hpp>

extern "C" void other();
int main() { other(); }
