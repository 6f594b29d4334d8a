// runtimes have recurrent nodes of float alone, so a model must be one of float
#define ONNX_ML
#include "bptt/io/onnx.hpp"

void keep(const bptt::LanguageModel<bptt::Gru<double>>& model) { bptt::save_onnx("gru.onnx", model); }
