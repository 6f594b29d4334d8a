// The kernels, for the tests that are compiled without them.
#define BPTT_COMPILING
#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
