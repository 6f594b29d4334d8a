#pragma once

#include <Eigen/Cholesky>
#include <algorithm>
#include <array>
#include <bptt/core/table.hpp>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "../support/parts.hpp"
#include "../support/shown.hpp"
#include "model.hpp"

namespace forecast {

// Forecasts are (targets·horizon)×windows, as values_after() has what came. A window ends before column `end` of the values.

/// The last known value that stands a whole number of seasons before.
inline Mat<double> seasonal_naive(const Setup& s, Index season, const Mat<double>& values, const std::vector<Index>& ends) {
    Mat<double> all(s.targets * s.horizon, std::ssize(ends));
    for (Index j = 0; j < all.cols(); ++j)
        for (Index k = 0; k < s.horizon; ++k)
            all.block(s.targets * k, j, s.targets, 1) =
                values.block(0, ends[static_cast<std::size_t>(j)] + k % season - season, s.targets, 1);
    return all;
}
/// Least squares from all that is in a window to each value that follows, fitted to windows that end at `fitted`.
inline Mat<double> linear(const Setup& s, const Mat<double>& values, const std::vector<Index>& fitted,
                          const std::vector<Index>& ends) {
    const Mat<double> scaled = s.standardizer.scaled(values);
    const Index n = scaled.rows() * s.window + 1;
    const auto window = [&](Index end) {
        Eigen::VectorXd x(n);
        x << scaled.middleCols(end - s.window, s.window).reshaped(), 1;
        return x;
    };
    Mat<double> squares = Mat<double>::Identity(n, n) * 0.1, products = Mat<double>::Zero(n, s.targets * s.horizon);
    for (const Index end : fitted) {
        const Eigen::VectorXd x = window(end);
        squares.selfadjointView<Eigen::Lower>().rankUpdate(x);
        products += x * scaled.block(0, end, s.targets, s.horizon).reshaped().transpose();
    }
    const Mat<double> weights = squares.selfadjointView<Eigen::Lower>().ldlt().solve(products);
    Mat<double> all(products.cols(), std::ssize(ends));
    for (Index j = 0; j < all.cols(); ++j) all.col(j) = weights.transpose() * window(ends[static_cast<std::size_t>(j)]);
    return s.original(all);
}

using examples::Parts;

/// The ends of all windows whose forecasts lie in first, …, end − 1.
inline std::vector<Index> ends_of(const Setup& s, Index first, Index end) {
    std::vector<Index> ends;
    for (Index k = std::max({first, s.window, s.season}); k + s.horizon <= end; ++k) ends.push_back(k);
    return ends;
}

/// Throws unless each part has a window with what comes after it.
inline void check_rows(const Setup& s, Index rows) {
    const auto enough = [&](Index n) {
        const Parts parts(n);
        const Index window = std::max(s.window, s.season);
        return window + s.horizon <= parts.chosen_by && parts.chosen_by + s.horizon <= parts.held_out &&
               parts.held_out + s.horizon <= n;
    };
    constexpr Index most = 1'000'000'000;
    throw_unless(s.window < most && s.horizon < most, "the window, ", s.window, ", or the horizon, ", s.horizon,
                 ", is too long");
    Index needed = std::max(s.window, s.horizon);
    while (needed <= rows && !enough(needed)) ++needed;
    if (needed <= rows) return;
    while (!enough(needed)) ++needed;
    throw_unless(false, "there are ", rows, " rows; with a window of ", s.window, " and a horizon of ", s.horizon,
                 " it takes at least ", needed, ", of which 15 % choose the best and 15 % are held out");
}

/// What the model foresees, as it is; storage: of a stream that does so.
inline Mat<double> ours_of(const Setup& s, const Model& model, const Table& series, const std::vector<Index>& ends,
                           std::optional<Storage> storage = {}) {
    const Mat<float> x = scaled(s.standardizer, series);
    const Mat<float> found =
        storage ? examples::with_storage(*storage, [&]<Storage S> { return foresee_by_stream<S>(s, model, x, ends); })
                : foresee(s, model, x, ends);
    return s.original(found.cast<double>());
}
/// To the hundredth part of `size`, at least: "0.0617", "12346"; "–" where it is no number.
inline std::string digits(double x, double size) {
    if (!std::isfinite(x)) return "–";
    const int decimals = size > 0 ? 2 - static_cast<int>(std::floor(std::log10(size))) : 0;
    std::array<char, 350> text{};
    std::snprintf(text.data(), text.size(), "%.*f", std::clamp(decimals, 0, 12), x);
    return text.data();
}

/// How good forecasts are, a row for each target and way to make one.
struct Measures {
    std::vector<std::string> header = {"", "", "RMSE", "MAE", "MASE"};
    std::vector<std::vector<std::string>> rows = {};
};

/// RMSE, MAE and MASE of the forecasts of what is held out, beside honest ones; MASE is MAE / (that of the seasonal naive
/// forecast of one season ahead, over what was learned from) (Hyndman and Koehler 2006).
inline Measures print_measures(const Setup& s, const Model& model, const Table& series, std::optional<Storage> storage = {}) {
    const Mat<double>& x = series.values;
    const Parts parts(x.cols());
    const auto ends = ends_of(s, parts.held_out, x.cols());
    const Mat<double> came = values_after(x, s.targets, s.horizon, ends), ours = ours_of(s, model, series, ends, storage);
    std::vector<std::pair<std::string, Mat<double>>> all = {
        {"LSTM", ours},
        {"linear, same window", linear(s, x, ends_of(s, 0, parts.chosen_by), ends)},
        {"naive", seasonal_naive(s, 1, x, ends)}};
    if (s.season > 1)
        all.push_back({"seasonal naive (" + std::to_string(s.season) + ")", seasonal_naive(s, s.season, x, ends)});
    std::printf("%td steps ahead, after each of %zu windows of what is held out:\n\n", s.horizon, ends.size());
    Measures measures;
    auto& rows = measures.rows;
    for (Index target = 0; target < s.targets; ++target) {
        const auto of_target = [&](const Mat<double>& m) -> Mat<double> {
            return m(Eigen::seqN(target, s.horizon, s.targets), Eigen::indexing::all);
        };
        const Index n = parts.chosen_by - s.season;
        const double scale =
            (x.row(target).segment(s.season, n) - x.row(target).head(n)).cwiseAbs().sum() / static_cast<double>(n);
        for (const auto& [name, found] : all) {
            const Eigen::ArrayXXd error = of_target(found) - of_target(came);
            const double mae = error.abs().mean(), rmse = std::sqrt(error.square().mean());
            rows.push_back({rows.size() % all.size() == 0 ? examples::visible(s.names[static_cast<std::size_t>(target)]) : "",
                            name, digits(rmse, rmse), digits(mae, mae), digits(mae / scale, 1)});
        }
    }
    auto lines = rows;
    lines.insert(lines.begin(), measures.header);
    std::printf("%s\n", bptt::detail::table(lines, "llrrr").c_str());
    const Mat<double> error = came - ours;
    const Eigen::Map<const Eigen::VectorXd> low(s.low.data(), std::ssize(s.low)), high(s.high.data(), std::ssize(s.high));
    const auto inside =
        error.array() >= low.replicate(1, error.cols()).array() && error.array() <= high.replicate(1, error.cols()).array();
    std::printf("%.1f %% of it came between the bounds of 90 %%\n",
                100 * static_cast<double>(inside.count()) / static_cast<double>(inside.size()));
    return measures;
}

}  // namespace forecast
