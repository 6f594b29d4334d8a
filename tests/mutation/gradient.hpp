#pragma once

// Wrong gradients of right values.
namespace fault {

template <class V> V dropped(V x) { return x.tape().constant(x.value()); }
template <class V> V negated(V x) { return 2 * dropped(x) - x; }

// Of a parameter p that a Var x meets.
template <class P, class V> V dropped(const P& p, V x) { return x.tape().constant(p.value); }
template <class P, class V> V negated(const P& p, V x) { return negated(x.tape().watch(p)); }

}  // namespace fault
