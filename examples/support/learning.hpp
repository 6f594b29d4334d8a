#pragma once

#include <CLI/CLI.hpp>
#include <bptt/core/types.hpp>
#include <cstdint>
#include <string>

#include "command_line.hpp"

namespace examples {

/// How a program learns, beside what its model is.
struct LearningOptions {
    bptt::Index batch = 64;
    double rate = 5e-3, clip = 1;
    std::uint64_t seed = 42;
};

/// unit: what stands side by side in a batch, "pairs"; rate: how the learning rate goes, "it falls to the end".
inline void add_learning_options(CLI::App& train, LearningOptions& o, const std::string& unit, const std::string& rate) {
    train.add_option("--batch", o.batch, unit + " side by side")->check(whole<bptt::Index>(1))->capture_default_str();
    train.add_option("--rate", o.rate, "learning rate of Adam; " + rate)->check(positive<float>())->capture_default_str();
    train.add_option("--clip", o.clip, "largest norm of the gradient")->check(positive<float>())->capture_default_str();
    train.add_option("--seed", o.seed, "of the weights and the order of the " + unit)
        ->check(whole<std::uint64_t>(0))
        ->capture_default_str();
}

}  // namespace examples
