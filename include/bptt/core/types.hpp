#pragma once

#include <Eigen/Core>

#include "bptt/core/instruction_set.hpp"

// -ffast-math drops NaN checks, and may differ between translation units that share these templates.
#if defined(__FAST_MATH__) && !defined(BPTT_ALLOW_FAST_MATH)
#error "bptt needs IEEE arithmetic: build without -ffast-math (or define BPTT_ALLOW_FAST_MATH at your own risk)"
#endif

namespace bptt {

using Index = Eigen::Index;

/// A dense matrix, column-major whatever Eigen's default is. A batch of vectors is features × batch.
template <class T> using Mat = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;

}  // namespace bptt
