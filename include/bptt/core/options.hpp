#pragma once

// What both a cell and its kernel are templated on.

namespace bptt {

/// Which gates of an LSTM have peephole connections to the cell state c, and of which kind:
///   current    i and f see c_{t−1}, o sees c_t, unit by unit (Gers et al. 2002)
///   previous   i, f and o see c_{t−1}, unit by unit
///   full       i, f and o see c_{t−1} through matrices.
enum class Peephole { none, current, previous, full };

/// Where a GRU applies its reset gate: to h before the product with U (Cho et al. 2014), or to that product (cuDNN, PyTorch).
enum class Reset { before, after };

}  // namespace bptt
