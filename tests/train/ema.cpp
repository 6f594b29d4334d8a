#include "bptt/train/ema.hpp"

#include "catch.hpp"
#include "support/numbers.hpp"
#include "train/columns.hpp"

using namespace bptt;

namespace {
struct One {
    Param<double> a{3, 2};
    BPTT_PARAMS(a)
};
}  // namespace

TEST_CASE("Ema: from the parameters at the first update, then the formula") {
    Rng rng(1);
    Ema<double> ema({.decay = 0.75});
    Columns model = random_model(rng), average = model;
    Mat<double> a = model.a.value, b = model.b.value;
    for (int t = 0; t < 5; ++t) {
        if (t > 0) {
            model = random_model(rng);
            a = 0.75 * a + 0.25 * model.a.value;
            b = 0.75 * b + 0.25 * model.b.value;
        }
        const Columns before = model;
        ema.update(model);
        CHECK(ema.updates() == t + 1);
        CHECK(model.a.value == before.a.value);
        ema.copy_to(average);
        CHECK((average.a.value - a).cwiseAbs().maxCoeff() < 1e-15);
        CHECK((average.b.value - b).cwiseAbs().maxCoeff() < 1e-15);
    }
}

TEST_CASE("Ema: a tied parameter is averaged once, in float too") {
    TiedColumn<float> model{Mat<float>(Mat<float>::Constant(3, 1, 1))};
    Ema<float> ema({.decay = 0.5});
    ema.update(model);
    model.w.value.setConstant(3);
    ema.update(model);
    ema.copy_to(model);
    CHECK(model.w.value == Mat<float>::Constant(3, 1, 2));
}

TEST_CASE("Ema: a misfit throws, says what, and changes nothing") {
    Rng rng(2);
    Columns model = random_model(rng), twin = model;
    Ema<double> ema({.decay = 0.5});
    ema.update(model);

    const auto refuses = [&](auto other, const char* update, const char* copy) {
        const Mat<double> before = other.a.value;
        CHECK_THROWS_WITH(ema.copy_to(other), copy);
        CHECK(other.a.value == before);
        CHECK_THROWS_WITH(ema.update(other), update);
    };
    refuses(Columns{random_mat(3, 2, rng), random_mat(4, 1, rng)}, "Ema: b is 4x1, it was 5x1; one Ema serves one model",
            "Ema: b is 4x1, its average is 5x1");
    refuses(NamedColumns<'a', 'c'>{random_mat(3, 2, rng), random_mat(5, 1, rng)},
            "Ema: the model has no b any more; one Ema serves one model", "Ema: c has no average");
    One one;
    CHECK_THROWS_WITH(ema.copy_to(one), "Ema: the model has 1 parameters, there are averages of 2");
    Columns broken = model;
    broken.b.value(4, 0) = NaN;
    CHECK_THROWS_WITH(ema.update(broken), "Ema: b is not finite");
    ema.options.decay = 1;
    CHECK_THROWS_WITH(ema.update(model), "Ema: decay is 1, not at least 0 and below 1");
    ema.options.decay = 0.5;

    CHECK(ema.updates() == 1);
    Columns average = random_model(rng);
    ema.copy_to(average);
    CHECK(average.a.value == twin.a.value);
    CHECK(average.b.value == twin.b.value);
}
