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

/// What one of the program's files was compiled for: of an inline variable, the linker keeps a single copy. It is not const, so
/// that no file takes its own copy's value for it.
inline InstructionSet of_one_file{Eigen::SimdInstructionSetsInUse(), EIGEN_MAX_ALIGN_BYTES};

namespace {

/// Ends the program, before main() begins, if this file was compiled for another instruction set than `of_one_file`.
[[maybe_unused]] const bool all_files_agree = [] {
    const InstructionSet own{Eigen::SimdInstructionSetsInUse(), EIGEN_MAX_ALIGN_BYTES}, &other = of_one_file;
    if (own.alignment == other.alignment && std::strcmp(own.names, other.names) == 0) return true;
    std::fprintf(
        stderr,
        "bptt: two files of this program were compiled for different instruction sets, %s (memory aligned to %d bytes) "
        "and %s (%d bytes); give all files that include Eigen or bptt the same -march\n",
        other.names, other.alignment, own.names, own.alignment);
    std::_Exit(EXIT_FAILURE);
}();

}  // namespace

}  // namespace bptt::detail
