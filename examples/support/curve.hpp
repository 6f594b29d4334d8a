#pragma once

#include <sys/wait.h>

#include <bptt/io/temporary_name.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "run_log.hpp"

namespace examples {

/// A word of a shell's command line.
inline std::string shell_word(const std::string& text) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-";
    if (!text.empty() && text.find_first_not_of(plain) == text.npos) return text;
    std::string word = "'";
    for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
    return word + '\'';
}

/// A picture of the loss over the steps, by gnuplot: some 2,000 lines of the log, what was validated on the way, and, where it
/// is finite, the loss at the end. Where there can be no picture, it says why.
class Curve {
public:
    Curve(const RunLog& log, std::size_t steps, double at_end, const std::string& unit) {
        for (std::size_t k = 0, each = 1 + log.size() / 2000; k < log.size(); ++k) {
            const auto [step, epoch, loss, validation, rate, norm, speed] = log[k];
            if (k % each == 0) add(training_, step, loss);
            add(validation_, step, validation);
        }
        add(at_end_, static_cast<double>(steps), at_end);
        script_ << "set terminal svg size 800,500 font 'sans-serif,14' background 'white'\n"
                << "set xlabel 'steps'\nset ylabel 'loss in nats per " << unit
                << "'\nset xrange [0:]\nset yrange [0:]\nset grid\nset key below\n";
        show("training", training_, "training, mean of 50 steps", "lines lw 1.5 lc rgb '#0072B2'");
        show("validation", validation_, "validation, a part", "linespoints lw 2.5 pt 7 ps 0.4 lc rgb '#D55E00'");
        show("at_end", at_end_, "validation, the whole", "points pt 7 ps 0.8 lc rgb 'black'");
        script_ << plots_ << '\n';
    }

    void draw(const std::filesystem::path& picture) const {
        if (plots_.empty()) return;
        const bptt::detail::TemporaryName script(picture.parent_path()), drawn(picture.parent_path());
        std::ofstream(script.path) << script_.str();
        const std::string command = "command -v gnuplot >/dev/null || exit 127; exec gnuplot -d " + shell_word(script.path) +
                                    " >" + shell_word(drawn.path);
        const int status = std::system(command.c_str());
        std::error_code failed;
        const bool whole = status == 0 && is_whole(drawn.path);
        if (whole) std::filesystem::rename(drawn.path, picture, failed);
        if (whole && !failed)
            std::printf("the losses are drawn in %s\n", picture.c_str());
        else if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
            std::fprintf(stderr, "there is no picture of the losses: gnuplot is not installed\n");
        else
            std::fprintf(stderr, "there is no picture of the losses: %s could not be drawn\n", picture.c_str());
    }

    /// Whether a file is a picture by gnuplot.
    static bool is_curve(const std::filesystem::path& file) {
        std::string begin(500, ' ');
        std::ifstream(file).read(begin.data(), std::ssize(begin));
        return begin.find("<svg") != begin.npos && begin.find("Produced by GNUPLOT") != begin.npos;
    }

private:
    /// gnuplot does not say when a disk is full.
    static bool is_whole(const std::filesystem::path& svg) {
        std::ostringstream text;
        text << std::ifstream(svg).rdbuf();
        return text.str().find("</svg>") != std::string::npos;
    }
    static void add(std::string& points, double x, double y) {
        if (!std::isfinite(y)) return;
        std::ostringstream point;
        point << std::setprecision(12) << x << ' ' << y << '\n';
        points += point.str();
    }
    void show(const char* name, const std::string& points, const char* title, const char* style) {
        if (points.empty()) return;
        script_ << '$' << name << " << END\n" << points << "END\n";
        plots_ += (plots_.empty() ? "plot $" : ", $") + std::string(name) + " with " + style + " title '" + title + "'";
    }

    std::string training_, validation_, at_end_, plots_;
    std::ostringstream script_;
};

}  // namespace examples
