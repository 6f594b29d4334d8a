#pragma once

#include <Eigen/Core>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// Files of one program share the templates of Eigen and bptt. Where their -march differs, one file frees memory that another
// has aligned differently, or reads weights that another has packed for wider registers.

namespace bptt::detail {

/// What a file was compiled for.
struct InstructionSet {
    const char* names;
    int alignment;  // of Eigen's memory, in bytes
};

namespace {

/// What this file was compiled for: names of its own, as each file has others.
constexpr InstructionSet own_instruction_set {
    ""
#if defined(EIGEN_VECTORIZE_AVX512)
    "AVX-512 "
#endif
#if defined(EIGEN_VECTORIZE_AVX2)
    "AVX2 "
#endif
#if defined(EIGEN_VECTORIZE_AVX)
    "AVX "
#endif
#if defined(EIGEN_VECTORIZE_FMA)
    "FMA "
#endif
#if defined(EIGEN_VECTORIZE_SSE4_1)
    "SSE4 "
#endif
#if defined(EIGEN_VECTORIZE_SSE)
    "SSE "
#endif
#if defined(EIGEN_VECTORIZE_NEON)
    "NEON "
#endif
#if !defined(EIGEN_VECTORIZE)
    "no vectors "
#endif
        ,
        EIGEN_MAX_ALIGN_BYTES
};

}  // namespace

/// What one of the program's files was compiled for: of an inline variable, the linker keeps a single copy. It has its value
/// before any file's constructors run. It is not const, so that no file takes its own copy's value for it.
inline constinit InstructionSet of_one_file = own_instruction_set;

namespace {

/// Ends the program, before main() begins, if this file was compiled for another instruction set than `of_one_file`.
[[maybe_unused]] const bool all_files_agree = [] {
    const InstructionSet &own = own_instruction_set, &other = of_one_file;
    if (own.alignment == other.alignment && std::strcmp(own.names, other.names) == 0) return true;
    std::fprintf(stderr,
                 "bptt: two files of this program were compiled for different instruction sets, %s(memory aligned to %d bytes) "
                 "and %s(%d bytes); give all files that include Eigen or bptt the same -march and EIGEN_ macros\n",
                 other.names, other.alignment, own.names, own.alignment);
    std::_Exit(EXIT_FAILURE);
}();

}  // namespace

}  // namespace bptt::detail
