#pragma once

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "../support/course.hpp"
#include "../support/learning.hpp"
#include "../support/page.hpp"
#include "picture.hpp"

namespace forecast {

struct TrainOptions {
    std::filesystem::path csv;  // none: a series that is made up
    std::vector<std::string> targets, features;
    Setup setup = {};
    examples::LearningOptions learning{.rate = 3e-3};
    examples::RunOptions run;
};

/// What a setup says of a file; without one, of a series that is made up.
inline Table load(const std::filesystem::path& csv, const std::vector<std::string>& names, bool carry_forward) {
    if (!csv.empty()) return {names, numbers(examples::read_csv(csv), names, carry_forward)};
    Rng rng(1);
    return made_up(6000, rng);
}

class Training {
public:
    Training(const TrainOptions& o, Setup setup, const Table& series)
        : o_(o),
          setup_(std::move(setup)),
          series_(series),
          parts_(series.values.cols()),
          scaled_(scaled(setup_.standardizer, series)),
          ends_(ends_of(setup_, 0, parts_.chosen_by)),
          chosen_by_(ends_of(setup_, parts_.chosen_by, parts_.held_out)),
          course_(o.run, std::max<Index>(1, std::ssize(ends_) / o.learning.batch), "window", "standard deviations", checksum()),
          rng_(o.learning.seed),
          model_(setup_.model(rng_)),
          best_(model_) {}
    static void checkpoint(auto& m, auto&& f) {
        f("course", m.course_), f("rng", m.rng_), f("model", m.model_), f("adam", m.adam_);
        f("best", m.best_), f("least", m.least_);
    }

    void run() {
        std::printf("%s: %td steps to learn from, %td to choose the best by, %td held out; %td parameters\n\n",
                    examples::visible(series_.names[0]).c_str(), parts_.chosen_by, parts_.held_out - parts_.chosen_by,
                    series_.values.cols() - parts_.held_out, parameter_count(model_));
        course_.begin(*this, parameter_count(model_));
        while (course_.goes_on()) epoch();
        const double last = error(model_);
        chosen_ = last < least_ ? &model_ : &best_;
        find_bounds();
        course_.stop(*this, [this] { course_.model().last([this](const auto& file) { save_to(file); }); });
        const auto measures = print_measures(setup_, *chosen_, series_);
        const examples::Curve losses = course_.end(std::min(least_, last));
        course_.report().last([&](const auto& file) { write_report(file, losses, measures); });
    }

private:
    void epoch() {
        Rng drawn = rng_;
        auto order = ends_;
        shuffle(order, drawn);
        const auto batch = static_cast<std::size_t>(std::min(o_.learning.batch, std::ssize(order)));
        for (auto k = static_cast<std::size_t>(course_.place()) * batch; k + batch <= order.size(); k += batch) {
            step(std::span(order).subspan(k, batch));
            if (course_.place() == 0) rng_ = drawn, keep_best();
            course_.keep(*this);
            if (!course_.goes_on()) return;
        }
    }
    void step(std::span<const Index> ends) {
        adam_.options.rate = o_.learning.rate * std::max(0.02, 1 - course_.done());
        tape_.clear();
        const Index batch = std::ssize(ends), horizon = model_.options.horizon;
        const Mat<float> windows = windows_before(scaled_, setup_.window, ends);
        const Mat<float> came = values_after(scaled_, setup_.targets, horizon, ends);
        const auto loss = mean_absolute_error(model_(sequence(tape_.constant(windows), batch)), came);
        course_.step(batch, loss, model_, adam_, o_.learning.clip, [this] { return error(model_); });
    }
    /// The mean absolute error, in deviations, over what the best is chosen by.
    double error(const Model& model) const {
        const Mat<float> apart =
            values_after(scaled_, setup_.targets, setup_.horizon, chosen_by_) - foresee(setup_, model, scaled_, chosen_by_);
        return static_cast<double>(apart.cwiseAbs().mean());
    }
    void keep_best() {
        const double now = error(model_);
        if (now >= least_) return;
        least_ = now;
        best_ = model_;
    }
    /// Of the errors over what the best was chosen by, the twentieth parts at both ends are left out.
    void find_bounds() {
        const Mat<double> apart = values_after(series_.values, setup_.targets, setup_.horizon, chosen_by_) -
                                  ours_of(setup_, *chosen_, series_, chosen_by_);
        setup_.low.clear(), setup_.high.clear();
        for (Index k = 0; k < apart.rows(); ++k) {
            Eigen::VectorXd errors = apart.row(k);
            std::ranges::sort(errors);
            setup_.low.push_back(errors(errors.size() / 20));
            setup_.high.push_back(errors(errors.size() - 1 - errors.size() / 20));
        }
    }
    bptt::detail::Checksum checksum() const {
        bptt::detail::Checksum sum;
        sum.add(series_.values.data(), static_cast<std::size_t>(series_.values.size()) * sizeof(double));
        return sum;
    }
    void save_to(const std::filesystem::path& file) const { bptt::save(file, *chosen_, setup_.metadata()); }
    void write_report(const std::filesystem::path& file, const examples::Curve& losses, const Measures& measures) const {
        Report report("forecast: " + series_.names[0]);
        const Index last = series_.values.cols() - setup_.horizon;
        report.picture("What came and what was foreseen", picture(setup_, *chosen_, series_, last),
                       "The last window of what is held out; between the dashed lines were 90 % of the errors before.");
        report.table("How good it is on what was held out", measures.header, measures.rows);
        losses.add_to(report);
        examples::write_page(report, file);
    }

    const TrainOptions& o_;
    Setup setup_;
    const Table& series_;
    Parts parts_;
    Mat<float> scaled_;
    std::vector<Index> ends_, chosen_by_;
    examples::Course course_;
    Rng rng_;
    Model model_, best_;
    const Model* chosen_ = nullptr;  // once training is over: the best after an epoch or, where that is better, the last
    double least_ = std::numeric_limits<double>::infinity();
    Adam<float> adam_{{.rate = o_.learning.rate}};
    Tape<float> tape_;
};

inline void train(const TrainOptions& o) {
    examples::outlive_reader();
    examples::check_targets(o.run, {o.csv});
    Setup setup = o.setup;
    setup.names = o.csv.empty() ? std::vector<std::string>{"made up"} : o.targets;
    throw_unless(o.csv.empty() == o.targets.empty(), "--csv and --target go together");
    setup.targets = std::ssize(setup.names);
    setup.names.insert(setup.names.end(), o.features.begin(), o.features.end());
    for (const auto& name : setup.names)
        throw_unless(std::ranges::count(setup.names, name) == 1, "the column ", name,
                     " is named twice by --target and --feature");
    throw_unless(!setup.recursive || o.features.empty(),
                 "--recursive: what is not foreseen cannot be fed back; leave --feature out");
    throw_unless(setup.season <= setup.window, "--season ", setup.season, " is longer than --window ", setup.window);
    const Table series = load(o.csv, setup.names, setup.carry_forward);
    check_rows(setup, series.values.cols());
    setup.standardizer = Standardizer::fit(series.values.leftCols(Parts(series.values.cols()).chosen_by));
    Training(o, setup, series).run();
}

}  // namespace forecast
