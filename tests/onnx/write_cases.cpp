// write_cases FOLDER: models of every layer, and what they compute, for run_cases.mjs.
#include "onnx/cases.hpp"

using namespace bptt;

int main(int, char** arguments) {
    Rng rng(3);
    const std::filesystem::path folder(arguments[1]);
    std::filesystem::create_directories(folder);
    Cases cases(folder);

    cases.layer("rnn_tanh", Rnn<float>(3, 4, rng));
    cases.layer("rnn_relu", Rnn<float, Activation::relu>(3, 4, rng));
    cases.layer("rnn_identity", Rnn<float, Activation::identity>(3, 4, rng));
    cases.layer("lstm", Lstm<float>(3, 4, rng));
    cases.layer("lstm_current", Lstm<float, Peephole::current>(3, 4, rng));
    cases.layer("gru_before", Gru<float>(3, 4, rng));
    cases.layer("gru_after", Gru<float, Reset::after>(3, 4, rng));
    cases.layer("wide", Gru<float, Reset::after>(70, 33, rng));
    for (const Index depth : {1, 2, 3}) {
        cases.layer("stacked_lstm_" + std::to_string(depth), Stacked<Lstm<float>>(3, 4, depth, rng));
        cases.layer("stacked_gru_" + std::to_string(depth), Stacked<Gru<float>>(3, 4, depth, rng));
    }
    cases.layer("stacked_unequal", Stacked<Rnn<float>>({{3, 5, rng}, {5, 2, rng}}));
    cases.layer("both_rnn", Bidirectional<Rnn<float>>(3, 4, rng));
    cases.layer("both_lstm_current", Bidirectional<Lstm<float, Peephole::current>>(3, 4, rng));
    cases.layer("both_unequal", Bidirectional<Gru<float>>({3, 4, rng}, {3, 5, rng}));
    cases.layer("both_of_stacks", Bidirectional<Stacked<Lstm<float>>>({3, 4, 2, rng}, {3, 4, 2, rng}));
    cases.layer("stack_of_both", Stacked<Bidirectional<Gru<float, Reset::after>>>(3, 4, 2, rng));
    cases.layer("both_of_both", Bidirectional<Bidirectional<Gru<float>>>(3, 4, rng));
    cases.language_model("embedding", LanguageModel<Gru<float>>(7, {3, 4, rng}, rng));
    cases.language_model("one_hot", LanguageModel<Stacked<Lstm<float>>, OneHot<float>>(7, {7, 4, 2, rng}, rng));
    cases.classifier("classifier", Bidirectional<Lstm<float>>(3, 4, rng), {8, 5, rng});
}
