// ONNX has only the peepholes of Peephole::current: diagonal ones, where o sees the new cell state
#define ONNX_ML
#include "bptt/io/onnx.hpp"

using Lstm = bptt::Lstm<float, bptt::Peephole::previous>;

void keep(const bptt::LanguageModel<Lstm>& model) { bptt::save_onnx("lstm.onnx", model); }
