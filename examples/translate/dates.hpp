#pragma once

#include <array>
#include <chrono>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "task.hpp"

namespace translate {

/// Dates from 1970 to 2069 as people write them, and in ISO form.
inline Pair date_pair(std::chrono::sys_days day, Rng& rng) {
    using Names = std::array<const char*, 12>;
    static constexpr Names months = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
    static constexpr std::array<const char*, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                            "Thursday", "Friday", "Saturday"};
    const std::chrono::year_month_day date(day);
    const int y = static_cast<int>(date.year());
    const unsigned m = static_cast<unsigned>(date.month()), d = static_cast<unsigned>(date.day());
    const std::string month = months[m - 1], mon = month.substr(0, 3),
                      weekday = weekdays[std::chrono::weekday(day).c_encoding()],
                      ordinal = d % 10 == 1 && d != 11   ? "st"
                                : d % 10 == 2 && d != 12 ? "nd"
                                : d % 10 == 3 && d != 13 ? "rd"
                                                         : "th";
    std::array<char, 64> text{};
    const auto write = [&](const char* format, auto... parts) {
        std::snprintf(text.data(), text.size(), format, parts...);
        return std::string(text.data());
    };
    const std::string iso = write("%04d-%02u-%02u", y, m, d);
    switch (rng.below(14)) {
        case 0:
            return {write("%u %s %d", d, month.c_str(), y), iso};
        case 1:
            return {write("%s %u, %d", month.c_str(), d, y), iso};
        case 2:
            return {write("%s %u, %d", mon.c_str(), d, y), iso};
        case 3:
            return {write("%u %s %d", d, mon.c_str(), y), iso};
        case 4:
            return {write("%u%s of %s %d", d, ordinal.c_str(), month.c_str(), y), iso};
        case 5:
            return {write("the %u%s of %s, %d", d, ordinal.c_str(), month.c_str(), y), iso};
        case 6:
            return {write("%s, %u %s %d", weekday.c_str(), d, month.c_str(), y), iso};
        case 7:
            return {write("%s, %s %u, %d", weekday.c_str(), month.c_str(), d, y), iso};
        case 8:
            return {write("%s %u %s %02d", weekday.substr(0, 3).c_str(), d, mon.c_str(), y % 100), iso};
        case 9:
            return {write("%u-%s-%02d", d, mon.c_str(), y % 100), iso};
        case 10:
            return {write("%u.%u.%d", d, m, y), iso};  // day first where there are dots
        case 11:
            return {write("%u/%u/%02d", m, d, y % 100), iso};  // month first where there are slashes
        case 12:
            return {write("%s %u%s, %d", month.c_str(), d, ordinal.c_str(), y), iso};
        default:
            return {write("%d %s %u", y, month.c_str(), d), iso};
    }
}

/// n dates in random forms, all different where they are held out. Every sixteenth day (scattered) is held out: no form of it
/// is ever among those to learn from.
inline std::vector<Pair> dates(std::size_t n, bool held_out, Rng& rng) {
    constexpr std::chrono::sys_days first = std::chrono::year(1970) / 1 / 1, end = std::chrono::year(2070) / 1 / 1;
    std::vector<Pair> pairs;
    std::set<std::string> asked;
    while (pairs.size() < n) {
        const Index day = rng.below((end - first).count());
        if ((Rng(static_cast<std::uint64_t>(day)).below(16) == 0) != held_out) continue;
        Pair pair = date_pair(first + std::chrono::days(day), rng);
        if (!held_out || asked.insert(pair.source).second) pairs.push_back(std::move(pair));
    }
    return pairs;
}

}  // namespace translate
