#include "bptt/decode/writer.hpp"

#include <limits>
#include <utility>

#include "bptt/decode/beam.hpp"
#include "bptt/decode/write.hpp"
#include "catch.hpp"
#include "support/prefix_writer.hpp"

using namespace bptt;

static_assert(Writer<PrefixWriter> && !Writer<Mat<float>> && !Writer<Rng>);

namespace {

using Ids = std::vector<Index>;
const WriteOptions plain{.bos = 1, .eos = 0, .max_length = 5}, without_two{.bos = 1, .eos = 0, .max_length = 5, .never = {2}};

/// Goes on from 1 or 2, source by source, instead of bos.
struct GoesOn : PrefixWriter {
    Index first(Index j) const { return 1 + j % 2; }
};
/// Each token's logits depend on the one before alone. What step() gives is a view of what the next step overwrites.
struct BigramViews {
    Mat<double> logits;
    mutable Mat<double> room = {};
    HiddenState<Mat<double>> start() const { return {Mat<double>::Zero(1, 2)}; }
    Eigen::Map<const Mat<double>> step(std::span<const Index> previous, std::span<const Index>,
                                       HiddenState<Mat<double>>&) const {
        room = logits(Eigen::indexing::all, Ids(previous.begin(), previous.end()));
        return {room.data(), room.rows(), room.cols()};
    }
};
/// All that greedy, sample and both beam searches find, sorted by nothing: as they come.
std::vector<Written<double>> all_ways(const auto& writer, const WriteOptions& options) {
    Rng rng(3);
    auto all = greedy(writer, options);
    for (auto& w : sample(writer, options, rng)) all.push_back(std::move(w));
    for (auto& w : beam_search(writer, options, {.width = 3})) all.push_back(std::move(w));
    for (auto& w : n_best(writer, options, 2, {.width = 3})) all.push_back(std::move(w));
    return all;
}

}  // namespace

TEST_CASE("writer: what is never written is not, the probabilities are the model's") {
    Index twos = 0;
    for (const auto& w : all_ways(six_sources, plain)) twos += std::ranges::count(w.tokens, 2);
    CHECK(twos > 10);
    const auto found = all_ways(six_sources, without_two);
    REQUIRE(found.size() == 6 * 5);
    for (std::size_t k = 0; k < 18; ++k) {
        CHECK(std::ranges::count(found[k].tokens, 2) == 0);
        CHECK_THAT(found[k].log_probability,
                   WithinAbs(six_sources.forced(static_cast<Index>(k % 6), found[k].tokens).log_probability, 1e-12));
    }
    for (std::size_t k = 18; k < found.size(); ++k) CHECK(std::ranges::count(found[k].tokens, 2) == 0);

    WriteOptions ends_only = plain;
    ends_only.never = {3, 2, 1, 2};
    for (const auto& w : greedy(six_sources, ends_only)) CHECK(w.tokens == Ids{0});
}

TEST_CASE("writer: without eos each text has max_length tokens") {
    for (const auto& w : all_ways(six_sources, {.bos = 1, .max_length = 4})) {
        CHECK(w.tokens.size() == 4);
        CHECK_FALSE(w.complete);
    }
}

TEST_CASE("writer: one that goes on from a token of its own needs no bos") {
    const GoesOn writer{{.sources = {3, 0, 7, 3, 12, 5}}};
    const auto found = all_ways(writer, {.eos = 0, .max_length = 5}), from_one = all_ways(six_sources, plain),
               from_two = all_ways(six_sources, {.bos = 2, .eos = 0, .max_length = 5});
    for (std::size_t k = 0; k < 18; ++k) CHECK(found[k].tokens == (k % 2 ? from_two : from_one)[k].tokens);
}

TEST_CASE("writer: logits may be a view of what the next step overwrites") {
    Mat<double> logits(4, 4);
    logits << 0, 0, 1, 4, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 5, 0;
    for (const auto& w : greedy(BigramViews{logits}, {.bos = 1, .eos = 0})) CHECK(w.tokens == Ids{2, 3, 0});
    CHECK(beam_search(BigramViews{logits}, {.bos = 1, .eos = 0})[1].tokens == Ids{2, 3, 0});
}
