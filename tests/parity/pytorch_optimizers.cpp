// Optimisers and clipping over a thousand steps.
#include <cstdint>
#include <string>

#include "bptt/train/clip.hpp"
#include "bptt/train/optimizers.hpp"
#include "parity/thousand_steps.hpp"

using namespace bptt;

namespace {

void check_case(const FixtureCase& c, auto optimizer) {
    Four model(c);
    for (int t = 1; t <= 1000; ++t) {
        set_gradients(model, t);
        const std::string step = "." + std::to_string(t);
        if (c.name.ends_with(".value")) clip_grad_value(model, 0.5);
        if (c.name.ends_with(".norm")) {
            const double norm = clip_grad_norm(model, 3);
            if (c.tensors.contains("norm" + step)) check_case<double>(c, {{"norm" + step, Mat<double>::Constant(1, 1, norm)}});
        }
        optimizer.step(model);
        check_parameters(c, model, t);
    }
}

/// The three cases of an optimiser: as it is, and after either way to clip.
void check_optimizer(const std::string& name, const auto& optimizer) {
    static const auto cases = read_fixture("optimizers.txt");
    int found = 0;
    for (const FixtureCase& c : cases) {
        if (c.name != name && c.name != name + ".norm" && c.name != name + ".value") continue;
        CHECK(c.tensors.size() == (c.name.ends_with(".norm") ? 29 : 24));  // 4 parameters at 6 times, 5 norms
        check_case(c, optimizer);
        ++found;
    }
    CHECK(found == 3);
}

}  // namespace

TEST_CASE("pytorch: Sgd over 1,000 steps, plain, clipped, with momentum, Nesterov and decay") {
    check_optimizer("sgd", Sgd<double>());
    check_optimizer("sgd_momentum", Sgd<double>({.momentum = 0.9}));
    check_optimizer("sgd_nesterov", Sgd<double>({.momentum = 0.95, .nesterov = true}));
    check_optimizer("sgd_decay", Sgd<double>({.decay = 0.03}));
    check_optimizer("sgd_all", Sgd<double>({.rate = 0.02, .momentum = 0.8, .decay = 0.01, .nesterov = true}));
}

TEST_CASE("pytorch: Adagrad over 1,000 steps, plain and clipped") {
    check_optimizer("adagrad", Adagrad<double>());
    check_optimizer("adagrad_epsilon", Adagrad<double>({.rate = 0.1, .epsilon = 0.5}));
    check_optimizer("adagrad_decay", Adagrad<double>({.decay = 0.03}));
}

TEST_CASE("pytorch: RmsProp over 1,000 steps, plain and clipped") {
    check_optimizer("rmsprop", RmsProp<double>());
    check_optimizer("rmsprop_epsilon", RmsProp<double>({.rate = 0.1, .alpha = 0.8, .epsilon = 0.5}));
    check_optimizer("rmsprop_decay", RmsProp<double>({.decay = 0.03}));
}

TEST_CASE("pytorch: Adam over 1,000 steps, plain and clipped") {
    check_optimizer("adam", Adam<double>());
    check_optimizer("adam_betas", Adam<double>({.rate = 0.05, .beta1 = 0.5, .beta2 = 0.9999, .epsilon = 0.3}));
    check_optimizer("adam_beta1", Adam<double>({.beta1 = 0.998, .beta2 = 0.99, .epsilon = 1e-3}));
    check_optimizer("adam_decay", Adam<double>({.decay = 0.03}));
}

TEST_CASE("pytorch: AdamW over 1,000 steps, plain and clipped") {
    check_optimizer("adamw", AdamW<double>());
    check_optimizer("adamw_decay", AdamW<double>({.rate = 0.05, .beta1 = 0.5, .beta2 = 0.9999, .decay = 0.1}));
}
