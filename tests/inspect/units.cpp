#include "bptt/inspect/units.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Pearson's correlation, as its definition says.
double pearson(const Mat<double>& a, const Mat<double>& b) {
    const Mat<double> x = a.array() - a.mean(), y = b.array() - b.mean();
    return x.cwiseProduct(y).sum() / (x.norm() * y.norm());
}

}  // namespace

TEST_CASE("score_units: correlations over both halves, best first by the first half") {
    Rng rng(1);
    const Index steps = 400;
    Mat<double> h = random_mat(5, steps, rng), c = random_mat(3, steps, rng);
    TextProperty property{"sawtooth", {}};
    for (Index t = 0; t < steps; ++t) property.values.push_back(static_cast<double>(t % 17));
    const Eigen::Map<const Mat<double>> y(property.values.data(), 1, steps);
    h.row(2) = -y + 3 * h.row(2);
    c.row(1) = y + c.row(1);
    h.row(4).rightCols(200) = y.rightCols(200);  // which cannot be known from the first half
    h.row(0).setConstant(0.1);
    const Traced<double> traced{{{"h", false, h}, {"f", true, Mat<double>(y.replicate(2, 1))}, {"c", false, c}}};
    const auto scores = score_units(traced, property, rng, 8);
    CHECK(scores.property == "sawtooth");
    REQUIRE(scores.best.size() == 8);
    CHECK(
        (scores.best[0].signal == "c" && scores.best[0].unit == 1 && scores.best[1].signal == "h" && scores.best[1].unit == 2));
    for (const UnitScore& s : scores.best) {
        const Mat<double> row = traced[s.signal].row(s.unit);
        const bool same = s.signal == "h" && s.unit == 0;
        CHECK(std::abs(s.chosen - (same ? 0 : pearson(row.leftCols(200), y.leftCols(200)))) < 1e-12);
        CHECK(std::abs(s.held_out - (same ? 0 : pearson(row.rightCols(200), y.rightCols(200)))) < 1e-12);
    }
    CHECK((scores.best[1].chosen < -0.8 && scores.best[7].unit == 0 && scores.best[7].chosen == 0));
    CHECK(score_units(traced, property, rng, 3).best.size() == 3);
    const Traced<double> none{{{"weights", false, Mat<double>(0, steps)}, {"h", false, h}}};
    CHECK(score_units(none, property, rng, 8).best.size() == 5);
}

TEST_CASE("score_units: positions at which the property is unknown count as if they were not there") {
    Rng rng(2);
    const Mat<double> h = random_mat(4, 60, rng);
    TextProperty all{"x", {}}, fewer{"x", {}};
    Mat<double> less(4, 0);
    for (Index t = 0; t < 60; ++t) {
        const bool known = t % 3 != 1;
        all.values.push_back(known ? h(1, t) + h(2, t) : unknown);
        if (!known) continue;
        fewer.values.push_back(all.values.back());
        less.conservativeResize(4, less.cols() + 1);
        less.rightCols(1) = h.col(t);
    }
    const auto a = score_units(Traced<double>{{{"h", false, h}}}, all, rng),
               b = score_units(Traced<double>{{{"h", false, less}}}, fewer, rng);
    REQUIRE((a.best.size() == 4 && b.best.size() == 4));
    for (std::size_t k = 0; k < 4; ++k) {
        CHECK(a.best[k].unit == b.best[k].unit);
        CHECK(std::abs(a.best[k].chosen - b.best[k].chosen) < 1e-12);
        CHECK(std::abs(a.best[k].held_out - b.best[k].held_out) < 1e-12);
    }
}

TEST_CASE("score_units: what is chosen by chance scores little, and less than what follows the property") {
    Rng rng(3);
    Mat<float> h = random_mat(100, 4000, rng).cast<float>();
    TextProperty property{"runs", {}};
    for (Index t = 0; t < 4000; ++t) property.values.push_back(rng.below(50) == 0 || (t % 50 > 30) ? 1 : 0);
    for (Index t = 0; t < 4000; ++t) h(7, t) += static_cast<float>(property.values[static_cast<std::size_t>(t)]);
    const auto scores = score_units(Traced<float>{{{"h", false, h}}}, property, rng);
    CHECK((scores.best[0].unit == 7 && scores.best[0].held_out > 0.5));
    CHECK((scores.shuffled > 0 && scores.shuffled < 0.45));
}

TEST_CASE("score_units: a property that does not change in a half of the text has no units") {
    Rng rng(4);
    const Traced<double> traced{{{"h", false, random_mat(3, 40, rng)}}};
    const auto halves = [](double first, double second) {
        std::vector<double> values(20, first);
        values.resize(40, second);
        return values;
    };
    auto one = halves(0.1, 0.1), other = halves(0.3, 0.3), half = halves(unknown, 0);
    one[25] = 0.2, other[5] = 1, half[30] = 1;
    for (const std::vector<double>& values : {one, other, half}) {
        const auto scores = score_units(traced, {"x", values}, rng);
        CHECK((scores.best.empty() && scores.shuffled == 0));
    }
}

TEST_CASE("score_units: numbers of any size, and small changes of large ones") {
    Rng rng(6);
    const Mat<double> u = random_mat(1, 400, rng);
    const double r = pearson(u.rightCols(200), Mat<double>(u.rightCols(200).array().cube()));
    for (const double size : {1e200, 1.0, 1e-200}) {
        TextProperty property{"x", {}};
        for (const double v : u.row(0)) property.values.push_back(size * v * v * v);
        for (const Mat<double>& h :
             {Mat<double>(u * size), Mat<double>(1 + 1e-6 * u.array()), Mat<double>(1e12 + u.array() * 1e6)}) {
            const auto scores = score_units(Traced<double>{{{"h", false, h}}}, property, rng);
            REQUIRE(scores.best.size() == 1);
            CHECK(std::abs(scores.best[0].held_out - r) < 1e-6);
        }
    }
}

TEST_CASE("score_units: nine values say nothing") {
    Rng rng(7);
    const Traced<double> traced{{{"h", false, random_mat(3, 19, rng)}}}, more{{{"h", false, random_mat(3, 20, rng)}}};
    std::vector<double> values;
    for (int k = 0; k < 20; ++k) values.push_back(k % 3);
    CHECK(score_units(more, {"x", values}, rng).best.size() == 3);
    values.pop_back();
    CHECK(score_units(traced, {"x", values}, rng).best.empty());
}

TEST_CASE("score_units: what cannot be scored is refused") {
    Rng rng(5);
    Traced<double> traced{{{"1.c", false, random_mat(3, 4, rng)}}};
    CHECK_THROWS_WITH(score_units(traced, {"x", {1, 2, 3}}, rng), "score_units: 1.c has 4 steps, \"x\" has 3 values");
    CHECK_THROWS_WITH(score_units(traced, {"x", {1, 2, 3, 4}}, rng, 0), "score_units: count is 0, not positive");
    CHECK_THROWS_WITH(score_units(traced, {"x", {1, 2, std::numeric_limits<double>::infinity(), 4}}, rng),
                      "score_units: value 2 of \"x\" is infinite");
    CHECK_THROWS_WITH(score_units(traced, {"x", {-std::numeric_limits<double>::infinity(), 1, 2, 4}}, rng),
                      "score_units: value 0 of \"x\" is infinite");
    traced.signals[0].values(1, 2) = unknown;
    CHECK_THROWS_WITH(score_units(traced, {"x", {1, 2, 3, 4}}, rng), "score_units: 1.c is not finite");
}

TEST_CASE("unit_values: as they are or, where any unit of the signal goes beyond 1, their tanh") {
    const Traced<float> traced{
        {{"h", false, Mat<float>{{1, 0.25f}, {-1, 0}}}, {"c", false, Mat<float>{{0.5f, 0}, {0, -1.5f}}}}};
    CHECK(unit_values(traced, "h", 0) == std::vector<double>{1, 0.25});
    CHECK(unit_values(traced, "h", 1) == std::vector<double>{-1, 0});
    CHECK(std::abs(unit_values(traced, "c", 0)[0] - std::tanh(0.5)) < 1e-7);
    CHECK(std::abs(unit_values(traced, "c", 1)[1] + std::tanh(1.5)) < 1e-7);
    CHECK_THROWS_WITH(unit_values(traced, "c", 2), "unit_values: unit is 2, outside 0..1 of c");
    CHECK_THROWS_WITH(unit_values(traced, "c", -1), "unit_values: unit is -1, outside 0..1 of c");
    CHECK_THROWS_WITH(unit_values(traced, "f", 0), "Traced: there is no signal \"f\"; there are h, c");
}
