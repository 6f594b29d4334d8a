#pragma once

#include "bptt/io/onnx_layers.hpp"
#include "bptt/models/language_model.hpp"

namespace bptt {

/// Writes a language model of float as an ONNX file (opset 14). Its inputs are "tokens", int64 [steps, batch]; with
/// {.lengths = true} "lengths", int32 [batch]; and the fields of the initial state, float [1, batch, units], which are called
/// "h", "0.h" or "1.c" as in errors and checkpoints. Its outputs are "logits" and "probabilities" of the token after each one,
/// float [steps, batch, tokens], and the fields of the final state, "0.h_out". steps and batch may change from run to run: for
/// one step at a time, what was "0.h_out" becomes "0.h". Throws if the file cannot be written or the model has parameters of
/// shapes that do not fit. Any other model is put together from its layers: see OnnxGraph.
template <Layer L, class Embed>
void save_onnx(const std::filesystem::path& file, const LanguageModel<L, Embed>& model, const OnnxOptions& options = {}) {
    OnnxGraph g(options);
    const auto y = add_nodes(g, model.layer, add_nodes(g, model.embed, g.tokens("tokens"), "embed"), "");
    const auto logits = add_nodes(g, model.head, y, "head");
    g.output(logits, "logits");
    g.node("Softmax", {logits.name}, {"head.softmax"});
    g.output({"head.softmax", logits.features}, "probabilities");
    g.save(file);
}

}  // namespace bptt
