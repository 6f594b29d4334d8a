#pragma once

#include <string>

/// An idx file of these sizes, below 256, and bytes.
inline std::string idx(const std::string& sizes, const std::string& bytes, char type = 8) {
    std::string all{0, 0, type, static_cast<char>(sizes.size())};
    for (const char size : sizes) all += std::string(3, '\0') + size;
    return all + bytes;
}
