#include "bptt/io/pytorch.hpp"

#include <bit>

#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "io/pytorch_files.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

/// Made by PyTorch: see tests/fixtures/make_pytorch_files.py.
const SavedModel& fixture() {
    static const SavedModel file(fixture_file());
    return file;
}
/// A tensor [steps, batch, features], a column for each step of each sequence.
template <class T> Mat<T> columns_of(const std::string& name) {
    const auto t = fixture().tensor<double>(name);
    return Eigen::Map<const Mat<double>>(t.values.data(), t.shape[2], t.shape[0] * t.shape[1]).template cast<T>();
}
template <class T> void check_outputs(const Mat<T>& ours, const std::string& theirs) {
    const Mat<T> y = columns_of<T>(theirs);
    REQUIRE(shape(ours) == shape(y));
    CHECK((ours - y).cwiseAbs().maxCoeff() <= T(std::is_same_v<T, float> ? 1e-6 : 1e-12));
}

/// A stack as PyTorch's of that name, filled from its weights; what it makes of PyTorch's input.
template <class L> void check_stack(const std::string& name, Index layers) {
    using T = typename L::Scalar;
    CAPTURE(name);
    Rng rng(1);
    Stacked<L> stack(2, 3, layers, rng);
    load_pytorch(fixture_file(), stack, {.prefix = name + ".rnn.", .convert = true});
    Tape<T> tape;
    check_outputs<T>(unroll(stack, sequence(tape.constant(columns_of<T>(name + ".x")), 2)).h.all.value(), name + ".y");
    if (layers > 1) return;
    L alone(2, 3, rng);
    load_pytorch(fixture_file(), alone, {.prefix = name + ".rnn.", .convert = true});
    CHECK(bits(alone) == bits(stack.layers[0]));
}
template <class Cell> void check_kind(const std::string& kind) {
    for (Index layers = 1; layers <= 3; ++layers) {
        check_stack<Cell>(kind + '_' + std::to_string(layers), layers);
        check_stack<Bidirectional<Cell>>(kind + '_' + std::to_string(layers) + "_both", layers);
    }
}

template <class T> struct Tagger {
    Embedding<T> embed;
    Stacked<Bidirectional<Gru<T, Reset::after>>> rnn;
    Linear<T> head;
    BPTT_PARAMS(embed, rnn, head)

    explicit Tagger(Rng rng) : embed(7, 3, rng), rnn(3, 4, 2, rng), head(8, 7, rng) {}
    Mat<T> logits() const {
        const auto ids = fixture().tensor<std::int64_t>("model.ids").values;
        Tape<T> tape;
        return head(unroll(rnn, embed(tape, Tokens(std::vector<Index>(ids.begin(), ids.end()), 2)))).all.value();
    }
};

/// The tensors of a file that begin so, by the rest of their names.
std::map<std::string, std::vector<double>> tensors_of(const SavedModel& saved, const std::string& prefix) {
    std::map<std::string, std::vector<double>> all;
    for (const std::string& name : saved.names())
        if (name.starts_with(prefix) && !name.ends_with(".ids") && !name.ends_with(".y"))
            all[name.substr(prefix.size())] = saved.tensor<double>(name).values;
    return all;
}
bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
    return std::ranges::equal(a, b, {}, std::bit_cast<std::uint64_t, double>, std::bit_cast<std::uint64_t, double>);
}

}  // namespace

TEST_CASE("load_pytorch: RNN, LSTM and GRU, of 1 to 3 layers, one way and both, give PyTorch's outputs") {
    check_kind<Rnn<double>>("tanh");
    check_kind<Rnn<double, Activation::relu>>("relu");
    check_kind<Lstm<double>>("lstm");
    check_kind<Gru<double, Reset::after>>("gru");
    check_kind<Rnn<float>>("tanh");
    check_kind<Rnn<float, Activation::relu>>("relu");
    check_kind<Lstm<float>>("lstm");
    check_kind<Gru<float, Reset::after>>("gru");
}

TEST_CASE("load_pytorch: an embedding, a stack and a head, of F16 and BF16 where they are to be converted") {
    for (const char* name : {"model", "half", "brain"}) {
        CAPTURE(name);
        Tagger<double> model(Rng(1));
        Tagger<float> floats(Rng(1));
        const LoadOptions options{.prefix = std::string(name) + ".", .partial = true, .convert = true};
        const Loaded loaded = load_pytorch(fixture_file(), model, options);
        CHECK(loaded.missing.empty());
        CHECK(loaded.unexpected == std::vector{options.prefix + "ids", options.prefix + "y"});
        check_outputs<double>(model.logits(), options.prefix + "y");
        load_pytorch(fixture_file(), floats, options);
        check_outputs<float>(floats.logits(), options.prefix + "y");
    }
    Tagger<double> model(Rng(1));
    const std::string before = bits(model);
    CHECK_THROWS_WITH(load_pytorch(fixture_file(), model, {.prefix = "half.", .partial = true}),
                      ContainsSubstring("\"half.head.bias\" is F16 [7] in the file and F64 [7] in the model (.convert"));
    CHECK(bits(model) == before);
}

TEST_CASE("save_pytorch: weights have PyTorch's bits, the first bias the sum, the second nothing but the n of a GRU") {
    const Folder folder;
    Tagger<double> model(Rng(1)), again(Rng(2));
    load_pytorch(fixture_file(), model, {.prefix = "model.", .partial = true});
    save_pytorch(folder / "m", model);
    const SavedModel written(folder / "m");
    CHECK(written.metadata("format") == "pt");
    auto ours = tensors_of(written, ""), theirs = tensors_of(fixture(), "model.");
    REQUIRE(ours.size() == theirs.size());
    for (auto& [name, t] : theirs) {
        CAPTURE(name);
        CHECK(written.tensor<double>(name).shape == fixture().tensor<double>("model." + name).shape);
        if (const auto at = name.find("bias_ih"); at != name.npos) {
            auto& second = theirs.at(std::string(name).replace(at + 5, 2, "hh"));
            for (std::size_t k = 0; k < 8; ++k) t[k] += std::exchange(second[k], 0);
        }
    }
    for (const auto& [name, t] : theirs) {
        CAPTURE(name);
        CHECK(same_bits(ours.at(name), t));
    }
    load_pytorch(folder / "m", again);
    CHECK(bits(again) == bits(model));
}

TEST_CASE("save_pytorch: what is saved comes back with the same bits, negative zeros and NaN too") {
    const Folder folder;
    Rng rng(1);
    Stacked<Lstm<float>> stack(2, 3, 2, rng), again(2, 3, 2, rng);
    for_each_param(stack, [](std::string_view, auto& p) { p.value(0) = -0.0f, p.value(1) = std::bit_cast<float>(0x7fc12345); });
    save_pytorch(folder / "m", stack);
    load_pytorch(folder / "m", again);
    CHECK(bits(again) == bits(stack));
}

TEST_CASE("explain_pytorch: what is read from what, and what does not fit") {
    const Folder folder;
    Tagger<double> model(Rng(1));
    const std::string text = explain_pytorch(fixture_file(), model, {.prefix = "half.", .rename = {{"head", "tail"}}});
    CHECK(text.starts_with(
        "parameter          shape  tensor                         in the file  read\n"
        "embed.E            3x7    half.embed.weight              F16 [7,3]    does not fit: F64 [7,3] is wanted\n"));
    CHECK_THAT(text, ContainsSubstring("head.b             7x1    half.tail.bias                 missing\n"));
    CHECK_THAT(text,
               ContainsSubstring("                          half.head.bias                 F16 [7]      not in the model\n"));
    CHECK_THAT(text, !ContainsSubstring("brain"));
    const std::string converted = explain_pytorch(fixture_file(), model, {.prefix = "half.", .convert = true});
    CHECK_THAT(converted, ContainsSubstring("F16 [7,3]    transposed\n"));
    CHECK_THAT(converted, ContainsSubstring("F16 [12]     r, z: their sum; n: the first, and the second in bh\n"));
    Rng rng(1);
    Lstm<float> lstm(1, 2, rng);
    const auto file = cell_file(folder, 4, {{"weight_ih_l0", false}, {"weight_hh_l0", false}});
    CHECK(explain_pytorch(file, lstm) ==
          "parameter  shape  tensor        in the file  read\n"
          "Wx         8x1    weight_ih_l0  F32 [8,1]    as it is\n"
          "Wh         8x2    weight_hh_l0  F32 [8,2]    as it is\n"
          "b          8x1                               zeros, as there is none (bias=False)\n");
}

TEST_CASE("save_pytorch: a file for PyTorch itself", "[.written]") {
    Tagger<double> model(Rng(1));
    load_pytorch(fixture_file(), model, {.prefix = "model.", .partial = true});
    save_pytorch("pytorch_written.safetensors", model);
}
