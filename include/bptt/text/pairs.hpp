#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/sequence/buckets.hpp"
#include "bptt/text/load.hpp"

namespace bptt {

/// A source text and the target text that a model is to make of it.
struct Pair {
    std::string source, target;
};

/// A file of pairs in UTF-8: on each line a source, one tab, a target, neither of them empty. Lines may end in "\r\n", and a
/// byte-order mark may stand first. Throws if a line has another form, with the file and the line, or if there are no lines.
inline std::vector<Pair> load_pairs(const std::filesystem::path& file) {
    const std::string content = detail::content_of(file, "load_pairs");
    std::string_view text = content;
    throw_unless(!text.empty(), "load_pairs: ", file.string(), " holds no pairs");
    std::vector<Pair> pairs;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix((std::min)(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto expect = [&](bool ok, const char* reason) {
            throw_unless(ok, "load_pairs: ", file.string(), ':', pairs.size() + 1, ": ", reason);
        };
        expect(detail::is_utf8(line), "invalid UTF-8");
        expect(!line.empty(), "an empty line");
        const auto tab = line.find('\t');
        expect(tab != line.npos, "no tab between source and target");
        expect(tab == line.rfind('\t'), "more than one tab");
        expect(tab > 0, "an empty source");
        expect(tab + 1 < line.size(), "an empty target");
        pairs.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1))});
    }
    return pairs;
}

/// A batch of pairs as class indices, for teacher forcing: targets[t] is the token after inputs[t].
struct PairBatch {
    Tokens sources;
    Tokens inputs;   // BOS, then the target
    Tokens targets;  // the target, then EOS
};

namespace detail {

/// What PairBatches are of.
struct EncodedPairs {
    using Batch = PairBatch;
    static constexpr const char* name = "pairs";

    std::vector<std::vector<Index>> sources, framed;  // framed: BOS, target, EOS

    EncodedPairs(const std::vector<Pair>& pairs, const Vocabulary& source, const Vocabulary& target) {
        const Index bos = target.bos(), eos = target.eos();
        for (const Pair& pair : pairs) {
            sources.push_back(encode(source, pair.source, "source"));
            const std::vector<Index> ids = encode(target, pair.target, "target");
            auto& all = framed.emplace_back(ids.size() + 2, eos);
            all.front() = bos;
            std::copy(ids.begin(), ids.end(), all.begin() + 1);
        }
    }

    std::size_t size() const { return sources.size(); }
    std::array<std::size_t, 2> lengths(std::size_t k) const { return {sources[k].size(), framed[k].size()}; }
    void fill(PairBatch& batch, Gather::Places places, Gather& gather) const {
        gather(batch.sources, sources, places);
        gather(batch.inputs, framed, places, 0, 1);
        gather(batch.targets, framed, places, 1, 1);
    }

private:
    std::vector<Index> encode(const Vocabulary& vocabulary, const std::string& text, const char* side) const {
        try {
            return vocabulary.encode(text);
        } catch (const std::invalid_argument& e) {
            fail({"pair_batches: the ", side, " of pair ", framed.size(), ", \"", text, "\": ", e.what()});
        }
    }
};

}  // namespace detail

using PairBatches = Buckets<detail::EncodedPairs>;

/// Encodes all pairs once and buckets them into batches of similar lengths: sorted by the source's length, then the target's.
/// Throws where a vocabulary does not know a symbol, with the pair's number and text, and unless the target vocabulary has BOS
/// and EOS. The result does not refer to the arguments.
inline PairBatches pair_batches(const std::vector<Pair>& pairs, const Vocabulary& source, const Vocabulary& target,
                                BatchOptions options = {}) {
    return {"pair_batches", detail::EncodedPairs(pairs, source, target), options};
}

}  // namespace bptt
