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

struct NamesCheckpoint {
    int checkpoint;
};
template <class X> struct AndNamesCheckpoint : X, NamesCheckpoint {};
/// Whether a class has a member called checkpoint, whatever it is and even if it is private: the name then has two meanings.
template <class X> constexpr bool names_checkpoint() {
    if constexpr (std::is_class_v<X> && !std::is_final_v<X>) return !requires {
            &AndNamesCheckpoint<X>::checkpoint;
        };
    else
        return false;
}

template <class X>
concept CheckpointTakesByCopy = requires {
    static_cast<void (*)(X, AnyCheckpointVisitor)>(&X::checkpoint);
}
|| requires { static_cast<void (*)(X, AnyCheckpointVisitor&)>(&X::checkpoint); }
|| requires { static_cast<void (*)(X, AnyCheckpointVisitor &&)>(&X::checkpoint); }
|| requires { static_cast<void (*)(X, const AnyCheckpointVisitor&)>(&X::checkpoint); };

}  // namespace detail

/// Anything whose static `checkpoint(auto& m, auto&& f)` says what of it a checkpoint keeps: f("name", m.field) for each
/// number, string, matrix, model, state, and each part that has a checkpoint() itself. See io/checkpoint.hpp.
template <class X>
concept HasCheckpoint = requires(X& x) {
    std::remove_cvref_t<X>::checkpoint(x, detail::AnyCheckpointVisitor());
}
&&!detail::CheckpointTakesByCopy<std::remove_cvref_t<X>>;

}  // namespace bptt
