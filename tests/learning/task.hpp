#pragma once

#include <bptt/bptt.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace learning {

using namespace bptt;

/// What became of a task.
struct Outcome {
    std::string result;
    bool reached = false;
};

/// A task of the literature. run(seeds) trains with seeds 1, 2, …, as many as that.
struct Task {
    std::string name, setup, must, published;
    int seeds, quick_seeds;  // of the whole run and of the one that is part of the tests
    std::function<Outcome(int seeds)> run;
};

std::vector<Task> first_loss(), adding(), temporal_order(), reber(), counting(), highway(), copying(), exploding();

/// A number as in "0.0042".
std::string figure(double x, int digits = 4);

/// run(seed) for seeds 1 to n.
template <class F> std::vector<double> for_seeds(int n, F run) {
    std::vector<double> all;
    for (int seed = 1; seed <= n; ++seed) all.push_back(run(static_cast<std::uint64_t>(seed)));
    return all;
}
double median(std::vector<double> all);
/// "median 0.0042, worst 0.0100" of what should be small.
std::string summary(const std::vector<double>& all);

}  // namespace learning
