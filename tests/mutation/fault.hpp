#pragma once

#include <cstdlib>
#include <initializer_list>

namespace fault {

/// Whether the environment asks for the fault n.
inline bool is(int n) {
    static const char* const chosen = std::getenv("FAULT");
    static const int number = chosen ? std::atoi(chosen) : -1;
    return n == number;
}

// Wrong gradients of right values.

template <class V> V dropped(V x) { return x.tape().constant(x.value()); }
template <class V> V negated(V x) { return 2 * dropped(x) - x; }
/// The value of one, the gradient of the other.
template <class V> V with_gradient(V value, V path) { return path - dropped(path) + dropped(value); }
template <class V> V doubled(V x) { return with_gradient(x, 2 * x); }
/// Each sequence takes the next one's column.
template <class V> V neighbour(V x) {
    return x.cols() < 2 ? x : concat_cols(std::initializer_list<V>{cols(x, 1, x.cols() - 1), cols(x, 0, 1)});
}
/// A gradient for the first sequence only.
template <class V> V first_only(V x) {
    return x.cols() < 2 ? x : concat_cols(std::initializer_list<V>{cols(x, 0, 1), dropped(cols(x, 1, x.cols() - 1))});
}

// Of a parameter p that a Var x meets.
template <class P, class V> V dropped(const P& p, V x) { return x.tape().constant(p.value); }
template <class P, class V> V negated(const P& p, V x) { return negated(x.tape().watch(p)); }
template <class P, class V> V doubled(const P& p, V x) { return doubled(x.tape().watch(p)); }

}  // namespace fault
