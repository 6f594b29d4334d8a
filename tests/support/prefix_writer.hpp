#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "bptt/core/random.hpp"
#include "bptt/decode/write.hpp"

template <class V> struct PrefixState { V prefix, weights; };

/// Its logits and weights are random functions of the source and of all tokens so far: whoever mixes up two columns, or two
/// steps, is found out. Classes: 0 ends, 1 begins.
struct PrefixWriter {
    static constexpr bptt::Index classes = 4, longest = 5;
    std::vector<bptt::Index> sources;  // what column j of the batch is a source of
    double ending = 0;                 // is added to the logit of 0
    mutable std::vector<bptt::Index> asked = {};

    using State = PrefixState<bptt::Mat<double>>;
    using Column = Eigen::VectorXd;

    Column random(bptt::Index source, double prefix, bptt::Index rows) const {
        bptt::Rng rng(static_cast<std::uint64_t>(static_cast<std::int64_t>(1000 * prefix) + source));
        Column x(rows);
        for (double& each : x) each = rng.uniform(-2, 2);
        return x;
    }
    bptt::Index source_length(bptt::Index j) const { return 1 + sources.at(static_cast<std::size_t>(j)) % longest; }
    State start() const {
        const auto batch = static_cast<bptt::Index>(sources.size());
        return {bptt::Mat<double>::Zero(1, batch), bptt::Mat<double>::Zero(longest, batch)};
    }
    bptt::Mat<double> step(std::span<const bptt::Index> previous, std::span<const bptt::Index> columns, State& s) const {
        bptt::throw_unless(!previous.empty(), "PrefixWriter: nothing is asked");
        bptt::Mat<double> logits(classes, static_cast<bptt::Index>(previous.size()));
        asked.insert(asked.end(), previous.begin(), previous.end());
        for (bptt::Index k = 0; k < logits.cols(); ++k) {
            const auto at = static_cast<std::size_t>(k);
            double& prefix = s.prefix(0, k);
            prefix = (classes + 1) * prefix + static_cast<double>(1 + previous[at]);
            const bptt::Index source = sources.at(static_cast<std::size_t>(columns[at]));
            logits.col(k) = random(source, prefix, classes);
            logits(0, k) += ending;
            s.weights.col(k) = random(source, -prefix, longest).cwiseAbs();
        }
        return logits;
    }

    /// ln P of each of `tokens`, one after the other, and the weights of each step: teacher forcing.
    struct Forced {
        double log_probability = 0;
        bptt::Mat<double> weights;
    };
    Forced forced(bptt::Index j, const std::vector<bptt::Index>& tokens) const {
        const PrefixWriter one{{sources.at(static_cast<std::size_t>(j))}, ending};
        State s = one.start();
        Forced out{0, bptt::Mat<double>(source_length(j), static_cast<bptt::Index>(tokens.size()))};
        bptt::Index previous = 1;
        for (bptt::Index t = 0; const bptt::Index token : tokens) {
            const bptt::Index first[] = {0}, given[] = {previous};
            const Column logits = one.step(given, first, s);
            out.log_probability += logits[token] - std::log(logits.array().exp().sum());
            out.weights.col(t++) = s.weights.col(0).head(source_length(j));
            previous = token;
        }
        return out;
    }
    /// f(tokens) for every sequence that ends with 0 within max_length, and every one of max_length that does not.
    void for_each_sequence(bptt::Index max_length, auto&& f, std::vector<bptt::Index> tokens = {}) const {
        for (bptt::Index token = 0; token < classes; ++token) {
            tokens.push_back(token);
            if (token == 0 || std::ssize(tokens) == max_length)
                f(tokens);
            else
                for_each_sequence(max_length, f, tokens);
            tokens.pop_back();
        }
    }
};

/// The fourth is the first again.
inline const PrefixWriter six_sources{.sources = {3, 0, 7, 3, 12, 5}};
/// Of sources 0, 7, 14, …
inline PrefixWriter writer_of(bptt::Index sources, double ending = 0) {
    PrefixWriter writer{{}, ending};
    for (bptt::Index k = 0; k < sources; ++k) writer.sources.push_back(7 * k);
    return writer;
}
