#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "bptt/ops/lookup.hpp"
#include "bptt/sequence/state.hpp"

namespace bptt {

/// The Writer of a model that has read a batch of sources, for greedy(), sample() and beam_search(). It has a tape of its own,
/// so it is for one thread at a time. The model must outlive it, unchanged. A Source with a member `live` steps by that.
template <class Model> class SourceWriter {
public:
    using T = typename Model::Scalar;

    SourceWriter(const Model& model, const Tokens& sources) : SourceWriter(model, sources, lengths_of(sources)) {}
    /// For sources of any kind that the model's store() takes, such as pictures. lengths: of each source, how many steps there
    /// are to attend to. Throws where there are not as many of them as sources.
    template <class Sources> SourceWriter(const Model& model, const Sources& sources, std::vector<Index> lengths)
        : model_(model),
          tape_(std::make_unique<Tape<T>>()),
          pause_(std::make_unique<Pause>(*tape_)),
          lengths_(std::move(lengths)),
          source_(model.store(*tape_, sources)) {
        detail::for_each_field_to_check(source_.start, [&](const auto& m, const auto& name) {
            throw_unless(m.cols() == std::ssize(lengths_), "SourceWriter: there are ", lengths_.size(), " lengths, ", name,
                         " of the initial state is ", shape(m));
        });
    }
    Index source_length(Index j) const {
        check_source(j);
        return lengths_[static_cast<std::size_t>(j)];
    }
    /// The token that source j continues from, if the model continues its sources, as a LanguageModel does.
    Index first(Index j) const requires requires(const typename Model::Source& source) { source.first; }
    {
        check_source(j);
        return source_.first[static_cast<std::size_t>(j)];
    }
    auto start() const { return source_.start; }
    /// As Writer says; the logits are valid until the next step. Only the first step with as many columns allocates.
    template <class S> auto step(std::span<const Index> previous, std::span<const Index> sources, S& s) const {
        throw_unless(previous.size() == sources.size(), "SourceWriter: there are ", previous.size(), " tokens, ",
                     sources.size(), " sources");
        for (const Index j : sources) check_source(j);
        if constexpr (requires { source_.live; }) {
            return source_.live.step(previous, s);
        } else {
            tape_->clear();
            tokens_.assign(previous, std::ssize(previous));
            const auto [next, logits] = model_.step(*tape_, tokens_, source_, sources, lift(*tape_, s));
            const auto view = logits.value();
            values(next, s);
            return view;
        }
    }

private:
    static std::vector<Index> lengths_of(const Tokens& sources) {
        std::vector<Index> lengths;
        for (Index j = 0; j < sources.layout().batch; ++j) lengths.push_back(sources.layout().length(j));
        return lengths;
    }
    void check_source(Index j) const {
        throw_unless(j >= 0 && j < std::ssize(lengths_), "SourceWriter: source ", j, " of ", lengths_.size());
    }

    using Pause = typename Tape<T>::Pause;
    const Model& model_;
    std::unique_ptr<Tape<T>> tape_;
    std::unique_ptr<Pause> pause_;
    mutable Tokens tokens_;  // of the step
    std::vector<Index> lengths_;
    mutable typename Model::Source source_;
};

}  // namespace bptt
