#include "bptt/models/language_model.hpp"

#include <utility>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/decode/beam.hpp"
#include "bptt/decode/write.hpp"
#include "bptt/nets/stacked.hpp"
#include "bptt/ops/cross_entropy.hpp"
#include "support/gradients.hpp"
#include "support/malloc.hpp"

using namespace bptt;

namespace {

using Ids = std::vector<Index>;
constexpr Index tokens = 5;

template <class Model>
concept ReadableText = requires(Model&& model) {
    std::forward<Model>(model).read(Ids{1});
};
template <class Model>
concept ReadableTextList = requires(Model&& model) {
    std::forward<Model>(model).read({1});
};

template <class Model> Model random_language_model(std::uint64_t seed) {
    Rng rng(seed);
    Model model = [&]() -> Model {
        if constexpr (std::is_same_v<decltype(Model::layer), Stacked<Lstm<double>>>)
            return {tokens, {tokens, 4, 2, rng}, rng};
        else
            return {tokens, {tokens, 4, rng}, rng};
    }();
    randomise(model, rng, 2);
    return model;
}
using Embedded = LanguageModel<Gru<double>>;
using OneHotStack = LanguageModel<Stacked<Lstm<double>>, OneHot<double>>;

/// Σ ln P of each token after those before, one by one through the model.
double forced(const auto& model, Ids text, const Ids& tokens_after) {
    Tape<double> tape;
    const auto first = std::ssize(text) - 1;
    text.insert(text.end(), tokens_after.begin(), tokens_after.end());
    const auto y = model(tape, Tokens::of({Ids(text.begin(), text.end() - 1)}));
    const Var<double> logits = model.head(y).all;
    double sum = 0;
    for (Index k = 0; const Index token : tokens_after) {
        const Eigen::VectorXd x = logits.value().col(first + k++);
        sum += x[token] - std::log(x.array().exp().sum());
    }
    return sum;
}

}  // namespace

TEMPLATE_TEST_CASE("language_model: gradients through a window, from a carry", "", Embedded, OneHotStack) {
    auto model = random_language_model<TestType>(1);
    const auto inputs = Tokens::of({{1, 2, 0}, {4}, {3, 3}}), targets = Tokens::of({{2, 0, 1}, {0}, {3, 2}});
    auto carry = zero_state(model.layer, 3);
    Rng rng(2);
    for_each_field(carry, [&](auto& m) { m = random_mat(m.rows(), m.cols(), rng); });
    CHECK(check_op(model, [&](auto& tape) { return cross_entropy(model.head(model(tape, inputs, carry)), targets); }));
}

TEST_CASE("language_model: each part has its parameters, and one-hot columns have none") {
    const auto count = [](const auto& model, std::string_view part) {
        Index numbers = 0;
        for_each_param(model, [&](std::string_view name, const auto& p) {
            if (name.starts_with(part)) numbers += p.value.size();
        });
        return numbers;
    };
    const auto model = random_language_model<Embedded>(1);
    CHECK(count(model, "embed.") == 5 * tokens);
    CHECK(count(model, "layer.") == 3 * 4 * (5 + 4 + 1));
    CHECK(count(model, "head.") == tokens * (4 + 1));
    CHECK(count(random_language_model<OneHotStack>(1), "embed") == 0);
}

TEMPLATE_TEST_CASE("language_model: what is written has the log-probability of the model that reads it", "", Embedded,
                   OneHotStack) {
    const auto model = random_language_model<TestType>(2);
    const Ids texts[] = {{1, 2, 3}, {4}, {0, 0}};
    const auto writer = model.read(Tokens::of(texts));
    Rng rng(1);
    const WriteOptions options{.eos = 0, .max_length = 6};
    auto found = greedy(writer, options);
    for (auto& w : sample(writer, options, rng)) found.push_back(w);
    for (auto& w : beam_search(writer, options)) found.push_back(w);
    REQUIRE(found.size() == 9);
    for (std::size_t k = 0; k < 9; ++k)
        CHECK_THAT(found[k].log_probability, WithinAbs(forced(model, texts[k % 3], found[k].tokens), 1e-12));
    CHECK(found[0].alignment.rows() == 0);
}

TEST_CASE("language_model: texts together equal each alone, in all spellings") {
    const auto model = random_language_model<Embedded>(3);
    const WriteOptions options{.max_length = 20};
    const auto together = greedy(model.read(Tokens::of({{1, 2, 3}, {4}})), options);
    CHECK(together[0].tokens.size() == 20);
    CHECK(together[0].tokens == greedy(model.read(Ids{1, 2, 3}), options)[0].tokens);
    CHECK(together[1].tokens == greedy(model.read({4}), options)[0].tokens);
}

TEST_CASE("language_model: each token is handed over as it is written, source by source") {
    const auto model = random_language_model<Embedded>(4);
    std::vector<Ids> seen(2);
    const auto see = [&](Index token, Index source) { seen[static_cast<std::size_t>(source)].push_back(token); };
    Rng rng(1);
    const auto writer = model.read(Tokens::of({{1, 2, 3}, {4}}));
    const auto drawn = sample(writer, {.eos = 0, .max_length = 30}, rng, {.temperature = 2}, see);
    CHECK(seen == std::vector<Ids>{drawn[0].tokens, drawn[1].tokens});
    seen.assign(2, {});
    const auto likeliest = greedy(writer, {.eos = 0, .max_length = 30}, see);
    CHECK(seen == std::vector<Ids>{likeliest[0].tokens, likeliest[1].tokens});
}

TEMPLATE_TEST_CASE("language_model: after the first step, a step allocates nothing", "", LanguageModel<Lstm<float>>,
                   LanguageModel<Rnn<float>>, OneHotStack) {
    const auto model = random_language_model<TestType>(5);
    const auto writer = model.read({1, 2});
    auto s = writer.start();
    const Index source[] = {0};
    Index token[] = {writer.first(0)};
    writer.step(token, source, s);
    const long before = allocations();
    for (int k = 0; k < 100; ++k) token[0] = greedy(writer.step(token, source, s));
    CHECK(allocations() == before);
}

TEST_CASE("language_model: names, sizes, and what is refused when it is compiled") {
    const auto model = random_language_model<OneHotStack>(6);
    CHECK(names_of(model) == "layer.0.Wx layer.0.Wh layer.0.b layer.1.Wx layer.1.Wh layer.1.b head.W head.b ");
    CHECK(random_language_model<Embedded>(7).embed.E.value.rows() == 5);
    static_assert(ReadableText<const Embedded&> && !ReadableText<Embedded>);
    static_assert(ReadableTextList<const Embedded&> && !ReadableTextList<Embedded>);
    static_assert(Writer<decltype(model.read(Ids{}))>);
}
