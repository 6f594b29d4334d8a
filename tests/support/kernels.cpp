// What BPTT_COMPILED leaves out, for the tests that are compiled with it.
#define BPTT_COMPILING
#include "bptt/bptt.hpp"
