#pragma once

#include <algorithm>
#include <cstddef>
#include <iomanip>
#include <locale>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/autograd/param.hpp"

namespace bptt {

/// A table of a model's parameters, a line for each: its name, its shape, and how many numbers it has; and last the total,
/// which is parameter_count(model). A Param that the model visits twice (tied weights) stands there under each of its names,
/// but is counted under the first only.
template <HasParams M> std::string describe(const M& model) {
    struct Line {
        std::string name, shape, count, remark;
    };
    std::vector<Line> lines{{"parameter", "shape", "count", ""}};
    std::map<const void*, std::string> first_names;
    for_each_param(model, [&](std::string_view name, const auto& p) {
        const auto [known, is_new] = first_names.try_emplace(&p, name);
        std::ostringstream printed;
        printed.imbue(std::locale::classic());
        printed << shape(p);
        const std::string count = is_new ? std::to_string(p.value.size()) : "";
        lines.push_back({std::string(name), printed.str(), count, is_new ? "" : "tied, counted as " + known->second});
    });
    lines.push_back({"total", "", std::to_string(parameter_count(model)), ""});

    const auto widest = [&](std::string Line::*column) {
        return static_cast<int>(
            ((std::ranges::max)(lines, {}, [&](const Line& l) { return (l.*column).size(); }).*column).size());
    };
    std::ostringstream out;
    for (const Line& l : lines) {
        out << std::left << std::setw(widest(&Line::name)) << l.name << "  " << std::setw(widest(&Line::shape)) << l.shape
            << "  " << std::right << std::setw(widest(&Line::count)) << l.count << (l.remark.empty() ? "" : "  ") << l.remark
            << '\n';
    }
    return out.str();
}

}  // namespace bptt
