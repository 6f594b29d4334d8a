#include "bptt/decode/sample.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "bptt/core/init.hpp"
#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

Mat<double> column(const std::vector<double>& values) {
    return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Index>(values.size()));
}
Mat<double> logits_of(const std::vector<double>& probabilities) { return column(probabilities).array().log(); }

/// How often each class comes in n draws.
std::vector<Index> draw(const auto& logits, SampleOptions options, Index n, std::uint64_t seed = 1) {
    Rng rng(seed);
    std::vector<Index> counts(static_cast<std::size_t>(logits.rows()));
    for (Index k = 0; k < n; ++k) ++counts.at(static_cast<std::size_t>(sample(logits, rng, options)));
    return counts;
}
/// Frequencies are within four standard errors of the probabilities, and nothing impossible comes.
void check_frequencies(const auto& logits, SampleOptions options, const std::vector<double>& probabilities) {
    const Index n = 20'000;
    const auto counts = draw(logits, options, n);
    for (std::size_t k = 0; k < counts.size(); ++k) {
        const double p = probabilities[k];
        CAPTURE(k);
        CHECK_THAT(static_cast<double>(counts[k]) / n, WithinAbs(p, 4 * std::sqrt(p * (1 - p) / n)));
    }
}
/// The classes that come at all.
std::vector<Index> classes(const auto& logits, SampleOptions options) {
    std::vector<Index> seen;
    for (Index k = 0; const Index count : draw(logits, options, 300)) {
        if (count > 0) seen.push_back(k);
        ++k;
    }
    return seen;
}
using Classes = std::vector<Index>;

}  // namespace

TEST_CASE("greedy: the likeliest class, of equals, the first") {
    CHECK(greedy(column({1, 3, 2})) == 1);
    CHECK(greedy(column({1, 3, 2, 3, 3})) == 1);
    CHECK(greedy(column({-7})) == 0);
    CHECK(greedy(column({0.0, -0.0})) == 0);
    CHECK(greedy(column({-inf, -5, -inf})) == 1);
    CHECK(greedy(column({1, inf, 2})) == 1);
    CHECK(greedy(column({-inf, -inf})) == 0);
}

TEST_CASE("greedy: of equals the first, wherever they stand and however many there are") {
    Rng rng(2);
    for (Index rows = 1; rows < 70; ++rows) {
        const Index first = rng.below(rows), second = rng.below(rows);
        Mat<float> logits = random_mat(rows, 1, rng).cast<float>();
        logits(first, 0) = logits(second, 0) = 2;
        CHECK(greedy(logits) == std::min(first, second));
    }
}

TEST_CASE("greedy and sample: NaN throws, wherever it stands") {
    Rng rng(1);
    for (const auto& bad : {column({NaN, 1}), column({1, NaN}), column({inf, NaN}), column({NaN})}) {
        CHECK_THROWS_WITH(greedy(bad), "greedy: a logit is NaN");
        CHECK_THROWS_WITH(sample(bad, rng), "sample: a logit is NaN");
        CHECK_THROWS_WITH(sample(bad, rng, {.temperature = 0}), "sample: a logit is NaN");
    }
}

TEST_CASE("sample: no finite logit at the top throws") {
    Rng rng(1);
    for (const auto& bad : {column({1, inf}), column({-inf, -inf}), column({-inf})})
        CHECK_THROWS_WITH(sample(bad, rng), "sample: the largest logit is not finite");
}

TEST_CASE("sample: options that are no number throw, and draw nothing") {
    Rng rng(4);
    const auto logits = column({1, 2});
    CHECK_THROWS_WITH(sample(logits, rng, {.temperature = inf}), ContainsSubstring("sample: temperature is inf"));
    CHECK_THROWS_WITH(sample(logits, rng, {.top_p = NaN}), ContainsSubstring("sample: top_p is nan"));
    CHECK(rng.next() == Rng(4).next());
}

TEST_CASE("sample: temperature 0 and top_k 1 are greedy") {
    Rng rng(3), logit_rng(5);
    for (int k = 0; k < 50; ++k) {
        Mat<double> logits = random_mat(9, 1, logit_rng);
        logits(7, 0) = logits(4, 0) = 1;
        CHECK(sample(logits, rng, {.temperature = 0}) == 4);
        CHECK(sample(logits, rng, {.temperature = 100, .top_k = 1}) == 4);
        CHECK(sample(logits, rng, {.temperature = 100, .top_p = 1e-9}) == 4);
        CHECK(sample(logits, rng, {.temperature = 1e-300, .top_k = 1}) == 4);
    }
    CHECK(sample(column({1, inf, 2}), rng, {.temperature = 0}) == 1);
    Index sum = 0;
    for (int k = 0; k < 100; ++k) sum += sample(column({5, 5, 2}), rng, {.temperature = 1e-308});  // 5 / 1e-308 is infinite
    CHECK_THAT(sum, WithinAbs(50, 20));
}

TEST_CASE("sample: frequencies are softmax probabilities") {
    check_frequencies(logits_of({0.1, 0.2, 0.05, 0.6, 0.05}), {}, {0.1, 0.2, 0.05, 0.6, 0.05});
    check_frequencies(Mat<double>(logits_of({0.3, 0.7}).array() + 1000), {}, {0.3, 0.7});
    check_frequencies(Mat<double>(logits_of({0.3, 0.7}).array() - 1000), {}, {0.3, 0.7});
    check_frequencies(Mat<float>(logits_of({0.25, 0.25, 0.5}).cast<float>()), {}, {0.25, 0.25, 0.5});
    check_frequencies(column({5}), {}, {1});
}

TEST_CASE("sample: logits are divided by the temperature") {
    const auto logits = column({0, 1, 3});
    for (const double temperature : {0.5, 1.0, 2.0, 10.0}) {
        const double b = std::exp(1 / temperature), c = std::exp(3 / temperature), total = 1 + b + c;
        check_frequencies(logits, {.temperature = temperature}, {1 / total, b / total, c / total});
    }
    check_frequencies(logits, {.temperature = 1e-300}, {0, 0, 1});
    check_frequencies(logits, {.temperature = 1e300}, {1.0 / 3, 1.0 / 3, 1.0 / 3});
}

TEST_CASE("sample: top_k keeps the k likeliest, of equals the first, in their proportions") {
    const auto logits = logits_of({0.1, 0.4, 0.1, 0.3, 0.1});
    CHECK(classes(logits, {.top_k = 1}) == Classes{1});
    CHECK(classes(logits, {.top_k = 2}) == Classes{1, 3});
    CHECK(classes(logits, {.top_k = 3}) == Classes{0, 1, 3});
    CHECK(classes(logits, {.top_k = 4}) == Classes{0, 1, 2, 3});
    for (const Index all : {0, 5, 6, 1000}) CHECK(classes(logits, {.top_k = all}) == Classes{0, 1, 2, 3, 4});
    check_frequencies(logits, {.top_k = 2}, {0, 4.0 / 7, 0, 3.0 / 7, 0});
}

TEST_CASE("sample: top_p keeps the likeliest that first add up to p, in their proportions") {
    const auto logits = logits_of({0.15, 0.5, 0.05, 0.3});
    CHECK(classes(logits, {.top_p = 0.01}) == Classes{1});
    CHECK(classes(logits, {.top_p = 0.49}) == Classes{1});
    CHECK(classes(logits, {.top_p = 0.51}) == Classes{1, 3});
    CHECK(classes(logits, {.top_p = 0.79}) == Classes{1, 3});
    CHECK(classes(logits, {.top_p = 0.81}) == Classes{0, 1, 3});
    CHECK(classes(logits, {.top_p = 0.96}) == Classes{0, 1, 2, 3});
    CHECK(classes(logits, {.top_p = 1}) == Classes{0, 1, 2, 3});
    check_frequencies(logits, {.top_p = 0.6}, {0, 5.0 / 8, 0, 3.0 / 8});

    const Mat<double> equal = Mat<double>::Zero(4, 1);  // sums without rounding
    CHECK(classes(equal, {.top_p = 0.25}) == Classes{0});
    CHECK(classes(equal, {.top_p = 0.5}) == Classes{0, 1});
    CHECK(classes(equal, {.top_p = 0.75}) == Classes{0, 1, 2});
    CHECK(classes(equal, {.top_p = 0.7501}) == Classes{0, 1, 2, 3});
}

TEST_CASE("sample: top_p measures after the temperature and after top_k") {
    const auto logits = logits_of({0.6, 0.2, 0.2});
    CHECK(classes(logits, {.top_p = 0.59}) == Classes{0});
    CHECK(classes(logits, {.temperature = 100, .top_p = 0.59}) == Classes{0, 1});
    CHECK(classes(logits, {.top_p = 0.7}) == Classes{0, 1});
    CHECK(classes(logits, {.top_k = 2, .top_p = 0.7}) == Classes{0});  // 0.6 of 0.8
}

TEST_CASE("sample: a logit of -inf is never drawn") {
    const auto logits = column({-inf, 0, -inf, 0, -inf});
    for (const SampleOptions& options : {SampleOptions{},
                                         {.temperature = 1000},
                                         {.temperature = 1e-3},
                                         {.top_k = 4},
                                         {.top_p = 0.999},
                                         {.top_k = 3, .top_p = 1}})
        CHECK(classes(logits, options) == Classes{1, 3});
    CHECK(classes(column({-inf, -inf, -1e308}), {}) == Classes{2});
}

TEMPLATE_TEST_CASE("sample: the same seed draws the same classes, another one others", "", float, double) {
    Rng rng(6);
    const Mat<TestType> logits = random_mat(20, 1, rng).cast<TestType>();
    const auto sequence = [&](std::uint64_t seed) {
        Rng own(seed);
        std::vector<Index> drawn;
        for (int k = 0; k < 100; ++k) drawn.push_back(sample(logits, own));
        return drawn;
    };
    CHECK(sequence(1) == sequence(1));
    CHECK(sequence(1) != sequence(2));
}

TEST_CASE("sample: logits may be a column of a larger matrix, or an expression") {
    Mat<float> all = Mat<float>::Zero(4, 3);
    all(2, 1) = 100;
    Rng rng(8);
    CHECK(greedy(all.col(1)) == 2);
    CHECK(sample(all.col(1), rng) == 2);
    CHECK(sample(2 * all.col(1), rng) == 2);
}
