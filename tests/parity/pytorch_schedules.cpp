// Schedules and the average of the weights over a thousand steps.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "bptt/train/best.hpp"
#include "bptt/train/ema.hpp"
#include "bptt/train/optimizers.hpp"
#include "bptt/train/schedule.hpp"
#include "parity/thousand_steps.hpp"

using namespace bptt;

namespace {

const FixtureCase& case_of(const std::string& name) {
    static const auto cases = read_fixture("schedules.txt");
    for (const FixtureCase& c : cases)
        if (c.name == name) return c;
    throw std::runtime_error("no case " + name);
}

/// rate(adam, t) before each step, after(t) after it.
void check_schedule(const FixtureCase& c, const std::function<double(const Adam<double>&, int)>& rate,
                    const std::function<void(const Four&, int)>& after) {
    Four model(c);
    Adam<double> adam({.rate = 0.05});
    CHECK(c.tensors.size() == 39);  // 4 parameters at 8 times, 7 rates
    for (int t = 1; t <= 1000; ++t) {
        set_gradients(model, t);
        adam.options.rate = rate(adam, t);
        const std::string name = "rate." + std::to_string(t);
        if (c.tensors.contains(name)) check_case<double>(c, {{name, Mat<double>::Constant(1, 1, adam.options.rate)}});
        adam.step(model);
        after(model, t);
    }
}
void check_schedule(const std::string& name, const std::function<double(std::int64_t)>& rate) {
    const FixtureCase& c = case_of(name);
    check_schedule(
        c, [&](const Adam<double>& adam, int) { return rate(adam.steps()); },
        [&](const Four& model, int t) { check_parameters(c, model, t); });
}
void check_plateau(const std::string& name, PlateauOptions options) {
    const FixtureCase& c = case_of(name);
    Plateau plateau(options);
    const auto loss = [](int t) { return 500.0 / (std::min(t, 300) + 100) + t * 37 % 101 / 1000.0; };  // that of the script
    check_schedule(
        c, [&](const Adam<double>& adam, int t) { return t == 1 ? 0.05 : plateau(adam.options.rate, loss(t - 1)); },
        [&](const Four& model, int t) { check_parameters(c, model, t); });
}

}  // namespace

TEST_CASE("pytorch: schedules of the step") {
    check_schedule("step", [](std::int64_t t) { return schedule::step(t, {.rate = 0.05, .every = 90, .factor = 0.5}); });
    check_schedule("exponential", [](std::int64_t t) { return schedule::exponential(t, {.rate = 0.05, .factor = 0.99}); });
    check_schedule("cosine", [](std::int64_t t) { return schedule::cosine(t, {.rate = 0.05, .steps = 1000, .least = 1e-3}); });
    check_schedule("warm_up_cosine", [](std::int64_t t) {
        return schedule::warm_up(t, 50) * schedule::cosine(t - 50, {.rate = 0.05, .steps = 950, .least = 1e-4});
    });
}

TEST_CASE("pytorch: a plateau") {
    check_plateau("plateau", {.factor = 0.8, .patience = 40});
    check_plateau("plateau_least", {.patience = 20, .threshold = 0.01, .least = 1e-4});
}

TEST_CASE("pytorch: an exponential moving average of the weights") {
    const FixtureCase& c = case_of("ema");
    Ema<double> ema({.decay = 0.99});
    check_schedule(
        c, [](const auto&, int) { return 0.05; },
        [&](const Four& model, int t) {
            ema.update(model);
            Four average(c);
            ema.copy_to(average);
            check_parameters(c, average, t);
        });
}
