#pragma once

#include <bptt/core/types.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "../support/progress.hpp"

namespace char_lm {

using namespace bptt;

/// What counting symbols foresees, beside which a model is measured.
class Counts {
public:
    Counts(std::span<const Index> learned, Index symbols) : singles_(static_cast<std::size_t>(symbols)) {
        examples::LongTask task("counted");
        for (std::size_t k = 0; k < learned.size(); ++k) {
            if (k % 100'000 == 0) task.show(k, learned.size());
            ++singles_[static_cast<std::size_t>(learned[k])];
            if (k > 0) ++pairs_[pair(learned[k - 1], learned[k])];
        }
        all_ = static_cast<double>(learned.size()) + static_cast<double>(symbols);
    }

    /// Mean loss in nats of each symbol after the first, by how often it came, each once more than it did.
    double unigrams(std::span<const Index> ids) const {
        return mean_loss(ids, [&](Index, Index next) { return single(next); });
    }
    /// The same by how often it came after the one before it, and by unigrams, half and half (Jelinek and Mercer 1980).
    double bigrams(std::span<const Index> ids) const {
        return mean_loss(ids, [&](Index before, Index next) {
            const Index times = singles_[static_cast<std::size_t>(before)];
            const auto found = pairs_.find(pair(before, next));
            const double after = found == pairs_.end() ? 0 : static_cast<double>(found->second);
            return times == 0 ? single(next) : after / static_cast<double>(times) / 2 + single(next) / 2;
        });
    }

private:
    std::uint64_t pair(Index before, Index next) const {
        return static_cast<std::uint64_t>(before) * singles_.size() + static_cast<std::uint64_t>(next);
    }
    double single(Index id) const { return static_cast<double>(singles_[static_cast<std::size_t>(id)] + 1) / all_; }
    template <class P> static double mean_loss(std::span<const Index> ids, P p) {
        double total = 0;
        for (std::size_t k = 1; k < ids.size(); ++k) total -= std::log(p(ids[k - 1], ids[k]));
        return total / static_cast<double>(ids.size() - 1);
    }

    std::vector<Index> singles_;
    std::unordered_map<std::uint64_t, Index> pairs_;
    double all_;
};

}  // namespace char_lm
