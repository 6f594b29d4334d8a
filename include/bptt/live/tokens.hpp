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

/// A stream that reads tokens, of a text of its own or of texts whose states stand elsewhere. embed(tape, tokens) is asked for
/// the column of each token once; if they are one-hot, it is not kept.
template <Layer L, Storage S = Storage::float32> class TokenStream {
public:
    using T = typename L::Scalar;
    using State = StateOf<L, Mat<T>>;

    TokenStream(const auto& embed, const L& layer, const Linear<T>& head)
        : stream_(stream<S>(layer, head)),
          x_(Eigen::VectorXf::Zero(stream_.inputs())),
          tokens_(static_cast<int>(head.W.rows())) {
        constexpr Index at_once = 256;
        const Index tokens = tokens_.size;
        Tape<T> tape;
        const typename Tape<T>::Pause pause(tape);
        const auto for_columns = [&](auto&& f) {
            for (Index first = 0; first < tokens; first += at_once) {
                std::vector<Index> ids(static_cast<std::size_t>((std::min)(at_once, tokens - first)));
                std::iota(ids.begin(), ids.end(), first);
                tape.clear();
                f(first, embed(tape, Tokens(ids, std::ssize(ids))).all.value());
            }
        };
        bool one_hot = x_.size() == tokens;
        if (one_hot)
            for_columns([&](Index first, const auto& columns) {
                for (Index j = 0; j < columns.cols() && one_hot; ++j)
                    one_hot = columns.col(j) == Mat<T>::Identity(tokens, tokens).col(first + j);
            });
        if (one_hot) return;
        table_.resize(x_.size(), tokens);
        for_columns([&](Index first, const auto& columns) {
            table_.middleCols(first, columns.cols()) = columns.template cast<float>();
        });
    }

    /// The logits after one more token, valid until the next step. A token that is none ends the program with a message.
    auto step(Index token) noexcept {
        expect(token);
        return step_with(token, [this](const auto& x) { return stream_.step(x); });
    }
    void reset() { stream_.reset(); }
    State state() const { return stream_.state(); }
    /// Goes on from s. Throws, and changes nothing, if its matrices have other shapes.
    void set_state(const State& s) { stream_.set_state(s); }

    /// Goes on from each column of s with a token, and gives the logits after it: classes × tokens, valid until the next call.
    /// Throws, and changes nothing, where a token or the state does not fit.
    /// The stream's own state is then that of the last one.
    Eigen::Map<const Mat<T>> step(std::span<const Index> tokens, State& s) {
        for (const Index token : tokens) expect(token);
        detail::for_each_field_to_check(s, [&](const auto& m, const auto& name) {
            throw_unless(m.cols() == std::ssize(tokens), "TokenStream: ", name, " of the state is ", shape(m),
                         ", and there are ", tokens.size(), " tokens");
        });
        logits_.resize(stream_.outputs(), std::ssize(tokens));
        for (Index j = 0; const Index token : tokens) {
            logits_.col(j) = step_with(token, [&](const auto& x) { return stream_.step(x, s, j); }).template cast<T>();
            ++j;
        }
        return {logits_.data(), logits_.rows(), logits_.cols()};
    }

private:
    void expect(Index token) const {
        throw_unless(tokens_.size > 0, "TokenStream: it was moved from");
        throw_unless(token >= 0 && token < tokens_.size, "TokenStream: token ", token, " is outside 0..", tokens_.size - 1);
    }
    auto step_with(Index token, const auto& f) {
        if (table_.size() > 0) return f(table_.col(token));
        struct Zero {
            float& x;
            ~Zero() { x = 0; }
        };
        const Zero afterwards{x_[token] = 1};
        return f(x_);
    }
    decltype(stream<S>(std::declval<const L&>(), std::declval<const Linear<T>&>())) stream_;
    Mat<float> table_;  // a column for each token; empty where they are one-hot
    Eigen::VectorXf x_;
    detail::Held tokens_;
    Mat<T> logits_;
};

}  // namespace bptt
