#include "bptt/io/onnx.hpp"

#include "catch.hpp"
#include "onnx/graph.hpp"

using namespace bptt;

TEST_CASE("a language model is saved with tokens and states as inputs, logits, probabilities and states as outputs") {
    Rng rng(1);
    const LanguageModel<Stacked<Lstm<float>>, OneHot<float>> model(5, {5, 3, 2, rng}, rng);
    const auto saved = saved_model([&](const auto& file) { save_onnx(file, model, {.lengths = true}); });
    CHECK(described(saved.graph().input()) ==
          "lengths int32 [batch]; tokens int64 [steps,batch]; 0.h float [1,batch,3]; 0.c float [1,batch,3]; "
          "1.h float [1,batch,3]; 1.c float [1,batch,3]; ");
    CHECK(described(saved.graph().output()) ==
          "0.h_out float [1,batch,3]; 0.c_out float [1,batch,3]; 1.h_out float [1,batch,3]; 1.c_out float [1,batch,3]; "
          "logits float [steps,batch,5]; probabilities float [steps,batch,5]; ");
}

TEST_CASE("the state of a cell alone has the names of its fields") {
    Rng rng(1);
    const LanguageModel<Gru<float>> model(5, {3, 4, rng}, rng);
    const auto saved = saved_model([&](const auto& file) { save_onnx(file, model, {.metadata = {{"program", "test"}}}); });
    CHECK(described(saved.graph().input()) == "tokens int64 [steps,batch]; h float [1,batch,4]; ");
    REQUIRE(saved.metadata_props_size() == 1);
    CHECK(saved.metadata_props(0).key() == "program");
}
