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

/// The lines of a file of pairs of which load_pairs() leaves something out: how many are blank, or have more than two columns.
struct OddLines {
    Index blank = 0, longer = 0;
};

namespace detail {

/// Appends what a line of a file of pairs has. Returns the reason where it is no pair; else nothing.
inline const char* read_pair(std::string_view line, std::vector<Pair>& pairs, OddLines& odd) {
    if (line.find_first_not_of(' ') == line.npos) {
        ++odd.blank;
        return nullptr;
    }
    const auto tab = line.find('\t');
    if (tab == line.npos) return "no tab between source and target";
    const auto end = (std::min)(line.find('\t', tab + 1), line.size());
    if (!is_utf8(line.substr(0, end))) return "invalid UTF-8";
    if (tab == 0) return "an empty source";
    if (end == tab + 1) return "an empty target";
    if (end < line.size()) ++odd.longer;
    pairs.push_back({std::string(line.substr(0, tab)), std::string(line.substr(tab + 1, end - tab - 1))});
    return nullptr;
}

}  // namespace detail

/// A file of pairs in UTF-8: on each line a source, a tab and a target, neither of them empty; further columns, such as the
/// attributions of Tatoeba, are left out, and so are blank lines. Lines may end in "\r\n", and a byte-order mark may stand
/// first. Throws if lines have another form, with their number and the first five of them, or if there are no pairs.
inline std::vector<Pair> load_pairs(const std::filesystem::path& file, OddLines& odd) {
    std::vector<Pair> pairs;
    OddLines now;
    detail::read_lines("load_pairs", file, [&](std::string_view line) { return detail::read_pair(line, pairs, now); });
    throw_unless(!pairs.empty(), "load_pairs: ", file.string(), " holds no pairs");
    odd = now;
    return pairs;
}
inline std::vector<Pair> load_pairs(const std::filesystem::path& file) {
    OddLines odd;
    return load_pairs(file, odd);
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
