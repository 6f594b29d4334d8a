#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../support/progress.hpp"
#include "model.hpp"

namespace classify {

/// Softmax regression, learned by Adagrad (Duchi et al. 2011): what no order of words or rows is needed for. An item's features
/// are places in 0..size − 1 with numbers: each(item, f) calls f(place, number).
class Regression {
public:
    Regression(Index classes, Index size) : W_(Mat<float>::Zero(classes, size)), squares_(W_) {}

    template <class Each> void learn(const auto& items, const std::vector<Index>& labels, Each each, Rng& rng) {
        std::vector<std::size_t> order(items.size());
        for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
        const std::size_t epochs = std::max<std::size_t>(3, (60'000 + order.size() - 1) / order.size());
        examples::LongTask task("of the regression learned");
        for (std::size_t done = 0; done < epochs * order.size();) {
            shuffle(order, rng);
            for (const std::size_t k : order) {
                task.show(done++, epochs * order.size());
                Eigen::VectorXf d = scores(items[k], each);
                d = (d.array() - d.maxCoeff()).exp();
                d /= d.sum();
                d[labels[k]] -= 1;
                each(items[k], [&](Index place, float x) {
                    squares_.col(place) += (x * d).cwiseAbs2();
                    W_.col(place).array() -= 0.1f * x * d.array() * (squares_.col(place).array() + 1e-12f).rsqrt();
                });
            }
        }
    }
    /// The share of items that it classifies right.
    template <class Each> double accuracy(const auto& items, const std::vector<Index>& labels, Each each) const {
        std::vector<Index> found;
        for (const auto& item : items) found.push_back(greedy(scores(item, each)));
        return bptt::accuracy(found, labels);
    }

private:
    template <class Each> Eigen::VectorXf scores(const auto& item, Each each) const {
        Eigen::VectorXf sum = Eigen::VectorXf::Zero(W_.rows());
        each(item, [&](Index place, float x) { sum += x * W_.col(place); });
        return sum;
    }

    Mat<float> W_, squares_;
};

using Baselines = std::vector<std::pair<std::string, double>>;

/// What simple methods reach on what is held out: of texts, with the symbols that are in them, and with the pairs of
/// neighbours.
inline Baselines baselines(const Texts& learned, const Texts& held_out, Index classes) {
    std::map<std::pair<Index, Index>, Index> places;  // of n-grams; −1 stands before the first symbol, −2 before one alone
    const auto for_each_gram = [](const std::vector<Index>& text, bool pairs, auto f) {
        for (Index before = -1; const Index symbol : text) {
            f(std::pair<Index, Index>(-2, symbol));
            if (pairs) f(std::pair(before, symbol));
            before = symbol;
        }
    };
    Baselines all;
    for (const bool pairs : {false, true}) {
        for (const auto& text : learned.inputs)
            for_each_gram(text, pairs, [&](auto gram) { places.emplace(gram, std::ssize(places)); });
        const auto each = [&](const std::vector<Index>& text, auto f) {
            const float weight = 1 / std::sqrt(static_cast<float>(text.size()));
            for_each_gram(text, pairs, [&](auto gram) {
                if (const auto at = places.find(gram); at != places.end()) f(at->second, weight);
            });
        };
        Regression regression(classes, std::ssize(places));
        Rng rng(1);
        regression.learn(learned.inputs, learned.labels, each, rng);
        all.emplace_back(pairs ? "regression, unigrams and bigrams" : "regression, unigrams",
                         regression.accuracy(held_out.inputs, held_out.labels, each));
    }
    return all;
}
/// The same of images, with their pixels.
inline Baselines baselines(const Images& learned, const Images& held_out, Index classes) {
    const auto each = [](const Mat<float>& image, auto f) {
        for (Index k = 0; k < image.size(); ++k)
            if (image(k) != 0) f(k, image(k));
    };
    Regression regression(classes, learned.inputs[0].size());
    Rng rng(1);
    regression.learn(learned.inputs, learned.labels, each, rng);
    return {{"regression, pixels", regression.accuracy(held_out.inputs, held_out.labels, each)}};
}

}  // namespace classify
