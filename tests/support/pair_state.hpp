#pragma once

#include "bptt/sequence/fields.hpp"

/// A state of states.
template <class V> struct PairState {
    bptt::HiddenState<V> first;
    bptt::LstmState<V> second;
};

inline bptt::Mat<double> numbered(double x) { return bptt::Mat<double>::Constant(2, 3, x); }
