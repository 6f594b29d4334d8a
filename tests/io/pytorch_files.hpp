#pragma once

#include "bptt/io/safetensors.hpp"
#include "support/checkpoints.hpp"

inline std::filesystem::path fixture_file() { return std::filesystem::path(BPTT_FIXTURES) / "pytorch.safetensors"; }

/// A cell's tensors, of `blocks` gates of 2 units that read 1 feature: 1, 2, 3, …, or zeros and other small numbers in biases.
inline std::filesystem::path cell_file(const Folder& folder, std::size_t blocks,
                                       std::vector<std::pair<std::string, bool>> tensors) {
    std::string json, data;
    for (const auto& [name, is_vector] : tensors) {
        const std::size_t rows = 2 * blocks, columns = is_vector || name.find("ih") != name.npos ? 1 : 2;
        const std::string begin = std::to_string(data.size());
        for (std::size_t k = 0; k < rows * columns; ++k) {
            const auto x = static_cast<float>(data.size() / 4 + 1);
            data.append(reinterpret_cast<const char*>(&x), sizeof x);
        }
        json += (json.empty() ? "{\"" : ",\"") + name + R"(":{"dtype":"F32","shape":[)" + std::to_string(rows) +
                (is_vector ? "" : "," + std::to_string(columns)) + R"(],"data_offsets":[)" + begin + ',' +
                std::to_string(data.size()) + "]}";
    }
    return folder.write("cell", safetensors(json + '}', 0) + data);
}
