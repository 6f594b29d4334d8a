#pragma once

#include <map>

#include "support/checkpoints.hpp"

struct PlainTensor {
    std::string dtype;
    std::vector<bptt::Index> shape;
    std::string data;
};

/// The tensors of a right safetensors file, read without anything of the library: what comes in quotes or between brackets,
/// one after the other.
inline std::map<std::string, PlainTensor> plain_read(const std::filesystem::path& file) {
    const std::string bytes = read_bytes(file);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), 8);
    const std::string json = bytes.substr(8, length);
    std::size_t at = 0;
    const auto string = [&] {
        at = json.find('"', at) + 1;
        std::string s;
        for (; json[at] != '"'; ++at) s += json[at] == '\\' ? json[++at] : json[at];
        ++at;
        return s;
    };
    const auto numbers = [&] {
        std::vector<bptt::Index> all;
        for (at = json.find('[', at) + 1; json[at - 1] != ']'; at = json.find_first_of(",]", at) + 1)
            all.push_back(std::stol(json.substr(at)));
        return all;
    };
    std::map<std::string, PlainTensor> tensors;
    while (json.find('"', at) != json.npos) {
        const std::string name = string();
        if (name == "__metadata__") {
            for (at = json.find('{', at); json[at] != '}'; string(), string())
                ;
            continue;
        }
        PlainTensor& t = tensors[name];
        string();
        t.dtype = string();
        t.shape = numbers();
        const auto range = numbers();
        t.data = bytes.substr(8 + length + static_cast<std::size_t>(range[0]), static_cast<std::size_t>(range[1] - range[0]));
    }
    return tensors;
}
