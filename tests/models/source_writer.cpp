#include "bptt/models/source_writer.hpp"

#include <span>
#include <utility>
#include <vector>

#include "bptt/decode/write.hpp"
#include "bptt/models/encoder_decoder.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

/// Writes from states that are given: what another model has made of its sources.
struct FromStates {
    using Scalar = double;
    using Source = EncoderDecoder<Gru<double>>::Source;

    const EncoderDecoder<Gru<double>>& model;

    Source store(Tape<double>&, const Mat<double>& states) const { return {{states}}; }
    auto step(Tape<double>& tape, const Tokens& words, const Source& source, std::span<const Index> sources,
              const HiddenState<Var<double>>& s) const {
        return model.step(tape, words, source, sources, s);
    }
};

}  // namespace

TEST_CASE("SourceWriter: of sources that are no tokens it writes what it writes of the same states") {
    Rng rng(1);
    const EncoderDecoder<Gru<double>> model({.sources = 5, .targets = 6, .features = 3, .units = 4}, rng);
    const Tokens sources = Tokens::of({{1, 2}, {3}, {4, 0, 1}});
    Tape<double> tape;
    const Mat<double> states = values(model.encode(tape, sources)).h;
    const FromStates from{model};
    const SourceWriter writer(from, states, std::vector<Index>{7, 0, 2});
    CHECK(writer.source_length(0) == 7);
    CHECK(writer.source_length(2) == 2);
    const auto expected = greedy(model.read(sources), {.bos = 0, .max_length = 5});
    const auto found = greedy(writer, {.bos = 0, .max_length = 5});
    REQUIRE(found.size() == 3);
    for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(found[k].tokens == expected[k].tokens);
        CHECK(found[k].log_probability == expected[k].log_probability);
    }
}
