#pragma once

#include <algorithm>
#include <bptt/inspect/report.hpp>
#include <bptt/io/atomic_file.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "target.hpp"

namespace examples {

inline void check_page_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    check_target(file, inputs, "report", [](const std::filesystem::path& there) {
        const std::string_view head = bptt::detail::report_head;
        std::string begin(head.size(), ' ');
        return std::ifstream(there).read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == head;
    });
}
/// Writes a text to a file that takes the place of what is there, whole.
inline void write_file(const std::filesystem::path& file, const std::string& text) {
    bptt::detail::AtomicFile out(file, file.string());
    out.write(text.data(), text.size());
    out.commit();
}
inline void write_page(const bptt::Report& report, const std::filesystem::path& file) {
    const std::string html = report.html();
    write_file(file, html);
    std::printf("%s: %.1f MB\n", file.c_str(), static_cast<double>(html.size()) / 1e6);
}

}  // namespace examples
