#pragma once

// A program that defines BPTT_COMPILED has the kernels of float and double compiled once, in a file of its own that defines
// BPTT_COMPILING, too, and includes bptt/cells/{gru,lstm,rnn}.hpp. Its other files then compile in half the time.

#if defined(BPTT_COMPILING)
#define BPTT_INSTANCE template
#elif defined(BPTT_COMPILED)
#define BPTT_INSTANCE extern template
#endif
