#include <cmath>

#include "bptt/inspect/units.hpp"
#include "catch.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

/// Pearson's correlation of x and y over first, …, end − 1; NaN where one does not change.
double correlation(const Mat<double>& x, Index unit, const std::vector<double>& y, Index first, Index end) {
    const auto n = static_cast<double>(end - first);
    double mean_x = 0, mean_y = 0, xx = 0, xy = 0, yy = 0;
    for (Index k = first; k < end; ++k) mean_x += x(unit, k) / n, mean_y += y[static_cast<std::size_t>(k)] / n;
    for (Index k = first; k < end; ++k) {
        const double dx = x(unit, k) - mean_x, dy = y[static_cast<std::size_t>(k)] - mean_y;
        xx += dx * dx, xy += dx * dy, yy += dy * dy;
    }
    return xy / std::sqrt(xx * yy);
}

struct Shuffled {
    double mean = 0;
    int scored = 0;
};
/// Five times the property is moved by a quarter to three quarters of the text, the unit chosen on the first half, and scored
/// on the second.
Shuffled shuffled(const Mat<double>& x, const std::vector<double>& y, Rng rng) {
    Shuffled result;
    const Index n = x.cols();
    for (int draw = 0; draw < 5; ++draw) {
        const Index by = n / 4 + rng.below(n / 2 + 1);
        std::vector<double> moved;
        for (Index k = 0; k < n; ++k) moved.push_back(y[static_cast<std::size_t>((k + by) % n)]);
        Index best = 0;
        for (Index unit = 1; unit < x.rows(); ++unit)
            if (std::abs(correlation(x, unit, moved, 0, n / 2)) > std::abs(correlation(x, best, moved, 0, n / 2))) best = unit;
        const double held_out = std::abs(correlation(x, best, moved, n / 2, n));
        if (std::isnan(held_out) || std::isnan(correlation(x, best, moved, 0, n / 2))) continue;
        result.mean += held_out;
        ++result.scored;
    }
    result.mean /= std::max(1, result.scored);
    return result;
}

}  // namespace

TEST_CASE("score_units: shuffled is the mean over the draws that can be scored, be it five of them, one or none") {
    Rng values(1);
    const Mat<double> x = random_mat(4, 44, values);
    std::vector<double> two(44, 0), many;  // ones at 20 and 23 are in both halves, but not wherever they are moved to
    two[20] = two[23] = 1;
    for (Index k = 0; k < 44; ++k) many.push_back(values.uniform(-1, 1));
    std::vector<int> seen(6, 0);
    for (std::uint64_t seed = 0; seed < 200; ++seed)
        for (const auto& y : {two, many}) {
            Rng rng(seed);
            const Shuffled expected = shuffled(x, y, rng);
            CAPTURE(seed, expected.scored);
            CHECK(std::abs(score_units(Traced<double>{{{"h", false, x}}}, {"x", y}, rng).shuffled - expected.mean) < 1e-12);
            ++seen[static_cast<std::size_t>(expected.scored)];
        }
    CHECK((seen[0] > 0 && seen[1] > 0 && seen[2] > 0 && seen[5] == 200));
}

TEST_CASE("score_units: nothing is drawn for a property that has no units") {
    Rng rng(2), untouched(2);
    const Traced<double> traced{{{"h", false, random_mat(2, 40, untouched)}}};
    random_mat(2, 40, rng);
    std::vector<double> zeros(40, 0);
    zeros[25] = 1;
    CHECK(score_units(traced, {"x", zeros}, rng).best.empty());
    CHECK(rng.next() == untouched.next());
}

TEST_CASE("score_units: of equal units the first stands first, and one that is 0 throughout scores 0") {
    Rng rng(3);
    Mat<double> x = random_mat(4, 40, rng);
    x.row(2) = x.row(1), x.row(3).setZero();
    std::vector<double> y(x.row(1).begin(), x.row(1).end());
    const auto best = score_units(Traced<double>{{{"h", false, x}}}, {"x", y}, rng).best;
    REQUIRE(best.size() == 4);
    CHECK((best[0].unit == 1 && best[1].unit == 2));
    CHECK((best[3].unit == 3 && best[3].chosen == 0 && best[3].held_out == 0));
}

TEST_CASE("score_units: changes as small as rounding are none, of a property and of a unit") {
    Rng rng(4);
    const Mat<double> u = random_mat(1, 400, rng).cwiseSign();
    const auto scored = [&](const Mat<double>& x, const Mat<double>& y) {
        return score_units(Traced<double>{{{"h", false, x}}}, {"x", {y.reshaped().begin(), y.reshaped().end()}}, rng).best;
    };
    for (const double sign : {1.0, -1.0}) {
        CHECK(scored(u, sign * (1 + 0.5e-13 * u.array())).empty());
        CHECK(scored(u, sign * (1 + 2e-13 * u.array())).size() == 1);
    }
    CHECK(scored(1 + 0.5e-12 * u.array(), u)[0].held_out == 0);
    CHECK(scored(1 + 2e-12 * u.array(), u)[0].held_out > 0.99);
    Mat<double> both(2, 400);  // the first is what the other's size is measured by
    both << u, 1e-3 * (1 + 2e-12 * u.array()).matrix();
    CHECK(scored(both, u)[1].held_out > 0.99);
}

TEST_CASE("score_units: a small change of a large property is as good as a large one") {
    Rng rng(5);
    const Mat<double> u = random_mat(1, 400, rng), y = (1 + 1e-12 * u.array()).matrix();
    std::vector<double> change;
    for (const double v : y.reshaped()) change.push_back((v - 1) * 1e12);
    const auto best =
        score_units(Traced<double>{{{"h", false, u}}}, {"x", {y.reshaped().begin(), y.reshaped().end()}}, rng).best;
    REQUIRE(best.size() == 1);
    CHECK(std::abs(best[0].held_out - correlation(u, 0, change, 200, 400)) < 1e-12);
}
