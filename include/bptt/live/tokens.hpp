#pragma once

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "bptt/live/stream.hpp"
#include "bptt/sequence/tokens.hpp"

namespace bptt {

/// Whether stream() of a layer has steps of its own, and not those of a tape.
template <class L> inline constexpr bool has_live_steps = !std::is_void_v<typename live::StepOf<L>::type>;
template <class L> inline constexpr bool has_live_steps<Stacked<L>> = has_live_steps<L>;

/// A stream that reads tokens, for texts whose states stand elsewhere. embed(tape, tokens) is asked for the column of each
/// token once; if they are one-hot, it is not kept.
template <Layer L> class TokenStream {
public:
    using T = typename L::Scalar;
    using State = StateOf<L, Mat<T>>;

    TokenStream(const auto& embed, const L& layer, const Linear<T>& head)
        : stream_(stream(layer, head)), x_(Eigen::VectorXf::Zero(stream_.inputs())), tokens_(head.W.rows()) {
        constexpr Index at_once = 256;
        Tape<T> tape;
        const typename Tape<T>::Pause pause(tape);
        const auto for_columns = [&](auto&& f) {
            for (Index first = 0; first < tokens_; first += at_once) {
                std::vector<Index> ids(static_cast<std::size_t>((std::min)(at_once, tokens_ - first)));
                std::iota(ids.begin(), ids.end(), first);
                tape.clear();
                f(first, embed(tape, Tokens(ids, std::ssize(ids))).all.value());
            }
        };
        bool one_hot = x_.size() == tokens_;
        if (one_hot)
            for_columns([&](Index first, const auto& columns) {
                for (Index j = 0; j < columns.cols() && one_hot; ++j)
                    one_hot = columns.col(j) == Mat<T>::Identity(tokens_, tokens_).col(first + j);
            });
        if (one_hot) return;
        table_.resize(x_.size(), tokens_);
        for_columns([&](Index first, const auto& columns) {
            table_.middleCols(first, columns.cols()) = columns.template cast<float>();
        });
    }

    /// Goes on from each column of s with a token, and gives the logits after it: classes × tokens, valid until the next call.
    Eigen::Map<const Mat<T>> step(std::span<const Index> tokens, State& s) {
        const auto columns = std::ssize(tokens);
        for (const Index token : tokens)
            throw_unless(token >= 0 && token < tokens_, "TokenStream: token ", token, " is outside 0..", tokens_ - 1);
        logits_.resize(stream_.outputs(), columns);
        for (Index j = 0; const Index token : tokens) {
            if (table_.size() > 0) {
                logits_.col(j) = stream_.step(table_.col(token), s, j).template cast<T>();
            } else {
                x_[token] = 1;
                logits_.col(j) = stream_.step(x_, s, j).template cast<T>();
                x_[token] = 0;
            }
            ++j;
        }
        return {logits_.data(), logits_.rows(), logits_.cols()};
    }

private:
    decltype(stream(std::declval<const L&>(), std::declval<const Linear<T>&>())) stream_;
    Mat<float> table_;  // a column for each token; empty where they are one-hot
    Eigen::VectorXf x_;
    Index tokens_;
    Mat<T> logits_;
};

}  // namespace bptt
