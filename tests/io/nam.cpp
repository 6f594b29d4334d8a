#include "bptt/io/nam.hpp"

#include <cmath>
#include <fstream>

#include "bptt/live/stream.hpp"
#include "catch.hpp"
#include "support/folder.hpp"
#include "support/params.hpp"

using namespace bptt;

namespace {

nlohmann::json some_nam(std::size_t weights) {
    std::vector<double> numbers;
    for (std::size_t k = 0; k < weights; ++k) numbers.push_back(static_cast<double>(k) / 64);  // which floats hold exactly
    return {{"version", "0.5.4"},
            {"architecture", "LSTM"},
            {"config", {{"input_size", 1}, {"hidden_size", 3}, {"num_layers", 1}}},
            {"weights", numbers},
            {"sample_rate", 44100}};
}

float logistic(float x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("load_nam: the 70 numbers of an LSTM of 3 units, in their order") {
    const Folder folder;
    const NamLstm model = load_nam(folder.write("amp.nam", some_nam(70).dump()));
    CHECK(model.sample_rate == 44100);
    REQUIRE(model.layers.depth() == 1);
    const auto& [Wx, Wh, b] = model.layers.layers[0];
    for (Index i = 0; i < 12; ++i) {  // rows [Wx Wh], gates i, f, g, o
        CHECK(Wx.value(i, 0) == static_cast<float>(4 * i) / 64);
        for (Index j = 0; j < 3; ++j) CHECK(Wh.value(i, j) == static_cast<float>(4 * i + 1 + j) / 64);
        CHECK(b.value(i, 0) == static_cast<float>(48 + i) / 64);
    }
    const auto start = model.initial_state();
    for (Index i = 0; i < 3; ++i) {
        CHECK(start[0].h(i, 0) == static_cast<float>(60 + i) / 64);
        CHECK(start[0].c(i, 0) == static_cast<float>(63 + i) / 64);
        CHECK(model.head.W.value(0, i) == static_cast<float>(66 + i) / 64);
    }
    CHECK(model.head.b.value(0, 0) == 69.f / 64);
}

TEST_CASE("load_nam, save_nam: a network is the same in a stream, written and read back") {
    const Folder folder;
    Rng rng(1);
    NamLstm model(3, 2, rng);
    randomise(model, rng, 0.5);
    model.sample_rate = 96000;
    save_nam(folder / "amp.nam", model);
    const NamLstm back = load_nam(folder / "amp.nam");
    CHECK(back.sample_rate == 96000);
    std::vector<Mat<float>> values;
    for_each_param(model, [&](const auto&, const auto& p) { values.push_back(p.value); });
    for_each_param(back, [&, k = std::size_t{0}](const auto&, const auto& p) mutable { CHECK(p.value == values[k++]); });

    // The file's numbers, one after the other.
    std::ifstream in(folder / "amp.nam");
    const auto all = nlohmann::json::parse(in);
    CHECK(all["config"] == nlohmann::json({{"input_size", 1}, {"hidden_size", 3}, {"num_layers", 2}}));
    const auto w = all["weights"].get<std::vector<float>>();
    auto live = stream(back);
    live.set_state(back.initial_state());
    float h[2][3], c[2][3];
    for (std::size_t layer = 0; layer < 2; ++layer)
        for (std::size_t u = 0; u < 3; ++u) {
            const std::size_t after = layer == 0 ? 60 : 66 + 84;  // 12 rows of 4, 12 of 6; 12 biases
            h[layer][u] = w[after + u], c[layer][u] = w[after + 3 + u];
        }
    for (int t = 0; t < 50; ++t) {
        const float sample = std::sin(static_cast<float>(t));
        std::vector<float> x{sample};
        std::size_t at = 0;
        for (std::size_t layer = 0; layer < 2; ++layer) {
            std::vector<float> z;
            const std::size_t width = x.size() + 3;
            for (std::size_t row = 0; row < 12; ++row) {
                float sum = w[at + 12 * width + row];
                for (std::size_t j = 0; j < width; ++j)
                    sum += w[at + row * width + j] * (j < x.size() ? x[j] : h[layer][j - x.size()]);
                z.push_back(sum);
            }
            for (std::size_t u = 0; u < 3; ++u) {
                c[layer][u] = logistic(z[3 + u]) * c[layer][u] + logistic(z[u]) * std::tanh(z[6 + u]);
                h[layer][u] = logistic(z[9 + u]) * std::tanh(c[layer][u]);
            }
            x.assign(h[layer], h[layer] + 3);
            at += 12 * width + 12 + 6;
        }
        const float expected = w[at] * x[0] + w[at + 1] * x[1] + w[at + 2] * x[2] + w[at + 3];
        CHECK(std::abs(live.step(sample)(0) - expected) < 1e-5f);
    }
}

TEST_CASE("load_nam: what is no LSTM of NeuralAmpModeler is named in a sentence") {
    const Folder folder;
    const auto refuses = [&](nlohmann::json all, const std::string& words) {
        const auto file = folder.write("amp.nam", all.dump());
        CHECK_THROWS_WITH(load_nam(file), ContainsSubstring("load_nam: ") && ContainsSubstring(words));
    };
    auto good = some_nam(70);
    const auto with = [&](const char* name, nlohmann::json value) {
        auto all = good;
        (std::string(name) == "architecture" || std::string(name) == "sample_rate" ? all[name] : all["config"][name]) = value;
        return all;
    };
    refuses(with("architecture", "WaveNet"), "its architecture is WaveNet, not LSTM");
    refuses(with("hidden_size", 0), "its hidden_size is 0, not positive");
    refuses(with("hidden_size", 2.5), "its hidden_size is missing, or of another kind");
    refuses(with("hidden_size", 4'000'000'000), "it has 70 weights, 1 layers of 4000000000 units have ");
    refuses(with("input_size", 2), "its input_size is 2, not 1");
    refuses(with("num_layers", 1'000'000), "its num_layers is 1000000, of at most ");
    refuses(with("num_layers", 2), "it has 70 weights, 2 layers of 3 units have 160");
    refuses(with("sample_rate", "fast"), "its sample_rate is missing, or of another kind");
    refuses(some_nam(69), "it has 69 weights, 1 layers of 3 units have 70");
    refuses(nlohmann::json::array(), "not an object");
    good["weights"][5] = "x";
    refuses(good, "weight 5 is \"x\", not a finite number");
    good["weights"][5] = 1e300;
    refuses(good, "weight 5 is 1e+300, not a finite number");
    CHECK_THROWS_WITH(load_nam(folder.write("amp.nam", "{")), ContainsSubstring("not JSON"));
}

TEST_CASE("save_nam: what does not fit, or is not finite, is refused, and the file stays") {
    const Folder folder;
    Rng rng(2);
    const NamLstm model(3, 2, rng);
    const auto file = folder / "amp.nam";
    save_nam(file, model);
    const auto refuses = [&](const NamLstm& other, const std::string& words) {
        CHECK_THROWS_WITH(save_nam(file, other), ContainsSubstring(words));
        CHECK(load_nam(file).layers.depth() == 2);
    };
    auto broken = model;
    broken.head.b.value(0, 0) = NAN;
    refuses(broken, "weight 159 is nan, not a finite number");
    broken = model;
    broken.head.W = Param<float>(1, 4);
    refuses(broken, "head.W is 1x4; with one input and 3 units in each layer it is 1x3");
    broken = model;
    broken.start = NamLstm(3, 3, rng).start;
    refuses(broken, "start.2.h is 3x1; with one input and 3 units in each layer it is 3x1");
    broken.start = NamLstm(3, 1, rng).start;
    refuses(broken, "start has fewer layers than the 2 of the model");
    broken = model;
    broken.layers = NamLstm::Layers(2, 3, 2, rng);
    refuses(broken, "layers.0.Wx is 12x2; with one input and 3 units in each layer it is 12x1");
}
