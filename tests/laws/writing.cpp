// Writing takes as much memory for a thousand tokens as for ten.
#include "bptt/cells/gru.hpp"
#include "bptt/decode/write.hpp"
#include "bptt/models/attention_encoder_decoder.hpp"
#include "catch.hpp"
#include "support/malloc.hpp"

#if defined(BPTT_OWN_MALLOC)

using namespace bptt;

TEST_CASE("writing: its steps use the same memory again") {
    Rng rng(1);
    const AttentionEncoderDecoder<Gru<float>> model({.sources = 5, .targets = 5, .features = 4, .units = 16}, rng);
    const auto sources = Tokens::of({{1, 2, 3, 4}, {2, 3}});
    const auto writer = model.read(sources);
    auto s = writer.start();
    const std::vector<Index> words{1, 2}, both{0, 1};
    const auto steps = [&](int n) {
        return peak_memory([&] {
            for (int k = 0; k < n; ++k) writer.step(words, both, s);
        });
    };
    steps(10);
    CHECK(steps(1000) <= steps(10));
}

#endif
