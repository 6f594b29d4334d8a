#pragma once

#include <algorithm>
#include <bptt/inspect/colored_text.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "../support/progress.hpp"
#include "../support/shown.hpp"
#include "model.hpp"

namespace classify {

/// What a model takes for what.
struct Measured {
    Confusion confusion;
    double loss;  // mean, in nats
};
template <class Inputs> Measured measure(const Setup& setup, const auto& model, const Labelled<Inputs>& all) {
    Measured found{Confusion(setup.labels), 0};
    examples::LongTask task("measured");
    std::size_t done = 0;
    for (const auto& batch : batches(all.inputs, all.labels, {.batch = 256})) {  // so that memory is bounded
        task.show(done, all.labels.size());
        done += batch.targets.size();
        const Mat<float> p = model.read(batch.inputs).probabilities;
        for (Index b = 0; b < p.cols(); ++b) {
            const Index label = batch.targets[static_cast<std::size_t>(b)];
            found.confusion.add(label, greedy(p.col(b)));
            found.loss -= std::log(std::max(double{p(label, b)}, double{std::numeric_limits<float>::min()}));
        }
    }
    found.loss /= static_cast<double>(all.labels.size());
    return found;
}
inline void print(const Measured& found) {
    std::printf("%s\n%.2f %% of %td are right, macro F1 %.3f, %.4f nats\n", examples::shown(found.confusion.str()).c_str(),
                100 * found.confusion.accuracy(), found.confusion.counts().sum(), found.confusion.macro_f1(), found.loss);
}
inline std::string picture(const Confusion& confusion) {
    return heatmap(confusion.shares(), confusion.names(), confusion.names());
}

/// The symbols of a text with the weights that the attention gives them, beside the largest; spaces between words have none.
struct Weighed {
    std::vector<std::string> symbols;
    std::vector<double> values;
};
inline Weighed weighed(const Setup& setup, const std::string& text, const Mat<float>& weights) {
    Weighed all;
    auto symbols = setup.symbols(text);
    symbols.resize(std::min(symbols.size(), static_cast<std::size_t>(weights.rows())));
    for (Index k = 0; const std::string& symbol : symbols) {
        if (k > 0 && setup.vocabulary.unit() == Unit::word) all.symbols.emplace_back(" "), all.values.push_back(0);
        all.symbols.push_back(symbol);
        all.values.push_back(double{weights(k++, 0) / weights.maxCoeff()});
    }
    return all;
}

}  // namespace classify
