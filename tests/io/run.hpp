#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "bptt/cells/lstm.hpp"
#include "bptt/core/init.hpp"
#include "bptt/io/checkpoint.hpp"
#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/train/best.hpp"
#include "bptt/train/ema.hpp"
#include "bptt/train/optimizers.hpp"
#include "support/checkpoints.hpp"

/// A training of everything that a checkpoint keeps.
struct TestRun {
    bptt::Rng rng{1};
    bptt::Stacked<bptt::Bidirectional<bptt::Lstm<float>>> rnn{2, 3, 2, rng};
    bptt::Linear<double> head{3, 2, rng};
    bptt::Adam<float> adam;
    bptt::Sgd<double> sgd{{.momentum = 0.9, .nesterov = true}};
    bptt::Ema<double> ema;
    bptt::Best best;
    bptt::Plateau plateau;
    decltype(zero_state(rnn, 3)) carry = zero_state(rnn, 3);
    bptt::Mat<double> empty, matrix = bptt::Mat<double>::Ones(2, 3);
    bptt::NamedMatrices<float> named;
    bool flag = false;
    std::int8_t small = 0;
    std::int64_t step = 0;
    std::uint64_t large = 0;
    float single = 0;
    double real = 0;
    std::string note, other = "as it was";
    std::vector<double> losses = {1, 2};
    std::vector<std::int32_t> counts;

    static void checkpoint(auto& m, auto&& f) {
        f("rng", m.rng), f("rnn", m.rnn), f("head", m.head), f("adam", m.adam), f("sgd", m.sgd), f("ema", m.ema);
        f("best", m.best), f("plateau", m.plateau), f("carry", m.carry), f("empty", m.empty), f("matrix", m.matrix);
        f("named", m.named), f("flag", m.flag), f("small", m.small), f("step", m.step), f("large", m.large);
        f("single", m.single), f("real", m.real), f("note", m.note), f("other", m.other), f("losses", m.losses);
        f("counts", m.counts);
    }

    /// A step, with gradients that are drawn.
    void train() {
        const auto draw = [&](auto& model) {
            for_each_param(model, [&](std::string_view, const auto& p) {
                for (auto& x : p.grad.reshaped()) x = static_cast<std::remove_reference_t<decltype(x)>>(rng.normal());
            });
        };
        draw(rnn), draw(head);
        adam.step(rnn), sgd.step(head), ema.update(head);
        best.improved(rng.normal());
        adam.options.rate = plateau(adam.options.rate, rng.normal());
        for_each_field(carry, [&](auto& m) { m.setConstant(static_cast<float>(rng.normal())); });
        matrix(0, 1) = real = rng.normal();
        named["some"] = bptt::Mat<float>::Constant(1, 2, static_cast<float>(real));
        flag = !flag;
        --small, ++step, ++large;
        losses.push_back(real);
    }
};

/// A run as a checkpoint has it, every bit.
inline std::string bytes_of(const TestRun& run) {
    const Folder folder;
    bptt::save_checkpoint(folder / "run", run);
    return read_bytes(folder / "run");
}
inline TestRun trained(int steps) {
    TestRun run;
    for (int k = 0; k < steps; ++k) run.train();
    return run;
}
