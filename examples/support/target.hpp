#pragma once

#include <bptt/inspect/report.hpp>
#include <bptt/io/checkpoint.hpp>
#include <bptt/io/safetensors.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "curve.hpp"
#include "run_log.hpp"
#include "run_options.hpp"
#include "saver.hpp"

namespace examples {

/// Throws where a file that is to be written would replace an input, would be among them the next time, or exists and is
/// something else than what is written: of_its_kind(file).
template <class F> void check_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs,
                                     const char* kind, F of_its_kind) {
    namespace fs = std::filesystem;
    if (file.empty()) return;
    std::error_code none;
    const fs::path whole = fs::weakly_canonical(fs::absolute(file), none);
    for (const fs::path& input : inputs) {
        bptt::throw_unless(!fs::equivalent(whole, input, none), file.string(), " is an input: it is not replaced by a ", kind);
        for (fs::path folder = whole.parent_path(); fs::is_directory(input, none); folder = folder.parent_path()) {
            bptt::throw_unless(!fs::equivalent(folder, input, none), file.string(), " lies in ", input.string(),
                               ", which would be learned from together with it the next time");
            if (folder == folder.parent_path()) break;
        }
    }
    bptt::throw_unless(!fs::exists(whole, none) || of_its_kind(whole), file.string(), " exists and is no ", kind,
                       ": it is not replaced");
}
/// Whether a file is in the format of models and checkpoints, and is a checkpoint or not.
inline bool is_saved(const std::filesystem::path& file, bool checkpoint) {
    try {
        return bptt::load_metadata(file).contains(bptt::detail::checksum_key) == checkpoint;
    } catch (const std::invalid_argument&) {
        return false;
    }
}
inline void check_picture_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    check_target(file, inputs, "picture", [](const std::filesystem::path& there) {
        std::string begin(4, ' ');
        return std::ifstream(there).read(begin.data(), 4) && begin == "<svg";
    });
    Saver(file, "picture").try_out(1);
}

inline void check_page_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    check_target(file, inputs, "report", [](const std::filesystem::path& there) {
        const std::string_view head = bptt::detail::report_head;
        std::string begin(head.size(), ' ');
        return std::ifstream(there).read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == head;
    });
    Saver(file, "report").try_out(1);
}

/// Throws where two of these are one file.
inline void check_different(const std::vector<std::filesystem::path>& files) {
    std::set<std::filesystem::path> different;
    for (const auto& file : files) {
        std::error_code none;
        bptt::throw_unless(file.empty() || different.insert(std::filesystem::weakly_canonical(file, none)).second,
                           file.string(),
                           " is to be two things: each output (a log has a picture, .svg, too) needs its own file");
    }
}

/// The picture of a log's losses.
inline std::filesystem::path curve_of(std::filesystem::path log) { return log.empty() ? log : log.replace_extension(".svg"); }

/// All that a training writes.
inline void check_targets(const RunOptions& o, const std::vector<std::filesystem::path>& inputs) {
    const auto saved = [](bool checkpoint) { return [=](const auto& there) { return is_saved(there, checkpoint); }; };
    check_target(o.save, inputs, "model", saved(false));
    check_target(o.checkpoint, inputs, "checkpoint", saved(true));
    check_target(o.log, inputs, "log", RunLog::is_log);
    check_target(curve_of(o.log), inputs, "picture of losses", Curve::is_curve);
    check_page_target(o.report, inputs);
    check_different({o.save, o.checkpoint, o.log, curve_of(o.log), o.report});
}

}  // namespace examples
