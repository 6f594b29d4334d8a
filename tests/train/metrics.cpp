#include "bptt/train/metrics.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/comma_locale.hpp"
#include "support/random.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;

/// Six of three classes: the counts are 2,0,0; 0,0,1; 1,0,2.
Confusion six() {
    Confusion c(3);
    c.add(Ids{2, 0, 2, 2, 0, 1}, Ids{0, 0, 2, 2, 0, 2});
    return c;
}

}  // namespace

TEST_CASE("accuracy: the share of equal entries") {
    CHECK(accuracy(Ids{0, 2, 1, 1}, Ids{0, 1, 2, 1}) == 0.5);
    CHECK(accuracy(Ids{0, 2, 1, 1}, Ids{3, 2, 1, 1}) == 0.75);
    CHECK(accuracy(Ids{4}, Ids{4}) == 1);
    CHECK(accuracy(Ids{4}, Ids{5}) == 0);
    CHECK_THROWS_WITH(accuracy(Ids{1}, Ids{1, 2}), "accuracy: predicted has 1 entries, targets has 2");
    CHECK_THROWS_WITH(accuracy(Ids{}, Ids{}), "accuracy: predicted and targets are empty");
}

TEST_CASE("Confusion: rows are targets") {
    Confusion c({"neg", "pos"});
    c.add(0, 1);
    CHECK(c.counts() == (Mat<Index>(2, 2) << 0, 1, 0, 0).finished());
    c.add(Ids{1, 0}, Ids{1, 1});
    CHECK(c.counts() == (Mat<Index>(2, 2) << 0, 2, 0, 1).finished());
    CHECK(c.names() == std::vector<std::string>{"neg", "pos"});
    CHECK(Confusion(3).names() == std::vector<std::string>{"0", "1", "2"});
    CHECK(Confusion(3).counts() == Mat<Index>::Zero(3, 3));
}

TEST_CASE("Confusion: precision, recall and F1, by hand") {
    const Confusion c = six();
    CHECK(c.counts() == (Mat<Index>(3, 3) << 2, 0, 0, 0, 0, 1, 1, 0, 2).finished());
    CHECK(c.accuracy() == 4.0 / 6);
    CHECK(c.precision(0) == 2.0 / 3);
    CHECK(c.recall(0) == 1);
    CHECK(c.f1(0) == 0.8);
    CHECK(c.precision(1) == 0);  // never predicted
    CHECK(c.recall(1) == 0);
    CHECK(c.f1(1) == 0);
    CHECK(c.precision(2) == 2.0 / 3);
    CHECK(c.recall(2) == 2.0 / 3);
    CHECK(c.f1(2) == 2.0 / 3);
    CHECK_THAT(c.macro_f1(), WithinAbs((0.8 + 2.0 / 3) / 3, 1e-15));
    CHECK(c.shares() == (Mat<double>(3, 3) << 1, 0, 0, 0, 0, 1, 1.0 / 3, 0, 2.0 / 3).finished());
}

TEST_CASE("Confusion: a class that nothing is of has 0, and does not count in the mean") {
    Confusion c(3);
    c.add(0, 2);
    c.add(0, 0);
    CHECK(c.recall(2) == 0);
    CHECK(c.precision(1) == 0);
    CHECK(c.recall(1) == 0);
    CHECK(c.f1(1) == 0);
    CHECK_THAT(c.macro_f1(), WithinAbs(1.0 / 3, 1e-15));
    CHECK(c.shares() == (Mat<double>(3, 3) << 0.5, 0, 0.5, 0, 0, 0, 0, 0, 0).finished());
}

TEST_CASE("Confusion: as plain loops over the pairs have it") {
    constexpr Index classes = 5, count = 1000;
    Rng rng(3);
    const Ids targets = random_ids(count, classes, rng), drawn = random_ids(count, classes, rng);
    Ids predicted = targets;
    for (std::size_t k = 0; k < drawn.size(); ++k)
        if (rng.uniform() < 0.4) predicted[k] = drawn[k];
    Confusion c(classes);
    c.add(Ids(targets.begin(), targets.begin() + 700), Ids(predicted.begin(), predicted.begin() + 700));
    c.add(Ids(targets.begin() + 700, targets.end()), Ids(predicted.begin() + 700, predicted.end()));
    double macro = 0;
    for (Index k = 0; k < classes; ++k) {
        double both = 0, of_target = 0, of_predicted = 0;
        for (std::size_t n = 0; n < targets.size(); ++n) {
            both += targets[n] == k && predicted[n] == k;
            of_target += targets[n] == k;
            of_predicted += predicted[n] == k;
        }
        const double precision = both / of_predicted, recall = both / of_target;
        CHECK(precision != recall);
        CHECK(c.precision(k) == precision);
        CHECK(c.recall(k) == recall);
        CHECK_THAT(c.f1(k), WithinAbs(2 * precision * recall / (precision + recall), 1e-15));
        CHECK_THAT(c.shares().row(k).sum(), WithinAbs(1, 1e-15));
        macro += c.f1(k) / classes;
    }
    CHECK(c.accuracy() == accuracy(predicted, targets));
    CHECK_THAT(c.macro_f1(), WithinAbs(macro, 1e-15));
}

TEST_CASE("Confusion: as a table, the same in any locale") {
    const CommaLocale commas;
    Confusion c({"neg", "größer"});
    c.add(Ids{0, 0, 0, 1}, Ids{0, 0, 1, 1});
    for (int k = 0; k < 1240; ++k) c.add(1, 0);
    const std::string table =
        "target   neg  größer  precision  recall     F1\n"
        "neg        2       1      0.002   0.667  0.003\n"
        "größer  1240       1      0.500   0.001  0.002\n";
    CHECK(c.str() == table);
    std::ostringstream out;
    out << c;
    CHECK(out.str() == table);
}

TEST_CASE("Confusion: what is no class is refused, and changes nothing") {
    Confusion c = six();
    const Mat<Index> before = c.counts();
    CHECK_THROWS_WITH(c.add(3, 0), "Confusion::add: target is 3, outside 0..2");
    CHECK_THROWS_WITH(c.add(-1, 0), "Confusion::add: target is -1, outside 0..2");
    CHECK_THROWS_WITH(c.add(Ids{0, 1}, Ids{0, 3}), "Confusion::add: predicted is 3, outside 0..2");
    CHECK_THROWS_WITH(c.add(Ids{0, 1}, Ids{0}), "Confusion::add: targets has 2 classes, predicted has 1");
    CHECK(c.counts() == before);
    for (const Index k : {-1, 3}) {
        const std::string message = " is " + std::to_string(k) + ", outside 0..2";
        CHECK_THROWS_WITH(c.precision(k), "Confusion::precision: k" + message);
        CHECK_THROWS_WITH(c.recall(k), "Confusion::recall: k" + message);
        CHECK_THROWS_WITH(c.f1(k), "Confusion::f1: k" + message);
    }
    for (const Index none : {0, -1})
        CHECK_THROWS_WITH(Confusion(none), "Confusion: classes is " + std::to_string(none) + ", not positive");
    CHECK_THROWS_WITH(Confusion(std::vector<std::string>()), "Confusion: classes is empty");
    CHECK_THROWS_WITH(Confusion(2).accuracy(), "Confusion::accuracy: nothing was added");
    CHECK_THROWS_WITH(Confusion(2).macro_f1(), "Confusion::macro_f1: nothing was added");
    CHECK(Confusion({"a", "b"}).str() ==
          "target  a  b  precision  recall     F1\n"
          "a       0  0      0.000   0.000  0.000\n"
          "b       0  0      0.000   0.000  0.000\n");
}
