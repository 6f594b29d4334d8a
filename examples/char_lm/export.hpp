#pragma once

#ifdef ONNX_ML  // where the CMake target bptt::onnx is linked
#include <bptt/io/onnx.hpp>
#endif
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "../support/target.hpp"
#include "model.hpp"

namespace char_lm {

#ifdef ONNX_ML
inline void check_onnx_target(const std::filesystem::path& file, const std::filesystem::path& input) {
    examples::check_target(file, {input}, "model of ONNX", [](const std::filesystem::path& there) {
        std::ifstream in(there, std::ios::binary);
        onnx::ModelProto model;
        return model.ParseFromIstream(&in) && model.has_ir_version() && model.has_graph();
    });
}

/// Writes what save_onnx() writes. The metadata: program, cell, layers, units; and vocabulary, a JSON list of the bytes in the
/// order of their tokens.
inline void export_onnx(const std::filesystem::path& load, const std::filesystem::path& file) {
    check_onnx_target(file, load);
    with_saved_model(load, [&](const Setup& setup, const auto& model) {
        throw_unless(setup.vocabulary.unit() == Unit::byte, load.string(), ": the symbols of its vocabulary are no bytes");
        auto bytes = nlohmann::json::array();
        for (Index k = 0; k < setup.vocabulary.size(); ++k) bytes.push_back(static_cast<unsigned char>(setup.vocabulary[k][0]));
        Metadata metadata = setup.metadata();
        metadata["vocabulary"] = bytes.dump();
        save_onnx(file, model, {.metadata = metadata});
        std::printf("exported to %s\n", examples::visible(file.string()).c_str());
    });
}
#else
inline void export_onnx(const std::filesystem::path&, const std::filesystem::path&) {
    throw_unless(false,
                 "this program was built without ONNX: install it and protobuf (Debian: libonnx-dev libprotobuf-dev), "
                 "and build again");
}
#endif

}  // namespace char_lm
