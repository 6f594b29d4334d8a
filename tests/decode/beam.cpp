#include "bptt/decode/beam.hpp"

#include <limits>

#include "catch.hpp"
#include "support/numbers.hpp"
#include "support/prefix_writer.hpp"

using namespace bptt;

namespace {

const WriteOptions up_to_five{.bos = 1, .eos = 0, .max_length = 5};

void check_near(const Written<double>& a, const Written<double>& b) {
    CHECK(a.tokens == b.tokens);
    CHECK_THAT(a.log_probability, WithinAbs(b.log_probability, 1e-12));
    CHECK(a.complete == b.complete);
    CHECK(a.alignment == b.alignment);
}

/// P(next | previous), a column for each previous token.
struct Bigrams {
    Mat<double> p;
    mutable int steps = 0;
    HiddenState<Mat<double>> start() const { return {Mat<double>::Zero(1, 1)}; }
    Mat<double> step(std::span<const Index> previous, std::span<const Index>, HiddenState<Mat<double>>&) const {
        ++steps;
        return p(Eigen::indexing::all, std::vector<Index>(previous.begin(), previous.end())).array().log();
    }
};
Bigrams bigrams() {
    Mat<double> p(4, 4);  // 0 ends, 1 begins, 2 and 3 are words
    p.col(0).setConstant(NaN);
    p.col(1) << 0, 0, 0.6, 0.4;
    p.col(2) << 0.35, 0, 0.33, 0.32;
    p.col(3) << 0.9, 0, 0.05, 0.05;
    return {p};
}
using Ids = std::vector<Index>;

}  // namespace

TEST_CASE("beam search: width 1 is greedy, whatever the penalty") {
    const auto writer = writer_of(100);
    const auto greedily = greedy(writer, up_to_five);
    for (const double penalty : {0.0, 0.6, 2.0}) {
        const auto found = beam_search(writer, up_to_five, {.width = 1, .length_penalty = penalty});
        REQUIRE(found.size() == 100);
        for (std::size_t j = 0; j < 100; ++j) check_near(found[j], greedily[j]);
    }
}

TEST_CASE("beam search: width 2 finds what greedy misses") {
    const auto writer = bigrams();
    CHECK(greedy(writer, up_to_five)[0].tokens == Ids{2, 0});
    CHECK_THAT(greedy(writer, up_to_five)[0].log_probability, WithinAbs(std::log(0.6 * 0.35), 1e-14));
    const auto found = beam_search(writer, up_to_five, {.width = 2})[0];
    CHECK(found.tokens == Ids{3, 0});
    CHECK_THAT(found.log_probability, WithinAbs(std::log(0.4 * 0.9), 1e-14));
    CHECK(found.complete);
}

TEST_CASE("beam search: log-probabilities and alignments are those of teacher forcing") {
    const auto writer = writer_of(60);
    for (const Index width : {2, 3, 7}) {
        const auto found = beam_search(writer, up_to_five, {.width = width});
        for (Index j = 0; j < 60; ++j) {
            const auto& w = found[static_cast<std::size_t>(j)];
            const auto forced = writer.forced(j, w.tokens);
            CHECK_THAT(w.log_probability, WithinAbs(forced.log_probability, 1e-12));
            CHECK(w.alignment == forced.weights);
            CHECK(w.complete == (w.tokens.back() == 0));
        }
    }
}

TEST_CASE("beam search: wide enough, it finds the best of all that end, by each penalty") {
    for (const double ending : {0.0, -1.5, 1.5}) {
        const auto writer = writer_of(25, ending);
        for (const double penalty : {0.0, 0.6, 3.0}) {
            const auto found = beam_search(writer, up_to_five, {.width = 2000, .length_penalty = penalty});
            for (Index j = 0; j < 25; ++j) {
                double best = -inf;
                Ids tokens;
                writer.for_each_sequence(5, [&](const Ids& each) {
                    if (each.back() != 0) return;
                    const double length = static_cast<double>(each.size()),
                                 score = writer.forced(j, each).log_probability / std::pow((5 + length) / 6, penalty);
                    if (score > best) {
                        best = score;
                        tokens = each;
                    }
                });
                CHECK(found[static_cast<std::size_t>(j)].tokens == tokens);
            }
        }
    }
}

TEST_CASE("beam search: narrow, it equals its definition") {
    // The best continuations live on; one that ends takes a place with it.
    for (const std::size_t width : {2u, 3u}) {
        const auto writer = writer_of(200, 0.5);
        const auto found = beam_search(writer, up_to_five, {.width = static_cast<Index>(width)});
        for (Index j = 0; j < 200; ++j) {
            std::vector<Ids> live{{}};
            std::vector<std::pair<double, Ids>> finished;
            for (Index t = 0; t < 5; ++t) {
                std::vector<std::pair<double, Ids>> all;
                for (const auto& before : live)
                    for (Index token = 0; token < 4; ++token) {
                        Ids next = before;
                        next.push_back(token);
                        all.emplace_back(-writer.forced(j, next).log_probability, next);
                    }
                std::ranges::sort(all);
                all.resize(std::min(all.size(), width - finished.size()));
                live.clear();
                for (const auto& each : all)
                    if (each.second.back() == 0)
                        finished.push_back(each);
                    else
                        live.push_back(each.second);
            }
            CHECK(found[static_cast<std::size_t>(j)].tokens ==
                  (finished.empty() ? live.front() : std::ranges::min(finished).second));
        }
    }
}

TEST_CASE("beam search: a batch equals each source alone, and what is finished is never asked again") {
    const auto writer = writer_of(30);
    const auto together = beam_search(writer, up_to_five, {.width = 3});
    CHECK(std::count(writer.asked.begin(), writer.asked.end(), up_to_five.eos) == 0);
    for (std::size_t j = 0; j < 30; ++j)
        check_near(together[j], beam_search(PrefixWriter{{writer.sources[j]}}, up_to_five, {.width = 3})[0]);
}

TEST_CASE("beam search: stops where nothing left can win") {
    const auto writer = writer_of(20, 5);  // to end at once is likelier than all the rest together
    const auto found = beam_search(writer, {.bos = 1, .eos = 0, .max_length = std::numeric_limits<Index>::max()}, {.width = 4});
    CHECK(writer.asked.size() == 20);
    for (const auto& w : found) CHECK(w.complete);

    Mat<double> p = Mat<double>::Zero(3, 3);  // what goes on without an end can at best be as likely
    p(0, 1) = p(2, 1) = 0.5;
    p(2, 2) = 1;
    const Bigrams endless{p};
    CHECK(beam_search(endless, up_to_five, {.width = 2})[0].tokens == Ids{0});
    CHECK(endless.steps == 1);
}

TEST_CASE("beam search: an unfinished one only where none finishes") {
    for (const auto& w : beam_search(writer_of(5, -100), up_to_five, {.width = 3})) {
        CHECK_FALSE(w.complete);
        CHECK(w.tokens.size() == 5);
    }
    const auto writer = bigrams();  // nothing can end at once
    CHECK_FALSE(beam_search(writer, {.bos = 1, .eos = 0, .max_length = 1}, {.width = 2})[0].complete);
    CHECK(beam_search(writer, {.bos = 1, .eos = 0, .max_length = 1}, {.width = 2})[0].tokens == Ids{2});
    // more places than words, and what is impossible does not end it
    auto endless = bigrams();
    endless.p.row(0).setZero();
    CHECK_FALSE(beam_search(endless, up_to_five, {.width = 50})[0].complete);
    CHECK(beam_search(writer, up_to_five, {.width = 50})[0].tokens == Ids{3, 0});
    CHECK(beam_search(PrefixWriter{{}}, up_to_five).empty());
}

TEST_CASE("beam search: a logit that is NaN is refused") {
    CHECK_THROWS_WITH(beam_search(bigrams(), {.bos = 0, .eos = 1}), "beam_search: a logit is NaN");
}
