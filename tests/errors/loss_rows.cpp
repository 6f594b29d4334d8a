#include "errors/table.hpp"

using namespace bptt;

namespace {

constexpr Index three[] = {0, 1, 2}, above[] = {0, 3}, below[] = {0, -1};
/// 6 columns, of lengths 3 and 3, of 2 sequences.
Sequence<double> even(World& w) { return w.sequence(3, 2, 3); }
/// 6 columns, of 3 sequences.
Sequence<double> other(World& w) { return w.sequence(3, 3, 2); }
/// 3 columns, of lengths 1 and 2.
Sequence<double> uneven(World& w) { return sequence(w.var(3, 4), 2, {1, 2}); }

}  // namespace

Rows loss_rows() {
    return {
        {"cross_entropy", "logits, targets", "cross_entropy: logits are 3x2, there are 3 targets",
         [](World& w) { cross_entropy(w.var(3, 2), three); }},
        {"cross_entropy", "targets", "cross_entropy: target 3 is outside 0..2 (logits are 3x2)",
         [](World& w) { cross_entropy(w.var(3, 2), above); }},
        {"cross_entropy", "targets", "cross_entropy: target -1 is outside 0..2 (logits are 3x2)",
         [](World& w) { cross_entropy(w.var(3, 2), below); }},
        {"cross_entropy", "logits", "cross_entropy: target 0 is outside 0..-1 (logits are 0x3)",
         [](World& w) { cross_entropy(w.var(0, 3), three); }},
        {"cross_entropy", "logits, targets",
         "cross_entropy: logits and targets: 2 sequences of 3 against 2 sequences of 3,1; sequence 1 has 3 steps against 1",
         [](World& w) { cross_entropy(even(w), w.tokens); }},
        {"cross_entropy", "targets", "cross_entropy: target 3 is outside 0..2 (logits are 3x4)",
         [](World& w) {
             cross_entropy(sequence(w.var(3, 6), 2, {3, 1}), w.tokens);
         }},
        {"cross_entropy", "logits", no_layout, [](World& w) { cross_entropy(Sequence<double>{w.var(3, 6)}, w.tokens); }},
        {"cross_entropy", "logits",
         "cross_entropy: columns of 2 sequences of 1,2 lie step by step, longest first; pass both as",
         [](World& w) { cross_entropy(uneven(w).all, three); }},
        {"cross_entropy", "options", "cross_entropy: class_weights has 2 weights, logits are 3x3",
         [](World& w) {
             cross_entropy(w.var(3, 3), three, {.class_weights = {1, 2}});
         }},
        {"cross_entropy", "options", "cross_entropy: a weight of class_weights is -1, not finite and 0 or more",
         [](World& w) {
             cross_entropy(w.var(3, 3), three, {.class_weights = {1, 0, -1}});
         }},
        {"cross_entropy", "options", "cross_entropy: all 3 weights of class_weights are 0, so that there is no loss",
         [](World& w) {
             cross_entropy(w.var(3, 3), three, {.class_weights = {0, 0, 0}});
         }},
        {"cross_entropy", "options", "cross_entropy: label_smoothing is 1.5, outside 0..1",
         [](World& w) { cross_entropy(w.var(3, 3), three, {.label_smoothing = 1.5}); }},
        {"cross_entropy", "options", "cross_entropy: label_smoothing is -0.5, outside 0..1",
         [](World& w) { cross_entropy(w.var(3, 3), three, {.label_smoothing = -0.5}); }},
        {"mean_absolute_error", "a, b", "mean_absolute_error: a is 3x4, b is 4x3",
         [](World& w) { mean_absolute_error(w.var(3, 4), w.var(4, 3)); }},
        {"mean_absolute_error", "a, b", "mean_absolute_error: a and b: 2 sequences of 3 against 3 sequences of 2",
         [](World& w) { mean_absolute_error(even(w), other(w)); }},
        {"huber", "a, b", "huber: a is 3x4, b is 4x3", [](World& w) { huber(w.var(3, 4), w.var(4, 3)); }},
        {"huber", "a, b", "huber: a and b: 2 sequences of 3 against 3 sequences of 2",
         [](World& w) { huber(even(w), other(w)); }},
        {"huber", "options", "huber: delta is 0, not finite and positive",
         [](World& w) { huber(w.var(3, 4), w.var(3, 4), {.delta = 0}); }},
        {"mse", "a, b", "mse: columns of 2 sequences of 1,2 lie step by step, longest first; pass both as",
         [](World& w) { mse(uneven(w).all, w.var(3, 3)); }},
        {"mse", "a, b", "mse: columns of 2 sequences of 1,2 lie step by step, longest first; pass both as",
         [](World& w) { mse(w.var(3, 3), uneven(w).all); }},
        {"binary_cross_entropy_with_logits", "logits, targets",
         "binary_cross_entropy_with_logits: columns of 2 sequences of 1,2 lie step by step, longest first; pass both as",
         [](World& w) { binary_cross_entropy_with_logits(w.var(3, 3), uneven(w).all); }},
        {"mse", "a, b", "mse: a is 3x4, b is 4x3", [](World& w) { mse(w.var(3, 4), w.var(4, 3)); }},
        {"mse", "a, b", "mse: the operands are on different tapes", [](World& w) { mse(w.var(3, 4), w.elsewhere(3, 4)); }},
        {"mse", "a, b", "mse: a and b: 2 sequences of 3 against 3 sequences of 2", [](World& w) { mse(even(w), other(w)); }},
        {"mse", "a, b", "mse: a is 3x6, b is 2x6", [](World& w) { mse(even(w), w.sequence(2, 2, 3)); }},
        {"cross_entropy", "logits, targets", "cross_entropy: logits and targets: 2 sequences of 3 against 2 sequences of 3,1",
         [](World& w) { cross_entropy(w.layers.linear(w.sequence(3, 2, 3)), w.tokens); }},
        {"cross_entropy", "targets", "cross_entropy: target 4 is outside 0..3 (logits are 4x1)",
         [](World& w) { cross_entropy(w.layers.linear(w.sequence(3, 1, 1)), Tokens({4}, 1)); }},
        {"binary_cross_entropy_with_logits", "targets", "binary_cross_entropy_with_logits: target -1 is outside 0..1",
         [](World& w) { binary_cross_entropy_with_logits(w.var(3, 4), Mat<double>::Constant(3, 4, -1)); }},
        {"binary_cross_entropy_with_logits", "targets", "binary_cross_entropy_with_logits: target 2 is outside 0..1",
         [](World& w) { binary_cross_entropy_with_logits(w.var(3, 4), Mat<double>::Constant(3, 4, 2)); }},
        {"binary_cross_entropy_with_logits", "logits, targets",
         "binary_cross_entropy_with_logits: logits are 3x4, targets are 3x1",
         [](World& w) { binary_cross_entropy_with_logits(w.var(3, 4), w.var(3, 1)); }},
        {"binary_cross_entropy_with_logits", "logits, targets",
         "binary_cross_entropy_with_logits: the operands are on different tapes",
         [](World& w) { binary_cross_entropy_with_logits(w.var(3, 4), w.elsewhere(3, 4)); }},
        {"binary_cross_entropy_with_logits", "logits, targets",
         "binary_cross_entropy_with_logits: logits and targets: 2 sequences of 3 against 3 sequences of 2",
         [](World& w) { binary_cross_entropy_with_logits(even(w), other(w)); }},
        {"binary_cross_entropy_with_logits", "logits, targets",
         "binary_cross_entropy_with_logits: logits are 3x6, targets are 2x6",
         [](World& w) { binary_cross_entropy_with_logits(even(w), w.sequence(2, 2, 3)); }},
    };
}
