#include <algorithm>
#include <limits>

#include "bptt/decode/beam.hpp"
#include "catch.hpp"
#include "support/prefix_writer.hpp"

using namespace bptt;

namespace {
using Ids = std::vector<Index>;
const WriteOptions up_to_four{.bos = 1, .eos = 0, .max_length = 4};

/// Every token is as likely as any other, always.
struct Uniform {
    using State = HiddenState<Mat<double>>;
    State start() const { return {Mat<double>::Zero(1, 1)}; }
    Mat<double> step(std::span<const Index> previous, std::span<const Index>, State&) const {
        return Mat<double>::Zero(3, std::ssize(previous));
    }
};
}  // namespace

TEST_CASE("n best: wide enough, they are the best of all that end, by each penalty") {
    const auto writer = writer_of(12);
    for (const double penalty : {0.0, 0.6, 3.0}) {
        const auto found = n_best(writer, up_to_four, 5, {.width = 2000, .length_penalty = penalty});
        REQUIRE(found.size() == 12 * 5);
        for (Index j = 0; j < 12; ++j) {
            std::vector<std::pair<double, Ids>> all;
            writer.for_each_sequence(4, [&](const Ids& each) {
                if (each.back() == 0)
                    all.emplace_back(
                        -writer.forced(j, each).log_probability / std::pow((5 + static_cast<double>(each.size())) / 6, penalty),
                        each);
            });
            std::ranges::sort(all);
            for (std::size_t k = 0; k < 5; ++k) {
                const auto& w = found[static_cast<std::size_t>(j) * 5 + k];
                CHECK(w.source == j);
                CHECK(w.tokens == all[k].second);
                CHECK_THAT(w.log_probability, WithinAbs(writer.forced(j, w.tokens).log_probability, 1e-12));
            }
        }
    }
}

TEST_CASE("n best: the first is what beam search finds, finished ones come before unfinished ones") {
    for (const double ending : {-1.5, 0.0, 1.5}) {
        const auto writer = writer_of(40, ending);
        const auto best = n_best(writer, up_to_four, 3, {.width = 3}), one = n_best(writer, up_to_four, 1, {.width = 3});
        const auto found = beam_search(writer, up_to_four, {.width = 3});
        REQUIRE((best.size() == 3 * 40 && one.size() == 40));
        Index unfinished = 0;
        for (std::size_t j = 0; j < 40; ++j) {
            CHECK(found[j].source == static_cast<Index>(j));
            CHECK(one[j].tokens == found[j].tokens);
            CHECK(best[3 * j].tokens == found[j].tokens);
            for (std::size_t k = 3 * j; k < 3 * j + 2; ++k) {
                CHECK(best[k].complete >= best[k + 1].complete);
                if (best[k].complete == best[k + 1].complete) CHECK(best[k].log_probability >= best[k + 1].log_probability);
            }
            unfinished += !best[3 * j + 2].complete;
        }
        CHECK((unfinished > 0 || ending > 0));
    }
}

TEST_CASE("n best: fewer only where there are not as many texts, it goes on until the n-th can't be beaten") {
    const auto writer = writer_of(3, 5);
    const WriteOptions endless{.bos = 1, .eos = 0, .max_length = std::numeric_limits<Index>::max()};
    CHECK(n_best(writer, endless, 4, {.width = 4}).size() == 3 * 4);
    const WriteOptions at_once{.bos = 1, .eos = 0, .max_length = 1};
    CHECK(n_best(writer, at_once, 9, {.width = 9}).size() == 3 * 4);
    CHECK(n_best(PrefixWriter{{}}, up_to_four, 2).empty());
}

TEST_CASE("n best: of equals the first found is the first") {
    const auto found = n_best(Uniform(), {.bos = 1, .eos = 0, .max_length = 2}, 3, {.width = 9, .length_penalty = 0});
    REQUIRE(found.size() == 3);
    CHECK(found[0].tokens == Ids{0});
    CHECK(found[1].tokens == Ids{1, 0});
    CHECK(found[2].tokens == Ids{2, 0});
}
