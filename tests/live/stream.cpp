#include "bptt/live/stream.hpp"

#include "catch.hpp"
#include "live/reference.hpp"

using namespace bptt;

namespace {

constexpr auto current = Peephole::current, previous = Peephole::previous, full = Peephole::full;

TEMPLATE_TEST_CASE("a stream is equal to the textbook's step over ten thousand steps", "", Rnn<double>,
                   (Rnn<double, Activation::relu>), (Rnn<double, Activation::identity>), Lstm<double>, (Lstm<double, current>),
                   (Lstm<double, previous>), (Lstm<double, full>), Gru<double>, (Gru<double, Reset::after>),
                   LayerNormLstm<double>, OwnCell<double>) {
    Rng rng(1);
    const auto cell = of_floats(TestType(3, 20, rng), rng, 0.2);
#if defined(BPTT_ADDRESS_SANITIZER)
    constexpr int steps = 300;
#else
    constexpr int steps = 10'000;
#endif
    auto live = stream(cell);
    CHECK(difference(cell, live, steps, rng) < 1e-6);
    if constexpr (!std::is_void_v<typename live::StepOf<TestType>::type>) {
        auto fixed = stream<3, 20>(cell);
        CHECK(difference(cell, fixed, steps, rng) < 1e-6);
    }
}

TEMPLATE_TEST_CASE("a stream of any size, of any number of voices", "", Rnn<double>, Lstm<double>, (Lstm<double, current>),
                   (Lstm<double, previous>), (Lstm<double, full>), Gru<double>, (Gru<double, Reset::after>),
                   LayerNormLstm<double>) {
    Rng rng(2);
    for (const Index units : {1, 4, 8, 15, 16, 17, 32, 33, 64, 100, 130})
        for (const Index inputs : {1, 2, 5}) {
            CAPTURE(units, inputs);
            const auto cell = of_floats(TestType(inputs, units, rng), rng, 1 / std::sqrt(static_cast<double>(units)));
            auto one = stream(cell);
            CHECK(difference(cell, one, 20, rng) < 1e-6);
            for (const int voices : {1, 2, 3, 8}) {
                CAPTURE(voices);
                auto live = stream(Voices{voices}, cell);
                CHECK(difference(cell, live, 10, rng) < 1e-6);
            }
        }
}

TEMPLATE_TEST_CASE("weights stored as bfloat16 or int8 give nearly the same", "", Rnn<double>, Lstm<double>,
                   (Lstm<double, current>), (Lstm<double, full>), Gru<double>, (Gru<double, Reset::after>),
                   LayerNormLstm<double>) {
    Rng rng(3);
    for (const Index units : {1, 7, 20, 65})
        for (const Index inputs : {1, 2, 3, 4}) {
            CAPTURE(units, inputs);
            const auto cell = of_floats(TestType(inputs, units, rng), rng, 1 / std::sqrt(static_cast<double>(units)));
            auto halves = stream<Storage::bfloat16>(cell);
            auto bytes = stream<Storage::int8>(cell);
            auto halves_of_three = stream<Storage::bfloat16>(Voices{3}, cell);
            auto bytes_of_three = stream<Storage::int8>(Voices{3}, cell);
            CHECK(difference(cell, halves, 50, rng) < 0.015);
            CHECK(difference(cell, bytes, 50, rng) < 0.03);
            CHECK(difference(cell, halves_of_three, 50, rng) < 0.015);
            CHECK(difference(cell, bytes_of_three, 50, rng) < 0.03);
        }
}

TEST_CASE("numbers that a storage holds exactly are those that it computes with") {
    Rng rng(4);
    Rnn<double, Activation::identity> cell(5, 19, rng);
    for (Param<double>* p : {&cell.Wx, &cell.Wh}) {
        p->value = random_matrix<double>(19, p->cols(), [&] { return (static_cast<double>(rng.below(31)) - 15) / 128; });
        p->value.col(1).setConstant(127.0 / 128);  // the greatest of each row: its scale is 1 / 128
    }
    cell.Wh.value *= 0.0625;
    auto halves = stream<Storage::bfloat16>(cell);
    auto bytes = stream<Storage::int8>(cell);
    CHECK(difference(cell, halves, 30, rng) < 1e-4);  // h grows to about 100
    CHECK(difference(cell, bytes, 30, rng) < 1e-4);
}

TEST_CASE("a stack, and heads with activations") {
    Rng rng(5);
    const auto stack = of_floats(Stacked<Lstm<double>>(2, 9, 3, rng), rng);
    auto live = stream(stack);
    CHECK(difference(stack, live, 200, rng) < 1e-6);
    auto bytes = stream<Storage::int8>(Voices{2}, stack);
    CHECK(difference(stack, bytes, 50, rng) < 0.03);

    const auto lstm = of_floats(Lstm<double>(1, 12, rng), rng);
    const auto wide = of_floats(Linear<double>(12, 35, rng), rng), narrow = of_floats(Linear<double>(35, 1, rng), rng);
    for (const auto activation :
         {live::Activation::tanh, live::Activation::relu, live::Activation::identity, live::Activation::sigmoid}) {
        auto whole = stream(Voices{2}, lstm, Activated{wide, activation}, narrow);
        CHECK(whole.outputs() == 1);
        Textbook<Lstm<double>> textbook(lstm, 2);
        Mat<float> x = Mat<float>::Zero(1, 2);
        for (int t = 0; t < 20; ++t) {
            walk(x, rng);
            Mat<double> z = (wide.W.value * textbook.step(x)).colwise() + wide.b.value.col(0);
            if (activation == live::Activation::tanh) z = z.array().tanh();
            if (activation == live::Activation::relu) z = z.array().max(0);
            if (activation == live::Activation::sigmoid) z = z.array().logistic();
            const Mat<double> expected = (narrow.W.value * z).colwise() + narrow.b.value.col(0);
            CHECK((whole.step(x).cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-5);
        }
    }
}

TEMPLATE_TEST_CASE("a stream goes on from a state, and begins again", "", Lstm<float>, Gru<float>, Stacked<Gru<float>>,
                   LayerNormLstm<float>, OwnCell<float>) {
    Rng rng(6);
    const auto make = [&] {
        if constexpr (std::is_constructible_v<TestType, Index, Index, Index, Rng&>)
            return TestType(2, 11, 2, rng);
        else
            return TestType(2, 11, rng);
    };
    const auto layer = of_floats(make(), rng);
    auto live = stream(Voices{2}, layer);
    Mat<float> x(2, 2);
    std::vector<Mat<float>> all;
    const auto run = [&](auto& streamed, int from, int to) {
        std::vector<Mat<float>> y;
        for (int t = from; t < to; ++t) {
            x.setConstant(std::sin(static_cast<float>(t)));
            y.push_back(streamed.step(x));
        }
        return y;
    };
    const auto whole = run(live, 0, 8);
    live.reset();
    const auto first = run(live, 0, 5);
    const auto state = live.state();
    auto other = stream(Voices{2}, layer);
    other.set_state(state);
    const auto rest = run(other, 5, 8);
    for (std::size_t t = 0; t < 5; ++t) CHECK(first[t] == whole[t]);
    for (std::size_t t = 0; t < 3; ++t) CHECK(rest[t] == whole[5 + t]);
    // The state is what unroll() would have carried.
    Textbook<TestType> textbook(layer, 2);
    for (int t = 0; t < 5; ++t) x.setConstant(std::sin(static_cast<float>(t))), textbook.step(x);
    for_each_field(state, textbook.state,
                   [](const Mat<float>& m, const Mat<float>& n) { CHECK((m - n).cwiseAbs().maxCoeff() < 1e-6); });
}

TEST_CASE("x is a matrix, a block, numbers side by side, or one number") {
    Rng rng(7);
    const auto cell = of_floats(Gru<float>(1, 5, rng), rng);
    auto a = stream(cell), b = stream(cell), c = stream(cell);
    const std::vector<float> signal{0.5f, -0.25f, 1};
    const Mat<float> x = Eigen::Map<const Mat<float>>(signal.data(), 1, 3);
    for (int t = 0; t < 3; ++t) {
        const Eigen::VectorXf y = a.step(signal[static_cast<std::size_t>(t)]);
        CHECK(b.step(x.col(t)) == y);
        CHECK(c.step(std::span(signal).subspan(static_cast<std::size_t>(t), 1)) == y);
    }
    const auto wide = of_floats(Gru<float>(3, 5, rng), rng);
    auto of_block = stream(Voices{2}, wide), of_copy = stream(Voices{2}, wide);
    const Mat<float> large = random_mat(7, 4, rng).cast<float>();
    const Mat<float> small = large.block(2, 1, 3, 2);
    CHECK(of_block.step(large.block(2, 1, 3, 2)) == of_copy.step(small));
}

TEST_CASE("a row vector is one number of each voice") {
    Rng rng(9);
    const auto cell = of_floats(Gru<float>(1, 4, rng), rng);
    auto live = stream(Voices{3}, cell), other = stream(Voices{3}, cell), third = stream(Voices{3}, cell);
    const Mat<float> x = random_mat(1, 3, rng).cast<float>(), wide = x.replicate(2, 1);
    const Eigen::RowVectorXf row = x;
    const Mat<float> y = live.step(x);
    CHECK(other.step(row) == y);
    CHECK(third.step(wide.row(1)) == y);
    auto one = stream(cell), two = stream(cell);
    CHECK(one.step(row.leftCols<1>()) == two.step(row(0)));
}

TEMPLATE_TEST_CASE("streams are copied and moved", "", Lstm<float>, OwnCell<float>, Stacked<Gru<float>>) {
    Rng rng(10);
    const auto make = [&] {
        if constexpr (std::is_constructible_v<TestType, Index, Index, Index, Rng&>)
            return TestType(1, 6, 2, rng);
        else
            return TestType(1, 6, rng);
    };
    auto live = [&] { return stream(make(), Linear<float>(6, 1, rng)); }();  // of a layer and a head that are gone
    live.step(0.5f);
    auto copy = live;
    const float next = live.step(0.25f)(0);
    CHECK(copy.step(0.25f)(0) == next);
    std::vector all(3, copy);
    const float last = copy.step(-0.5f)(0);
    all[0] = std::move(all[1]);
    CHECK(all[0].step(-0.5f)(0) == last);
    CHECK(all[2].step(-0.5f)(0) == last);
    CHECK_THROWS_WITH(all[1].reset(), ContainsSubstring("moved from"));
    CHECK_THROWS_WITH(all[1].state(), ContainsSubstring("moved from"));
}

TEST_CASE("what stream() and set_state() refuse") {
    Rng rng(8);
    Lstm<float> cell(3, 5, rng);
    const Linear<float> head(4, 1, rng);
    CHECK_THROWS_WITH(stream(cell, head), ContainsSubstring("head 0 has W 1x4") && ContainsSubstring("5 numbers"));
    CHECK_THROWS_WITH((stream<3, 6>(cell)), ContainsSubstring("3 inputs and 5 units, not 3 and 6"));
    CHECK_THROWS_WITH(stream(Voices{0}, cell), ContainsSubstring("0 voices"));
    auto live = stream(Voices{2}, cell);
    auto state = live.state();
    state.c.resize(5, 1);
    state.h.setOnes();
    CHECK_THROWS_WITH(live.set_state(state), ContainsSubstring("c of the state is 5x1, not 5 rows and 2 columns"));
    CHECK(live.state().h.isZero());
    cell.Wh.value(2, 1) = NAN;
    auto misfit = cell;
    misfit.Wh.value(2, 1) = 0;
    misfit.b = Param<float>(4, 1);
    CHECK_THROWS_WITH(stream(misfit), ContainsSubstring("stream: the cell's b is 4x1, not 20x1"));
    LayerNormLstm<float> normalised(3, 5, rng);
    normalised.gc = Param<float>(4, 1);
    CHECK_THROWS_WITH(stream(normalised), ContainsSubstring("stream: the cell's gc is 4x1, not 5x1, as Wh is 20x5"));
    const auto gone = std::move(misfit);
    CHECK_THROWS_WITH(stream(misfit), ContainsSubstring("was it moved from?"));
    CHECK_THROWS_WITH(stream(cell), ContainsSubstring("Wh: row 2, column 1 is nan, not a number below 1e37"));
}

}  // namespace
