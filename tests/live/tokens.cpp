#include "bptt/live/tokens.hpp"

#include "bptt/models/language_model.hpp"
#include "catch.hpp"
#include "live/reference.hpp"

using namespace bptt;

namespace {

using OneHotStack = LanguageModel<Stacked<Gru<float>>, OneHot<float>>;

template <class Model> Model some_model(Rng& rng) {
    if constexpr (std::is_same_v<Model, OneHotStack>)
        return Model(7, {7, 6, 2, rng}, rng);
    else
        return Model(300, {5, 6, rng}, rng);  // more tokens than are asked for at once
}

template <class Model> constexpr bool is_live = requires(typename Model::Source source) { source.live; };

TEMPLATE_TEST_CASE("a language model of floats writes what it computes on a tape", "", LanguageModel<Lstm<float>>,
                   OneHotStack) {
    Rng rng(1);
    const auto model = some_model<TestType>(rng);
    CHECK(is_live<TestType>);
    const Tokens texts = Tokens::of({{1, 2, 3}, {4}, {5, 6}});
    const auto writer = model.read(texts);
    auto state = writer.start();
    const auto alone = model.read({4});  // the second of them
    auto own = alone.start();
    std::vector<Index> previous{3, 4, 6};
    const std::vector<Index> sources{0, 1, 2};
    std::vector<std::vector<Index>> all{{1, 2, 3}, {4}, {5, 6}};
    for (int step = 0; step < 4; ++step) {
        const Mat<float> logits = writer.step(previous, sources, state);
        Tape<float> tape;
        const Mat<float> expected = model.head(final_state(model(tape, Tokens::of(all)).h)).value();
        CHECK((logits - expected).cwiseAbs().maxCoeff() < 1e-5f);
        const Mat<float> of_one = alone.step(std::vector<Index>{previous[1]}, std::vector<Index>{0}, own);
        CHECK(of_one == logits.col(1));  // bit for bit
        for (std::size_t j = 0; j < 3; ++j) all[j].push_back(previous[j] = (previous[j] + 3) % 7);
    }
}

TEMPLATE_TEST_CASE("a stream of a language model reads a text token by token", "", LanguageModel<Lstm<float>>, OneHotStack) {
    Rng rng(2);
    const auto model = some_model<TestType>(rng);
    auto live = stream(model);
    auto bytes = stream<Storage::int8>(model);
    const std::vector<Index> text{1, 2, 3, 6, 0};
    Tape<float> tape;
    const Mat<float> expected = model.head(model(tape, Tokens(text, 1))).all.value();
    decltype(live.state()) after_two;
    for (Index t = 0; t < 5; ++t) {
        const Index token = text[static_cast<std::size_t>(t)];
        CHECK((live.step(token) - expected.col(t)).cwiseAbs().maxCoeff() < 1e-5f);
        CHECK((bytes.step(token) - expected.col(t)).cwiseAbs().maxCoeff() < 0.03f);
        if (t == 1) after_two = live.state();
    }
    live.set_state(after_two);
    CHECK((live.step(text[2]) - expected.col(2)).cwiseAbs().maxCoeff() < 1e-5f);
    live.reset();
    CHECK((live.step(text[0]) - expected.col(0)).cwiseAbs().maxCoeff() < 1e-5f);
}

TEST_CASE("a token stream refuses states for other tokens, and changes none") {
    Rng rng(3);
    const OneHotStack model = some_model<OneHotStack>(rng);
    auto live = stream(model);
    auto s = zero_state(model.layer, 1);
    CHECK_THROWS_WITH(live.step(std::vector<Index>{4, 5}, s),
                      ContainsSubstring("h of the state is 6x1, and there are 2 tokens"));
    CHECK(s[0].h.isZero(0));
    const auto taken = std::move(live);
    CHECK_THROWS_WITH(live.step(std::vector<Index>{4}, s), ContainsSubstring("TokenStream: it was moved from"));
    CHECK_THROWS_WITH(live.reset(), ContainsSubstring("Stream: it was moved from"));
}

TEST_CASE("a language model of doubles writes on its tape, as doubles") { CHECK_FALSE(is_live<LanguageModel<Lstm<double>>>); }

}  // namespace
