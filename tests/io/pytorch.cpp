#include "bptt/io/pytorch.hpp"

#include <bit>

#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

std::filesystem::path fixture_file() { return std::filesystem::path(BPTT_FIXTURES) / "pytorch.safetensors"; }
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

/// A cell's tensors, of `blocks` gates of 2 units that read 1 feature: 1, 2, 3, …, or zeros and other small numbers in biases.
std::filesystem::path cell_file(const Folder& folder, std::size_t blocks, std::vector<std::pair<std::string, bool>> tensors) {
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

TEST_CASE("load_pytorch: an nn.LSTMCell's names, at 128 units as in silero-vad's decoder") {
    const Folder folder;
    Rng rng(1);
    Lstm<float> source(128, 128, rng), cell(128, 128, rng);
    source.b.value = random_matrix<float>(512, 1, [&] { return rng.normal(); });
    const auto size = [](std::size_t numbers) { return std::to_string(4 * numbers); };
    const std::string matrix = R"(":{"dtype":"F32","shape":[512,128],"data_offsets":[)";
    const std::string vector = R"(":{"dtype":"F32","shape":[512],"data_offsets":[)";
    const std::string json = R"({"decoder.rnn.weight_ih)" + matrix + "0," + size(65536) + R"(]},"decoder.rnn.weight_hh)" +
                             matrix + size(65536) + ',' + size(131072) + R"(]},"decoder.rnn.bias_ih)" + vector + size(131072) +
                             ',' + size(131584) + R"(]},"decoder.rnn.bias_hh)" + vector + size(131584) + ',' + size(132096) +
                             "]}}";
    std::string data;
    const auto append = [&](const detail::RowMajor<float>& m) {
        data.append(reinterpret_cast<const char*>(m.data()), 4 * static_cast<std::size_t>(m.size()));
    };
    append(source.Wx.value);
    append(source.Wh.value);
    append(source.b.value * 0.75f);
    append(source.b.value * 0.25f);
    load_pytorch(folder.write("vad", safetensors(json, 0) + data), cell, {.prefix = "decoder.rnn."});
    CHECK(cell.Wx.value == source.Wx.value);
    CHECK(cell.Wh.value == source.Wh.value);
    CHECK(cell.b.value == source.b.value * 0.75f + source.b.value * 0.25f);
}

TEST_CASE("load_pytorch: bias=False makes biases zero, one bias of two, or a layer's name that is wrong, is refused") {
    const Folder folder;
    Rng rng(1);
    Lstm<float> lstm(1, 2, rng);
    Gru<float, Reset::after> gru(1, 2, rng);
    gru.b.value.setOnes(), gru.bh.value.setOnes();
    using Tensors = std::vector<std::pair<std::string, bool>>;
    const Tensors none{{"weight_ih_l0", false}, {"weight_hh_l0", false}};
    load_pytorch(cell_file(folder, 4, none), lstm);
    CHECK(lstm.b.value.isZero(0));
    CHECK(lstm.Wh.value == Mat<float>{{9, 10}, {11, 12}, {13, 14}, {15, 16}, {17, 18}, {19, 20}, {21, 22}, {23, 24}});
    load_pytorch(cell_file(folder, 3, none), gru);
    CHECK(gru.b.value.isZero(0));
    CHECK(gru.bh.value.isZero(0));

    gru.b.value.setOnes(), gru.bh.value.setOnes();
    const std::string before = bits(gru);
    const auto refused = [&](const Tensors& tensors, const LoadOptions& options, const char* why) {
        CHECK_THROWS_WITH(load_pytorch(cell_file(folder, 3, tensors), gru, options), ContainsSubstring(why));
        CHECK(bits(gru) == before);
    };
    refused({none[0], none[1], {"bias_ih_l0", true}}, {}, "\"bias_hh_l0\" is F32 [6] in the model and not in the file");
    refused({none[0], none[1], {"weight_hr_l0", false}}, {}, "\"weight_hr_l0\" is F32 [6,2] in the file and not in the model");
    refused(none, {.prefix = "rnn."}, "\"rnn.bias_hh_l0\" is F32 [6] in the model and not in the file");
    refused(none, {.rename = {{"gru", "rnn"}}}, "rename: nothing in the model is called gru");
    const Loaded loaded = load_pytorch(cell_file(folder, 3, {none[0], none[1], {"bias_ih_l0", true}}), gru, {.partial = true});
    CHECK(loaded.missing == std::vector<std::string>{"bias_hh_l0"});
    CHECK(gru.b.value.isOnes(0));
}

TEST_CASE("explain_pytorch: what is read from what, and what does not fit") {
    const Folder folder;
    Tagger<double> model(Rng(1));
    const std::string text = explain_pytorch(fixture_file(), model, {.prefix = "half.", .rename = {{"head", "tail"}}});
    CHECK(text.starts_with(
        "parameter          shape  tensor                         in the file  read\n"
        "embed.E            3x7    half.embed.weight              F16 [7,3]    does not fit: F64 [7,3] is wanted\n"));
    CHECK_THAT(text, ContainsSubstring("head.b             7x1    half.tail.bias                 missing      as it is\n"));
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
