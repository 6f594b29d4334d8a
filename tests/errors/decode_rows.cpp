#include "errors/table.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

const WriteOptions right{.bos = 1, .eos = 0, .max_length = 4};

Mat<double> column(double first) {
    Mat<double> logits = Mat<double>::Zero(3, 1);
    logits(0, 0) = first;
    return logits;
}
/// Says these logits at every step, after a start of so many columns.
struct Fixed {
    Mat<double> logits;
    Index start_columns = 1, step_columns = 1;
    LstmState<Mat<double>> start() const { return {Mat<double>::Zero(1, 1), Mat<double>::Zero(1, start_columns)}; }
    Mat<double> step(std::span<const Index>, std::span<const Index>, LstmState<Mat<double>>& s) const {
        s.c = Mat<double>::Zero(1, step_columns);
        return logits;
    }
};
const Fixed flat{column(0)}, wide{Mat<double>::Zero(3, 2)}, unsure{column(NaN)}, certain{column(inf)};
const Fixed uneven_start{column(0), 2}, uneven_step{column(0), 1, 3};

/// The logits of a model, from its second step on not a number.
struct Failing {
    mutable int steps = 0;
    HiddenState<Mat<double>> start() const { return {Mat<double>::Zero(1, 1)}; }
    Mat<double> step(std::span<const Index>, std::span<const Index>, HiddenState<Mat<double>>&) const {
        Mat<double> logits = column(steps++ ? NaN : 1);
        logits(0, 0) -= 50;
        return logits;
    }
};

}  // namespace

Rows decode_rows() {
    return {
        {"greedy", "logits", "greedy: logits are 3x2, not one column", [](World&) { greedy(wide.logits); }},
        {"greedy", "logits", "greedy: logits are 0x1, not one column", [](World&) { greedy(Mat<double>(0, 1)); }},
        {"greedy", "logits", "greedy: a logit is NaN", [](World&) { greedy(column(NaN)); }},
        {"sample", "logits", "sample: logits are 3x2, not one column", [](World& w) { sample(wide.logits, w.rng); }},
        {"sample", "logits", "sample: a logit is NaN", [](World& w) { sample(column(NaN), w.rng); }},
        {"sample", "logits", "sample: the largest logit is not finite", [](World& w) { sample(column(inf), w.rng); }},
        {"sample", "options", "sample: temperature is -1, not finite and 0 or more",
         [](World& w) { sample(column(0), w.rng, {.temperature = -1}); }},
        {"sample", "options", "sample: top_k is -1, not 0 or more", [](World& w) { sample(column(0), w.rng, {.top_k = -1}); }},
        {"sample", "options", "sample: top_p is 0, not above 0 and at most 1",
         [](World& w) { sample(column(0), w.rng, {.top_p = 0}); }},

        {"greedy", "options", "greedy: max_length is 0, not positive",
         [](World&) { greedy(flat, {.bos = 1, .eos = 0, .max_length = 0}); }},
        {"greedy", "options", "greedy: bos is -1, not 0 or more; it is the token before the first",
         [](World&) { greedy(flat, {.eos = 0}); }},
        {"greedy", "options", "greedy: eos is -2, neither a token nor -1 (none)",
         [](World&) { greedy(flat, {.bos = 1, .eos = -2}); }},
        {"greedy", "options", "greedy: eos, 0, is among never",
         [](World&) {
             greedy(flat, {.bos = 1, .eos = 0, .never = {1, 0}});
         }},
        {"greedy", "options", "greedy: never holds 3, there are 3 classes",
         [](World&) { greedy(flat, {.bos = 1, .never = {3}}); }},
        {"greedy", "options", "greedy: never holds -2, there are 3 classes",
         [](World&) { greedy(flat, {.bos = 1, .never = {-2}}); }},
        {"greedy", "writer, options", "greedy: all tokens that are possible are among never",
         [](World&) {
             greedy(flat, {.bos = 1, .never = {2, 1, 0}});
         }},
        {"greedy", "writer, options", "greedy: bos is 1, but the writer has first(), which replaces it",
         [](World& w) { greedy(w.layers.language.read({1}), {.bos = 1}); }},
        {"greedy", "writer, options", "greedy: eos is 3, there are 3 classes",
         [](World&) { greedy(flat, {.bos = 1, .eos = 3}); }},
        {"greedy", "writer", "greedy: step() gave logits of 3x2 for 1 tokens", [](World&) { greedy(wide, right); }},
        {"greedy", "writer", "greedy: start() gave c of the state as 1x2, not of 1 columns",
         [](World&) { greedy(uneven_start, right); }},
        {"greedy", "writer", "greedy: step() gave c of the state as 1x3, not of 1 columns",
         [](World&) { greedy(uneven_step, right); }},
        {"greedy", "writer", "greedy: a logit is NaN", [](World&) { greedy(unsure, right); }},
        {"greedy", "options", "Embedding: token 7 is outside 0..4",
         [](World& w) { greedy(w.layers.plain.read(w.tokens), {.bos = 7, .eos = 0}); }},
        {"sample", "options", "sample: max_length is -1, not positive",
         [](World& w) { sample(flat, {.bos = 1, .eos = 0, .max_length = -1}, w.rng); }},
        {"sample", "how", "sample: temperature is nan", [](World& w) { sample(flat, right, w.rng, {.temperature = NaN}); }},
        {"sample", "how", "sample: top_k is -2", [](World& w) { sample(flat, right, w.rng, {.top_k = -2}); }},
        {"sample", "how", "sample: top_p is 1.5", [](World& w) { sample(flat, right, w.rng, {.top_p = 1.5}); }},
        {"sample", "writer", "sample: step() gave logits of 3x2 for 1 tokens", [](World& w) { sample(wide, right, w.rng); }},
        {"sample", "writer", "sample: a logit is NaN", [](World& w) { sample(Failing(), right, w.rng); }},
        {"beam_search", "options", "beam_search: max_length is 0, not positive",
         [](World&) { beam_search(flat, {.bos = 1, .eos = 0, .max_length = 0}); }},
        {"beam_search", "options", "beam_search: bos is -1, not 0 or more", [](World&) { beam_search(flat, {}); }},
        {"beam_search", "beam", "beam_search: width is 0, not positive",
         [](World&) { beam_search(flat, right, {.width = 0}); }},
        {"beam_search", "beam", "beam_search: length_penalty is inf, not finite and 0 or more",
         [](World&) { beam_search(flat, right, {.length_penalty = inf}); }},
        {"beam_search", "writer", "beam_search: step() gave logits of 3x2 for 1 tokens",
         [](World&) { beam_search(wide, right); }},
        {"beam_search", "writer", "beam_search: start() gave c of the state as 1x2, not of 1 columns",
         [](World&) { beam_search(uneven_start, right); }},
        {"beam_search", "writer", "beam_search: step() gave c of the state as 1x3, not of 1 columns",
         [](World&) { beam_search(uneven_step, right); }},
        {"beam_search", "writer", "beam_search: the largest logit is not finite", [](World&) { beam_search(certain, right); }},
        {"beam_search", "writer, options", "beam_search: eos is 5, there are 3 classes",
         [](World&) { beam_search(flat, {.bos = 1, .eos = 5}); }},
        {"n_best", "options", "n_best: max_length is 0, not positive",
         [](World&) { n_best(flat, {.bos = 1, .eos = 0, .max_length = 0}, 1); }},
        {"n_best", "beam", "n_best: width is -1, not positive", [](World&) { n_best(flat, right, 1, {.width = -1}); }},
        {"n_best", "n, beam", "n_best: n is 3, outside 1..2, the width", [](World&) { n_best(flat, right, 3, {.width = 2}); }},
        {"n_best", "n", "n_best: n is 0, outside 1..4, the width", [](World&) { n_best(flat, right, 0); }},
        {"n_best", "writer", "n_best: a logit is NaN", [](World&) { n_best(unsure, right, 1); }},
    };
}
