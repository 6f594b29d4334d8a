// bptt beside libtorch and oneDNN: the same weights and inputs, agreement checked first, then measured in turns. Without
// --measure, each thread count and each BLAS for libtorch is a process of its own, pinned to as many cores, and what they
// measure becomes a table.

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "../peak.hpp"
#include "learn.hpp"
#include "libtorch.hpp"
#include "memory.hpp"
#include "onednn.hpp"
#include "table.hpp"

namespace versus {

/// What is measured in turns: seconds of each round.
struct Engine {
    std::string name;
    std::function<void()> step;
    std::vector<double> seconds{};
};

void in_turns(std::vector<Engine>& engines, int rounds) {
    for (int round = 0; round < rounds; ++round)
        for (Engine& e : engines) {
            // As if it had run all the time: its data is in the cache again, and the others' threads have stopped spinning.
            for (int warming = 0; warming < 2; ++warming) e.step();
            e.seconds.push_back(seconds_of(e.step));
        }
}

void check_agreement(const std::string& name, const Workload& w, double difference) {
    std::cerr << w.name << ": " << name << " differs by " << difference << '\n';
    throw_unless(difference <= 1e-4, w.name, ": ", name, " differs by ", difference, " of the largest number, more than 1e-4");
}

template <class L, class Forward, class Backward> void measure(const Workload& w, int threads, int rounds) {
    const Threads pool(threads);
    Ours<L> ours(w, pool);
    Libtorch torch(ours);
    ours.step();
    std::vector<Engine> engines{{"bptt", [&] { ours.step(); }}};
    const auto add = [&](const std::string& name, int n, std::function<void()> step) {
        engines.push_back({name + ", " + std::to_string(n) + (n == 1 ? " thread" : " threads"), [n, step] {
                               torch::set_num_threads(n);  // of OpenMP, which both use
                               step();
                           }});
    };
    for (const int n : threads == 1 ? std::vector{1} : std::vector{threads, 1}) {
        torch::set_num_threads(n);
        for (const bool looked_up : {false, true}) {
            if (looked_up && (w.embedding || w.both_ways)) continue;
            torch.step(looked_up);
            check_agreement("libtorch", w, torch.difference(ours));
            add(looked_up ? "libtorch, embedding" : "libtorch, one-hot", n, [&, looked_up] { torch.step(looked_up); });
        }
        if constexpr (!std::is_same_v<L, Bidirectional<Lstm<float>>>) {
            if (w.embedding) continue;
            const auto onednn = std::make_shared<OneDnn<Forward, Backward>>(ours);
            onednn->step();
            check_agreement("oneDNN", w, onednn->difference(ours));
            add("oneDNN", n, [onednn] { onednn->step(); });
        }
    }
    in_turns(engines, rounds);
    for (const Engine& e : engines) {
        std::vector<double> ratios;
        for (std::size_t k = 0; k < e.seconds.size(); ++k) ratios.push_back(e.seconds[k] / engines.front().seconds[k]);
        write_row(std::cout, {w.name, threads, e.name, 1e3 * median(e.seconds), median(ratios), w.useful_gflop()});
    }
}

void measure_all(const std::string& only, int threads, int rounds) {
    torch::manual_seed(1);
    torch::set_num_threads(threads);
    write_row(std::cout, {"peak", threads, "FMA", 1, 1, peak_gflops()});
    using namespace dnnl;
    for (const Workload& w : workloads) {
        if (w.name.rfind(only, 0) != 0) continue;
        if (w.kind == Kind::gru)
            measure<Gru<float, Reset::after>, lbr_gru_forward, lbr_gru_backward>(w, threads, rounds);
        else if (w.kind == Kind::rnn)
            measure<Rnn<float>, vanilla_rnn_forward, vanilla_rnn_backward>(w, threads, rounds);
        else if (w.both_ways)
            measure<Bidirectional<Lstm<float>>, lstm_forward, lstm_backward>(w, threads, rounds);
        else if (w.layers > 1)
            measure<Stacked<Lstm<float>>, lstm_forward, lstm_backward>(w, threads, rounds);
        else
            measure<Lstm<float>, lstm_forward, lstm_backward>(w, threads, rounds);
    }
}

/// All measurements, each in a process with an environment of its own.
std::vector<Row> measure_in_processes(const std::string& self, const std::string& only, int rounds) {
    std::vector<Row> rows;
    for (const int threads : {1, 2})
        for (const char* blas : {"openblas-openmp", "blis-openmp"}) {
            const std::string n = std::to_string(threads);
            std::string command = "LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu/" + std::string(blas) + " OMP_NUM_THREADS=" + n;
            if (__builtin_cpu_supports("avx512f")) command += " ATEN_CPU_CAPABILITY=avx512";
            command += " taskset -c 0-" + std::to_string(threads - 1) + " '" + self + "' --measure " + n + " --rounds " +
                       std::to_string(rounds) + " --only '" + only + "'";
            std::cerr << "# " << command << '\n';
            FILE* const pipe = popen(command.c_str(), "r");
            throw_unless(pipe != nullptr, "versus: ", command, " doesn't start");
            char line[512];
            while (std::fgets(line, sizeof line, pipe)) {
                rows.push_back(read_row(line));
                if (rows.back().engine.starts_with("libtorch")) rows.back().engine += std::string(", ") + blas;
            }
            throw_unless(pclose(pipe) == 0, "versus: ", command, " failed");
        }
    return rows;
}

}  // namespace versus

int main(int argc, char** argv) {
    CLI::App app("bptt beside libtorch and oneDNN: the same training step, measured in turns");
    int threads = 0, rounds = 15;
    std::string csv = "versus.csv", only;
    app.add_option("--rounds", rounds, "How often each is measured")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--only", only, "Workloads whose name begins so: W1, …");
    app.add_option("--csv", csv, "Where the rows go")->capture_default_str();
    versus::LearnOptions learn;
    std::string alone;
    app.add_option("--learn", learn.corpus, "Train char_lm's model on this text with both instead, for five epochs");
    app.add_option("--threads", learn.threads, "Of --learn")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--memory", alone, "Only the memory that a step of --only takes with this engine: bptt or libtorch");
    app.add_option("--measure", threads, "Measure in this process, with so many threads, and print rows");
    CLI11_PARSE(app, argc, argv);
    try {
        if (!learn.corpus.empty()) {
            versus::learn(learn);
            return 0;
        }
        if (!alone.empty()) {
            versus::measure_memory(alone, only);
            return 0;
        }
        if (threads > 0) {
            versus::measure_all(only, threads, rounds);
            return 0;
        }
        const auto rows = versus::measure_in_processes(std::filesystem::read_symlink("/proc/self/exe"), only, rounds);
        std::ofstream file(csv);
        for (const auto& row : rows) versus::write_row(file, row);
        std::cout << "libtorch " << TORCH_VERSION << ", oneDNN " << dnnl::version()->major << '.' << dnnl::version()->minor
                  << "\n\n";
        versus::print_table(rows);
        std::cout << "\nAll rows: " << csv << '\n';
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
