// The library bptt::compiled: what BPTT_COMPILED leaves out of the files that link it.
#define BPTT_COMPILING
#include "bptt/bptt.hpp"
