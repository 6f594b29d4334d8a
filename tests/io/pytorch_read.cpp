#include "bptt/io/pytorch_read.hpp"

#include "bptt/bptt.hpp"
#include "bptt/io/pytorch.hpp"
#include "catch.hpp"
#include "io/pytorch_files.hpp"

using namespace bptt;

namespace {

struct TiedLayer {
    Linear<float> a;
    static void params(auto& m, auto&& f) { f("a", m.a), f("b", m.a); }
};
struct Nested {
    Stacked<Lstm<float>> rnn;
    BPTT_PARAMS(rnn)
};
struct TwoLayers {
    Linear<float> a, b;
    BPTT_PARAMS(a, b)
};

}  // namespace

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

TEST_CASE("load_pytorch: what is tied is read once, and must be the same under its other names") {
    const Folder folder;
    Rng rng(1);
    TiedLayer tied{{2, 3, rng}};
    TwoLayers two{{2, 3, rng}, {2, 3, rng}};
    two.b = two.a;
    two.a.b.value.setOnes(), two.b.b.value.setOnes();
    save_pytorch(folder / "m", two);
    load_pytorch(folder / "m", tied);
    CHECK(bits(tied.a) == bits(two.a));
    two.b.b.value(2) = 3;
    save_pytorch(folder / "m", two);
    two.a.W.value.setZero();
    CHECK_THROWS_WITH(load_pytorch(folder / "m", tied),
                      ContainsSubstring("\"b.bias\" differs from \"a.bias\", which the model has tied to it"));
    CHECK(tied.a.b.value.isOnes(0));
    save_pytorch(folder / "m", tied);  // under both names
    load_pytorch(folder / "m", two);
    CHECK(bits(two.a) == bits(two.b));
    tied.a.W.value.setZero();
    const Loaded loaded = load_pytorch(folder / "m", tied, {.rename = {{"a", "c"}}, .partial = true});
    CHECK(loaded.missing == std::vector<std::string>{"c.weight", "c.bias"});
    CHECK(bits(tied.a) == bits(two.a));
}

TEST_CASE("load_pytorch: a partial file's missing biases stay as they are") {
    const Folder folder;
    Rng rng(1);
    Lstm<float> lstm(1, 2, rng);
    const Mat<float> b = lstm.b.value;
    const Loaded loaded =
        load_pytorch(cell_file(folder, 4, {{"weight_ih_l0", false}, {"weight_hh_l0", false}}), lstm, {.partial = true});
    CHECK(loaded.missing == std::vector<std::string>{"bias_ih_l0", "bias_hh_l0"});
    CHECK(lstm.b.value == b);
}

TEST_CASE("load_pytorch, save_pytorch: a stack of unequal widths is none of PyTorch's") {
    const Folder folder;
    Rng rng(1);
    Stacked<Lstm<float>> stack({{2, 3, rng}, {3, 4, rng}});
    const auto uneven =
        ContainsSubstring("all layers of PyTorch's stack have one width; of the model, 0 has 3 outputs, 1 has 4");
    CHECK_THROWS_WITH(save_pytorch(folder / "m", stack), uneven);
    CHECK_THROWS_WITH(load_pytorch(fixture_file(), stack), uneven);
    CHECK_THROWS_WITH(save_pytorch(folder / "m", Nested{stack}), ContainsSubstring("of rnn.0 has 3 outputs, 1 has 4"));
}
