// a^n b^n (Gers and Schmidhuber 2001): what may follow is foretold for n = 1 to 10; how far do two memory cells count on?
#include "train.hpp"

namespace learning {
namespace {

using PeepholeLstm = Lstm<float, Peephole::current>;

/// What may follow each of . a^n b^n: rows ., a, b.
Mat<float> legal(Index n) {
    Mat<float> may = Mat<float>::Zero(3, 2 * n + 1);
    may.row(1).leftCols(n + 1).setOnes();
    may.row(2).middleCols(1, 2 * n - 1).setOnes();
    may(0, 2 * n) = 1;
    return may;
}
std::vector<Index> word(Index n) {
    std::vector<Index> ids(static_cast<std::size_t>(2 * n + 1), 2);
    ids[0] = 0;
    std::fill_n(ids.begin() + 1, n, Index{1});
    return ids;
}

/// The largest n, up to 300, to which all words are foretold.
double counts_to(std::uint64_t seed) {
    Rng rng(seed);
    Model<PeepholeLstm> model{{3, 2, rng, {.input_bias = -1, .forget_bias = 3}}, {2, 3, rng}};
    Adam<float> adam({.rate = 0.01});
    Tape<float> tape;
    const auto logits = [&](Index n) { return outputs(model, one_hot(tape, Tokens(word(n), 1), 3)); };
    for (int k = 0; k < 20'000; ++k) {
        tape.clear();
        const Index n = 1 + rng.below(10);
        const auto may_follow = sequence(tape.constant(legal(n)), 1);
        learn(binary_cross_entropy_with_logits(logits(n), may_follow), model, adam, 1);
    }
    for (Index n = 1; n <= 300; ++n) {
        tape.clear();
        const Mat<float> all = logits(n).all.value();
        if (((all.array() > 0) != (legal(n).array() > 0)).any()) return static_cast<double>(n - 1);
    }
    return 300;
}

}  // namespace

std::vector<Task> counting() {
    return {{"aⁿbⁿ, peephole LSTM",
             "H = 2, n <= 10, Adam 0.01, clip 1, input bias −1, forget bias 3, 20000 words one at a time",
             "n >= 65 in three of five seeds", "n = 1000 (Gers and Schmidhuber 2001)", 5, 0, [](int seeds) {
                 const auto all = for_seeds(seeds, counts_to);
                 std::string list;
                 for (const double n : all) list += (list.empty() ? "n = " : ", ") + figure(n, 0);
                 return Outcome{list, 5 * std::ranges::count_if(all, [](double n) { return n >= 65; }) >= 3 * seeds};
             }}};
}

}  // namespace learning
