#pragma once

// Where BPTT_COMPILED is defined, the products, the passes and orthogonal() of float and double are compiled once for the
// whole program, by one file that defines BPTT_COMPILING and then includes bptt/cells/{gru,lstm,rnn}.hpp. All files have the
// same -march.

#if defined(BPTT_COMPILING)
#define BPTT_INSTANCE template
#elif defined(BPTT_COMPILED)
#define BPTT_INSTANCE extern template
#endif
