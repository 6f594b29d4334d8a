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
};

/// Reads a CSV file with a header. Rows without any field are left out. Throws where a row has another number of fields.
inline CsvFile read_csv(const std::filesystem::path& file) {
    CsvFile all{file, {}, {}, {}};
    const std::string text = bptt::read_text(file);
    csv_parser parser;
    bptt::throw_unless(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0, "there is no CSV parser");
    struct Reading {
        CsvFile& all;
        std::vector<std::string> row;
        bptt::Index line = 1;
    } reading{all, {}};
    const auto field = [](void* characters, std::size_t size, void* to) {
        static_cast<Reading*>(to)->row.emplace_back(static_cast<const char*>(characters), size);
    };
    const auto end_of_row = [](int, void* to) {
        auto& [into, row, line] = *static_cast<Reading*>(to);
        if (into.names.empty()) return into.names = std::exchange(row, {}), void();
        into.rows.push_back(std::exchange(row, {}));
        into.lines.push_back(line);
    };
    bool is_whole = true;
    for (std::size_t at = 0; is_whole && at < text.size(); ++reading.line) {
        const std::size_t size = std::min(text.find('\n', at), text.size() - 1) + 1 - at;
        is_whole = csv_parse(&parser, text.data() + at, size, field, end_of_row, &reading) == size;
        at += size;
    }
    is_whole = is_whole && csv_fini(&parser, field, end_of_row, &reading) == 0;
    const std::string reason = csv_strerror(csv_error(&parser));
    csv_free(&parser);
    bptt::throw_unless(is_whole, file.string(), ":", reading.line - 1, ": ", reason);
    for (std::size_t k = 0; k < all.rows.size(); ++k)
        bptt::throw_unless(all.rows[k].size() == all.names.size(), file.string(), ":", all.lines[k], ": ", all.rows[k].size(),
                           " fields, the header has ", all.names.size());
    bptt::throw_unless(!all.rows.empty(), file.string(), " has no rows below its header");
    return all;
}

/// The numbers of these columns, columns×rows. A field without a number, or with one that is not finite, is missing: it is an
/// error with its line and column, or, carried forward, the value of the row before.
inline bptt::Mat<double> numbers(const CsvFile& csv, const std::vector<std::string>& columns, bool carry_forward) {
    bptt::Mat<double> all(std::ssize(columns), std::ssize(csv.rows));
    for (bptt::Index i = 0; i < all.rows(); ++i) {
        const std::string& name = columns[static_cast<std::size_t>(i)];
        const auto place = std::ranges::find(csv.names, name);
        std::string names;
        for (const auto& each : csv.names) names += (names.empty() ? "" : ", ") + each;
        bptt::throw_unless(place != csv.names.end(), csv.file.string(), " has no column ", name, "; there are ", names);
        for (bptt::Index t = 0; t < all.cols(); ++t) {
            const auto row = static_cast<std::size_t>(t);
            const std::string& field = csv.rows[row][static_cast<std::size_t>(place - csv.names.begin())];
            double x = 0;
            const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), x);
            const bool is_number = error == std::errc() && end == field.data() + field.size() && std::isfinite(x);
            bptt::throw_unless(is_number || (carry_forward && t > 0), csv.file.string(), ":", csv.lines[row], ": column ", name,
                               " is \"", field, "\", not a number; --missing forward takes the value of the row before",
                               carry_forward ? ", and the first row has none" : "");
            all(i, t) = is_number ? x : all(i, t - 1);
        }
    }
    return all;
}

}  // namespace examples
