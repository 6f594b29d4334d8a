#pragma once

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "../support/target.hpp"
#include "train.hpp"

namespace forecast {

struct UseRun {
    std::filesystem::path load, csv, svg;
    bool carry_forward = false;
    std::optional<Storage> storage = {};  // of a stream
};

/// f(setup, model, series) for a model that was saved and the series that it is to be used on.
void with_saved(const UseRun& o, auto&& f) {
    const SavedModel saved(o.load);
    const Setup setup = Setup::of(o.load, saved.metadata());
    throw_unless(!o.csv.empty() || setup.names[0] == "made up", o.load.string(),
                 " is of a table: it needs --csv with the column ", setup.names[0],
                 setup.names.size() > 1 ? " and others" : "");
    Rng rng = Rng::zeros();
    Model model = setup.model(rng);
    saved.load(model);
    f(setup, model, load(o.csv, setup.names, o.carry_forward || setup.carry_forward));
}

/// Measures a saved model on the last 15 % of a series.
inline void evaluate(const UseRun& o) {
    with_saved(o, [&](const Setup& setup, const Model& model, const Table& series) {
        check_rows(setup, series.values.cols());
        print_measures(setup, model, series, o.storage);
    });
}

/// What comes after the end of a series.
inline void predict(const UseRun& o) {
    examples::check_picture_target(o.svg, {o.load, o.csv});
    with_saved(o, [&](const Setup& setup, const Model& model, const Table& series) {
        const Index end = series.values.cols();
        throw_unless(end >= setup.window, "there are ", end, " rows, a window has ", setup.window);
        const Mat<double> found = bounded(setup, model, series, end);
        std::vector<std::vector<std::string>> rows = {{"step", "", "forecast", "from", "to"}};
        for (Index k = 0; k < found.rows(); ++k) {
            const double size = found(k, 2) - found(k, 1);
            rows.push_back({std::to_string(1 + k / setup.targets),
                            examples::visible(setup.names[static_cast<std::size_t>(k % setup.targets)]),
                            digits(found(k, 0), size), digits(found(k, 1), size), digits(found(k, 2), size)});
        }
        std::printf("%s\nBetween from and to came 90 %% of what was chosen by.\n", bptt::detail::table(rows, "rlrrr").c_str());
        if (!o.svg.empty()) examples::write_file(o.svg, picture(setup, model, series, end));
    });
}

}  // namespace forecast
