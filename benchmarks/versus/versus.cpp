// bptt beside libtorch and oneDNN: the same weights and inputs, agreement checked first, then measured in turns. Without
// --measure, each limit of instructions, each thread count and each BLAS for libtorch is a process of its own, pinned to as
// many cores, and what they measure becomes a table for each limit.

#include <fstream>
#include <functional>
#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>

#include "../peak.hpp"
#include "isa.hpp"
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

/// oneDNN's primitives for a layer of ours; none for one that runs both ways.
template <class L> struct Primitives;
template <> struct Primitives<Lstm<float>> { using Engine = OneDnn<dnnl::lstm_forward, dnnl::lstm_backward>; };
template <> struct Primitives<Stacked<Lstm<float>>> : Primitives<Lstm<float>> {};
template <> struct Primitives<Gru<float, Reset::after>> {
    using Engine = OneDnn<dnnl::lbr_gru_forward, dnnl::lbr_gru_backward>;
};
template <> struct Primitives<Rnn<float>> { using Engine = OneDnn<dnnl::vanilla_rnn_forward, dnnl::vanilla_rnn_backward>; };

/// What a process measures.
struct Measuring {
    std::string isa, only;
    int threads, rounds;
};

template <class L> void measure(const Workload& w, const Measuring& m) {
    const Threads pool(m.threads);
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
    for (const int n : m.threads == 1 ? std::vector{1} : std::vector{m.threads, 1}) {
        torch::set_num_threads(n);
        const auto add_libtorch = [&](const std::string& input, bool looked_up) {
            torch.step(looked_up);
            check_agreement("libtorch", w, torch.difference(ours));
            add("libtorch, " + input, n, [&, looked_up] { torch.step(looked_up); });
        };
        const char* const inputs[] = {"one-hot", "embedding", "numbers"};
        add_libtorch(inputs[static_cast<int>(w.input)], false);
        if (w.input != Input::one_hot || w.both_ways) continue;
        add_libtorch("embedding", true);
        if constexpr (requires { typename Primitives<L>::Engine; }) {
            const auto onednn = std::make_shared<typename Primitives<L>::Engine>(ours);
            onednn->step();
            check_agreement("oneDNN", w, onednn->difference(ours));
            add("oneDNN", n, [onednn] { onednn->step(); });
        }
    }
    in_turns(engines, m.rounds);
    for (const Engine& e : engines) {
        std::vector<double> ratios;
        for (std::size_t k = 0; k < e.seconds.size(); ++k) ratios.push_back(e.seconds[k] / engines.front().seconds[k]);
        write_row(std::cout, {m.isa, w.name, m.threads, e.name, 1e3 * median(e.seconds), median(ratios), w.useful_gflop()});
    }
}

void measure_all(const Measuring& m) {
    check_limits(isa(m.isa));
    torch::manual_seed(1);
    torch::set_num_threads(m.threads);
    write_row(std::cout, {m.isa, "peak", m.threads, "FMA", 1, 1, peak_gflops()});
    for (const Workload& w : workloads)
        if (w.name.starts_with(m.only)) with_layer(w, [&](auto layer) { measure<typename decltype(layer)::type>(w, m); });
}

/// All measurements, each in a process with an environment of its own. Rows go to `csv` at once.
std::vector<Row> measure_in_processes(const std::vector<std::string>& isas, const std::string& only, int rounds,
                                      std::ostream& csv) {
    std::vector<Row> rows;
    for (const std::string& name : isas)
        throw_unless(std::filesystem::exists(isa(name).program()), "versus: there is no ", isa(name).program(),
                     "; sh benchmarks/run.sh --versus --isa ", name, " builds it");
    for (const std::string& name : isas)
        for (const int threads : {1, 2})
            for (const char* blas : {"openblas-openmp", "blis-openmp"}) {
                const Isa limit = isa(name);
                const std::string n = std::to_string(threads);
                const std::string command = "LD_LIBRARY_PATH=/usr/lib/x86_64-linux-gnu/" + std::string(blas) +
                                            " OMP_NUM_THREADS=" + n + ' ' + limit.environment + " taskset -c 0-" +
                                            std::to_string(threads - 1) + " '" + limit.program() + "' --measure " + n +
                                            " --isa " + name + " --rounds " + std::to_string(rounds) + " --only '" + only + "'";
                std::cerr << "# " << command << '\n';
                FILE* const pipe = popen(command.c_str(), "r");
                throw_unless(pipe != nullptr, "versus: ", command, " doesn't start");
                char line[512];
                while (std::fgets(line, sizeof line, pipe)) {
                    rows.push_back(read_row(line));
                    if (rows.back().engine.starts_with("libtorch")) rows.back().engine += std::string(", ") + blas;
                    write_row(csv, rows.back());
                }
                throw_unless(pclose(pipe) == 0, "versus: ", command, " failed");
            }
    return rows;
}

}  // namespace versus

int main(int argc, char** argv) {
    CLI::App app("bptt beside libtorch and oneDNN: the same training step, measured in turns");
    int threads = 0, rounds = 15;
    std::vector<std::string> isas{"native"};
    std::string csv = "versus.csv", only;
    app.add_option("--rounds", rounds, "How often each is measured")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--only", only, "Workloads whose name begins so: W1, …")->check([](const std::string& start) {
        const bool found = std::ranges::any_of(versus::workloads, [&](const auto& w) { return w.name.starts_with(start); });
        return found ? "" : "there is no workload " + start;
    });
    app.add_option("--isa", isas, "Which instructions all may use: native, all that the CPU has; avx2; or both, with a comma")
        ->delimiter(',')
        ->check(CLI::IsMember({"native", "avx2"}))
        ->capture_default_str();
    app.add_option("--csv", csv, "Where the rows go")->capture_default_str();
    versus::LearnOptions learn;
    std::string alone;
    app.add_option("--learn", learn.corpus, "Train char_lm's model on this text with both instead, for five epochs");
    app.add_option("--threads", learn.threads, "Of --learn")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--memory", alone, "Only the memory that a step of --only takes with this engine")
        ->check(CLI::IsMember({"bptt", "libtorch"}));
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
            versus::measure_all({.isa = isas.front(), .only = only, .threads = threads, .rounds = rounds});
            return 0;
        }
        std::ofstream file(csv);
        bptt::throw_unless(file.good(), "versus: ", csv, " cannot be written");
        const auto rows = versus::measure_in_processes(isas, only, rounds, file);
        std::cout << versus::cpu_name() << ", libtorch " << TORCH_VERSION << ", oneDNN " << dnnl::version()->major << '.'
                  << dnnl::version()->minor << '\n';
        for (const auto& name : isas) {
            std::cout << "\nInstructions: " << name << "; ";
            versus::print_table(rows, name);
        }
        bptt::throw_unless(file.good(), "versus: ", csv, " could not be written to its end");
        std::cout << "\nAll rows: " << csv << '\n';
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
