#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "bptt/core/types.hpp"
#include "bptt/io/atomic_file.hpp"
#include "bptt/io/byte_order.hpp"
#include "bptt/io/safetensors_header.hpp"

namespace bptt::detail {

/// What a file has a type for: no long double.
template <class T>
concept Number = std::is_same_v<T, float> || std::is_same_v<T, double> ||(std::is_integral_v<T> && sizeof(T) <= 8);
/// Not of bool, which has no array.
template <class T>
concept Element = Number<T> && !std::is_same_v<T, bool>;

/// A matrix as a file has it.
template <class T> using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <Number T> const Dtype* dtype_of() {
    std::string name = std::is_same_v<T, bool> ? "BOOL" : std::is_floating_point_v<T> ? "F" : std::is_signed_v<T> ? "I" : "U";
    if (name != "BOOL") name += std::to_string(8 * sizeof(T));
    return std::ranges::find(dtypes, name, &Dtype::name);
}
/// As a file writes it.
inline std::string shape_text(std::initializer_list<Index> sizes) {
    std::string text = "[";
    for (const Index size : sizes) {
        if (text.size() > 1) text += ',';
        text += std::to_string(size);
    }
    return text += ']';
}

/// Throws where a file cannot have a tensor or a string of that name.
inline void check_name(const std::string& name, const std::string& where) {
    throw_unless(!name.empty() && name != "__metadata__" && name.find('\0') == name.npos, where, ": nothing can be called ",
                 Quoted{name});
}

/// The tensors of a file that is to be written, in the order of their data. Errors begin with `where`.
class TensorList {
public:
    explicit TensorList(std::string where) : where_(std::move(where)) {}

    const std::string& where() const { return where_; }
    const std::vector<TensorInfo>& all() const { return all_; }

    /// One that follows those before it.
    template <Number T> void add(const std::string& name, std::string shape, std::uint64_t count) {
        check_name(name, where_);
        throw_unless(std::ranges::find(all_, name, &TensorInfo::name) == all_.end(), where_, ": two tensors are called ",
                     Quoted{name});
        const std::uint64_t begin = all_.empty() ? 0 : all_.back().end;
        all_.push_back({name, std::move(shape), dtype_of<T>(), begin, begin + count * sizeof(T)});
    }

private:
    std::string where_;
    std::vector<TensorInfo> all_;
};

/// `s` as a JSON string, quotes included.
inline std::string json_string(const std::string& s, const std::string& where) {
    try {
        return nlohmann::json(s).dump();
    } catch (const nlohmann::json::type_error&) {
        fail({where, ": ", Quoted{s}, " is not UTF-8"});
    }
}

/// A file's JSON, with spaces up to a multiple of 8 bytes, so that the data is aligned.
inline std::string header_json(const TensorList& tensors, const Metadata& metadata) {
    const std::string& where = tensors.where();
    std::string json;
    for (const auto& [key, value] : metadata)
        json += (json.empty() ? "{\"__metadata__\":{" : ",") + json_string(key, where) + ':' + json_string(value, where);
    if (!json.empty()) json += '}';
    for (const TensorInfo& t : tensors.all())
        json += (json.empty() ? "{" : ",") + json_string(t.name, where) + ":{\"dtype\":\"" + std::string(t.dtype->name) +
                "\",\"shape\":" + t.shape + ",\"data_offsets\":[" + std::to_string(t.begin) + ',' + std::to_string(t.end) +
                "]}";
    json += json.empty() ? "{}" : "}";
    json.append((8 - json.size() % 8) % 8, ' ');
    throw_unless(json.size() <= max_header_size, where, ": the header takes ", json.size(), " bytes; ", max_header_size,
                 " is the limit");
    return json;
}

/// How long the JSON of a file is, as a file begins with it.
inline std::array<std::byte, 8> length_bytes(const std::string& json) {
    std::uint64_t length = json.size();
    swap_little_endian(&length, 1, sizeof length);
    return std::bit_cast<std::array<std::byte, 8>>(length);
}
inline void write_header(AtomicFile& out, const std::string& json) {
    out.write(length_bytes(json).data(), 8);
    out.write(json.data(), json.size());
}

}  // namespace bptt::detail
