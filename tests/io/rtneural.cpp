#include "bptt/io/rtneural.hpp"

#include <fstream>

#include "catch.hpp"
#include "support/folder.hpp"
#include "support/params.hpp"

using namespace bptt;

namespace {

const std::filesystem::path fixtures = std::filesystem::path(BPTT_FIXTURES) / "rtneural";

const std::vector<float>& signal(const std::string& name) {
    static const auto all = [] {
        std::ifstream in(fixtures / "signals.json");
        return nlohmann::json::parse(in).get<std::map<std::string, std::vector<float>>>();
    }();
    return all.at(name);
}

template <class Cell> struct Net {
    Stacked<Cell> cells;
    Linear<typename Cell::Scalar> wide, narrow;
    BPTT_PARAMS(cells, wide, narrow)
    explicit Net(Rng& rng) : cells(1, 5, 3, rng), wide(5, 3, rng), narrow(3, 1, rng) {}
};

/// The greatest difference of the network's output from PyTorch's.
double off(auto&& live, const std::string& expected) {
    double worst = 0;
    for (std::size_t t = 0; t < 200; ++t)
        worst = (std::max)(worst, std::abs(static_cast<double>(live.step(signal("x")[t])(0) - signal(expected)[t])));
    return worst;
}

template <class Cell> constexpr const char* kind = "lstm";
template <class T> constexpr const char* kind<Gru<T, Reset::after>> = "gru";

TEMPLATE_TEST_CASE("networks in RTNeural's JSON compute what PyTorch computes", "", Lstm<float>, (Gru<double, Reset::after>)) {
    Rng rng(1);
    const std::string name = kind<TestType>;
    Net<TestType> net(rng), torch(rng);
    load_rtneural(fixtures / (name + ".json"), net.cells, Activated{net.wide, live::Activation::tanh}, net.narrow);
    CHECK(off(stream(net.cells, Activated{net.wide, live::Activation::tanh}, net.narrow), name) < 1e-5);
    load_rtneural(fixtures / (name + "_torch.json"), torch.cells, torch.wide, torch.narrow);
    CHECK(off(stream(torch.cells, torch.wide, torch.narrow), name + "_torch") < 1e-5);
}

TEST_CASE("an activation that is a layer of its own belongs to the dense layer before it") {
    const Folder folder;
    Rng rng(5);
    Lstm<float> lstm(1, 3, rng);
    Linear<float> head(3, 1, rng);
    save_rtneural(folder / "net.json", lstm, head);
    std::ifstream in(folder / "net.json");
    auto all = nlohmann::json::parse(in);
    all["layers"].push_back({{"type", "activation"}, {"activation", "tanh"}});
    const auto file = folder.write("with.json", all.dump());
    load_rtneural(file, lstm, Activated{head, Activation::tanh});
    CHECK_THROWS_WITH(load_rtneural(file, lstm, head), ContainsSubstring("layer 1 is dense, tanh, the model's is dense"));
    all["layers"].push_back({{"type", "activation"}, {"activation", "relu"}});
    CHECK_THROWS_WITH(load_rtneural(folder.write("two.json", all.dump()), lstm, head),
                      ContainsSubstring("an activation does not follow a dense layer without one"));
}

TEMPLATE_TEST_CASE("what save_rtneural() writes, load_rtneural() reads", "", Lstm<float>, (Gru<float, Reset::after>),
                   Lstm<double>) {
    const Folder folder;
    Rng rng(2);
    Net<TestType> net(rng), other(rng);
    randomise(net, rng);
    const auto file = folder / "net.json";
    save_rtneural(file, net.cells, net.wide, Activated{net.narrow, live::Activation::sigmoid});
    load_rtneural(file, other.cells, other.wide, Activated{other.narrow, live::Activation::sigmoid});
    for_each_param(net, [&, all = params_of<typename TestType::Scalar>(other), k = std::size_t{0}](
                            auto&&, const auto& p) mutable { CHECK(all[k++].second->value == p.value); });
}

TEST_CASE("what load_rtneural() refuses, and then changes nothing") {
    const Folder folder;
    Rng rng(3);
    Lstm<float> lstm(1, 2, rng);
    Linear<float> head(2, 1, rng);
    const auto before = lstm.Wx.value;
    const auto refused = [&](const std::string& text, const std::string& words) {
        const auto file = folder / "net.json";
        std::ofstream(file) << text;
        CAPTURE(text);
        CHECK_THROWS_WITH(load_rtneural(file, lstm, head),
                          ContainsSubstring("load_rtneural: " + file.string()) && ContainsSubstring(words));
        CHECK(lstm.Wx.value == before);
    };
    const std::string cell =
        R"({"type": "lstm", "activation": "", "weights": [[[1, 1, 1, 1, 1, 1, 1, 1]], [[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1]], [1, 1, 1, 1, 1, 1, 1, 1]]})";
    const auto layers = [](const std::string& all) { return R"({"layers": [)" + all + "]}"; };
    const std::string dense = R"({"type": "dense", "activation": "", "weights": [[[1], [1]], [1]]})";
    refused("{", "not JSON");
    refused("[]", "not an object");
    refused("{}", "it has no layers");
    refused(layers(""), "it has no layers");
    refused(layers(cell), "it has 1 layers, the model 2");
    refused(layers(dense + "," + dense), "layer 0 is dense, the model's is lstm");
    refused(layers(cell + R"(, {"type": "dense", "activation": "tanh", "weights": [[[1], [1]], [1]]})"),
            "layer 1 is dense, tanh, the model's is dense");
    refused(layers(cell + R"(, {"type": "dense", "weights": [[[1]], [1]]})"), "layer 1 has W 1x1, the model's is 1x2");
    refused(layers(cell + R"(, {"type": "dense", "weights": [[[1], [1, 2]], [1]]})"), "layer 1: weights 0 is not a matrix");
    refused(layers(cell + R"(, {"type": "dense", "weights": [[[1], ["1"]], [1]]})"), "layer 1: weights 0 is not a matrix");
    refused(layers(cell + R"(, {"type": "dense", "activation": "elu", "weights": [[[1], [1]], [1]]})"),
            "its activation is elu");
    refused(layers(cell + R"(, {"type": "conv1d"})"), "layer 1 is of type conv1d");
    refused(layers(cell + R"(, {"type": "dense"})"), "layer 1 has no weights");
    refused(layers(cell + ", {}"), "layer 1 has no type");
    refused(layers(cell + R"(, {"type": "gru", "weights": [[[1, 1, 1]], [[1, 1, 1]], [1, 1, 1]]})"), "reset_after");
    refused(R"({"rec.weight_ih_l0": [[1]]})", "there is no rec.weight_hh_l0");
    lstm.b = Param<float>(4, 1);
    CHECK_THROWS_WITH(save_rtneural(folder / "misfit.json", lstm), ContainsSubstring("the cell's b is 4x1, not 8x1"));
    CHECK_THROWS_WITH(load_rtneural(folder / "none.json", lstm, head), ContainsSubstring("cannot open"));
}

}  // namespace
