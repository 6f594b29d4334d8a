// Threads, each with a tape of its own under a Pause, run one const model side by side: nothing of it is written. A child
// process computes with the threads of its parent.
#include <functional>
#include <thread>
#include <vector>

#include "bptt/bptt.hpp"
#include "catch.hpp"
#include "support/child.hpp"

using namespace bptt;

namespace {

constexpr Index symbols = 7;

struct SharedModel {
    LanguageModel<Stacked<Lstm<float>>> language;
    Bidirectional<Gru<float>> both;
    AttentionEncoderDecoder<Lstm<float>> attention;
    EncoderDecoder<Rnn<float>> plain;
    BPTT_PARAMS(language, both, attention, plain)

    explicit SharedModel(Rng& rng)
        : language(symbols, {5, 16, 2, rng}, rng),
          both{{5, 8, rng}, {5, 8, rng}},
          attention({.sources = symbols, .targets = symbols, .features = 5, .units = 8}, rng),
          plain({.sources = symbols, .targets = symbols, .features = 5, .units = 8}, rng) {}
};

const Tokens& shared_texts() {
    static const Tokens texts = Tokens::of({{1, 2, 3, 4}, {2, 3}, {6, 5, 4, 3, 2}, {1}, {2}, {3}, {4}, {5}});
    return texts;
}

/// All that the model computes from the texts.
std::vector<float> outputs_of(const SharedModel& m, Tape<float>& tape) {
    const Tokens& texts = shared_texts();
    std::vector<float> numbers;
    const auto keep = [&](Var<float> x) {
        const Mat<float> value = x.value();
        numbers.insert(numbers.end(), value.data(), value.data() + value.size());
    };
    const auto keep_written = [&](const auto& all) {
        for (const auto& written : all) {
            numbers.insert(numbers.end(), written.tokens.begin(), written.tokens.end());
            numbers.push_back(static_cast<float>(written.log_probability));
        }
    };
    const Tape<float>::Pause pause(tape);
    const auto y = m.language(tape, texts);
    keep(m.language.head(y.h).all);
    keep(cross_entropy(m.language.head(y.h), texts));
    keep(unroll(m.both, m.language.embed(tape, texts)).h.all);
    keep(m.attention(tape, texts, texts).all);
    keep(m.plain(tape, texts, texts).all);
    Rng rng(1);
    const WriteOptions go_on{.eos = 0, .max_length = 5}, begin{.bos = 0, .eos = 0, .max_length = 5};
    keep_written(sample(m.language.read(texts), go_on, rng));
    keep_written(greedy(m.attention.read(texts), begin));
    keep_written(beam_search(m.plain.read(texts), begin, {.width = 2}));
    return numbers;
}

}  // namespace

TEST_CASE("threads: they share a const model, whose gradients stay as they are") {
    Rng rng(1);
    const SharedModel model(rng);
    const auto [rows, cols, number] = GENERATE(table<Index, Index, float>({{0, 0, 0.0f}, {2, 3, 7.0f}}));
    CAPTURE(rows, cols);
    for_each_param(model, [r = rows, c = cols, x = number](auto, const auto& p) { p.grad = Mat<float>::Constant(r, c, x); });

    constexpr std::size_t count = 8;
    const Threads threads(2);
    std::vector<std::vector<float>> outputs(count);
    std::vector<std::thread> all;
    for (std::size_t k = 0; k < count; ++k)
        all.emplace_back([&, k] {
            if (k % 2) {
                Tape<float> tape(threads);
                outputs[k] = outputs_of(model, tape);
            } else {
                Tape<float> tape;
                outputs[k] = outputs_of(model, tape);
            }
        });
    for (std::thread& t : all) t.join();

    CHECK(outputs[0].size() > 100);
    for (const auto& numbers : outputs) CHECK(numbers == outputs[0]);
    for_each_param(model, [r = rows, c = cols, x = number](std::string_view name, const auto& p) {
        CAPTURE(name);
        CHECK(shape(p.grad) == detail::Shape{r, c});
        CHECK((p.grad.array() == x).all());
    });
}

TEST_CASE("threads: a child process trains with those of its parent") {
    Rng rng(1);
    const SharedModel model(rng);
    const Threads threads(2);
    Tape<float> tape(threads);
    const auto gradients = [&] {
        tape.clear();
        zero_grad(model);
        backward(cross_entropy(model.language.head(model.language(tape, shared_texts()).h), shared_texts()));
        std::vector<float> numbers;
        for_each_param(
            model, [&](auto, const auto& p) { numbers.insert(numbers.end(), p.grad.data(), p.grad.data() + p.grad.size()); });
        return numbers;
    };
    const auto expected = gradients();
    CHECK(std::ranges::count_if(expected, [](float x) { return x != 0; }) > 100);
    CHECK(holds_in_child([&] { return gradients() == expected; }));
}
