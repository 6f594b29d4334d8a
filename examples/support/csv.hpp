#pragma once

#include <csv.h>

#include <algorithm>
#include <bptt/core/check.hpp>
#include <bptt/text/load.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace examples {

/// The fields of a CSV file (RFC 4180), row by row, each row with the line that it ends in. The first row has the names.
struct CsvFile {
    std::filesystem::path file;
    std::vector<std::string> names;
    std::vector<std::vector<std::string>> rows;
    std::vector<bptt::Index> lines;

    /// The place of a column. Throws unless there is one of that name, and no other.
    std::size_t place(const std::string& name) const {
        std::string all;
        for (const auto& each : names) (all += all.empty() ? "" : ", ") += each;
        const auto count = std::ranges::count(names, name);
        bptt::throw_unless(count > 0, file.string(), " has no column ", name, "; there are ", all);
        bptt::throw_unless(count == 1, file.string(), " has ", count, " columns ", name, "; there are ", all);
        return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
    }
};

/// Reads a CSV file with a header, whose fields are separated by commas or, if it has none, by semicolons or tabs. Throws where
/// a row has another number of fields; an empty line is a row without any, but at the end of the file.
inline CsvFile read_csv(const std::filesystem::path& file) {
    bptt::throw_unless(!std::filesystem::is_directory(file), file.string(), " is a folder, not a CSV file");
    struct Reading {
        CsvFile all;
        std::vector<std::string> row = {};
        bptt::Index line = 0;
    } reading{{file, {}, {}, {}}};
    const auto field = [](void* characters, std::size_t size, void* to) {
        static_cast<Reading*>(to)->row.emplace_back(static_cast<const char*>(characters), size);
    };
    const auto end_of_row = [](int, void* to) {
        auto& [all, row, line] = *static_cast<Reading*>(to);
        if (all.names.empty()) return all.names = std::exchange(row, {}), void();
        all.rows.push_back(std::exchange(row, {}));
        all.lines.push_back(line);
    };
    csv_parser parser;
    bptt::throw_unless(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) == 0, "there is no CSV parser");
    const std::string whole = bptt::read_text(file);
    std::string_view text = whole;
    bool is_right = true;
    while (is_right && !text.empty()) {
        std::string line(text.substr(0, text.find('\n')));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.pop_back();
        if (++reading.line == 1 && line.find(',') == line.npos)
            csv_set_delim(&parser, line.find(';') != line.npos ? ';' : line.find('\t') != line.npos ? CSV_TAB : CSV_COMMA);
        line += '\n';
        is_right = csv_parse(&parser, line.data(), line.size(), field, end_of_row, &reading) == line.size();
    }
    is_right = is_right && csv_fini(&parser, field, end_of_row, &reading) == 0;
    csv_free(&parser);
    bptt::throw_unless(is_right, file.string(), ':', reading.line, ": a quote stands within a field, or is not closed");
    CsvFile all = std::move(reading.all);
    while (!all.rows.empty() && all.rows.back().empty()) all.rows.pop_back(), all.lines.pop_back();
    for (std::size_t k = 0; k < all.rows.size(); ++k) {
        if (all.rows[k].empty() && all.names.size() == 1) all.rows[k] = {""};
        bptt::throw_unless(all.rows[k].size() == all.names.size(), file.string(), ':', all.lines[k], ": ", all.rows[k].size(),
                           " fields, the header has ", all.names.size());
    }
    bptt::throw_unless(!all.rows.empty(), file.string(), " has no rows below its header");
    return all;
}

/// The numbers of these columns, columns×rows. A field that is empty, or NA, or not finite, is missing: it is an error with its
/// line and column, or, carried forward, the value of the row before.
inline bptt::Mat<double> numbers(const CsvFile& csv, const std::vector<std::string>& columns, bool carry_forward) {
    bptt::Mat<double> all(std::ssize(columns), std::ssize(csv.rows));
    for (bptt::Index i = 0; i < all.rows(); ++i) {
        const std::string& name = columns[static_cast<std::size_t>(i)];
        const std::size_t place = csv.place(name);
        for (bptt::Index t = 0; t < all.cols(); ++t) {
            const auto row = static_cast<std::size_t>(t);
            const std::string& field = csv.rows[row][place];
            double x = 0;
            const char* const end = field.data() + field.size();
            const auto [stop, error] = std::from_chars(field.data() + field.starts_with('+'), end, x);
            const bool is_number = error == std::errc() && stop == end;
            const bool is_missing = field.empty() || field == "NA" || (is_number && !std::isfinite(x));
            bptt::throw_unless(is_number || is_missing, csv.file.string(), ':', csv.lines[row], ": column ", name, " is \"",
                               field, "\", ",
                               error == std::errc::result_out_of_range ? "which is out of range" : "not a number");
            bptt::throw_unless(!is_missing || carry_forward, csv.file.string(), ':', csv.lines[row], ": column ", name,
                               " is missing; --missing forward takes the value of the row before");
            bptt::throw_unless(!is_missing || t > 0, csv.file.string(), ':', csv.lines[row], ": column ", name,
                               " is missing, and there is no row before");
            all(i, t) = is_missing ? all(i, t - 1) : x;
        }
    }
    return all;
}

}  // namespace examples
