#pragma once

#include <memory>
#include <span>
#include <vector>

#include "bptt/ops/lookup.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// A model that has read a batch of sources, for decode/ to ask what follows. It has a tape of its own, so it is for one thread
/// at a time. The model outlives it, unchanged.
template <class Model> class SourceWriter {
public:
    using T = typename Model::Scalar;

    SourceWriter(const Model& model, const Tokens& sources)
        : model_(model), tape_(std::make_unique<Tape<T>>()), pause_(std::make_unique<Pause>(*tape_)) {
        for (Index j = 0; j < sources.layout().batch; ++j) lengths_.push_back(sources.layout().length(j));
        source_ = model.store(*tape_, sources);
    }
    Index source_length(Index j) const {
        check_source(j);
        return lengths_[static_cast<std::size_t>(j)];
    }
    auto start() const { return source_.start; }
    /// As a Writer's.
    template <class S> Mat<T> step(std::span<const Index> previous, std::span<const Index> sources, S& s) const {
        throw_unless(previous.size() == sources.size(), "SourceWriter: there are ", previous.size(), " tokens, ",
                     sources.size(), " sources");
        for (const Index j : sources) check_source(j);
        const Tokens tokens(previous, std::ssize(previous));
        detail::check_tokens("SourceWriter", tokens, model_.target.E.cols());
        tape_->clear();
        const auto words = model_.target(*tape_, tokens).all;
        const auto [next, logits] = model_.step(words, source_, sources, lift(*tape_, s));
        s = values(next);
        return logits.value();
    }

private:
    void check_source(Index j) const {
        throw_unless(j >= 0 && j < std::ssize(lengths_), "SourceWriter: source ", j, " of ", lengths_.size());
    }

    using Pause = typename Tape<T>::Pause;
    const Model& model_;
    std::unique_ptr<Tape<T>> tape_;
    std::unique_ptr<Pause> pause_;
    std::vector<Index> lengths_;
    typename Model::Source source_;
};

}  // namespace bptt
