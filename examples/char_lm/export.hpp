#pragma once

#ifdef ONNX_ML  // where the CMake target bptt::onnx is linked
#include <bptt/io/onnx.hpp>
#endif
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

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

/// Found by save_onnx().
inline OnnxSequence add_nodes(OnnxGraph& g, const Input& input, const OnnxTokens& tokens, const std::string& name) {
    return input.learned ? add_nodes(g, *input.learned, tokens, name) : add_nodes(g, OneHot<float>(input.tokens), tokens, name);
}

/// Writes what save_onnx() writes. The metadata: program, cell, layers, units; and vocabulary, in JSON a list of bytes for each
/// token, none for <unk>.
inline void export_onnx(const std::filesystem::path& load, const std::filesystem::path& file) {
    check_onnx_target(file, load);
    examples::with_saved_model(load, Setup::of, [&](const Setup& setup, const auto& model) {
        const Vocabulary& vocabulary = setup.vocabulary;
        throw_unless(!bptt::detail::is_words(vocabulary.unit()), load.string(),
                     " is a model of words; the page that models are exported for writes characters");
        auto symbols = nlohmann::json::array();
        for (Index k = 0; k < vocabulary.size(); ++k) {
            const std::string symbol = vocabulary.has_unk() && k == vocabulary.unk() ? "" : vocabulary[k];
            symbols.push_back(std::vector<unsigned char>(symbol.begin(), symbol.end()));
        }
        Metadata metadata = setup.metadata();
        metadata["vocabulary"] = symbols.dump();
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
