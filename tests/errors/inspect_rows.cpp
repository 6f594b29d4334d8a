#include "bptt/inspect/colored_text.hpp"
#include "bptt/inspect/gradient_flow.hpp"
#include "bptt/inspect/jacobian_flow.hpp"
#include "bptt/inspect/saturation.hpp"
#include "bptt/inspect/units.hpp"

#include <limits>

#include "errors/table.hpp"

using namespace bptt;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity(), no_number = std::numeric_limits<double>::quiet_NaN();
const Mat<double> weights = Mat<double>::Constant(2, 3, 0.5), x = Mat<double>::Ones(2, 3);

/// Of one gate over two steps.
Traced<double> traced(double f) { return {{{"f", true, Mat<double>::Constant(1, 2, f)}}}; }

/// A cell whose gates() gives something else than a column for each of x.
struct Careless : Rnn<double> {
    using Rnn<double>::Rnn;
    struct Gates {
        Var<double> f;
    };
    Gates gates(Var<double> x, State<Var<double>>) const { return {sum(x)}; }
};

/// A chart of one series, from (0, 0) to (1, y).
void chart_to(double y, Axis axis) { chart(Panel{.title = "p", .y = std::move(axis), .series = {{"a", {0, 1}, {0, y}}}}); }

const auto sum_of_h = [](const auto& y) { return sum(y.h.all); };

}  // namespace

Rows inspect_rows() {
    return {
        {"heatmap", "weights, row_labels", "heatmap: weights are 2x3, there are 1 row labels and 3 column labels",
         [](World&) {
             heatmap(weights, {"a"}, {"x", "y", "z"});
         }},
        {"heatmap", "column_labels", "heatmap: weights are 2x3, there are 2 row labels and 2 column labels",
         [](World&) {
             heatmap(weights, {"a", "b"}, {"x", "y"});
         }},
        {"heatmap", "weights", "heatmap: the weight of row 0, column 0 is 1.5, outside 0..1",
         [](World&) {
             heatmap(weights * 3, {"a", "b"}, {"x", "y", "z"});
         }},

        {"chart", "panels", "chart: there are no panels", [](World&) { chart(std::vector<Panel>()); }},
        {"chart", "columns", "chart: columns is 7, outside 1..6", [](World&) { chart(std::vector<Panel>(3), 7); }},
        {"chart", "panels, columns", "chart: so many columns leave the panel \"p\" no room",
         [](World&) {
             const Panel narrow{.title = "p", .y = {.label = "y"}, .series = {{"a", {0, 1}, {0.00012345, 0.00012346}}}};
             chart(std::vector(6, narrow), 6);
         }},
        {"chart", "columns", "chart: columns is 0, outside 1..6", [](World&) { chart(std::vector<Panel>(3), 0); }},
        {"chart", "panel", "chart: the panel \"p\" has no point that can be drawn", [](World&) { chart(Panel{.title = "p"}); }},
        {"chart", "panel", "chart: the panel \"p\" has no point that can be drawn",
         [](World&) {
             chart(Panel{.title = "p", .y = {.logarithmic = true}, .series = {{"a", {0, 1}, {0, 0}}}});
         }},
        {"chart", "panel", "chart: \"a\" has 2 x and 3 y",
         [](World&) {
             chart(Panel{.series = {{"a", {0, 1}, {0, 1, 2}}}});
         }},
        {"chart", "panel", "chart: the look of \"a\" is -1, negative",
         [](World&) { chart(Panel{.series = {{.name = "a", .x = {0}, .y = {0}, .look = -1}}}); }},
        {"chart", "panel", "chart: y goes from -1 to 0, its axis from 0 to 0", [](World&) { chart_to(-1, {.low = 0}); }},
        {"chart", "panel", "chart: y goes from 0 to 2, its axis from 0 to 1", [](World&) { chart_to(2, {.high = 1}); }},
        {"chart", "panel", "chart: y goes from -1 on, its axis is logarithmic",
         [](World&) { chart_to(-1, {.logarithmic = true}); }},
        {"chart", "panel", "chart: y goes from 0 to 1e+301, which is too far", [](World&) { chart_to(1e301, {}); }},
        {"chart", "panel", "chart: the axis of y goes from 0 to 0", [](World&) { chart_to(0, {.low = 0, .high = 0}); }},

        {"GradientFlow::operator[]", "field", "GradientFlow: there is no field \"c\"; there are h, m",
         [](World&) {
             GradientFlow{"a", {{"h", {1}}, {"m", {2}}}}["c"];
         }},
        {"panel", "flows", "chart: the panel \"\" has no point that can be drawn", [](World&) { chart(panel({})); }},
        {"gradient_flow", "cell, xs", "unroll: the input is 5x6, the cell reads 3 features",
         [](World& w) { gradient_flow(w.layers.gru, w.sequence(5, 2, 3), sum_of_h); }},
        {"gradient_flow", "xs", "Sequence: it has no layout",
         [](World& w) { gradient_flow(w.layers.gru, {w.var(3, 2)}, sum_of_h); }},
        {"gradient_flow", "s0", "unroll: h of the state s0 is 4x3, the cell has 4 units, the input is 2 sequences of 3",
         [](World& w) { gradient_flow(w.layers.gru, w.sequence(3, 2, 3), {Mat<double>::Zero(4, 3)}, sum_of_h); }},
        {"gradient_flow", "loss", "backward: the loss is 4x6, not 1x1",
         [](World& w) { gradient_flow(w.layers.gru, w.sequence(3, 2, 3), [](const auto& y) { return y.h.all; }); }},
        {"jacobian_flow", "cell, x", "unroll: the input is 2x12, the cell reads 3 features",
         [](World& w) { jacobian_flow(w.layers.gru, x); }},
        {"jacobian_flow", "s0", "jacobian_flow: h of the state s0 is 4x2, x is one sequence",
         [](World& w) { jacobian_flow(w.layers.gru, Mat<double>::Ones(3, 2), {Mat<double>::Zero(4, 2)}); }},
        {"jacobian_flow", "s0", "unroll: h of the state s0 is 5x4, the cell has 4 units",
         [](World& w) { jacobian_flow(w.layers.gru, Mat<double>::Ones(3, 2), {Mat<double>::Zero(5, 1)}); }},

        {"ansi_text", "symbols, values", "ansi_text: there are 2 symbols and 1 values",
         [](World&) {
             ansi_text({"a", "b"}, {0});
         }},
        {"ansi_text", "values", "ansi_text: value 1 is not a number",
         [](World&) {
             ansi_text({"a", "b"}, {0, no_number});
         }},
        {"svg_text", "symbols, values", "svg_text: there are 0 symbols and 1 values", [](World&) { svg_text({}, {0}); }},
        {"svg_text", "columns", "svg_text: columns is -1, not positive", [](World&) { svg_text({"a"}, {0}, -1); }},

        {"trace", "layer, xs", "unroll: the input is 5x6, the cell reads 3 features",
         [](World& w) { trace(w.layers.gru, w.sequence(5, 2, 3)); }},
        {"trace", "start",
         "unroll: h of the state s0 is 4x3, the cell has 4 units, the input is 2 sequences of 3; "
         "columns(carry, first, count) cuts a carry for a smaller batch",
         [](World& w) { trace(w.layers.gru, w.sequence(3, 2, 3), zero_state(w.layers.gru, 3)); }},
        {"trace", "layer", "trace: gates() gave gate 0 as 1x1, not as 6 columns, as many as x has",
         [](World& w) {
             Rng rng(1);
             const Careless cell(3, 4, rng);
             trace(cell, w.sequence(3, 2, 3));
         }},
        {"Traced::operator[]", "name", "Traced: there is no signal \"g\"; there are f", [](World&) { traced(0)["g"]; }},
        {"saturation", "traced", "saturation: there are no sequences",
         [](World&) { saturation(std::vector<Traced<double>>()); }},
        {"saturation", "traced", "saturation: f is not finite", [](World&) { saturation(traced(no_number)); }},
        {"saturation_chart", "gates", "saturation_chart: there are no gates", [](World&) { saturation_chart({}); }},
        {"score_units", "traced, property", "score_units: f has 2 steps, \"x\" has 1 values",
         [](World& w) {
             score_units(traced(0), {"x", {1}}, w.rng);
         }},
        {"score_units", "property", "score_units: value 1 of \"x\" is infinite",
         [](World& w) {
             score_units(traced(0), {"x", {1, -infinite}}, w.rng);
         }},
        {"score_units", "traced", "score_units: f is not finite",
         [](World& w) {
             score_units(traced(no_number), {"x", {1, 2}}, w.rng);
         }},
        {"unit_values", "unit", "unit_values: unit is 2, outside 0..0 of f", [](World&) { unit_values(traced(0), "f", 2); }},
        {"unit_values", "traced, signal", "Traced: there is no signal \"c\"; there are f",
         [](World&) { unit_values(traced(0), "c", 0); }},
        {"score_units", "count", "score_units: count is 0, not positive",
         [](World& w) {
             score_units(traced(0), {"x", {1, 2}}, w.rng, 0);
         }},
    };
}
