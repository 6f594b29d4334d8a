#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bptt/io/atomic_file.hpp"
#include "bptt/io/input_file.hpp"

namespace bptt::detail {

using Json = nlohmann::ordered_json;

/// The object that a file holds. Throws where it is no JSON, or another value.
inline Json read_json(const InputFile& file) {
    std::string text(file.size(), '\0');
    file.read(0, text.data(), text.size());
    Json all = Json::parse(text, nullptr, false);
    throw_unless(!all.is_discarded(), file.where(), ": not JSON");
    throw_unless(all.is_object(), file.where(), ": not an object");
    return all;
}
/// A file of that name is replaced as by save().
inline void write_json(const std::filesystem::path& file, const std::string& where, const Json& all) {
    const std::string text = all.dump(1) + '\n';
    AtomicFile out(file, where);
    out.write(text.data(), text.size());
    out.commit();
}

}  // namespace bptt::detail
