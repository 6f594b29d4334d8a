#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "errors/table.hpp"
#include "support/numbers.hpp"

using namespace bptt;

namespace {

const std::vector<Index> ids{0, 1};
constexpr Index ten[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, one[] = {0};

/// All layers of a world, and last a parameter of its own, with a gradient that cannot be used.
struct Spoilt {
    Layers& layers;
    Param<double> last{1, 2};

    Spoilt(World& w, const Mat<double>& grad) : layers(w.layers) { last.grad = grad; }
    static void params(auto& m, auto&& f) {
        if constexpr (std::is_const_v<std::remove_reference_t<decltype(m)>>)
            Layers::params(std::as_const(m.layers), f);
        else
            Layers::params(m.layers, f);
        f("last", m.last);
    }
};
const Mat<double> narrow = Mat<double>::Zero(1, 1);
const Mat<double> not_finite = Mat<double>::Constant(1, 2, NaN);

/// A step with that gradient.
template <class Optimizer, const Mat<double>& grad = narrow> void spoilt_step(World& w) {
    Spoilt model(w, grad);
    Optimizer().step(model);
}
/// Its params() forgets a parameter.
struct Forgetful {
    Param<double> seen{1, 1}, forgotten{1, 1};
    static void params(auto& m, auto&& f) { f("seen", m.seen); }
};
template <class Optimizer> void forgetful_step(World&) {
    Forgetful model;
    Optimizer().step(model);
}
/// The optimiser goes from one model to another.
template <class Optimizer> void other_model(World& w) {
    Optimizer optimizer;
    Linear<double> first(3, 2, w.rng = Rng(1));
    optimizer.step(first);
    w.rng = World().rng;
    optimizer.step(w.layers.linear);
}
/// Options that are made wrong between steps.
template <class Optimizer> void changed_rate(World& w) {
    Optimizer optimizer;
    optimizer.options.rate = -1;
    optimizer.step(w.layers);
}

}  // namespace

Rows train_rows() {
    return {
        {"Optimizer", "o", "Sgd: rate is -1, not finite and 0 or more", [](World&) { Sgd<double>({.rate = -1}); }},
        {"Optimizer", "o", "Sgd: momentum is -1, not finite and 0 or more", [](World&) { Sgd<double>({.momentum = -1}); }},
        {"Optimizer", "o", "Sgd: decay is nan, not finite and 0 or more", [](World&) { Sgd<double>({.decay = NaN}); }},
        {"Optimizer", "o", "Adagrad: rate is nan, not finite", [](World&) { Adagrad<double>({.rate = NaN}); }},
        {"Optimizer", "o", "Adagrad: epsilon is -1, not finite and above 0", [](World&) { Adagrad<double>({.epsilon = -1}); }},
        {"Optimizer", "o", "RmsProp: rate is -2, not finite", [](World&) { RmsProp<double>({.rate = -2}); }},
        {"Optimizer", "o", "RmsProp: alpha is 1, not at least 0 and below 1", [](World&) { RmsProp<double>({.alpha = 1}); }},
        {"Optimizer", "o", "RmsProp: epsilon is -1, not finite and above 0", [](World&) { RmsProp<double>({.epsilon = -1}); }},
        {"Optimizer", "o", "Adam: rate is -1, not finite", [](World&) { Adam<double>({.rate = -1}); }},
        {"Optimizer", "o", "Adam: beta1 is 1, not at least 0 and below 1", [](World&) { Adam<double>({.beta1 = 1}); }},
        {"Optimizer", "o", "Adam: beta2 is -0.1, not at least 0", [](World&) { Adam<double>({.beta2 = -0.1}); }},
        {"Optimizer", "o", "Adam: epsilon is nan, not finite", [](World&) { Adam<double>({.epsilon = NaN}); }},
        {"Optimizer", "o", "AdamW: decay is -1, not finite", [](World&) { AdamW<double>({.decay = -1}); }},
        {"Optimizer", "o", "AdamW: epsilon is 0, not finite and above 0", [](World&) { AdamW<double>({.epsilon = 0}); }},
        {"Optimizer::step", "model", "Sgd: last is 1x2, its gradient is 1x1", spoilt_step<Sgd<double>>},
        {"Optimizer::step", "model", "Sgd: the gradient of last is not finite", spoilt_step<Sgd<double>, not_finite>},
        {"Optimizer::step", "model", "Sgd: params() of ", forgetful_step<Sgd<double>>},
        {"Optimizer::step", "model", "Adagrad: the gradient of last is not finite", spoilt_step<Adagrad<double>, not_finite>},
        {"Optimizer::step", "model", "Adagrad: params() of ", forgetful_step<Adagrad<double>>},
        {"Optimizer::step", "model", "RmsProp: the gradient of last is not finite", spoilt_step<RmsProp<double>, not_finite>},
        {"Optimizer::step", "model", "RmsProp: params() of ", forgetful_step<RmsProp<double>>},
        {"Optimizer::step", "model", "Adam: the gradient of last is not finite", spoilt_step<Adam<double>, not_finite>},
        {"Optimizer::step", "model", "Adam: params() of ", forgetful_step<Adam<double>>},
        {"Optimizer::step", "model", "Adagrad: last is 1x2, its gradient is 1x1", spoilt_step<Adagrad<double>>},
        {"Optimizer::step", "model", "RmsProp: last is 1x2, its gradient is 1x1", spoilt_step<RmsProp<double>>},
        {"Optimizer::step", "model", "Adam: last is 1x2, its gradient is 1x1",
         [](World& w) {
             Spoilt model(w, narrow);
             w.adam.step(model);
         }},
        {"Optimizer::step", "model", "Sgd: W is 4x3, it was 2x3; one Sgd serves one model", other_model<Sgd<double>>},
        {"Optimizer::step", "model", "Adam: W is 4x3, it was 2x3; one Adam serves one model", other_model<Adam<double>>},
        {"Optimizer::step", "model", "Sgd: rate is -1", changed_rate<Sgd<double>>},
        {"Optimizer::step", "model", "Adagrad: rate is -1", changed_rate<Adagrad<double>>},
        {"Optimizer::step", "model", "RmsProp: rate is -1", changed_rate<RmsProp<double>>},
        {"Optimizer::step", "model", "Adam: rate is -1", changed_rate<Adam<double>>},
        {"Optimizer::step", "model", "AdamW: rate is -1", changed_rate<AdamW<double>>},
        {"Optimizer::step", "model", "AdamW: the gradient of last is not finite", spoilt_step<AdamW<double>, not_finite>},

        {"Ema", "o", "Ema: decay is 1, not at least 0 and below 1", [](World&) { Ema<double>({.decay = 1}); }},
        {"Ema", "o", "Ema: decay is nan, not at least 0 and below 1", [](World&) { Ema<double>({.decay = NaN}); }},
        {"Ema::update", "model", "Ema: params() of ", [](World&) { Ema<double>().update(Forgetful()); }},
        {"Ema::update", "model", "Ema: last is not finite",
         [](World& w) {
             Spoilt model(w, narrow);
             model.last.value(0, 1) = inf;
             Ema<double>().update(model);
         }},
        {"Ema::update", "model", "Ema: decay is 2",
         [](World& w) {
             Ema<double> ema;
             ema.options.decay = 2;
             ema.update(w.layers);
         }},
        {"Ema::copy_to", "model", "Ema: matrix has no average", [](World& w) { Ema<double>().copy_to(w.layers); }},

        {"Best::improved", "threshold", "Best: threshold is -1, not finite and 0 or more",
         [](World&) { Best().improved(1, -1); }},
        {"Plateau", "o", "Plateau: factor is 1, not at least 0 and below 1", [](World&) { Plateau({.factor = 1}); }},
        {"Plateau", "o", "Plateau: patience is -1, not 0 or more", [](World&) { Plateau({.patience = -1}); }},
        {"Plateau", "o", "Plateau: least is inf, not finite and 0 or more", [](World&) { Plateau({.least = inf}); }},
        {"Plateau", "o", "Plateau: threshold is nan, not finite and 0 or more", [](World&) { Plateau({.threshold = NaN}); }},
        {"Plateau::operator()", "rate", "Plateau: rate is nan, not finite and 0 or more", [](World&) { Plateau()(NaN, 1); }},
        {"exponential", "o", "exponential: rate is -1, not finite and 0 or more",
         [](World&) { schedule::exponential(1, {.rate = -1, .factor = 1}); }},
        {"exponential", "o", "exponential: factor is nan, not finite and 0 or more",
         [](World&) { schedule::exponential(1, {.rate = 1, .factor = NaN}); }},
        {"step", "o", "step: every is 0, not positive", [](World&) { schedule::step(1, {.rate = 1, .every = 0}); }},
        {"step", "o", "step: rate is inf, not finite", [](World&) { schedule::step(1, {.rate = inf, .every = 2}); }},
        {"cosine", "o", "cosine: rate is nan, not finite", [](World&) { schedule::cosine(1, {.rate = NaN, .steps = 5}); }},
        {"cosine", "o", "cosine: steps is 0, not positive", [](World&) { schedule::cosine(1, {.rate = 1, .steps = 0}); }},
        {"cosine", "o", "cosine: least is -1, not finite",
         [](World&) { schedule::cosine(1, {.rate = 1, .steps = 5, .least = -1}); }},
        {"warm_up", "steps", "warm_up: steps is -1, not positive", [](World&) { schedule::warm_up(1, -1); }},

        {"clip_grad_norm", "max_norm", "clip_grad_norm: max_norm is -1, not 0 or more",
         [](World& w) { clip_grad_norm(w.layers, -1); }},
        {"clip_grad_norm", "max_norm", "clip_grad_norm: max_norm is nan", [](World& w) { clip_grad_norm(w.layers, NaN); }},
        {"clip_grad_norm", "model", "clip_grad_norm: the gradient of last is not finite",
         [](World& w) { clip_grad_norm(Spoilt(w, not_finite), 1e-3); }},
        {"clip_grad_value", "limit", "clip_grad_value: limit is -2, not 0 or more",
         [](World& w) { clip_grad_value(w.layers, -2); }},
        {"clip_grad_value", "limit", "clip_grad_value: limit is nan", [](World& w) { clip_grad_value(w.layers, NaN); }},
        {"clip_grad_value", "model", "clip_grad_value: the gradient of last has a NaN",
         [](World& w) { clip_grad_value(Spoilt(w, not_finite), 1e-3); }},

        {"windows", "options", "windows: batch is 0, steps is 4, stride is 0; batch and steps must be positive",
         [](World&) { windows(ten, {.batch = 0, .steps = 4}); }},
        {"windows", "options", "windows: batch is 2, steps is -1", [](World&) { windows(ten, {.batch = 2, .steps = -1}); }},
        {"windows", "options", "windows: stride is 3, steps is 2; steps between windows would be lost",
         [](World&) { windows(ten, {.batch = 2, .steps = 2, .stride = 3}); }},
        {"windows", "ids", "windows: 1 tokens are too few for a batch of 1", [](World&) { windows(one, {.steps = 2}); }},
        {"windows", "ids, options", "windows: 10 tokens are too few for a batch of 10",
         [](World&) { windows(ten, {.batch = 10, .steps = 2}); }},
        {"Windows::from", "k", "Windows::from: k is 6, of 5 windows",
         [](World&) { windows(ten, {.batch = 1, .steps = 2}).from(6); }},
        {"Windows::from", "k", "Windows::from: k is -1, of 5 windows",
         [](World&) { windows(ten, {.batch = 1, .steps = 2}).from(-1); }},
        {"Windows", "options", "windows: batch is 1, steps is 1, stride is -1",
         [](World&) { Windows(ten, {.batch = 1, .steps = 1, .stride = -1}); }},
        {"Windows", "ids", "windows: 0 tokens are too few for a batch of 1", [](World&) { Windows({}, {}); }},
    };
}
