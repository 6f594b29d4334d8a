#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/autograd/param.hpp"
#include "bptt/core/table.hpp"

namespace bptt {

/// A table of a model's parameters, a line for each: its name, its shape, and how many numbers it has; and last the total,
/// which is parameter_count(model). A Param that the model visits twice (tied weights) stands there under each of its names,
/// but is counted under the first only.
template <HasParams M> std::string describe(const M& model) {
    std::vector<std::vector<std::string>> rows{{"parameter", "shape", "count", ""}};
    std::map<const void*, std::string> first_names;
    for_each_param(model, [&](std::string_view name, const auto& p) {
        const auto [known, is_new] = first_names.try_emplace(&p, name);
        const std::string sizes = std::to_string(p.rows()) + 'x' + std::to_string(p.cols());
        rows.push_back({std::string(name), sizes, is_new ? std::to_string(p.value.size()) : "",
                        is_new ? "" : "tied, counted as " + known->second});
    });
    rows.push_back({"total", "", std::to_string(parameter_count(model)), ""});
    return detail::table(rows, "llrl");
}

}  // namespace bptt
