#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/inspect/named.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"

namespace bptt {

/// A field of a layer's state, or a gate, over a sequence: units × its steps, in the order of time.
template <class T> struct Signal {
    std::string name;  // "h", "c", "f"; "1.forward.f" where layers nest
    bool is_gate;      // else it is of the state
    Mat<T> values;
    bool is_candidate = false;  // of gates: what they let in, a tanh
};

/// All that a layer did over one sequence.
template <class T> struct Traced {
    std::vector<Signal<T>> signals;

    /// The values of the signal of that name. Throws if there is none.
    const Mat<T>& operator[](std::string_view name) const {
        return detail::find_named("Traced", "signal", signals, &Signal<T>::name, name).values;
    }
};

namespace detail {

template <class Class, class Member> Class class_of(Member Class::*);

/// False of a cell that inherits gates() and has a step() of its own, which may do without them.
template <class C> constexpr bool gates_are_of_step() {
    if constexpr (requires { &C::gates, &C::step; })
        return std::is_base_of_v<decltype(class_of(&C::step)), decltype(class_of(&C::gates))>;
    else
        return true;
}

/// A cell that says what is between its inputs and its next state: gates(x, s) is an aggregate of Vars.
template <class C>
concept HasGates = Cell<C> && gates_are_of_step<C>() &&
    requires(const C& c, Var<typename C::Scalar> x, StateOf<C, Var<typename C::Scalar>> s) {
    c.gates(x, s);
};

template <class T> class Tracer {
public:
    explicit Tracer(const Layout& layout) : layout_(layout), traced_(static_cast<std::size_t>(layout.batch)) {}

    std::vector<Traced<T>> take() { return std::move(traced_); }

    template <class L>
    void add(const std::string& name, const Stacked<L>& stack, const Sequence<T>& xs, const StackedTrajectory<L>& y) {
        for (Index k = 0; const L& layer : stack.layers) {
            add(name + std::to_string(k) + '.', layer, k == 0 ? xs : y.layers[k - 1].h, y.layers[k]);
            ++k;
        }
    }
    template <class L> void add(const std::string& name, const Bidirectional<L>& both, const Sequence<T>& xs,
                                const BidirectionalTrajectory<L>& y) {
        add(name + "forward.", both.forward, xs, y.forward);
        add(name + "backward.", both.backward, reversed(xs), y.backward);
    }
    template <class L, class Y> void add(const std::string& name, const L& layer, const Sequence<T>& xs, const Y& y) {
        if constexpr (std::is_same_v<Y, StateOf<L, Sequence<T>>>) {
            std::vector<std::string> fields;
            for_each_named_field(y, [&](const std::string& field, const Sequence<T>& x) {
                put(name + field, false, x.all.value());
                fields.push_back(field);
            });
            if constexpr (HasGates<L>) add_gates(name, layer, xs, y, fields);
        } else {
            put(name + "h", false, y.h.all.value());
        }
    }

private:
    static constexpr Index at_once = 1024;  // columns: what the gates need besides stays in some megabytes

    /// Each column of the gates follows from the input and the state before it, whatever stands beside it.
    template <class C> void add_gates(const std::string& name, const C& cell, const Sequence<T>& xs,
                                      const StateOf<C, Sequence<T>>& y, const std::vector<std::string>& fields) {
        using Gates = std::remove_cvref_t<decltype(cell.gates(std::declval<Var<T>>(), std::declval<StateOf<C, Var<T>>>()))>;
        constexpr std::size_t count = member_count<Gates>();
        static_assert(count <= most_members, "Gates is an aggregate of at most 16 Vars, without a base");
        std::array<Mat<T>, count> all;
        const std::vector<Index> before = columns_before(xs.reversed);
        Tape<T> tape;
        const typename Tape<T>::Pause pause(tape);
        for (Index first = 0; first == 0 || first < layout_.columns(); first += at_once) {
            const Index n = (std::min)(at_once, layout_.columns() - first);
            tape.clear();
            const auto s = map_state(y, [&](const Sequence<T>& field) {
                Mat<T> m(field.all.rows(), n);
                for (Index k = 0; k < n; ++k) {
                    const Index j = before[static_cast<std::size_t>(first + k)];
                    m.col(k) = j >= 0 ? field.all.value().col(j) : field.initial.value().col(-1 - j);
                }
                return tape.constant(m);
            });
            Gates gates = cell.gates(tape.constant(columns(xs.all, first, n)), s);
            std::apply([&, k = std::size_t{0}](const auto&... gate) mutable { (copy<Gates>(gate, first, n, k, all[k]), ...); },
                       members(gates));
        }
        for (std::size_t k = 0; k < count; ++k) {
            const std::string gate = gate_name<Gates>(k);
            if (std::ranges::find(fields, gate) == fields.end()) put(name + gate, true, all[k], is_candidate<Gates>(gate));
        }
    }
    template <class Gates> void copy(const Var<T>& gate, Index first, Index n, std::size_t& k, Mat<T>& all) const {
        throw_unless(gate.cols() == n, "trace: gates() gave ", gate_name<Gates>(k), " as ", shape(gate), ", not as ", n,
                     " columns, as many as x has");
        if (first == 0) all.resize(gate.rows(), layout_.columns());
        all.middleCols(first, n) = gate.value();
        ++k;
    }
    template <class Gates> static std::string gate_name(std::size_t k) {
        return (requires { Gates::names; } ? "" : "gate ") + field_name<Gates>(k);
    }

    template <class Gates> static bool is_candidate([[maybe_unused]] const std::string& gate) {
        if constexpr (requires { std::string_view(Gates::candidate_gate); })
            return gate == Gates::candidate_gate;
        else
            return false;
    }

    /// For each column the one of the step before; −1 − b where sequence b begins.
    std::vector<Index> columns_before(bool backwards) const {
        std::vector<Index> before;
        layout_.for_each_column([&](Index, Index t, Index b) {
            const Index earlier = backwards ? t + 1 : t - 1;
            const bool begins = earlier < 0 || earlier == layout_.length(b);
            before.push_back(begins ? -1 - b : layout_.start(earlier) + layout_.place(b));
        });
        return before;
    }
    /// Some columns of x. If x is deferred, it stays so: another path, with other roundings, would be taken after a look at it.
    static Mat<T> columns(Var<T> x, Index first, Index n) {
        const auto* const look = x.template deferred<Lookup<T>>();
        if (!look) return x.value().middleCols(first, n);
        Mat<T> m = Mat<T>::Zero(x.rows(), n);
        for (Index k = 0; k < n; ++k) {
            const Index id = look->ids[static_cast<std::size_t>(first + k)];
            if (look->E.empty())
                m(id, k) = 1;
            else
                m.col(k) = look->E.value().col(id);
        }
        return m;
    }
    void put(std::string name, bool is_gate, const auto& all, bool is_candidate = false) {
        std::vector<Mat<T>> parts;
        for (Index b = 0; b < layout_.batch; ++b) parts.emplace_back(all.rows(), layout_.length(b));
        layout_.for_each_column(
            [&](Index column, Index t, Index b) { parts[static_cast<std::size_t>(b)].col(t) = all.col(column); });
        for (std::size_t b = 0; b < parts.size(); ++b)
            traced_[b].signals.push_back({name, is_gate, std::move(parts[b]), is_candidate});
    }

    const Layout& layout_;
    std::vector<Traced<T>> traced_;
};

}  // namespace detail

/// Runs a layer over a batch as unroll(layer, xs, start) does, and returns what each sequence did: every field of the state
/// and, of a cell with gates(x, s), every gate, at every step. start: nothing, which is zeros, or a state, as plain matrices
/// or on the tape. Nothing is recorded, and the same values and gradients follow as if it had not run. Parts of a Stacked are
/// named "0.h", of a Bidirectional "forward.h"; of another layer that is no cell there is what unroll() returns, or its h.
/// Gates may say their fields' `names` as a state does, else they are "gate 0", …; one of a state's field's name is that field.
/// And they may say which is the `candidate_gate`, a tanh that the others let in. Gates that a cell inherits are left out where
/// its step() is its own.
template <Layer L, class T = typename L::Scalar>
std::vector<Traced<T>> trace(const L& layer, const Sequence<std::type_identity_t<T>>& xs, const auto&... start) {
    static_assert(sizeof...(start) <= 1 && !(std::is_convertible_v<decltype(start), std::optional<Training>> || ...),
                  "trace(layer, xs) or trace(layer, xs, state): nothing is dropped in it");
    const typename Tape<T>::Pause pause(xs.all.tape());
    const auto y = unroll(layer, xs, start...);
    detail::Tracer<T> tracer(layout_of(xs));
    tracer.add("", layer, xs, y);
    return tracer.take();
}

}  // namespace bptt
