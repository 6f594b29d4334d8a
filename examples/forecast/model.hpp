#pragma once

#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <cmath>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "../support/csv.hpp"
#include "../support/saved.hpp"
#include "../support/storage.hpp"

namespace forecast {

using namespace bptt;

using Model = Forecaster<Stacked<Lstm<float>>>;

/// Numbers of a series, a row for each feature; the targets come first.
struct Table {
    std::vector<std::string> names;
    Mat<double> values;
};

/// The values as the model reads them. Throws where one is so far from what was learned from that nothing can be said.
inline Mat<float> scaled(const Standardizer& standardizer, const Table& series) {
    const Mat<float> all = standardizer.scaled(series.values).cast<float>();
    constexpr float most = 1e6f;
    for (Index t = 0; t < all.cols(); ++t)
        for (Index i = 0; i < all.rows(); ++i)
            throw_unless(std::abs(all(i, t)) < most, series.names[static_cast<std::size_t>(i)], " is ", series.values(i, t),
                         " in row ", t + 1, ", ", all(i, t), " standard deviations from the mean of what was learned from");
    return all;
}

/// Two seasons, of 24 and of 168 steps, a trend and noise; how loud it is follows the second, and is not told.
inline Table made_up(Index steps, Rng& rng) {
    Mat<double> x(1, steps);
    double drift = 0;
    for (Index t = 0; t < steps; ++t) {
        const double day = 2 * std::numbers::pi * static_cast<double>(t) / 24, week = day / 7;
        drift = 0.9 * drift + rng.normal();
        x(0, t) = 50 + 0.01 * static_cast<double>(t) + (8 + 4 * std::sin(week)) * std::sin(day) + 6 * std::cos(week) + drift;
    }
    return {{"made up"}, x};
}

/// A model that is made anew, and all that it takes to use it: kept in its file's metadata.
struct Setup {
    std::vector<std::string> names;  // of the features
    Index targets = 1, window = 48, horizon = 24, season = 24, units = 32, layers = 1;
    bool recursive = false;
    bool carry_forward = false;  // a missing number is that of the row before
    Standardizer standardizer;
    std::vector<double> low, high;  // between which 90 % of the errors were that were held out, by step and target

    Model model(Rng& rng) const {
        return {{std::ssize(names), units, layers, rng},
                rng,
                {.targets = targets, .horizon = recursive ? 1 : horizon, .season = season}};
    }
    /// Forecasts as they are, of what is standardized: (targets·horizon)×windows.
    Mat<double> original(const Mat<double>& forecasts) const {
        std::vector<Index> rows(static_cast<std::size_t>(targets));
        std::iota(rows.begin(), rows.end(), Index{0});
        return standardizer.original(forecasts, rows);
    }

    Metadata metadata() const {
        nlohmann::json all = {{"names", names},
                              {"targets", targets},
                              {"window", window},
                              {"horizon", horizon},
                              {"season", season},
                              {"units", units},
                              {"layers", layers},
                              {"low", low},
                              {"high", high},
                              {"recursive", recursive},
                              {"carry_forward", carry_forward}};
        return {{"program", "forecast"}, {"setup", all.dump()}, {"standardizer", standardizer.serialize()}};
    }
    static Setup of(const std::filesystem::path& file, const Metadata& metadata) {
        const examples::Fields fields(file, metadata, "forecast");
        Setup s;
        try {
            const auto all = nlohmann::json::parse(fields.text("setup"));
            all.at("names").get_to(s.names), all.at("targets").get_to(s.targets), all.at("window").get_to(s.window);
            all.at("horizon").get_to(s.horizon), all.at("season").get_to(s.season), all.at("units").get_to(s.units);
            all.at("layers").get_to(s.layers), all.at("low").get_to(s.low), all.at("high").get_to(s.high);
            all.at("recursive").get_to(s.recursive);
            s.carry_forward = all.value("carry_forward", false);  // which earlier files lack
            s.standardizer = Standardizer::deserialize(fields.text("standardizer"));
        } catch (const std::exception& e) {
            throw_unless(false, file.string(), ": its metadata is not that of a forecast: ", e.what());
        }
        const Index outputs = s.targets * s.horizon;
        const bool fits = s.targets > 0 && s.targets <= std::ssize(s.names) && s.horizon > 0 && s.season > 0 &&
                          s.season <= s.window && s.units > 0 && s.layers > 0 && s.standardizer.size() == std::ssize(s.names) &&
                          std::ssize(s.low) == outputs && std::ssize(s.high) == outputs;
        throw_unless(fits, file.string(), ": the sizes in its metadata do not fit each other");
        const auto layers = static_cast<double>(s.layers), units = static_cast<double>(s.units);
        fields.fits("setup", layers * units * units + units);
        return s;
    }
};

/// What the model foresees after windows that end before each of `ends`, (targets·horizon)×windows, all of it standardized.
inline Mat<float> foresee(const Setup& setup, const Model& model, const Mat<float>& scaled, const std::vector<Index>& ends) {
    Mat<float> all(setup.targets * setup.horizon, std::ssize(ends));
    for (Index first = 0; first < all.cols(); first += 256) {
        const Index batch = std::min<Index>(256, all.cols() - first);
        const auto some = std::span(ends).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(batch));
        all.middleCols(first, batch) = model.forecast(windows_before(scaled, setup.window, some), batch, setup.horizon);
    }
    return all;
}
/// The same by a stream that reads window after window. Throws where it would read what it foresees.
template <Storage S>
Mat<float> foresee_by_stream(const Setup& setup, const Model& model, const Mat<float>& scaled, const std::vector<Index>& ends) {
    throw_unless(!setup.recursive, "--storage: the model is recursive; there is a stream of what foresees all at once");
    auto live = stream<S>(model.layer, model.head);
    Mat<float> all(setup.targets * setup.horizon, std::ssize(ends));
    for (Index k = 0; k < all.cols(); ++k) {
        const Index end = ends[static_cast<std::size_t>(k)];
        live.reset();
        for (Index t = end - setup.window; t < end; ++t) {
            const Eigen::VectorXf x = scaled.col(t) - scaled.col(end - 1);
            all.col(k) = live.step(x);
        }
        for (Index ahead = 0; ahead < setup.horizon; ++ahead)
            all.block(setup.targets * ahead, k, setup.targets, 1) +=
                scaled.block(0, end - setup.season + ahead % setup.season, setup.targets, 1);
    }
    return all;
}

}  // namespace forecast
