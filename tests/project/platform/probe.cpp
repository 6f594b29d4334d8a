// What must hold wherever the library compiles. A sentence for each thing that does not, and then exit status 1.
#include <bptt/bptt.hpp>
#include <bptt/io/safetensors.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>

using namespace bptt;

namespace {

int wrong = 0;

void expect(bool ok, const auto&... sentence) {
    if (ok) return;
    ++wrong;
    (std::cout << ... << sentence) << ".\n";
}

template <class T> constexpr const char* name_of = sizeof(T) == 4 ? "float" : "double";

template <class T> Mat<T> random(Index rows, Index cols, Rng& rng) {
    return random_matrix<T>(rows, cols, [&] { return rng.uniform(-1, 1); });
}

/// Three texts that count 0 1 2 3 4 5 6 0 1 …, each from another number on.
Tokens counting(Index from) {
    std::vector<std::vector<Index>> texts(3);
    for (Index b = 0; b < 3; ++b)
        for (Index t = 0; t < 14 + b; ++t) texts[static_cast<std::size_t>(b)].push_back((from + t + b) % 7);
    return Tokens::of(texts);
}

template <class T> LanguageModel<Lstm<T>> trained() {
    Rng rng(42);
    LanguageModel<Lstm<T>> model(7, {8, 21, rng}, rng);
    Adam<T> adam({.rate = 0.02f});
    const Threads threads(2);
    Tape<T> tape(threads);
    const Tokens tokens = counting(0), next = counting(1);
    double first = 0, last = 0;
    for (int step = 0; step < 60; ++step) {
        tape.clear();
        const auto loss = cross_entropy(model.head(model(tape, tokens).h), next);
        zero_grad(model), backward(loss), clip_grad_norm(model, 5), adam.step(model);
        last = static_cast<double>(loss.item());
        if (step == 0) first = last;
    }
    expect(first > 1.5 && first < 2.5 && last < 0.2, "The training of ", name_of<T>, " goes from ", first, " to ", last,
           " nats in 60 steps, not from about 1.9 to below 0.2");
    return model;
}

/// A model that has learned to count goes on counting, however it is asked to.
void decodes(const LanguageModel<Lstm<float>>& model) {
    const WriteOptions options{.eos = 6, .max_length = 9};
    const auto check = [](const char* what, const auto& texts) {
        expect(texts.size() == 1 && texts[0].tokens == std::vector<Index>{3, 4, 5, 6}, what,
               " does not write 3 4 5 6 after 0 1 2");
    };
    Rng rng(7);
    check("greedy()", greedy(model.read({0, 1, 2}), options));
    check("sample()", sample(model.read({0, 1, 2}), options, rng, {.temperature = 0.1}));
    check("beam_search()", beam_search(model.read({0, 1, 2}), options));
}

/// The trajectory of a cell over random sequences, by its kernel or by its equations, and all gradients of a loss of it.
template <class C, bool fused> std::vector<Mat<double>> everything(Index units, Index batch) {
    using T = typename C::Scalar;
    Rng rng(static_cast<std::uint64_t>(units));
    C cell(3, units, rng);
    for_each_param(cell, [&](std::string_view, auto& p) { p.value = random<T>(p.rows(), p.cols(), rng); });
    std::vector<Index> lengths;
    for (Index b = 0; units % 2 == 1 && b < batch; ++b) lengths.push_back(b % 5);
    const Threads threads(2);
    Tape<T> tape(threads);
    const auto x = tape.variable(random<T>(3, 4 * batch, rng));
    const auto s0 =
        map_state(zero_state(cell, batch), [&](const Mat<T>& m) { return tape.variable(random<T>(m.rows(), m.cols(), rng)); });
    const auto xs = sequence(x, batch, lengths);
    const auto y = [&] {
        if constexpr (fused)
            return unroll(cell, xs, s0);
        else
            return unroll_steps(cell, xs, s0);
    }();
    backward(sum(square(y.h.all)) + sum(square(final_state(y).h)));
    std::vector<Mat<double>> all{y.h.all.value().template cast<double>(), x.grad().template cast<double>(),
                                 s0.h.grad().template cast<double>()};
    for_each_param(cell, [&](std::string_view, const auto& p) { all.push_back(p.grad.template cast<double>()); });
    return all;
}

/// A cell's kernel, in float and in double, does what its equations say, for sizes that fill packets and others.
template <class InFloat, class InDouble> void kernel_equals_equations(const char* name) {
    for (const auto& size : {std::pair<Index, Index>{1, 1}, {7, 13}, {16, 8}, {33, 37}}) {
        const Index units = size.first, batch = size.second;
        const auto expected = everything<InDouble, false>(units, batch);
        const auto compare = [&](const char* type, const auto& found, double tolerance) {
            for (std::size_t k = 0; k < expected.size(); ++k) {
                if (expected[k].size() == 0) continue;
                const double scale = 1 + expected[k].cwiseAbs().maxCoeff();
                const double apart = (found[k] - expected[k]).cwiseAbs().maxCoeff();
                expect(apart <= tolerance * scale, "The kernel of ", name, " of ", type, " and the equations are ", apart,
                       " apart in tensor ", k, " of ", expected.size(), ", with ", units, " units and batch ", batch);
            }
        };
        compare("float", everything<InFloat, true>(units, batch), 1e-5);
        compare("double", everything<InDouble, true>(units, batch), 1e-12);
    }
}
void kernels_equal_equations() {
    kernel_equals_equations<Rnn<float>, Rnn<double>>("Rnn");
    kernel_equals_equations<Lstm<float>, Lstm<double>>("Lstm");
    kernel_equals_equations<Lstm<float, Peephole::previous>, Lstm<double, Peephole::previous>>("Lstm, Peephole::previous,");
    kernel_equals_equations<Lstm<float, Peephole::current>, Lstm<double, Peephole::current>>("Lstm, Peephole::current,");
    kernel_equals_equations<Lstm<float, Peephole::full>, Lstm<double, Peephole::full>>("Lstm, Peephole::full,");
    kernel_equals_equations<Gru<float>, Gru<double>>("Gru, Reset::before,");
    kernel_equals_equations<Gru<float, Reset::after>, Gru<double, Reset::after>>("Gru, Reset::after,");
}

void gradients() {
    const auto check = [](const char* what, const GradcheckResult& r) {
        expect(bool(r), "The gradient of ", what, " is wrong: ", r);
    };
    Rng rng(3);
    Gru<double> gru(3, 5, rng);
    check("Gru", gradcheck(gru, {.inputs = 3, .batch = 3, .steps = 4, .lengths = {2, 4, 3}}));
    BahdanauAttention<double> attention(3, 4, 5, rng);
    const auto read = [&](Var<double> query, Var<double> keys) {
        return attention(query, attention.memory(sequence(keys, 3, {2, 4, 1}))).context;
    };
    check("BahdanauAttention", gradcheck(attention, read, random<double>(3, 3, rng), random<double>(4, 12, rng)));
    check("cross_entropy", gradcheck([](Var<double> x) { return cross_entropy(x, {4, 0, 2}); }, random<double>(5, 3, rng)));
}

struct OneNumber {
    Param<float> number{Mat<float>::Constant(1, 1, -2.5f)};
    BPTT_PARAMS(number)
};

/// What is saved replaces a file, is loaded again, and has the same bytes on every machine.
template <class T> void saves_and_loads(const LanguageModel<Lstm<T>>& model) {
    const auto file = std::filesystem::temp_directory_path() / ("bptt_probe_" + std::to_string(std::random_device()()));
    save(file, OneNumber());
    std::ifstream in(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    in.close();
    expect(bytes.size() > 8 && bytes[0] != 0 && bytes[7] == 0 && bytes.ends_with("\x20\xc0"),
           "A saved file is not little-endian");
    save(file, model, {{"units", "21"}});
    Rng rng(5);
    LanguageModel<Lstm<T>> loaded(7, {8, 21, rng}, rng);
    {
        const SavedModel saved(file);
        saved.load(loaded);
        expect(saved.metadata("units") == "21", "The metadata of a file is not what was saved");
    }
    std::vector<Mat<T>> values;
    for_each_param(model, [&](std::string_view, const auto& p) { values.push_back(p.value); });
    for_each_param(loaded, [&, k = std::size_t{0}](std::string_view name, const auto& p) mutable {
        expect(p.value == values[k++], "Parameter ", name, " of ", name_of<T>, " is not loaded as it was saved");
    });
    std::filesystem::remove(file);
    try {
        load(file, loaded);
        expect(false, "A file that does not exist is loaded");
    } catch (const std::invalid_argument&) {
    }
}

}  // namespace

int main() {
    const auto in_float = trained<float>();
    decodes(in_float);
    saves_and_loads(in_float);
    saves_and_loads(trained<double>());
    kernels_equal_equations();
    gradients();
    return wrong > 0;
}
