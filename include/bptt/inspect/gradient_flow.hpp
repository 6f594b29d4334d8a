#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/core/table.hpp"
#include "bptt/inspect/chart.hpp"
#include "bptt/inspect/named.hpp"
#include "bptt/train/clip.hpp"

namespace bptt {

/// How large the gradient of a field of the state is, over a run of T steps.
struct FieldFlow {
    std::string field;          // "h", "c"
    std::vector<double> norms;  // after 0, 1, …, T steps
};

/// What gradient_flow() and jacobian_flow() give: how the gradient grows or vanishes on its way back through time.
struct GradientFlow {
    std::string name = {};  // where several are shown side by side
    std::vector<FieldFlow> fields = {};

    /// The norms of the field of that name. Throws if there is none.
    const std::vector<double>& operator[](std::string_view field) const {
        return detail::find_named("GradientFlow", "field", fields, &FieldFlow::field, field).norms;
    }
};

namespace detail {

/// y = x      dx += dy
/// The gradient of y is its own, be x untracked, a view, or in use elsewhere.
template <class T> Var<T> with_own_gradient(Var<T> x) {
    const auto value = x.value();
    auto made = x.tape().make(x.rows(), x.cols(), true);
    made.second = value;
    const Var<T> y = made.first;
    x.tape().on_backward([x, y] {
        if (y.reached()) x.accumulate(y.grad());
    });
    return y;
}

template <class S> auto flat(const S& s) {
    std::vector<Leaf<S>> fields;
    for_each_field(s, [&](const Leaf<S>& field) { fields.push_back(field); });
    return fields;
}

/// Runs forward and backward; measure(g) of the gradient g of each field, features × batch, in the state after k steps.
template <Cell C, class Loss, class Measure, class T = typename C::Scalar>
GradientFlow flow_of(const C& cell, const Sequence<std::type_identity_t<T>>& xs, const StateOf<C, Mat<T>>& s0, Loss loss,
                     Measure measure) {
    using State = StateOf<C, Var<T>>;
    using Result = std::invoke_result_t<Loss&, const StateOf<C, Sequence<T>>&>;
    static_assert(std::is_same_v<Result, Var<T>>, "gradient_flow: loss(y) is a Var<T>, a function of the trajectory y");
    const Layout& l = layout_of(xs);
    auto& tape = xs.all.tape();
    const auto first = map_state(s0, [&](const Mat<T>& m) { return tape.variable(m); });
    std::vector<std::vector<Var<T>>> steps(static_cast<std::size_t>(l.steps));
    const auto y = unroll_with(cell, xs, first, [&](Index t, const State& s) {
        const auto kept = map_state(s, with_own_gradient<T>);
        steps[static_cast<std::size_t>(t)] = flat(kept);
        return kept;
    });
    backward(loss(y));

    GradientFlow flow;
    for_each_named_field(first, [&](const std::string& name, const Var<T>& start) {
        const std::size_t field = flow.fields.size();
        FieldFlow& of_field = flow.fields.emplace_back(FieldFlow{name, {}});
        Mat<T> g(start.rows(), l.batch);
        for (Index k = 0; k <= l.steps; ++k) {
            for (Index b = 0; b < l.batch; ++b) {
                const Index length = l.length(b), done = (std::min)(k, length);
                const auto t = static_cast<std::size_t>(xs.reversed ? length - done : done - 1);
                g.col(b) = done == 0 ? start.grad().col(b) : steps[t][field].grad().col(l.place(b));
            }
            of_field.norms.push_back(measure(g));
        }
    });
    return flow;
}

/// Calls f(name, norms, look) for each field of each flow. A flow has a color, and its fields have lines, as far as looks go.
template <class F> void for_each_curve(const std::vector<GradientFlow>& flows, F f) {
    Index flow = 0, all = 0;
    for (const GradientFlow& each : flows) {
        for (Index field = 0; const FieldFlow& of_field : each.fields) {
            const bool few = std::ssize(flows) <= std::ssize(colors);
            f(each.name.empty() ? of_field.field : each.name + ": " + of_field.field, of_field.norms,
              few ? flow + std::ssize(colors) * field : all);
            ++field, ++all;
        }
        ++flow;
    }
}

/// A field of a CSV file (RFC 4180).
inline std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == text.npos) return text;
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + '"';
}

}  // namespace detail

/// For each field of the cell's state the norm of ∂loss/∂(that field) after 0, 1, …, T steps of unroll_steps(cell, xs, s0): the
/// whole gradient, what the loss itself sends to that state, and what comes back from the steps that follow. Fields count as
/// independent: that of c_T is 0 where the loss sees h_T alone. The norm is over all units of all sequences; one that has ended
/// counts with its last state, as in state_at(y, k). s0: plain matrices; zeros without it. loss(y): a 1×1 Var, of the
/// trajectory y.
/// It runs backward(): gradients are added to those of the parameters, and the tape is to be cleared before the next step.
template <Cell C, class Loss, class T = typename C::Scalar>
GradientFlow gradient_flow(const C& cell, const Sequence<std::type_identity_t<T>>& xs, const StateOf<C, Mat<T>>& s0,
                           Loss loss) {
    return detail::flow_of(cell, xs, s0, loss, detail::norm<T>);
}
template <Cell C, class Loss, class T = typename C::Scalar>
GradientFlow gradient_flow(const C& cell, const Sequence<std::type_identity_t<T>>& xs, Loss loss) {
    return gradient_flow(cell, xs, zero_state(cell, xs.batch()), loss);
}

/// A table with a line for each number of steps, and a column for each field of each flow: "step,h,c".
inline std::string csv(const std::vector<GradientFlow>& flows) {
    std::string table = "step";
    std::size_t lines = 0;
    detail::for_each_curve(flows, [&](const std::string& name, const std::vector<double>& norms, Index) {
        table += ',' + detail::csv_field(name);
        lines = (std::max)(lines, norms.size());
    });
    for (std::size_t k = 0; k < lines; ++k) {
        table += '\n' + std::to_string(k);
        detail::for_each_curve(flows, [&](const std::string&, const std::vector<double>& norms, Index) {
            table += ',' + (k < norms.size() ? detail::digits_of(norms[k]) : std::string());
        });
    }
    return table + '\n';
}

/// A panel for chart(): the norms, on a logarithmic axis, over the steps back from the last, so that a gradient that changes by
/// the same factor in each step is a straight line. Where it has vanished to 0 there is no line.
inline Panel panel(const std::vector<GradientFlow>& flows) {
    Panel all{.title = "",
              .x = {.label = "steps back from the last", .low = 0},
              .y = {.label = "norm of the gradient", .logarithmic = true},
              .series = {}};
    detail::for_each_curve(flows, [&](const std::string& name, const std::vector<double>& norms, Index look) {
        Series& series = all.series.emplace_back(Series{.name = name, .y = norms, .look = look});
        for (std::size_t back = norms.size(); back-- > 0;) series.x.push_back(static_cast<double>(back));
        all.x.high = (std::max)({1.0, all.x.high.value_or(1), static_cast<double>(norms.size()) - 1});
    });
    return all;
}

}  // namespace bptt
