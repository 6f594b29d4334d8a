#include "bptt/train/batches.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <string>
#include <vector>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/nets/embedding.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "bptt/ops/loss.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;
using Texts = std::vector<Ids>;
using Mats = std::vector<Mat<double>>;

Texts texts_of(const Tokens& tokens) {
    Texts all(static_cast<std::size_t>(tokens.layout().batch));
    tokens.layout().for_each_column([&](Index column, Index, Index b) {
        all[static_cast<std::size_t>(b)].push_back(tokens.ids()[static_cast<std::size_t>(column)]);
    });
    return all;
}
/// Sequences of 0 to 8 steps.
Texts random_texts(Index count, Rng& rng) {
    Texts all;
    for (Index k = 0; k < count; ++k) all.push_back(random_ids(rng.below(9), 7, rng));
    return all;
}
Mats matrices_of(const Texts& texts, Index rows, Rng& rng) {
    Mats all;
    for (const Ids& text : texts) all.push_back(random_mat(rows, std::ssize(text), rng));
    return all;
}
/// all[places[0]], all[places[1]], …
template <class X> std::vector<X> at(const std::vector<X>& all, const Ids& places) {
    std::vector<X> some;
    for (const Index k : places) some.push_back(all[static_cast<std::size_t>(k)]);
    return some;
}
std::vector<Ids> places_of(const auto& all) {
    std::vector<Ids> places;
    for (const auto& batch : all) places.push_back(batch.places);
    return places;
}

}  // namespace

static_assert(std::ranges::input_range<LabelledBatches<Texts, Ids>>);

TEST_CASE("batches: by length, then in the order given, 64 unless told otherwise") {
    const Texts texts{{1, 2, 3}, {4}, {}, {5, 6}, {7}, {8, 9}};
    const Ids classes{0, 1, 2, 3, 4, 5};
    const auto two = batches(texts, classes, {.batch = 2});
    CHECK(places_of(two) == std::vector<Ids>{{2, 1}, {4, 3}, {5, 0}});
    CHECK(places_of(batches(texts, classes, {.batch = 4})) == std::vector<Ids>{{2, 1, 4, 3}, {5, 0}});
    const auto first = two.begin();
    CHECK(texts_of(first->inputs) == Texts{{}, {4}});
    CHECK(first->targets == Ids{2, 1});
    CHECK(batches(Texts(65, Ids{1}), Ids(65)).begin()->places.size() == 64);
}

TEST_CASE("batches: inputs and targets are those of the places, whatever they are, each once in every order") {
    Rng rng(8);
    const Texts texts = random_texts(50, rng), tags = [&] {
        Texts all = texts;
        for (Ids& ids : all)
            for (Index& k : ids) k += 10;
        return all;
    }();
    const Mats features = matrices_of(texts, 3, rng), foreseen = matrices_of(texts, 2, rng);
    const Ids classes = random_ids(50, 4, rng);
    const Mat<double> numbers = random_mat(2, 50, rng);
    auto of_classes = batches(texts, classes, {.batch = 8});
    auto of_tags = batches(texts, tags, {.batch = 8});
    auto of_numbers = batches(features, numbers, {.batch = 8});
    auto of_series = batches(features, foreseen, {.batch = 8});
    for (int epoch = 0; epoch < 3; ++epoch) {
        Ids seen;
        for (const auto& batch : of_classes) {
            CHECK(texts_of(batch.inputs) == at(texts, batch.places));
            CHECK(batch.targets == at(classes, batch.places));
            std::ranges::copy(batch.places, std::back_inserter(seen));
        }
        std::ranges::sort(seen);
        CHECK(seen.size() == 50);
        CHECK(std::ranges::adjacent_find(seen) == seen.end());
        for (const auto& batch : of_tags) {
            CHECK(texts_of(batch.targets) == at(tags, batch.places));
            CHECK(batch.inputs.layout() == batch.targets.layout());
        }
        for (const auto& batch : of_numbers) {
            CHECK(batch.inputs == at(features, batch.places));
            REQUIRE(batch.targets.cols() == std::ssize(batch.places));
            for (Index b = 0; b < batch.targets.cols(); ++b)
                CHECK(batch.targets.col(b) == numbers.col(batch.places[static_cast<std::size_t>(b)]));
        }
        for (const auto& batch : of_series) CHECK(batch.targets == at(foreseen, batch.places));
        Rng again = rng;
        of_classes.shuffle(rng), of_tags.shuffle(again);
        CHECK(places_of(of_tags) == places_of(of_classes));
        of_numbers.shuffle(rng), of_series.shuffle(rng);
    }
}

TEST_CASE("batches: shuffled, from where one was") {
    auto all = batches(Texts{{1}, {2}, {3}, {4, 5}, {6, 7}}, Ids{0, 0, 0, 1, 1}, {.batch = 2});
    Rng rng(2);
    all.shuffle(rng);
    const auto places = places_of(all);
    for (Index k = 0; k <= 3; ++k) CHECK(places_of(all.from(k)) == std::vector(places.begin() + k, places.end()));
}

TEST_CASE("batches: they go into a model as they are") {
    Rng rng(4);
    const Texts texts{{1, 2, 3}, {4}, {5, 6}};
    const Embedding<double> embed(7, 3, rng);
    const Gru<double> gru(3, 4, rng);
    const Linear<double> head(4, 2, rng);
    Tape<double> tape;
    const auto tokens = batches(texts, Ids{0, 1, 1});
    const auto batch = tokens.begin();
    const auto loss = cross_entropy(head(final_state(unroll(gru, embed(tape, batch->inputs)))), batch->targets);
    const auto sorted = embed(tape, Tokens::of({{4}, {5, 6}, {1, 2, 3}}));
    CHECK(loss.item() == cross_entropy(head(final_state(unroll(gru, sorted))), {1, 1, 0}).item());

    const Mats features = matrices_of(texts, 3, rng), foreseen = matrices_of(texts, 2, rng);
    const auto series = batches(features, foreseen);
    const auto whole = series.begin();
    const auto y = head(unroll(gru, Sequence<double>::of(tape, whole->inputs)));
    const double error = mse(y, Sequence<double>::of(tape, whole->targets)).item();
    const auto expected = head(unroll(gru, Sequence<double>::of(tape, {features[1], features[2], features[0]})));
    CHECK(error == mse(expected, Sequence<double>::of(tape, {foreseen[1], foreseen[2], foreseen[0]})).item());

    const Mat<double> numbers = random_mat(2, 3, rng);
    const auto labelled = batches(features, numbers);
    const auto of_numbers = labelled.begin();
    const auto last = head(final_state(unroll(gru, Sequence<double>::of(tape, of_numbers->inputs))));
    const Mat<double> in_order = numbers(Eigen::indexing::all, Ids{1, 2, 0});
    CHECK(mse(last, of_numbers->targets).item() == mse(last, in_order).item());
}

TEST_CASE("batches: what does not fit is refused") {
    const auto zeros = [](Index rows, Index cols) -> Mat<double> { return Mat<double>::Zero(rows, cols); };
    const Texts texts{{1, 2}, {3}};
    const Mats mats{zeros(3, 2), zeros(3, 1)};
    CHECK_THROWS_WITH(batches(texts, Ids{1}), "batches: 2 sequences, 1 targets");
    CHECK_THROWS_WITH(batches(mats, zeros(5, 3)), "batches: 2 sequences, 3 targets");
    CHECK_THROWS_WITH(batches(texts, Texts{{1, 2}}), "batches: 2 sequences, targets of 1");
    CHECK_THROWS_WITH(batches(texts, Texts{{1, 2}, {3, 4}}), "batches: sequence 1 has 1 steps, its targets 2");
    CHECK_THROWS_WITH(batches(texts, Texts{{1}, {3}}), "batches: sequence 0 has 2 steps, its targets 1");
    CHECK_THROWS_WITH(batches(mats, Mats{zeros(1, 2), zeros(1, 2)}), "batches: sequence 1 has 1 steps, its targets 2");
    CHECK_THROWS_WITH(batches(Mats{zeros(3, 2), zeros(2, 5)}, Ids{1, 0}), "batches: sequence 0 is 3x2, sequence 1 is 2x5");
    CHECK_THROWS_WITH(batches(mats, Mats{zeros(1, 2), zeros(2, 1)}), "batches: target 0 is 1x2, target 1 is 2x1");
    CHECK_THROWS_WITH(batches(Texts(), Ids()), "batches: no sequences");
    CHECK_THROWS_WITH(batches(texts, Ids{0, 1}, {.batch = 0}), "batches: batch is 0, not positive");
}
