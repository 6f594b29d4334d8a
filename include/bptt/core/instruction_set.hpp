#pragma once

#include <Eigen/Core>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// clang has no macro for it, and Eigen acts on gcc's, so that defining gcc's would change what Eigen is.
#if defined(__SANITIZE_ADDRESS__)
#define BPTT_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BPTT_ADDRESS_SANITIZER
#endif
#endif

// Files of one program share the functions of Eigen and bptt. Where their flags differ, one file frees memory that another has
// aligned differently, or reads weights that another has packed for wider registers.

namespace bptt::detail {

/// What a file was compiled for.
struct InstructionSet {
    const char* names;
    int alignment, static_alignment;  // of Eigen's memory and of its objects of fixed size, in bytes
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
#if EIGEN_MALLOC_ALREADY_ALIGNED
    "malloc "
#endif
#if defined(BPTT_ADDRESS_SANITIZER)
    "AddressSanitizer "
#endif
        ,
        EIGEN_MAX_ALIGN_BYTES, EIGEN_MAX_STATIC_ALIGN_BYTES
};

}  // namespace

/// What one of the program's files was compiled for: the linker keeps one copy of an inline function, as it does of Eigen's. A
/// plugin that is loaded by itself, or a library that hides its symbols, shares neither.
inline const InstructionSet* of_one_file() { return &own_instruction_set; }

namespace {

/// Ends the program, before main() begins, if this file was compiled for something else than `of_one_file` says.
[[maybe_unused]] const bool all_files_agree = [] {
    const InstructionSet* (*volatile linked)() = of_one_file;  // volatile: the linker's copy, not this file's, inlined
    const InstructionSet &own = own_instruction_set, &other = *linked();
    if (own.alignment == other.alignment && own.static_alignment == other.static_alignment &&
        std::strcmp(own.names, other.names) == 0)
        return true;
    std::fprintf(
        stderr,
        "bptt: two files of this program were compiled differently, for %s(memory aligned to %d bytes, objects to %d) "
        "and %s(%d bytes, %d); give all files that include Eigen or bptt the same -march, -fsanitize=address and EIGEN_ "
        "macros\n",
        other.names, other.alignment, other.static_alignment, own.names, own.alignment, own.static_alignment);
    std::_Exit(EXIT_FAILURE);
}();

}  // namespace

}  // namespace bptt::detail
