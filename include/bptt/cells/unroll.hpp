#pragma once

#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "bptt/cells/fused.hpp"
#include "bptt/core/training.hpp"
#include "bptt/ops/affine.hpp"
#include "bptt/ops/lookup.hpp"
#include "bptt/ops/shape.hpp"

namespace bptt {

namespace detail {

/// Throws unless the cell can start from s0 over an input of this layout on this tape.
template <Cell C, class T = typename C::Scalar>
void check_start(const C& cell, const Layout& l, const Tape<T>& tape, const StateOf<C, Var<T>>& s0) {
    for_each_field_to_check(s0, [&](const Var<T>& v, const auto& name) {
        throw_unless(!v.empty(), "unroll: ", name, " of the state s0 is empty");
        throw_unless(&v.tape() == &tape, "unroll: ", name, " of the state s0 is on another tape than the input");
        constexpr bool any_rows = requires { cell.zero_state(l.batch); };
        throw_unless(v.cols() == l.batch && (any_rows || v.rows() == cell.units()), "unroll: ", name, " of the state s0 is ",
                     shape(v), ", the cell has ", cell.units(), " units, the input is ", l,
                     v.cols() > l.batch ? "; columns(carry, first, count) cuts a carry for a smaller batch" : "");
    });
}
/// Throws unless the cell can run over xs from s0.
template <Cell C, class T = typename C::Scalar>
void check_unroll(const C& cell, const Sequence<std::type_identity_t<T>>& xs, const StateOf<C, Var<T>>& s0) {
    const Layout& l = layout_of(xs);
    if constexpr (HasInputs<C>)
        throw_unless(xs.all.rows() == cell.inputs(), "unroll: the input is ", shape(xs.all), ", the cell reads ", cell.inputs(),
                     " features");
    check_start(cell, l, xs.all.tape(), s0);
}

/// unroll_steps() that goes on from step t with each(t, s) in place of the state s that step() gave.
template <Cell C, class Each, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_with(const C& cell, const Sequence<std::type_identity_t<T>>& xs, const StateOf<C, Var<T>>& s0,
                                    Each each) {
    check_unroll(cell, xs, s0);
    const Layout& l = *xs.layout;
    auto& tape = xs.all.tape();
    const typename Tape<T>::Stepping stepping(tape, l);
    struct Track {
        Var<T> initial;
        Var<T>* steps;
    };
    auto tracks = map_state(s0, [&](const Var<T>& v) { return Track{v, tape.template buffer<Var<T>>(l.steps)}; });
    const auto start = map_state(s0, [&](const Var<T>& v) { return to_inside_order(v, l); });
    auto s = start;
    for (Index k = 0; k < l.steps; ++k) {
        const Index t = xs.reversed ? l.steps - 1 - k : k, running = l.width(t);
        for_each_field(s, start, [running](Var<T>& v, const Var<T>& first) {
            const Index earlier = v.cols();
            if (running < earlier) v = cols(v, 0, running);  // some have ended, or not yet begun
            if (running > earlier) v = concat_cols({v, cols(first, earlier, running - earlier)});  // some begin
        });
        s = each(t, cell.step(step_columns(xs, t), s));
        for_each_field(s, tracks, [&, k = Index{0}](const Var<T>& v, Track& track) mutable {
            const FieldName<StateOf<C, Var<T>>> name{s, k++};
            const Shape expected{track.initial.rows(), running};
            throw_unless(shape(v) == expected, "unroll: step() gave ", name, " as ", shape(v), ", not ", expected);
            std::construct_at(track.steps + t, v);
        });
    }
    return map_state(tracks, [&](const Track& track) -> Sequence<T> {
        const std::span<const Var<T>> parts(track.steps, static_cast<std::size_t>(l.steps));
        return columns_of(l.steps ? concat_cols(parts) : cols(track.initial, 0, 0), xs.layout, track.initial, xs.reversed);
    });
}

}  // namespace detail

/// Runs cell.step() from s0 on (fields features × batch, in the user's order) and returns the trajectory of every field.
/// step() gets a column for each sequence that is still running; reversed(xs) starts at each sequence's own last step.
template <Cell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_steps(const C& cell, const Sequence<std::type_identity_t<T>>& xs, StateOf<C, Var<T>> s0) {
    return detail::unroll_with(cell, xs, s0, [](Index, StateOf<C, Var<T>> s) { return s; });
}

namespace detail {

/// Runs the cell's kernel over xs from s0. If xs is a lookup that has not been computed yet, the kernel may read its class
/// indices: W_x times a one-hot column is a column of W_x, W_x times an embedding is a column of W_x E.
template <FusedCell C, class T = typename C::Scalar>
StateOf<C, Sequence<T>> unroll_in_kernel(const C& cell, const Sequence<std::type_identity_t<T>>& xs,
                                         const StateOf<C, Var<T>>& s0) {
    check_params(cell);
    const auto run = [&](const auto& input) { return unroll_fused(cell, input, xs.layout, xs.reversed, s0); };
    const auto* const look = xs.all.template deferred<Lookup<T>>();
    const bool one_hot = look && look->E.empty();
    const bool by_table = one_hot || (look && look->E.cols() < xs.all.cols());  // W_x E has fewer columns than W_x x
    if (!by_table) {
        xs.all.value();  // a deferred input is computed, and recorded, before the kernel
        return run(FeatureInput<T>{.x = xs.all});
    }
    const auto Wx = xs.all.tape().watch(cell.Wx);
    const auto y = run(TableInput<T>{.table = one_hot ? Wx : product(Wx, 0, Wx.rows(), look->E), .tokens = look->ids.data()});
    if (y.h.all.tracked()) xs.all.mark_taken();
    return y;
}

}  // namespace detail

/// Runs the cell over the whole sequence: the trajectory of every field (y.h, y.c, …); final_state(y) is the last of each.
/// A FusedCell runs in its kernel, on the tape's Threads; any other by unroll_steps().
/// `training` switches on what is done in training only, the dropout of a Stacked; a cell ignores it.
template <Cell C, class T = typename C::Scalar> StateOf<C, Sequence<T>> unroll(const C& cell,
                                                                               const Sequence<std::type_identity_t<T>>& xs,
                                                                               StateOf<C, Var<T>> s0, std::optional<Training>) {
    if constexpr (FusedCell<C>) {
        detail::check_unroll(cell, xs, s0);
        return detail::unroll_in_kernel(cell, xs, s0);
    } else {
        return unroll_steps(cell, xs, s0);
    }
}

/// unroll() of a cell template with a kernel, C<T, parameter>.
#ifdef BPTT_INSTANCE
#define BPTT_UNROLL_OF(T, ...)                                              \
    BPTT_INSTANCE StateOf<__VA_ARGS__, Sequence<T>> unroll<__VA_ARGS__, T>( \
        const __VA_ARGS__&, const Sequence<T>&, StateOf<__VA_ARGS__, Var<T>>, std::optional<Training>);
#define BPTT_UNROLL(C, parameter)              \
    BPTT_UNROLL_OF(float, C<float, parameter>) \
    BPTT_UNROLL_OF(double, C<double, parameter>)
#endif

// The shorter forms, for every layer that has the one above.

namespace detail {

/// A layer that has the form of unroll() that the others follow from.
template <class L>
concept Unrolls = requires(const L& layer, const Sequence<typename L::Scalar>& xs,
                           const StateOf<L, Var<typename L::Scalar>>& s0) {
    unroll(layer, xs, s0, std::optional<Training>());
};

template <Layer L, class T = typename L::Scalar> auto unroll_layer(const L& layer, const Sequence<std::type_identity_t<T>>& xs,
                                                                   const StateOf<L, Var<T>>& s0,
                                                                   std::optional<Training> training) {
    static_assert(Unrolls<L>,
                  "a Cell has step(x, s), which gives its State<Var<T>>, the field h in it, and units(). Any other Layer has "
                  "unroll(layer, xs, s0, training) in its namespace: see bptt/cells/cell.hpp");
    if constexpr (Unrolls<L>) return unroll(layer, xs, s0, training);
}

}  // namespace detail

/// Starts from a state on the tape, into which gradients flow.
template <Layer L, class T = typename L::Scalar>
auto unroll(const L& layer, const Sequence<std::type_identity_t<T>>& xs, const StateOf<L, Var<T>>& s0) {
    return detail::unroll_layer(layer, xs, s0, std::nullopt);
}
/// Starts from plain matrices: a carry, or zero_state(layer, batch).
template <Layer L, class T = typename L::Scalar> auto unroll(const L& layer, const Sequence<std::type_identity_t<T>>& xs,
                                                             const StateOf<L, Mat<T>>& s0,
                                                             std::optional<Training> training = {}) {
    return detail::unroll_layer(layer, xs, lift(xs.all.tape(), s0), training);
}
/// Starts from zeros, of the shapes that zero_state(layer, batch) has.
template <Layer L, class T = typename L::Scalar>
auto unroll(const L& layer, const Sequence<std::type_identity_t<T>>& xs, std::optional<Training> training = {}) {
    auto& tape = xs.all.tape();
    const auto zeros = [&tape, batch = xs.batch()](const Mat<T>& m) { return tape.constant(Mat<T>::Zero(m.rows(), batch)); };
    return detail::unroll_layer(layer, xs, map_state(zero_state(layer, 0), zeros), training);
}

namespace detail {
template <class L>
concept OwnsParams = Layer<L> && !Handle<L> && !std::is_reference_v<L>;
}  // namespace detail

/// A layer that owns its parameters has to outlive what is computed with it: a temporary one is refused.
template <detail::OwnsParams L, class... Rest> void unroll(const L&&, const Sequence<typename L::Scalar>&, const Rest&...) {
    static_assert(sizeof(L) == 0, "unroll: the layer is a temporary, which is gone when backward() needs it: give it a name");
}

/// The type that unroll() of a layer L returns.
template <Layer L, class T = typename L::Scalar> using TrajectoryOf = decltype(unroll(
    std::declval<const L&>(), std::declval<Sequence<T>>(), std::declval<StateOf<L, Var<T>>>(), std::optional<Training>()));

}  // namespace bptt
