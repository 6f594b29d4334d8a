#include "bptt/live/fixed.hpp"

#include <algorithm>

#include "catch.hpp"
#include "live/reference.hpp"

using namespace bptt;
using live::Float32, live::packed;

namespace {

/// Numbers of −0.25..0.25, while the program is compiled.
template <int height, int width> constexpr live::Matrix<height, width> numbers(unsigned seed) {
    live::Matrix<height, width> m{};
    for (float& x : m.numbers) {
        seed = seed * 1664525 + 1013904223;
        x = static_cast<float>(static_cast<int>(seed >> 8) - (1 << 23)) * 0x1p-25f;
    }
    return m;
}
template <int height, int width> Param<double> param(const live::Matrix<height, width>& m) {
    Param<double> p(height, width);
    for (int i = 0; i < height; ++i)
        for (int j = 0; j < width; ++j) p.value(i, j) = double{m(i, j)};
    return p;
}

namespace constants {
constexpr int inputs = 3, units = 19;
template <int gates> constexpr auto Wx = numbers<gates * units, inputs>(gates);
template <int gates> constexpr auto Wh = numbers<gates * units, units>(10 + gates);
template <int gates> constexpr auto b = numbers<gates * units, 1>(20 + gates);
constexpr auto bh = numbers<units, 1>(30);
template <int k> constexpr auto P = numbers<units, 1>(40 + k);
template <int k> constexpr auto gx = numbers<4 * units, 1>(60 + k);
template <int k> constexpr auto full_P = numbers<units, units>(50 + k);
}  // namespace constants

template <class L> L cell_of_constants() {
    using namespace constants;
    constexpr int gates = live::StepOf<L>::type::gates;
    Rng rng = Rng::zeros();
    L layer(inputs, units, rng);
    layer.Wx = param(Wx<gates>), layer.Wh = param(Wh<gates>), layer.b = param(b<gates>);
    return layer;
}

/// The greatest difference from the textbook over 200 steps and, once reset, over 200 more.
template <class L> double difference_of_runner(const L& layer, auto runner) {
    Rng rng(1);
    double worst = 0;
    for (int run = 0; run < 2; ++run) {
        Textbook<L> textbook(layer, 1);
        Mat<float> x = Mat<float>::Zero(constants::inputs, 1);
        for (int t = 0; t < 200; ++t) {
            walk(x, rng);
            const float in[constants::inputs] = {x(0), x(1), x(2)};
            const Eigen::Map<const Eigen::VectorXf> y(runner.step(in), layer.units());
            const double off = (y.template cast<double>() - textbook.step(x)).cwiseAbs().maxCoeff();
            worst = off <= worst ? worst : off;
        }
        runner.reset();
    }
    return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("a Runner of constants is equal to the textbook's step", "", Float32, live::Bfloat16, live::Int8) {
    using namespace constants;
    constexpr double most = std::is_same_v<TestType, Float32> ? 1e-6 : 0.1;  // 19 products of numbers up to a quarter
    const auto check_cell = [&](const auto& layer, auto runner) { CHECK(difference_of_runner(layer, runner) < most); };

    static constexpr auto rnn = packed<live::Rnn<live::Activation::tanh>, TestType>(Wx<1>, Wh<1>, b<1>);
    check_cell(cell_of_constants<Rnn<double>>(), live::Runner<rnn>());
    static constexpr auto lstm = packed<live::Lstm<live::Peephole::none>, TestType>(Wx<4>, Wh<4>, b<4>);
    check_cell(cell_of_constants<Lstm<double>>(), live::Runner<lstm>());
    static constexpr auto gru = packed<live::GruBefore, TestType>(Wx<3>, Wh<3>, b<3>);
    check_cell(cell_of_constants<Gru<double>>(), live::Runner<gru>());

    static constexpr auto after = packed<live::GruAfter, TestType>(Wx<3>, Wh<3>, b<3>, bh);
    auto gru_after = cell_of_constants<Gru<double, Reset::after>>();
    gru_after.bh = param(bh);
    check_cell(gru_after, live::Runner<after>());

    static constexpr auto normalised = packed<live::LayerNormLstm, TestType>(Wx<4>, Wh<4>, b<4>, gx<0>, gx<1>, P<3>, bh);
    auto layer_norm = cell_of_constants<LayerNormLstm<double>>();
    layer_norm.gx = param(gx<0>), layer_norm.gh = param(gx<1>), layer_norm.gc = param(P<3>), layer_norm.bc = param(bh);
    check_cell(layer_norm, live::Runner<normalised>());

    static constexpr auto peephole =
        packed<live::Lstm<live::Peephole::current>, TestType>(Wx<4>, Wh<4>, b<4>, P<0>, P<1>, P<2>);
    auto with_peepholes = cell_of_constants<Lstm<double, Peephole::current>>();
    with_peepholes.Pi = param(P<0>), with_peepholes.Pf = param(P<1>), with_peepholes.Po = param(P<2>);
    check_cell(with_peepholes, live::Runner<peephole>());

    static constexpr auto full_peepholes =
        packed<live::Lstm<live::Peephole::full>, TestType>(Wx<4>, Wh<4>, b<4>, full_P<0>, full_P<1>, full_P<2>);
    auto with_full = cell_of_constants<Lstm<double, Peephole::full>>();
    with_full.Pi = param(full_P<0>), with_full.Pf = param(full_P<1>), with_full.Po = param(full_P<2>);
    check_cell(with_full, live::Runner<full_peepholes>());
}

TEST_CASE("packed() of W and b is a head") {
    static constexpr auto W = numbers<2, 19>(1);
    static constexpr auto bias = numbers<2, 1>(2);
    static constexpr auto head = packed(W, bias);
    live::Runner<head> linear;
    float in[19];
    Eigen::Map<Eigen::VectorXf> x(in, 19);
    x.setLinSpaced(-1, 1);
    const Eigen::Map<const Eigen::VectorXf> y(linear.step(in), 2);
    CHECK((y.cast<double>() - param(W).value * x.cast<double>() - param(bias).value).cwiseAbs().maxCoeff() < 1e-6);
}

TEST_CASE("packing gives the same bits when the program is compiled and when it runs") {
    using namespace constants;
    using Step = live::Lstm<live::Peephole::none>;
    static constexpr auto constant = packed<Step, live::Int8>(Wx<4>, Wh<4>, b<4>);
    const auto now = packed<Step, live::Int8>(Wx<4>, Wh<4>, b<4>);
    CHECK(std::ranges::equal(constant.matrix, now.matrix));
    CHECK(std::ranges::equal(constant.rows, now.rows));
}
