#pragma once

// Where BPTT_COMPILED is defined, what most programs use of float and double (unroll() of the cells with a kernel, products,
// lookups, cross_entropy(), orthogonal(), …) is compiled once for the whole program, by one file that defines BPTT_COMPILING
// and includes bptt/bptt.hpp. All files have the same -march and EIGEN_ macros.

#if defined(BPTT_COMPILING)
#define BPTT_INSTANCE template
#elif defined(BPTT_COMPILED)
#define BPTT_INSTANCE extern template
#endif
