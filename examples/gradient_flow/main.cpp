// How gradients explode and vanish on their way back through time, in cells that have learned nothing yet. Run it with --help.
#include <array>
#include <bptt/bptt.hpp>
#include <bptt/inspect/gradient_flow.hpp>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

#include "../support/command_line.hpp"
#include "../support/target.hpp"

namespace {

using namespace bptt;

struct Options {
    Index units = 64, steps = 200;
    std::uint64_t seed = 1;
    std::filesystem::path svg, csv;
};

/// What is measured of a cell: the gradient of one field of its state, and the norm of its parameters' gradient.
struct Measured {
    GradientFlow flow;
    double parameters, clipped;

    double norm(Index back) const { return *(flow.fields[0].norms.end() - 1 - back); }
    /// What a step back multiplies the norm by.
    double growth() const {
        const Index steps = std::ssize(flow.fields[0].norms) - 1;
        return std::pow(norm(steps) / norm(0), 1 / static_cast<double>(steps));
    }
};

/// The loss is a random direction in the last state's h or c, so that the gradient begins with the norm 1.
template <class C, class Field> Measured measure(const std::string& name, const C& cell, const Mat<double>& x, Field field) {
    Rng rng(0);
    Mat<double> direction = random_matrix<double>(cell.units(), 1, [&] { return rng.normal(); });
    direction.normalize();
    Tape<double> tape;
    zero_grad(cell);
    GradientFlow flow = gradient_flow(cell, Sequence<double>::of(tape, {x}),
                                      [&](const auto& y) { return sum(field(final_state(y)) % tape.constant(direction)); });
    flow.name = name;
    std::erase_if(flow.fields, [](const FieldFlow& f) { return f.norms.back() == 0; });  // the field that the loss does not see
    const double norm = clip_grad_norm(cell, 5);
    return {flow, norm, clip_grad_norm(cell, std::numeric_limits<double>::infinity())};
}

template <Activation A>
Measured measure_rnn(const std::string& kind, const char* radius, const Mat<double>& x, const Options& o) {
    Rng rng(o.seed);
    Rnn<double, A> cell(x.rows(), o.units, rng);
    cell.Wh.value *= std::stod(radius);  // it was orthogonal
    return measure("RNN, " + kind + ", radius " + radius, cell, x, [](const auto& s) { return s.h; });
}

std::vector<Measured> measure_all(const Mat<double>& x, const Options& o) {
    std::vector<Measured> all;
    for (const char* radius : {"0.5", "1", "1.5"}) all.push_back(measure_rnn<Activation::tanh>("tanh", radius, x, o));
    for (const char* bias : {"0", "1", "5"}) {
        Rng rng(o.seed);
        const Lstm<double> lstm(x.rows(), o.units, rng, {.forget_bias = std::stod(bias)});
        all.push_back(measure(std::string("LSTM, forget bias ") + bias, lstm, x, [](const auto& s) { return s.c; }));
    }
    Rng rng(o.seed);
    all.push_back(measure("GRU", Gru<double>(x.rows(), o.units, rng), x, [](const auto& s) { return s.h; }));
    for (const char* radius : {"0.5", "1", "1.5"}) all.push_back(measure_rnn<Activation::identity>("linear", radius, x, o));
    return all;
}

void print(const std::vector<Measured>& all, Index steps) {
    const auto places = {Index{0}, steps / 4, steps / 2, steps};
    std::printf("%-27s norm of the gradient, so many steps back    growth              parameters\n%-27s", "", "");
    for (const Index back : places) std::printf(" %8td", back);
    std::printf("    a step back         before   clipped\n");
    for (const Measured& m : all) {
        std::printf("%-27s", (m.flow.name + ": " + m.flow.fields[0].field).c_str());
        for (const Index back : places) std::printf(" %8.1e", m.norm(back));
        const double growth = m.growth();
        std::printf("    %.3f  %-8s  %8.1e  %8.1e\n", growth,
                    growth > 1.1    ? "explodes"
                    : growth < 0.95 ? "vanishes"
                                    : "lasts",
                    m.parameters, m.clipped);
    }
    const Measured &large = all[9], &small = all[7], &open = all[5], &closed = all[3];
    std::printf(
        "\nExploding: the linear RNN of radius 1.5 makes the gradient %.3f times as large with each step back. That of its\n"
        "parameters has the norm %.1e; clipping makes it %.1f, and leaves its direction.\n"
        "Vanishing: radius 0.5 makes it %.3f times as large: %.1e after %td steps. Clipping can do nothing here.\n"
        "LSTM: the forget gate leads from c to c, the other ways lead through h. With forget bias 5 the gate is open (0.993),\n"
        "and a step back makes the gradient %.3f times as large; with 0 it is half open, and that is %.3f.\n",
        large.growth(), large.parameters, large.clipped, small.growth(), small.norm(steps), steps, open.growth(),
        closed.growth());
}

std::vector<GradientFlow> flows_of(const std::vector<Measured>& all) {
    std::vector<GradientFlow> flows;
    for (const Measured& m : all) flows.push_back(m.flow);
    return flows;
}

/// The norms of the states' gradients; and those of the linear RNNs' parameters after sequences that are shorter.
std::string picture(const std::vector<Measured>& all, const Mat<double>& x, const Options& o) {
    Panel states = panel(flows_of(all)),
          parameters{
              .title = "Gradient of all parameters", .x = {.label = "steps of the sequence"}, .y = states.y, .series = {}};
    states.title = "Gradient of the state";
    for (const std::size_t k : {7u, 8u, 9u}) parameters.series.push_back({.name = all[k].flow.name, .look = k});
    parameters.series.push_back({.name = all[9].flow.name + ", clipped", .look = 6});
    const Index points = (std::min)(o.steps, Index{20});
    for (Index k = 1; k <= points; ++k) {
        const Index steps = o.steps * k / points;
        const auto shorter = measure_all(x.leftCols(steps), o);
        const std::array norms = {shorter[7].parameters, shorter[8].parameters, shorter[9].parameters, shorter[9].clipped};
        for (std::size_t n = 0; n < norms.size(); ++n) {
            parameters.series[n].x.push_back(static_cast<double>(steps));
            parameters.series[n].y.push_back(norms[n]);
        }
    }
    return chart({states, parameters});
}

void compare(const Options& o) {
    examples::check_picture_target(o.svg, {});
    examples::check_different({o.svg, o.csv});
    examples::check_target(o.csv, {}, "table of gradients", [](const std::filesystem::path& there) {
        std::string begin(5, ' ');
        return std::ifstream(there).read(begin.data(), 5) && begin == "step,";
    });
    Rng rng(o.seed);
    const auto x = random_matrix<double>(4, o.steps, [&] { return rng.normal(); });
    const auto all = measure_all(x, o);
    print(all, o.steps);
    if (!o.svg.empty()) examples::write_file(o.svg, picture(all, x, o));
    if (!o.csv.empty()) examples::write_file(o.csv, csv(flows_of(all)));
}

}  // namespace

int main(int argc, char** argv) {
    Options o;
    CLI::App app("How gradients explode and vanish on their way back through time, in cells that have learned nothing yet.",
                 "gradient_flow");
    app.add_option("--units", o.units, "of each cell")->check(examples::whole(Index{1}))->capture_default_str();
    app.add_option("--steps", o.steps, "of the sequence; 1.5 to their power is finite")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    app.add_option("--seed", o.seed, "of weights and inputs")->check(examples::whole(std::uint64_t{0}))->capture_default_str();
    app.add_option("--svg", o.svg, "a picture of the norms")->check(examples::path());
    app.add_option("--csv", o.csv, "a table of the norms after each step")->check(examples::path());
    return examples::run(app, {argv + 1, argv + argc}, [&] { compare(o); });
}
