#pragma once

#include <regex>
#include <string>
#include <vector>

/// All that a pattern captures in a text, in order.
inline std::vector<std::string> captures(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    std::vector<std::string> all;
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) all.push_back((*at)[1]);
    return all;
}
