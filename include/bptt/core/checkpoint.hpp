#pragma once

#include <string_view>
#include <type_traits>

namespace bptt {

/// A member that a checkpoint does not hold, and that is made anew, as X(), where one is restored.
template <class X> struct MadeAnew { X& member; };
/// f(made_anew(m.x)) in checkpoint().
template <class X> MadeAnew<X> made_anew(X& member) { return {member}; }

namespace detail {
struct AnyCheckpointVisitor {
    void operator()(std::string_view, auto&&) const {}
    template <class X> void operator()(MadeAnew<X>) const {}
};
}  // namespace detail

/// Anything whose static `checkpoint(auto& m, auto&& f)` says what of it a checkpoint keeps: f("name", m.field) for each
/// number, string, matrix, model, state, and each part that has a checkpoint() itself. See io/checkpoint.hpp.
template <class X>
concept HasCheckpoint = requires(X& x) {
    std::remove_cvref_t<X>::checkpoint(x, detail::AnyCheckpointVisitor());
};

}  // namespace bptt
