#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace examples {

/// A share in %, with so many decimals: percent(0.9987, 1) is "99.9".
inline std::string percent(double share, int decimals) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", decimals, 100 * share);
    return text.data();
}

}  // namespace examples
