#pragma once

#include <algorithm>
#include <array>
#include <bptt/io/atomic_file.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "shown.hpp"

namespace examples {

inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();  // null in a log

/// How a training went, a line of figures now and then: kept in its checkpoints, and written as JSON lines if there is a file.
class RunLog {
public:
    static constexpr std::array names = {"step", "epoch", "loss", "validation", "rate", "gradient_norm", "tokens_per_second"};
    using Line = std::array<double, names.size()>;

    static void checkpoint(auto& m, auto&& f) { f("figures", m.figures_); }

    std::size_t size() const { return figures_.size() / names.size(); }
    Line operator[](std::size_t k) const {
        Line line{};
        std::copy_n(figures_.begin() + static_cast<std::ptrdiff_t>(k * line.size()), line.size(), line.begin());
        return line;
    }

    /// Writes all lines so far to a file that takes the place of what is there: lines from after a checkpoint are gone. Throws
    /// where that fails.
    void write_to(const std::filesystem::path& file) {
        file_ = file;
        std::string all;
        for (std::size_t k = 0; k < size(); ++k) all += text((*this)[k]);
        bptt::detail::AtomicFile whole(file_, "--log " + file_.string());
        whole.write(all.data(), all.size());
        whole.commit();
        out_ = std::ofstream(file_, std::ios::app);
        bptt::throw_unless(out_.good(), "--log ", file_.string(), ": cannot be written to");
    }
    /// Where a line cannot be written, it says so, and tries to write all with the next.
    void add(const Line& line) {
        figures_.insert(figures_.end(), line.begin(), line.end());
        if (file_.empty() || (out_ << text(line) << std::flush)) return;
        try {
            write_to(file_);
            failed_ = false;
        } catch (const std::invalid_argument& e) {
            if (!failed_) std::fprintf(stderr, "\nnot logged: %s\n", visible(e.what()).c_str());
            failed_ = true;
        }
    }

    /// Whether a file is a log, or empty.
    static bool is_log(const std::filesystem::path& file) {
        if (!std::filesystem::is_regular_file(file)) return false;
        std::ifstream in(file);
        std::string line;
        if (!std::getline(in, line)) return in.eof();
        const auto first = nlohmann::json::parse(line, nullptr, false);
        return first.is_object() && std::ranges::all_of(names, [&](const char* name) { return first.contains(name); });
    }

private:
    static std::string text(const Line& line) {
        nlohmann::ordered_json all;
        for (std::size_t k = 0; k < line.size(); ++k) all[names[k]] = line[k];
        all[names[0]] = static_cast<std::int64_t>(line[0]);
        return all.dump() + '\n';
    }

    std::vector<double> figures_;  // line after line
    std::filesystem::path file_;
    std::ofstream out_;
    bool failed_ = false;
};

}  // namespace examples
