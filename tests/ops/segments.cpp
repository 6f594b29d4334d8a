#include "bptt/ops/segments.hpp"

#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "bptt/ops/activation.hpp"
#include "bptt/ops/arithmetic.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/errors.hpp"
#include "support/gradients.hpp"

using namespace bptt;

namespace {

/// 1 to 5 segments of 0 to 4 columns.
std::vector<Index> random_ends(Rng& rng) {
    std::vector<Index> ends;
    for (Index k = 1 + rng.below(5), end = 0; k > 0; --k) ends.push_back(end += rng.below(5));
    return ends;
}

const std::vector<Index> ends{2, 2, 5};  // 2, 0 and 3 columns
const Segments segments{ends};

}  // namespace

TEST_CASE("segments: know their columns") {
    CHECK(segments.count() == 3);
    CHECK(segments.columns() == 5);
    CHECK(segments.first(2).columns() == 2);
    CHECK(segments.first(0).columns() == 0);
    std::vector<Index> visited;
    segments.for_each([&](Index j, Index first, Index n) { visited.insert(visited.end(), {j, first, n}); });
    CHECK(visited == std::vector<Index>{0, 0, 2, 1, 2, 0, 2, 2, 3});
}

TEST_CASE("segments: gradients") {
    Rng rng(1);
    for (int k = 0; k < 15; ++k) {
        const auto random = random_ends(rng);
        const Segments s{random};
        const Index rows = 4 + rng.below(2), features = 1 + rng.below(4);
        const Binary add = [&](auto x, auto c) { return square(add_to_segments(x, c, s)); };
        const Binary total = [&](auto x, auto w) { return segment_sum(x, w, s); };
        const Unary soft = [&](auto x) { return segment_softmax(x, s, rows); };
        CHECK(check_op(add, random_mat(features, s.columns(), rng), random_mat(features, s.count(), rng)));
        CHECK(check_op(total, random_mat(features, s.columns(), rng), random_mat(rows, s.count(), rng)));
        if (s.columns() > 0) CHECK(check_op(soft, random_mat(1, s.columns(), rng, -3, 3)));
    }
}

TEST_CASE("segments: gradients add to what is there") {
    Rng rng(3);
    const auto use = [](auto x, auto c, auto w, auto e) {
        return std::tuple(add_to_segments(x, c, segments), segment_sum(x, w, segments), segment_softmax(e, segments, 3), x, c,
                          w, e);
    };
    CHECK(gradcheck(use, random_mat(2, 5, rng), random_mat(2, 3, rng), random_mat(3, 3, rng), random_mat(1, 5, rng)));
}

TEST_CASE("segments: values, an empty one among them") {
    Tape<double> tape;
    const auto x = tape.constant(Mat<double>{{1, 2, 3, 4, 5}, {6, 7, 8, 9, 0}});
    const auto c = tape.constant(Mat<double>{{10, 20, 30}, {-1, -2, -3}});
    CHECK(add_to_segments(x, c, segments).value() == Mat<double>{{11, 12, 33, 34, 35}, {5, 6, 5, 6, -3}});
    const auto w = tape.constant(Mat<double>{{2, 9, 1}, {3, 9, 0}, {9, 9, -1}, {9, 9, 9}});
    CHECK(segment_sum(x, w, segments).value() == Mat<double>{{8, 0, -2}, {33, 0, 8}});
    const auto a = segment_softmax(tape.constant(Mat<double>{{0, std::log(3), 0, 0, std::log(2)}}), segments, 4).value();
    CHECK(distance(a, Mat<double>{{0.25, 0, 0.25}, {0.75, 0, 0.25}, {0, 0, 0.5}, {0, 0, 0}}) < 1e-15);
}

TEST_CASE("segments: softmax of one number is 1, of none nothing") {
    const std::array<Index, 3> bounds{1, 1, 3};
    Tape<double> tape;
    const auto a = segment_softmax(tape.constant(Mat<double>{{-700, 2, 2}}), Segments{bounds}, 2).value();
    CHECK(a == Mat<double>{{1, 0, 0.5}, {0, 0, 0.5}});
}

TEST_CASE("segments: gradients of what is beyond a segment are zero") {
    Tape<double> tape;
    const auto w = tape.variable(Mat<double>::Ones(4, 3)), x = tape.variable(Mat<double>::Ones(2, 5));
    backward(sum(segment_sum(x, w, segments)));
    CHECK(w.grad() == Mat<double>{{2, 0, 2}, {2, 0, 2}, {0, 0, 2}, {0, 0, 0}});
    CHECK(x.grad() == Mat<double>::Ones(2, 5));
}

TEST_CASE("segments: softmax of large numbers is finite, NaN stays in its segment") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Tape<double> tape;
    const auto big = segment_softmax(tape.constant(Mat<double>{{1e4, -1e4, 1e4, 1e4, -1e4}}), segments, 3).value();
    CHECK(big == Mat<double>{{1, 0, 0.5}, {0, 0, 0.5}, {0, 0, 0}});
    const auto bad = segment_softmax(tape.constant(Mat<double>{{1, nan, 0, 0, 0}}), segments, 3).value();
    CHECK(std::isnan(bad(0, 0)));
    CHECK(std::isnan(bad(1, 0)));
    CHECK_FALSE(bad.rightCols(2).hasNaN());
}

TEST_CASE("segments: shapes that do not fit are refused with all of them") {
    Rng rng(2);
    const auto p = used_param({2, 5}, rng);
    Tape<double> tape;
    const auto var = [&](Index rows, Index cols) { return tape.constant(Mat<double>::Ones(rows, cols)); };
    const auto x = [&] { return tape.watch(p); };
    check_refused(p, [&] { add_to_segments(x(), var(3, 3), segments); }, {"x is 2x5, c is 3x3"});
    check_refused(p, [&] { add_to_segments(var(2, 4), var(2, 3), segments); }, {"x is 2x4"});
    check_refused(p, [&] { segment_softmax(var(1, 4), segments, 4); }, {"x is 1x4"});
    check_refused(p, [&] { segment_sum(var(2, 6), var(3, 3), segments); }, {"x is 2x6, w is 3x3"});
}
