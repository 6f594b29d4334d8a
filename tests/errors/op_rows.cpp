#include <array>

#include "errors/table.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

constexpr Index ends[] = {2, 2, 5}, falling[] = {3, 2, 5}, four[] = {0, 1, 3, 1}, minus_one[] = {-1};
const Segments segments{ends}, backwards{falling};
using Vars = std::span<const Var<double>>;
Var<double> columns_of(World& w, std::initializer_list<Index> lengths) { return sequence(w.var(3, 6), 2, lengths).all; }

}  // namespace

Rows op_rows() {
    return {
        {"operator*", "a, b", "a * b: a is 2x3, b is 2x4; a.cols() must equal b.rows()",
         [](World& w) { (w.var(2, 3) * w.var(2, 4)); }},
        {"operator*", "a", "a * b: a is 2x3, b is 4x2", [](World& w) { w.layers.matrix* w.var(4, 2); }},
        {"operator*", "b", "a * b: a is 3x4, b is 2x3", [](World& w) { w.var(3, 4) * w.layers.matrix; }},
        {"operator*", "a, b", "a * b: the operands are on different tapes", [](World& w) { w.var(2, 2) * w.elsewhere(2, 2); }},
        {"operator+", "a, b",
         "a + b: a is 2x3, b is 3x2; the shapes must be equal, or one of them a column, a row or one number for the other",
         [](World& w) { w.var(2, 3) + w.var(3, 2); }},
        {"operator+", "a, b", "a + b: 2 sequences of 3,1 against 2 sequences of 1,3; sequence 0 has 3 steps",
         [](World& w) {
             columns_of(w, {3, 1}) + columns_of(w, {1, 3});
         }},
        {"operator+", "a", "a + b: a is 2x3, b is 3x1", [](World& w) { w.layers.matrix + w.var(3, 1); }},
        {"operator+", "b", "a + b: a is 1x2, b is 2x3", [](World& w) { w.var(1, 2) + w.layers.matrix; }},
        {"operator+", "a, b", "a + b: the operands are on different tapes", [](World& w) { w.var(2, 3) + w.elsewhere(2, 1); }},
        {"operator-", "a, b", "a - b: a is 2x3, b is 2x2", [](World& w) { w.var(2, 3) - w.var(2, 2); }},
        {"operator-", "a", "a - b: a is 2x3, b is 3x1", [](World& w) { w.layers.matrix - w.var(3, 1); }},
        {"operator-", "b", "a - b: a is 1x4, b is 2x3", [](World& w) { w.var(1, 4) - w.layers.matrix; }},
        {"operator-", "a, b", "a - b: the operands are on different tapes", [](World& w) { w.var(2, 1) - w.elsewhere(2, 3); }},
        {"operator%", "a, b", "a % b: a is 2x3, b is 4x3", [](World& w) { w.var(2, 3) % w.var(4, 3); }},
        {"operator%", "a", "a % b: a is 2x3, b is 2x0", [](World& w) { w.layers.matrix % w.var(2, 0); }},
        {"operator%", "b", "a % b: a is 0x3, b is 2x3", [](World& w) { w.var(0, 3) % w.layers.matrix; }},
        {"operator%", "a, b", "a % b: the operands are on different tapes", [](World& w) { w.var(2, 3) % w.elsewhere(2, 3); }},
        {"operator/", "a, b", "a / b: a is 2x3, b is 4x3", [](World& w) { w.var(2, 3) / w.var(4, 3); }},
        {"operator/", "a", "a / b: a is 2x3, b is 2x0", [](World& w) { w.layers.matrix / w.var(2, 0); }},
        {"operator/", "b", "a / b: a is 0x3, b is 2x3", [](World& w) { w.var(0, 3) / w.layers.matrix; }},
        {"operator/", "a, b", "a / b: the operands are on different tapes", [](World& w) { w.var(2, 3) / w.elsewhere(1, 3); }},
        {"rowwise_mean", "x", "rowwise_mean: x is 3x0, its rows are empty", [](World& w) { rowwise_mean(w.var(3, 0)); }},
        {"colwise_mean", "x", "colwise_mean: x is 0x3, its columns are empty", [](World& w) { colwise_mean(w.var(0, 3)); }},
        {"layer_norm", "x", "layer_norm: x is 0x3, its columns are empty", [](World& w) { layer_norm(w.var(0, 3)); }},
        {"layer_norm", "epsilon", "layer_norm: epsilon is 0, not finite and positive",
         [](World& w) { layer_norm(w.var(2, 3), 0); }},
        {"multiply_rows", "a, b", "multiply_rows: 2 rows from 0 on, a is 4x3, b is 4x2",
         [](World& w) { multiply_rows(w.var(4, 3), 0, 2, w.var(4, 2)); }},
        {"multiply_rows", "first", "multiply_rows: 2 rows from -1 on, a is 4x3, b is 3x2",
         [](World& w) { multiply_rows(w.var(4, 3), -1, 2, w.var(3, 2)); }},
        {"multiply_rows", "count", "multiply_rows: 9223372036854775807 rows from 1 on, a is 4x3, b is 3x2",
         [](World& w) { multiply_rows(w.var(4, 3), 1, std::numeric_limits<Index>::max(), w.var(3, 2)); }},
        {"multiply_rows", "a, b", "multiply_rows: the operands are on different tapes",
         [](World& w) { multiply_rows(w.var(4, 3), 0, 2, w.elsewhere(3, 2)); }},

        {"rows", "x, first", "rows: 2 rows from 2 on, x is 3x4", [](World& w) { rows(w.var(3, 4), 2, 2); }},
        {"rows", "count", "rows: -1 rows from 0 on, x is 3x4", [](World& w) { rows(w.var(3, 4), 0, -1); }},
        {"cols", "x, first", "cols: 2 columns from 3 on, x is 3x4", [](World& w) { cols(w.var(3, 4), 3, 2); }},
        {"cols", "count", "cols: 5 columns from 0 on, x is 3x4", [](World& w) { cols(w.var(3, 4), 0, 5); }},
        {"split", "x", "split: x is 3x4, its rows do not divide by 2", [](World& w) { split<2>(w.var(3, 4)); }},
        {"reshape", "x, rows, cols", "reshape: x is 3x4, the new shape 5x2", [](World& w) { reshape(w.var(3, 4), 5, 2); }},
        {"reshape", "rows, cols", "reshape: x is 3x4, the new shape -3x-4", [](World& w) { reshape(w.var(3, 4), -3, -4); }},
        {"concat_rows", "parts", "concat_rows: no parts", [](World&) { concat_rows(Vars()); }},
        {"concat_rows", "parts", "concat_rows: the first part is 3x4, another 3x5",
         [](World& w) {
             concat_rows({w.var(3, 4), w.var(3, 5)});
         }},
        {"concat_rows", "parts", "concat_rows: 2 sequences of 3,1 against 2 sequences of 1,3; sequence 0 has 3 steps",
         [](World& w) {
             concat_rows({columns_of(w, {3, 1}), columns_of(w, {1, 3})});
         }},
        {"concat_rows", "parts", "concat_rows: the operands are on different tapes",
         [](World& w) {
             concat_rows({w.var(3, 4), w.elsewhere(3, 4)});
         }},
        {"concat_cols", "parts", "concat_cols: no parts", [](World&) { concat_cols(Vars()); }},
        {"concat_cols", "parts", "concat_cols: the first part is 3x4, another 2x4",
         [](World& w) {
             concat_cols({w.var(3, 4), w.var(2, 4)});
         }},
        {"concat_cols", "parts", "concat_cols: the operands are on different tapes",
         [](World& w) {
             concat_cols({w.var(3, 4), w.elsewhere(3, 4)});
         }},
        {"gather", "x, ids", "gather: index 3 is outside 0..2 (x is 2x3)", [](World& w) { gather(w.var(2, 3), four); }},
        {"gather", "ids", "gather: index -1 is outside 0..2 (x is 2x3)", [](World& w) { gather(w.var(2, 3), minus_one); }},

        {"softmax", "x", "softmax: x is 0x3, its columns are empty", [](World& w) { softmax(w.var(0, 3)); }},
        {"log_softmax", "x", "log_softmax: x is 0x3, its columns are empty", [](World& w) { log_softmax(w.var(0, 3)); }},
        {"logsumexp", "x", "logsumexp: x is 0x3, its columns are empty", [](World& w) { logsumexp(w.var(0, 3)); }},
        {"mean", "x", "mean: x is 3x0, it has no elements", [](World& w) { mean(w.var(3, 0)); }},
        {"max", "x", "max: x is 0x3, it has no elements", [](World& w) { max(w.var(0, 3)); }},
        {"dropout", "p", "dropout: p is 1.5, outside 0..1", [](World& w) { dropout(w.var(3, 2), 1.5, Training{w.rng}); }},
        {"dropout", "p", "dropout: p is nan, outside 0..1", [](World& w) { dropout(w.var(3, 2), NaN, {}); }},
        {"dropout", "x", "Var: this variable is empty", [](World& w) { dropout(w.empty, 0.5, Training{w.rng}); }},
        {"dropout", "x", "Sequence: it has no layout",
         [](World& w) { dropout(Sequence<double>{w.var(3, 2)}, 0.5, Training{w.rng}); }},

        {"Segments::first", "n", "Segments::first: n is 4, outside 0..3", [](World&) { segments.first(4); }},
        {"Segments::first", "n", "Segments::first: n is -1, outside 0..3", [](World&) { segments.first(-1); }},
        {"add_to_segments", "x, c, s", "add_to_segments: x is 2x5, c is 2x2, there are 3 segments of 5 columns",
         [](World& w) { add_to_segments(w.var(2, 5), w.var(2, 2), segments); }},
        {"add_to_segments", "x, c", "add_to_segments: the operands are on different tapes",
         [](World& w) { add_to_segments(w.var(2, 5), w.elsewhere(2, 3), segments); }},
        {"add_to_segments", "s", "Segments: segment 1 begins at column 3 and ends before 2",
         [](World& w) { add_to_segments(w.var(2, 5), w.var(2, 3), backwards); }},
        {"segment_softmax", "x, s", "segment_softmax: x is 2x5, there are 3 segments of 5 columns, 4 rows",
         [](World& w) { segment_softmax(w.var(2, 5), segments, 4); }},
        {"segment_softmax", "rows", "segment_softmax: segment 2 has 3 columns, there are 2 rows",
         [](World& w) { segment_softmax(w.var(1, 5), segments, 2); }},
        {"segment_softmax", "rows", "segment_softmax: x is 1x0, there are 0 segments of 0 columns, -1 rows",
         [](World& w) { segment_softmax(w.var(1, 0), {}, -1); }},
        {"segment_sum", "x, w, s", "segment_sum: x is 2x5, w is 3x2, there are 3 segments of 5 columns",
         [](World& w) { segment_sum(w.var(2, 5), w.var(3, 2), segments); }},
        {"segment_sum", "w", "segment_sum: segment 2 has 3 columns, w is 2x3",
         [](World& w) { segment_sum(w.var(2, 5), w.var(2, 3), segments); }},
        {"segment_sum", "x, w", "segment_sum: the operands are on different tapes",
         [](World& w) { segment_sum(w.var(2, 5), w.elsewhere(3, 3), segments); }},
    };
}
