#include "bptt/train/standardizer.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/comma_locale.hpp"
#include "support/numbers.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

template <class T> Mat<T> matrix(std::initializer_list<std::initializer_list<T>> rows) { return Mat<T>(rows); }

/// Whether what comes back computes the same bits.
bool comes_back(const Standardizer& s) {
    const Standardizer back = Standardizer::deserialize(s.serialize());
    const Mat<double> x = Mat<double>::Constant(s.size(), 1, 0.7);
    return back.serialize() == s.serialize() && back.scaled(x) == s.scaled(x) && back.original(x) == s.original(x);
}

}  // namespace

TEST_CASE("Standardizer: the deviation is the population's, and a constant feature is divided by 1") {
    const auto x = matrix<double>({{1, 3, 5, 7}, {9, 9, 9, 9}, {0, -2, 0, -2}});
    const Standardizer s = Standardizer::fit(x);
    CHECK(s.size() == 3);
    const double d = std::sqrt(5.0);
    const auto expected = matrix<double>({{-3 / d, -1 / d, 1 / d, 3 / d}, {0, 0, 0, 0}, {1, -1, 1, -1}});
    CHECK((s.scaled(x) - expected).cwiseAbs().maxCoeff() < 1e-15);
    CHECK((s.original(expected) - x).cwiseAbs().maxCoeff() < 1e-14);
    const auto other = matrix<double>({{4}, {11}, {5}});  // of no part in the fit
    CHECK(s.scaled(other) == matrix<double>({{0}, {2}, {6}}));
    CHECK(s.original(matrix<double>({{0}, {2}, {6}})) == other);
}

TEST_CASE("Standardizer: a fit of several sequences is that of all their columns") {
    const auto x = matrix<float>({{1, 3, 5, 7}, {0, -2, 0, 4}});
    const std::vector<Mat<float>> sequences{x.leftCols(1), x.middleCols(1, 0), x.rightCols(3)};
    CHECK(Standardizer::fit(sequences).serialize() == Standardizer::fit(x).serialize());
    const std::vector<Mat<float>> empty{Mat<float>(2, 0)};
    CHECK_THROWS_WITH(Standardizer::fit(empty), "Standardizer::fit: values are 2x0, empty");
}

TEST_CASE("Standardizer: some features alone, in any order") {
    const Standardizer s = Standardizer::fit(matrix<double>({{-1, 1}, {18, 22}, {100, 300}}));
    CHECK(s.scaled(matrix<double>({{300, 400}, {1, 0}}), {2, 0}) == matrix<double>({{1, 2}, {1, 0}}));
    CHECK(s.original(matrix<double>({{1, 2}, {1, 0}}), {2, 0}) == matrix<double>({{300, 400}, {1, 0}}));
    CHECK(s.original(matrix<double>({{3}, {-1}, {3}}), {1, 1, 0}) == matrix<double>({{26}, {18}, {3}}));
    CHECK(s.original(Mat<double>(0, 5), {}).cols() == 5);
    CHECK(s.original(matrix<double>({{1}, {2}, {3}, {0}}), {1, 2}) == matrix<double>({{22}, {400}, {26}, {200}}));
    CHECK(s.scaled(matrix<double>({{2}, {3}}), {0}) == matrix<double>({{2}, {3}}));
}

TEST_CASE("Standardizer: float comes back as float, and parts and formulas are taken as they are") {
    const auto x = matrix<float>({{1, 3, 1000}, {2, 6, 1000}});
    const Standardizer s = Standardizer::fit(x.leftCols(2));
    CHECK(s.scaled(x.leftCols(2)) == matrix<float>({{-1, 1}, {-1, 1}}));
    CHECK(s.original(s.scaled(x)) == x);
    CHECK(s.scaled(x.middleRows(1, 1) * 2, {1}) == matrix<float>({{0, 4, 998}}));
    const Mat<double> product = matrix<double>({{1}, {2}}) * matrix<double>({{1, 3}});
    CHECK(Standardizer::fit(matrix<double>({{1}, {2}}) * matrix<double>({{1, 3}})).serialize() ==
          Standardizer::fit(product).serialize());
}

TEST_CASE("Standardizer: exact where the mean is large, and where values are large or small") {
    const Mat<double> large = matrix<double>({{1e15 + 1, 1e15 + 3, 1e15 + 3, 1e15 + 1}});
    CHECK(Standardizer::fit(large).serialize() == "1000000000000002 1\n");
    const Mat<float> times = matrix<float>({{16777210.f, 16777212.f}});
    CHECK(Standardizer::fit(times).serialize() == "16777211 1\n");
    for (const double unit : {1e-300, 1e307})
        CHECK_THAT(Standardizer::fit(matrix<double>({{-unit, unit, 3 * unit, unit}})).scaled(matrix<double>({{3 * unit}}))(0),
                   WithinAbs(std::sqrt(2.0), 1e-14));
    // The sum of a tenth n times is not n tenths.
    CHECK(Standardizer::fit(Mat<double>::Constant(1, 1000, 0.1)).serialize() == "0.1 1\n");
    CHECK(Standardizer::fit(Mat<double>::Constant(1, 1000, 5e-324)).scaled(matrix<double>({{1}}))(0) == 1);
}

TEST_CASE("Standardizer: what was fitted has mean 0 and deviation 1") {
    Rng rng(5);
    Mat<double> x = random_mat(4, 500, rng);
    for (Index i = 0; i < 4; ++i) x.row(i) = (x.row(i).array() * std::pow(10, i) + 1e4).eval();
    const Standardizer s = Standardizer::fit(x);
    const Mat<double> y = s.scaled(x);
    for (Index i = 0; i < 4; ++i) {
        CHECK_THAT(y.row(i).mean(), WithinAbs(0, 1e-11));
        CHECK_THAT(y.row(i).squaredNorm() / 500, WithinAbs(1, 1e-11));
    }
    CHECK((s.original(y) - x).cwiseAbs().maxCoeff() < 1e-11);
}

TEST_CASE("Standardizer::serialize: a line for each feature, which comes back with the same bits in any locale") {
    const CommaLocale commas;
    const Standardizer s = Standardizer::fit(matrix<double>({{1234, 1235}, {7, 7}, {-1e-30, -1e-30}}));
    CHECK(s.serialize() == "1234.5 0.5\n7 1\n-1e-30 1\n");
    CHECK(comes_back(s));
    Rng rng(6);
    for (int round = 0; round < 200; ++round) {
        const double unit = std::pow(10, rng.uniform(-290, 290));
        CHECK(comes_back(Standardizer::fit(random_mat(3, 4, rng) * unit)));
    }
}

TEST_CASE("Standardizer::deserialize: what is no mean and deviation is refused, with its line") {
    const auto refuses = [](const std::string& text, const std::string& message) {
        CHECK_THROWS_WITH(Standardizer::deserialize(text), "Standardizer::deserialize: line " + message);
    };
    refuses("", "1: it does not end with a newline");
    refuses("1 2", "1: it does not end with a newline");
    refuses("1 2\n3 4\n5", "3: it does not end with a newline");
    for (const std::string line : {"", "1", "1 ", "1 0", "1 -2", "1 2 3", "1 2x", "1 2 ", "x 2", "1,5 2", "nan 2", "1 nan",
                                   "inf 2", "1 inf", "1e999 2", "1 1e999"})
        refuses("1 2\n" + line + "\n", "2: \"" + line + "\" is not a mean and a positive deviation");
    CHECK(Standardizer::deserialize("1 2\n-3 0.5\n").scaled(matrix<double>({{5}, {-3.5}})) == matrix<double>({{2}, {-1}}));
}

TEST_CASE("Standardizer: what is not finite is refused, with its place") {
    for (Index j = 0; j < 3; ++j) {
        Mat<double> x = Mat<double>::Ones(2, 3);
        x(0, j) = NaN;
        CHECK_THROWS_WITH(Standardizer::fit(x),
                          "Standardizer::fit: row 0, column " + std::to_string(j) + " is nan, not finite");
    }
    for (const double bad : {NaN, inf, -inf}) {
        Mat<double> x = Mat<double>::Ones(2, 3);
        x(1, 2) = bad;
        const std::string said = bad > 0 ? "inf" : bad < 0 ? "-inf" : "nan", place = "row 1, column 2";
        CHECK_THROWS_WITH(Standardizer::fit(x), "Standardizer::fit: " + place + " is " + said + ", not finite");
        const Standardizer s = Standardizer::fit(Mat<double>::Ones(2, 1));
        const std::string message = place + ": " + said + " becomes " + said + ", not finite";
        CHECK_THROWS_WITH(s.scaled(x), "Standardizer::scaled: " + message);
        CHECK_THROWS_WITH(s.original(x), "Standardizer::original: " + message);
    }
    const double most = std::numeric_limits<double>::max();
    CHECK_THROWS_WITH(Standardizer::fit(matrix<double>({{0, 1}, {most, -most}})),
                      ContainsSubstring("Standardizer::fit: the deviation of row 1 is ") &&
                          ContainsSubstring(", not finite; its values are too large"));
    CHECK_THROWS_WITH(Standardizer::fit(matrix<float>({{-1e-30f, 1e-30f}})).scaled(matrix<float>({{1e30f}})),
                      "Standardizer::scaled: row 0, column 0: 1e+30 becomes inf, not finite");
}

TEST_CASE("Standardizer: features that do not fit are refused") {
    const Standardizer s = Standardizer::fit(Mat<double>::Ones(2, 3));
    const Mat<double> three = Mat<double>::Ones(3, 4), two = Mat<double>::Ones(2, 4);
    for (const Mat<double>& none : {Mat<double>(0, 5), Mat<double>(2, 0)})
        CHECK_THROWS_WITH(Standardizer::fit(none),
                          ContainsSubstring("Standardizer::fit: values are ") && ContainsSubstring(", empty"));
    CHECK_THROWS_WITH(s.scaled(three), "Standardizer::scaled: values are 3x4, for 2 features");
    CHECK_THROWS_WITH(s.original(Mat<double>::Ones(4, 4)), "Standardizer::original: values are 4x4, for 2 features");
    CHECK_THROWS_WITH(s.original(three, {1, 0}),
                      "Standardizer::original: values are 3x4, not a multiple of the 2 rows that are listed");
    CHECK_THROWS_WITH(s.original(two, {}),
                      "Standardizer::original: values are 2x4, not a multiple of the 0 rows that are listed");
    CHECK_THROWS_WITH(s.scaled(two, {0, 2}), "Standardizer::scaled: feature 2 is outside 0..1");
    CHECK_THROWS_WITH(s.scaled(two, {-1, 0}), "Standardizer::scaled: feature -1 is outside 0..1");
}
