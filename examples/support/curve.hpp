#pragma once

#include <bptt/inspect/chart.hpp>
#include <bptt/inspect/report.hpp>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "run_log.hpp"
#include "saver.hpp"
#include "shown.hpp"

namespace examples {

/// A picture of the loss over the steps: the lines of the log, what was validated on the way, and, where it is finite, the
/// loss at the end.
class Curve {
public:
    Curve(const RunLog& log, std::size_t steps, double at_end, const std::string& unit)
        : panel_{.title = "",
                 .x = {.label = "steps", .low = 0},
                 .y = {.label = std::string(loss_in) + unit, .low = 0},
                 .series = {}} {
        bptt::Series training{.name = "training, mean of 50 steps"},
            validation{.name = "validation, a part", .mark = bptt::Mark::line_and_points},
            end{.name = "validation, the whole", .mark = bptt::Mark::points, .look = 6};
        for (std::size_t k = 0; k < log.size(); ++k) {
            const auto [step, epoch, loss, part, rate, norm, speed] = log[k];
            add(training, step, loss);
            add(validation, step, part);
        }
        add(end, static_cast<double>(steps), at_end);
        for (auto* series : {&training, &validation, &end})
            if (!series->x.empty()) panel_.series.push_back(std::move(*series));
    }

    /// As the picture of a page, where there is any loss.
    void add_to(bptt::Report& report) const {
        if (!panel_.series.empty()) report.picture("Losses", bptt::chart(panel_));
    }
    /// Where it cannot be written, it says so.
    void draw(const std::filesystem::path& picture) const {
        if (panel_.series.empty()) return;
        try {
            write_file(picture, bptt::chart(panel_));
            std::printf("the losses are drawn in %s\n", visible(picture.string()).c_str());
        } catch (const std::exception& e) {
            std::fprintf(stderr, "there is no picture of the losses: %s\n", visible(e.what()).c_str());
        }
    }

    /// Whether a file is such a picture.
    static bool is_curve(const std::filesystem::path& file) {
        std::ifstream in(file);
        const std::string text(std::istreambuf_iterator<char>(in), {});
        return text.find("<svg ") != text.npos && text.find(std::string(">") + loss_in) != text.npos;
    }

private:
    static constexpr const char* loss_in = "loss in ";

    static void add(bptt::Series& series, double x, double y) {
        if (!std::isfinite(y)) return;
        series.x.push_back(x);
        series.y.push_back(y);
    }

    bptt::Panel panel_;
};

}  // namespace examples
