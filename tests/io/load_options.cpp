#include "bptt/io/load_options.hpp"

#include "bptt/cells/lstm.hpp"
#include "bptt/io/checkpoint.hpp"
#include "bptt/io/safetensors.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

using Names = std::vector<std::string>;

struct Whole {
    Stacked<Lstm<float>> rnn;
    Linear<float> head;
    explicit Whole(std::uint64_t seed) : Whole(Rng(seed)) {}
    BPTT_PARAMS(rnn, head)

private:
    explicit Whole(Rng rng) : rnn(2, 3, 2, rng), head(3, 4, rng) {}
};
struct Other {
    Stacked<Lstm<float>> layers;
    Param<float> weight, bias;
    static void params(auto& m, auto&& f) { f("net.layers", m.layers), f("net.weight", m.weight), f("bias", m.bias); }
};
struct Half {
    Linear<float> head, tags;
    static void params(auto& m, auto&& f) { f("head", m.head), f("tags", m.tags); }
};

template <class M> bool same(const M& a, const M& b) { return bits(a) == bits(b); }

}  // namespace

TEST_CASE("load: prefix finds a part in a larger file, of a model or of a checkpoint") {
    const Folder folder;
    const Whole whole(1);
    save(folder / "m", whole);
    Rng rng(2);
    Linear<float> head(3, 4, rng);
    Lstm<float> upper(3, 3, rng);
    const Loaded loaded = load(folder / "m", head, {.prefix = "head."});
    CHECK(same(head, whole.head));
    CHECK(loaded.missing.empty());
    CHECK(loaded.unexpected.empty());
    load(folder / "m", upper, {.prefix = "rnn.1."});
    CHECK(same(upper, whole.rnn.layers[1]));

    save_checkpoint(folder / "run", [&](auto&& f) { f("model", whole), f("rng", rng); });
    Whole restored(3);
    load(folder / "run", restored, {.prefix = "model."});
    CHECK(same(restored, whole));

    const std::string before = bits(head);
    CHECK_THROWS_WITH(load(folder / "m", head, {.prefix = "rnn.0."}),
                      ContainsSubstring("\"rnn.0.Wx\" is F32 [12,2] in the file and not in the model"));
    CHECK_THROWS_WITH(load(folder / "m", head, {.prefix = "tail."}),
                      ContainsSubstring("\"tail.W\" is F32 [4,3] in the model and not in the file"));
    CHECK(bits(head) == before);
}

TEST_CASE("load: rename finds a parameter, or a part, under another name, the longest name counts") {
    const Folder folder;
    const Whole whole(1);
    save(folder / "m", whole);
    Rng rng(2);
    Other other{{2, 3, 2, rng}, {4, 3}, {4, 1}};
    const std::map<std::string, std::string> names{
        {"net", "nowhere"}, {"net.layers", "rnn"}, {"net.weight", "head.W"}, {"bias", "head.b"}};
    CHECK_THROWS_WITH(load(folder / "m", other, {.rename = names}),
                      ContainsSubstring("rename: nothing in the model is called net"));
    load(folder / "m", other, {.rename = {{"net.layers", "rnn"}, {"net.weight", "head.W"}, {"bias", "head.b"}}});
    CHECK(same(other.layers, whole.rnn));
    CHECK(other.weight.value == whole.head.W.value);
    CHECK(other.bias.value == whole.head.b.value);
    other.layers.layers[1].b.value.setZero();
    load(folder / "m", other, {.prefix = "r", .rename = {{"net.layers", "nn"}}, .partial = true});
    CHECK(same(other.layers, whole.rnn));

    const std::string before = bits(other);
    CHECK_THROWS_WITH(
        load(folder / "m", other, {.rename = {{"net.layers", "rnn"}, {"net.weight", "head.b"}, {"bias", "head.b"}}}),
        ContainsSubstring("two tensors are called \"head.b\""));
    CHECK_THROWS_WITH(load(folder / "m", other, {.rename = {{"bia", "head.b"}}}),
                      ContainsSubstring("rename: nothing in the model is called bia"));
    CHECK(bits(other) == before);
}

TEST_CASE("load: partial leaves out what either side lacks, and says what") {
    const Folder folder;
    const Whole whole(1);
    save(folder / "m", whole);
    Rng rng(2);
    TwoParams none = two_from(1);
    const std::string before = bits(none);
    CHECK_THROWS_WITH(load(folder / "m", none, {.partial = true}),
                      ContainsSubstring("it has nothing of the model; the first tensor would be called \"a\""));
    CHECK(bits(none) == before);

    Half half{{3, 4, rng}, {3, 9, rng}};
    const std::string tags = bits(half.tags);
    const Loaded loaded = load(folder / "m", half, {.partial = true});
    CHECK(same(half.head, whole.head));
    CHECK(bits(half.tags) == tags);
    CHECK(loaded.missing == Names{"tags.W", "tags.b"});
    CHECK(loaded.unexpected == Names{"rnn.0.Wx", "rnn.0.Wh", "rnn.0.b", "rnn.1.Wx", "rnn.1.Wh", "rnn.1.b"});

    Half other{{3, 5, rng}, {3, 9, rng}};  // what both have must fit
    CHECK_THROWS_WITH(load(folder / "m", other, {.partial = true}),
                      ContainsSubstring("\"head.W\" is F32 [4,3] in the file and F32 [5,3] in the model"));
}
