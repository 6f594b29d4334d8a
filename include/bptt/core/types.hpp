#pragma once

#include <version>

#if __cplusplus < 202002L
#error "bptt needs C++20: build with -std=c++20"
#include "an error above this line"  // which the compiler does not find, so that it stops: a thousand errors would follow
#elif defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 160000
#error "bptt needs all of <ranges>: libc++ 16 or newer, or libstdc++"
#include "an error above this line"
#elif !defined(__cpp_exceptions)
#error "bptt says what is wrong by exceptions: build without -fno-exceptions"
#include "an error above this line"
#endif
// -ffast-math drops NaN checks, and may differ between translation units that share these templates.
#if (defined(__FAST_MATH__) || __FINITE_MATH_ONLY__) && !defined(BPTT_ALLOW_FAST_MATH)
#error "bptt needs IEEE arithmetic: build without -ffast-math and -ffinite-math-only (BPTT_ALLOW_FAST_MATH: at your own risk)"
#endif

#include <Eigen/Core>

#include "bptt/core/instruction_set.hpp"

namespace bptt {

using Index = Eigen::Index;
static_assert(sizeof(Index) == sizeof(void*), "bptt needs Eigen's Index as it is: leave out EIGEN_DEFAULT_DENSE_INDEX_TYPE");

/// A dense matrix, column-major whatever Eigen's default is. A batch of vectors is features × batch.
template <class T> using Mat = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

}  // namespace bptt
