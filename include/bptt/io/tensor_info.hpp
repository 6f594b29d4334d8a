#pragma once

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/check.hpp"

namespace bptt::detail {

struct Dtype {
    std::string_view name;
    std::uint64_t bits;
};
inline constexpr Dtype dtypes[] = {{"F32", 32},        {"F64", 64},       {"BOOL", 8},    {"U8", 8},      {"I8", 8},
                                   {"U16", 16},        {"I16", 16},       {"U32", 32},    {"I32", 32},    {"U64", 64},
                                   {"I64", 64},        {"F16", 16},       {"BF16", 16},   {"C64", 64},    {"F4", 4},
                                   {"F6_E2M3", 6},     {"F6_E3M2", 6},    {"F8_E4M3", 8}, {"F8_E5M2", 8}, {"F8_E8M0", 8},
                                   {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}};

inline constexpr std::string_view cut_off = ",...";

struct TensorInfo {
    std::string name, shape;  // the shape as a file writes it, [rows,cols]; one that is too long to be a tensor's is cut off
    const Dtype* dtype = nullptr;
    std::uint64_t begin = 0, end = 0;  // in the data

    std::string kind() const { return std::string(dtype->name) + " " + shape; }
};

/// A string of a file, for a message: in quotes, in ASCII, cut where it is long.
struct Quoted {
    std::string_view text;
    friend std::ostream& operator<<(std::ostream& out, Quoted q) {
        const std::string start(q.text.substr(0, 80));
        out << nlohmann::json(start).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
        return q.text.size() > start.size() ? out << "..." : out;
    }
};

/// The sizes in the text of a shape. Throws where it was cut off.
inline std::vector<Index> sizes_of(const TensorInfo& tensor, const std::string& where) {
    throw_unless(tensor.shape.find(cut_off) == tensor.shape.npos, where, ": ", Quoted{tensor.name},
                 " has too many dimensions: ", tensor.shape);
    std::vector<Index> sizes;
    const char *at = tensor.shape.data() + 1, *const end = tensor.shape.data() + tensor.shape.size() - 1;
    for (Index size = 0; at < end; ++at) {
        const auto [after, error] = std::from_chars(at, end, size);
        throw_unless(error == std::errc(), where, ": ", Quoted{tensor.name}, " is too large: ", tensor.shape);
        sizes.push_back(size);
        at = after;
    }
    return sizes;
}

}  // namespace bptt::detail
