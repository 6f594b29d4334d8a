#include "bptt/decode/write.hpp"

#include <map>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/prefix_writer.hpp"

using namespace bptt;

namespace {

const WriteOptions options{.bos = 1, .eos = 0, .max_length = 6};

/// Everything that is promised of what was written for source j.
void check_written(const Written<double>& w, const PrefixWriter& writer, Index j) {
    const auto forced = writer.forced(j, w.tokens);
    CHECK_THAT(w.log_probability, WithinAbs(forced.log_probability, 1e-12));
    CHECK(w.alignment == forced.weights);
    CHECK(w.complete == (w.tokens.back() == options.eos));
    CHECK((w.complete || std::ssize(w.tokens) == options.max_length));
    CHECK(std::count(w.tokens.begin(), w.tokens.end() - 1, options.eos) == 0);
}
void check_equal(const Written<double>& a, const Written<double>& b) {
    CHECK(a.tokens == b.tokens);
    CHECK(a.log_probability == b.log_probability);
    CHECK(a.complete == b.complete);
    CHECK(a.alignment == b.alignment);
}

/// One step wide, with logits that the test chooses.
struct Fixed {
    Mat<double> logits;
    HiddenState<Mat<double>> start() const { return {Mat<double>::Zero(1, 1)}; }
    Mat<double> step(std::span<const Index>, std::span<const Index>, HiddenState<Mat<double>>&) const { return logits; }
};
/// Its fields have these numbers of columns at the start and after a step.
struct Uneven {
    Index columns[4];
    Index length = 1;
    PrefixState<Mat<double>> start() const { return {Mat<double>::Zero(1, columns[0]), Mat<double>::Zero(1, columns[1])}; }
    Mat<double> step(std::span<const Index> previous, std::span<const Index>, PrefixState<Mat<double>>& s) const {
        s = {Mat<double>::Zero(1, columns[2]), Mat<double>::Zero(1, columns[3])};
        return Mat<double>::Zero(3, std::ssize(previous));
    }
    Index source_length(Index) const { return length; }
};

}  // namespace

TEST_CASE("greedy writing: the likeliest token at each step, from bos to eos or max_length") {
    const auto all = greedy(six_sources, options);
    REQUIRE(all.size() == 6);
    Index complete = 0;
    for (Index j = 0; j < 6; ++j) {
        const auto& w = all[static_cast<std::size_t>(j)];
        check_written(w, six_sources, j);
        CHECK(w.source == j);
        complete += w.complete;
        for (std::size_t t = 0; t < w.tokens.size(); ++t) {
            double prefix = 2;  // bos
            for (std::size_t k = 0; k < t; ++k) prefix = 5 * prefix + static_cast<double>(1 + w.tokens[k]);
            CHECK(w.tokens[t] == greedy(six_sources.random(six_sources.sources[static_cast<std::size_t>(j)], prefix, 4)));
        }
    }
    CHECK((complete > 0 && complete < 6));  // both ways to end are seen
    check_equal(all[0], all[3]);            // the same source
}

TEST_CASE("writing: a batch equals each source alone") {
    Rng rng(5), again(5);
    const auto greedily = greedy(six_sources, options), drawn = sample(six_sources, options, rng);
    for (std::size_t j = 0; j < 6; ++j) {
        const PrefixWriter one{{six_sources.sources[j]}};
        check_equal(greedily[j], greedy(one, options)[0]);
        check_equal(drawn[j], sample(one, options, again)[0]);
    }
}

TEST_CASE("writing: what has ended is asked no more") {
    six_sources.asked.clear();
    const auto all = greedy(six_sources, options);
    std::size_t tokens = 0;
    for (const auto& w : all) tokens += w.tokens.size();
    CHECK(six_sources.asked.size() == tokens);
    CHECK(std::count(six_sources.asked.begin(), six_sources.asked.end(), options.eos) == 0);
}

TEST_CASE("sampled writing: sequences come as often as they are likely, at any temperature with the model's own probability") {
    const PrefixWriter writer{std::vector<Index>(40'000, 7)};
    const WriteOptions two{.bos = 1, .eos = 0, .max_length = 2};
    Rng rng(1);
    std::map<std::vector<Index>, double> count;
    for (const auto& w : sample(writer, two, rng)) count[w.tokens] += 1;
    writer.for_each_sequence(2, [&](const std::vector<Index>& tokens) {
        const double p = std::exp(writer.forced(0, tokens).log_probability);
        CHECK_THAT(count[tokens] / 40'000, WithinAbs(p, 4 * std::sqrt(p * (1 - p) / 40'000)));
    });
    const PrefixWriter few{{1, 2, 3, 4, 5}};
    for (const double temperature : {0.5, 2.0}) {
        const auto all = sample(few, options, rng, {.temperature = temperature});
        for (Index j = 0; j < 5; ++j) check_written(all[static_cast<std::size_t>(j)], few, j);
    }
    for (int k = 0; k < 20; ++k) check_equal(sample(few, options, rng, {.top_k = 1})[2], greedy(few, options)[2]);
}

TEST_CASE("writing: the first step may end it, and the last is that of max_length") {
    const PrefixWriter ends{{1, 2}, 100}, goes_on{{1, 2}, -100};
    for (const auto& w : greedy(ends, options)) {
        CHECK(w.tokens == std::vector<Index>{0});
        CHECK(w.complete);
    }
    for (const auto& w : greedy(goes_on, options)) {
        CHECK(w.tokens.size() == 6);
        CHECK_FALSE(w.complete);
    }
    CHECK(greedy(PrefixWriter{{}}, options).empty());
}

TEST_CASE("writing: what is wrong is said") {
    Rng rng(1);
    CHECK_THROWS_WITH(sample(six_sources, {.bos = -1, .eos = 0}, rng),
                      "sample: bos is -1, not 0 or more; it is the token before the first: {.bos = ...}");
    CHECK_THROWS_WITH(greedy(Fixed{Mat<double>::Constant(3, 1, -inf)}, options), "greedy: the largest logit is not finite");
    CHECK_THROWS_WITH(greedy(Uneven{{2, 3, 3, 3}}, options),
                      "greedy: start() gave field 1 of the state as 1x3, not of 2 columns");
    CHECK_THROWS_WITH(greedy(Uneven{{2, 2, 2, 1}}, options),
                      "greedy: step() gave field 1 of the state as 1x1, not of 2 columns");
    CHECK_THROWS_WITH(greedy(Uneven{{0, 3, 3, 3}}, options),
                      "greedy: start() gave field 1 of the state as 1x3, not of 0 columns");
    for (const Index length : {-1, 2})
        CHECK_THROWS_WITH(greedy(Uneven{{2, 2, 2, 2}, length}, options),
                          ContainsSubstring("source_length(0) is " + std::to_string(length) + ", its weights are 1x2"));
    const Mat<double> sure = Eigen::Vector3d(2, -inf, -inf);
    CHECK(greedy(Fixed{sure}, options)[0].log_probability == 0);
    const Mat<double> large = Eigen::Vector3d(800, 800, -800);
    CHECK(greedy(Fixed{large}, options)[0].log_probability == -std::log(2));
    CHECK(greedy(Fixed{sure}, options)[0].alignment.rows() == 0);
    CHECK(greedy(Fixed{sure}, options)[0].alignment.cols() == 1);
}
