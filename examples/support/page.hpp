#pragma once

#include <bptt/inspect/report.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "saver.hpp"
#include "shown.hpp"
#include "target.hpp"

namespace examples {

/// Writes a page, and says how large it is.
inline void write_page(const bptt::Report& report, const std::filesystem::path& file) {
    const std::string html = report.html();
    write_file(file, html);
    std::printf("%s: %.2f MB\n", visible(file.string()).c_str(), static_cast<double>(html.size()) / 1e6);
}

}  // namespace examples
