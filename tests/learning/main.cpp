// Do the cells learn what the literature says they learn? Prints a table; exit code 1 if a line falls short.
// learning [--quick] [part of a task's name ...]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string_view>

#include "task.hpp"

namespace learning {

std::string figure(double x, int digits) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*f", digits, x);
    return text;
}
double median(std::vector<double> all) {
    std::ranges::sort(all);
    return all[all.size() / 2];
}
std::string summary(const std::vector<double>& all) {
    return "median " + figure(median(all)) + ", worst " + figure(std::ranges::max(all));
}

}  // namespace learning

int main(int argc, char** argv) {
    using namespace learning;
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    const bool quick = std::ranges::count(arguments, "--quick") > 0;
    std::vector<Task> tasks;
    for (const auto& part : {first_loss(), adding(), temporal_order(), reber(), counting(), highway(), copying(), exploding()})
        tasks.insert(tasks.end(), part.begin(), part.end());

    bool all_reached = true;
    std::puts("| task | setup | seeds | must reach | result | seconds | published |\n|---|---|---|---|---|---|---|");
    for (const Task& task : tasks) {
        const auto named = [&](std::string_view part) { return task.name.find(part) != task.name.npos; };
        const bool all = std::ranges::all_of(arguments, [](std::string_view a) { return a == "--quick"; });
        const int seeds = quick ? task.quick_seeds : task.seeds;
        if ((!all && std::ranges::none_of(arguments, named)) || seeds == 0) continue;
        const auto start = std::chrono::steady_clock::now();
        const Outcome outcome = task.run(seeds);
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        all_reached &= outcome.reached;
        std::printf("| %s | %s | %d | %s | %s%s | %.0f | %s |\n", task.name.c_str(), task.setup.c_str(), seeds,
                    task.must.c_str(), outcome.reached ? "" : "**missed**: ", outcome.result.c_str(), time.count(),
                    task.published.c_str());
        std::fflush(stdout);
    }
    return all_reached ? 0 : 1;
}
