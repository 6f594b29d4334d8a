#pragma once

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace versus {

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// A measurement: medians; `ratio` is its time over bptt's, round by round. Of the row "peak", gflop is per second.
struct Row {
    std::string isa, workload;
    int threads;
    std::string engine;
    double ms, ratio, gflop;
};

/// One line of CSV: names are quoted.
inline void write_row(std::ostream& out, const Row& r) {
    out << r.isa << ',' << std::quoted(r.workload) << ',' << r.threads << ',' << std::quoted(r.engine) << ',' << r.ms << ','
        << r.ratio << ',' << r.gflop << std::endl;
}
inline Row read_row(const std::string& line) {
    std::istringstream in(line);
    Row r;
    char comma;
    std::getline(in, r.isa, ',');
    in >> std::quoted(r.workload) >> comma >> r.threads >> comma >> std::quoted(r.engine) >> comma >> r.ms >> comma >>
        r.ratio >> comma >> r.gflop;
    return r;
}

/// A line for each workload and thread count; of libtorch the fastest of what was measured with this isa.
inline void print_table(std::vector<Row> rows, const std::string& isa) {
    std::erase_if(rows, [&](const Row& r) { return r.isa != isa; });
    double peak = 0;
    for (const Row& r : rows)
        if (r.workload == "peak") peak = std::max(peak, r.gflop);
    std::cout << "FMA peak of a core: " << std::lround(peak) << " GFLOP/s\n\n"
              << "| workload | threads | bptt ms | share of peak | libtorch ms | ratio | its best | oneDNN ms | ratio |\n"
              << "|---|---|---|---|---|---|---|---|---|\n";
    std::vector<Row> ours;  // the first of each workload and thread count
    for (const Row& r : rows)
        if (r.engine == "bptt" &&
            std::ranges::none_of(ours, [&](const Row& o) { return o.workload == r.workload && o.threads == r.threads; }))
            ours.push_back(r);
    std::ranges::stable_sort(ours, {}, &Row::workload);
    for (const Row& o : ours) {
        const auto fastest = [&](const std::string& engine) {
            const Row* best = nullptr;
            for (const Row& r : rows)
                if (r.workload == o.workload && r.threads == o.threads && r.engine.starts_with(engine))
                    if (!best || r.ms < best->ms) best = &r;
            return best;
        };
        const Row *const mine = fastest("bptt"), *const torch = fastest("libtorch"), *const onednn = fastest("oneDNN");
        std::cout << std::fixed << "| " << o.workload << " | " << o.threads << " | " << std::setprecision(2) << mine->ms
                  << " | " << std::lround(100 * mine->gflop / (mine->ms * 1e-3) / (peak * mine->threads)) << " % | ";
        if (torch) std::cout << torch->ms << " | " << torch->ratio << " | " << torch->engine.substr(10) << " | ";
        if (onednn)
            std::cout << onednn->ms << " | " << onednn->ratio << " |\n";
        else
            std::cout << "| |\n";
    }
}

}  // namespace versus
