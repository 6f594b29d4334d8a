#pragma once

#include <map>
#include <sstream>
#include <type_traits>
#include <vector>

#include "bptt/autograd/visits.hpp"
#include "bptt/io/safetensors_header.hpp"

namespace bptt::detail {

/// A matrix as a file has it.
template <class T> using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The model's tensors, in its own order, as save() lays them out.
template <HasParams M> std::vector<TensorInfo> tensors_of(const M& model, const std::string& where) {
    check_visits(where, model);
    std::vector<TensorInfo> tensors;
    std::uint64_t end = 0;
    for_each_distinct_param(model, [&]<class T>(std::string_view name, const Param<T>& p) {
        static_assert(std::is_same_v<T, float> || std::is_same_v<T, double>, "save, load: parameters are float or double");
        throw_unless(std::ranges::find(tensors, name, &TensorInfo::name) == tensors.end(), where,
                     ": the model has two parameters called ", Quoted{name});
        throw_unless(!name.empty() && name != "__metadata__" && name.find('\0') == name.npos, where,
                     ": no parameter can be called ", Quoted{name});
        const std::uint64_t begin = std::exchange(end, end + static_cast<std::uint64_t>(p.value.size()) * sizeof(T));
        tensors.push_back({std::string(name), '[' + std::to_string(p.rows()) + ',' + std::to_string(p.cols()) + ']',
                           &dtypes[std::is_same_v<T, double>], begin, end});
    });
    return tensors;
}

/// `s` as a JSON string, quotes included.
inline std::string json_string(const std::string& s, const std::string& where) {
    try {
        return nlohmann::json(s).dump();
    } catch (const nlohmann::json::type_error&) {
        fail({where, ": ", Quoted{s}, " is not UTF-8"});
    }
}

/// A file's JSON, with spaces up to a multiple of 8 bytes, so that the data is aligned.
inline std::string header_json(const std::vector<TensorInfo>& tensors, const Metadata& metadata, const std::string& where) {
    std::string json;
    for (const auto& [key, value] : metadata)
        json += (json.empty() ? "{\"__metadata__\":{" : ",") + json_string(key, where) + ':' + json_string(value, where);
    if (!json.empty()) json += '}';
    for (const TensorInfo& t : tensors)
        json += (json.empty() ? "{" : ",") + json_string(t.name, where) + ":{\"dtype\":\"" + std::string(t.dtype->name) +
                "\",\"shape\":" + t.shape + ",\"data_offsets\":[" + std::to_string(t.begin) + ',' + std::to_string(t.end) +
                "]}";
    json += json.empty() ? "{}" : "}";
    json.append((8 - json.size() % 8) % 8, ' ');
    throw_unless(json.size() <= max_header_size, where, ": the header takes ", json.size(), " bytes; ", max_header_size,
                 " is the limit");
    return json;
}

/// The file offset of the data of each tensor that is wanted of a `whole`, a model or a run. Throws if the file does not fit
/// it; the message lists the first ten mismatches and the number of the others.
inline std::vector<std::uint64_t> match(const SafetensorsHeader& header, const std::vector<TensorInfo>& wanted,
                                        const std::string& where, const std::string& whole) {
    std::map<std::string_view, std::size_t> by_name;
    for (std::size_t k = 0; k < wanted.size(); ++k) by_name.emplace(wanted[k].name, k);
    std::vector<std::uint64_t> begins(wanted.size());  // 0: not found, as a file begins with its header

    std::ostringstream wrong;
    int count = 0;
    const auto add = [&](const TensorInfo& t, const std::string& how) {
        if (count++ < 10) wrong << (count > 1 ? "; " : "") << Quoted{t.name} << " is " << how;
    };
    for (const TensorInfo& t : header.tensors) {
        const auto found = by_name.find(t.name);
        if (found == by_name.end()) {
            add(t, t.kind() + " in the file and not in the " + whole);
            continue;
        }
        const TensorInfo& w = wanted[found->second];
        if (t.dtype != w.dtype || t.shape != w.shape) add(t, t.kind() + " in the file and " + w.kind() + " in the " + whole);
        begins[found->second] = header.data + t.begin;
    }
    for (std::size_t k = 0; k < wanted.size(); ++k)
        if (begins[k] == 0) add(wanted[k], wanted[k].kind() + " in the " + whole + " and not in the file");
    throw_unless(count == 0, where, ": does not fit the ", whole, ": ", wrong.str(),
                 count > 10 ? "; and " + std::to_string(count - 10) + " more" : "");
    return begins;
}

}  // namespace bptt::detail
