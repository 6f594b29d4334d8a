#include "bptt/io/checkpoint.hpp"

#include <bit>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "io/run.hpp"

using namespace bptt;

namespace {

/// What load_checkpoint() says of a file that does not fit; the run stays as it is.
std::string refused(const std::filesystem::path& file, auto&& run, const TestRun& watched) {
    const std::string before = bytes_of(watched);
    std::string said = "nothing";
    try {
        load_checkpoint(file, run);
    } catch (const std::invalid_argument& e) {
        said = e.what();
    }
    CHECK((bytes_of(watched) == before));
    return said;
}
std::string refused(const std::filesystem::path& file, TestRun run) { return refused(file, run, run); }

/// All of a TestRun but one part, in whose place another may stand.
auto but(TestRun& run, std::string_view without, auto&& instead) {
    return [&run, without, instead](auto&& f) {
        TestRun::checkpoint(run, [&](auto name_or_part, auto&... part) {
            if constexpr (sizeof...(part) == 0)
                f(name_or_part);
            else if (name_or_part != without)
                f(name_or_part, part...);
        });
        instead(f);
    };
}
auto but(TestRun& run, std::string_view without) {
    return but(run, without, [](auto&&) {});
}

}  // namespace

TEST_CASE("checkpoint: a run comes back, every bit, and goes on as the one that was saved") {
    const Folder folder;
    TestRun run = trained(3);
    run.note = "\u00e9, \"bptt.checksum\":\"0000000000000000\"";
    run.small = std::numeric_limits<std::int8_t>::min();
    run.step = std::numeric_limits<std::int64_t>::min();
    run.large = std::numeric_limits<std::uint64_t>::max();
    run.single = std::bit_cast<float>(0x7fc12345u);
    run.losses = {std::bit_cast<double>(0x7ff8000123456789u), -0.0, std::numeric_limits<double>::denorm_min()};
    run.counts = {-1, 7};
    run.empty = Mat<double>::Ones(3, 1);
    save_checkpoint(folder / "run", run);
    CHECK(folder.count() == 1);

    TestRun other = trained(1);
    other.rnn = TestRun().rnn;
    other.named["gone"] = Mat<float>::Ones(1, 1);
    const Mat<double> gradient = other.head.W.grad;
    load_checkpoint(folder / "run", other);
    CHECK((bytes_of(other) == bytes_of(run)));
    CHECK(other.head.W.grad == gradient);
    CHECK(other.named.size() == 1);
    CHECK(other.note == run.note);
    CHECK(other.step == run.step);
    for (int k = 0; k < 3; ++k) run.train(), other.train();
    CHECK((bytes_of(other) == bytes_of(run)));
}

TEST_CASE("checkpoint: a function names the parts of a run, an optimiser that never stepped, and a loss that is infinite") {
    const Folder folder;
    const std::int64_t saved = 7;
    const Best none;
    const Adam<float> adam({.rate = 0.5});
    save_checkpoint(folder / "run", [&](auto&& f) { f("step", saved), f("best", none), f("adam", adam); });
    std::int64_t step = 0;
    Best best;
    best.improved(1);
    TestRun run = trained(2);
    load_checkpoint(folder / "run", [&](auto&& f) { f("step", step), f("best", best), f("adam", run.adam); });
    CHECK(step == 7);
    CHECK(best.loss() == std::numeric_limits<double>::infinity());
    CHECK(run.adam.steps() == 0);
    CHECK(run.adam.options.rate == 0.5);
    Linear<float> other(9, 8, run.rng);
    run.adam.step(other);
}

#if !defined(BPTT_ADDRESS_SANITIZER)  // under which variables are not on the stack
TEST_CASE("load_checkpoint: a variable of the function is refused, as it would be set when it is gone") {
    const Folder folder;
    std::int64_t step = 7;
    std::string note = "x";
    Mat<float> matrix(1, 1);
    const auto file = folder / "run";
    save_checkpoint(file, [&](auto&& f) { f("step", step), f("note", note), f("matrix", matrix); });
    const auto refuses = [&](auto&& run, const std::string& name) {
        CHECK_THROWS_WITH(load_checkpoint(file, run), "load_checkpoint: " + file.string() + ": \"" + name +
                                                          "\" is a variable of a function that is over before it is set");
    };
    refuses(
        [&](auto&& f) {
            auto copy = step;
            f("step", copy), step = copy, f("note", note), f("matrix", matrix);
        },
        "step");
    refuses(
        [&](auto&& f) {
            auto copy = note;
            f("step", step), f("note", copy), f("matrix", matrix);
        },
        "note");
    refuses(
        [&](auto&& f) {
            Mat<float> copy(1, 1);
            f("step", step), f("note", note), f("matrix", copy);
        },
        "matrix");
    CHECK(step == 7);
}
#endif

TEST_CASE("checkpoint: an optimiser does not go on as another, an enum comes back") {
    const Folder folder;
    enum class Mode : std::uint8_t { first = 3, second = 200 };
    Mode mode = Mode::second;
    Adam<float> adam;
    AdamW<float> adamw;
    const auto file = folder / "run";
    save_checkpoint(file, [&](auto&& f) { f("adam", adam), f("mode", mode); });
    CHECK_THROWS_WITH(load_checkpoint(file, [&](auto&& f) { f("adam", adamw), f("mode", mode); }),
                      ContainsSubstring("\"adam.Adam.steps\" is I64 [] in the file and not in the run"));
    mode = Mode::first;
    load_checkpoint(file, [&](auto&& f) { f("adam", adam), f("mode", mode); });
    CHECK(mode == Mode::second);
}

TEST_CASE("checkpoint: options come back, too") {
    const Folder folder;
    Sgd<float> sgd({.rate = 1, .momentum = 2, .decay = 3, .nesterov = true});
    Adagrad<float> adagrad({.rate = 4, .decay = 5, .epsilon = 6});
    RmsProp<double> rms_prop({.rate = 7, .alpha = 0.5, .decay = 8, .epsilon = 9});
    AdamW<double> adamw({.rate = 10, .beta1 = 0.25, .beta2 = 0.75, .decay = 11, .epsilon = 12});
    Ema<float> ema({.decay = 0.125});
    Plateau plateau({.factor = 0.25, .patience = 13, .threshold = 14, .least = 15});
    const auto run = [&](auto&& f) {
        f("sgd", sgd), f("adagrad", adagrad), f("rms_prop", rms_prop), f("adamw", adamw), f("ema", ema), f("plateau", plateau);
    };
    save_checkpoint(folder / "run", run);
    sgd.options = {}, adagrad.options = {}, rms_prop.options = {}, adamw.options = {}, ema.options = {}, plateau.options = {};
    load_checkpoint(folder / "run", run);
    CHECK((sgd.options.rate == 1 && sgd.options.momentum == 2 && sgd.options.decay == 3 && sgd.options.nesterov));
    CHECK((adagrad.options.rate == 4 && adagrad.options.decay == 5 && adagrad.options.epsilon == 6));
    CHECK((rms_prop.options.rate == 7 && rms_prop.options.alpha == 0.5 && rms_prop.options.decay == 8));
    CHECK(rms_prop.options.epsilon == 9);
    CHECK((adamw.options.rate == 10 && adamw.options.beta1 == 0.25 && adamw.options.beta2 == 0.75));
    CHECK((adamw.options.decay == 11 && adamw.options.epsilon == 12));
    CHECK(ema.options.decay == 0.125);
    CHECK((plateau.options.factor == 0.25 && plateau.options.patience == 13));
    CHECK((plateau.options.threshold == 14 && plateau.options.least == 15));
}

TEST_CASE("checkpoint: what depends on the losses so far goes on from them") {
    const Folder folder;
    Best best;
    Plateau plateau({.factor = 0.5, .patience = 2});
    for (const double loss : {3.0, 4.0, 5.0}) best.improved(loss), plateau(1, loss);
    const auto run = [&](auto&& f) { f("best", best), f("plateau", plateau); };
    save_checkpoint(folder / "run", run);
    best = {}, plateau = Plateau();
    load_checkpoint(folder / "run", run);
    CHECK((best.loss() == 3 && best.since() == 2));
    CHECK(plateau(1, 3.5) == 0.5);
}

TEST_CASE("checkpoint: a restored optimiser serves the model that it was saved with, wherever that is") {
    const Folder folder;
    TestRun run = trained(2);
    save_checkpoint(folder / "run", run);
    TestRun used = trained(5);  // its Adam knows where its parameters were
    used.rnn = trained(1).rnn;
    load_checkpoint(folder / "run", used);
    const TestRun copy = used;
    TestRun moved = copy;
    moved.train(), run.train();
    CHECK((bytes_of(moved) == bytes_of(run)));
}

TEST_CASE("checkpoint: what is missing, extra or misshapen is named, and the run stays as it is") {
    const Folder folder;
    TestRun run = trained(2), saved = trained(3);
    const auto file = folder / "run";
    save_checkpoint(file, saved);
    std::int32_t narrow = 0;
    const std::string start = "load_checkpoint: " + file.string() + ": does not fit the run: ";
    CHECK(refused(file, but(run, "step"), run) == start + "\"step\" is I64 [] in the file and not in the run");
    CHECK(refused(file, but(run, "", [&](auto& f) { f("more", narrow); }), run) ==
          start + "\"more\" is I32 [] in the run and not in the file");
    CHECK(refused(file, but(run, "step", [&](auto& f) { f("step", narrow); }), run) ==
          start + "\"step\" is I64 [] in the file and I32 [] in the run");
    CHECK(refused(file, but(run, "", [&](auto& f) { f("step", narrow); }), run) ==
          "load_checkpoint: " + file.string() + ": two tensors are called \"step\"");
    std::string text;
    CHECK(refused(file, but(run, "", [&](auto& f) { f("word", text); }), run) == start + "there is no string \"word\"");
    CHECK(refused(file, but(run, "note"), run) == start + "the string \"note\" is in the file and not in the run");
    TestRun other = run;
    other.head = Linear<double>(3, 4, other.rng);
    CHECK(refused(file, other) == start +
                                      "\"head.W\" is F64 [2,3] in the file and F64 [4,3] in the run; \"head.b\" is F64 "
                                      "[2,1] in the file and F64 [4,1] in the run");
    other = run;
    other.matrix.resize(3, 2);
    CHECK(refused(file, other) == start + "\"matrix\" is F64 [2,3] in the file and F64 [3,2] in the run");
    other = run;
    other.carry = zero_state(other.rnn, 4);
    CHECK_THAT(refused(file, other), ContainsSubstring(start + "\"carry.0.forward.h\" is F32 [3,3] in the file and F32 [3,4]"));
    Mat<double> any;
    CHECK(refused(file, but(run, "losses", [&](auto& f) { f("losses", any); }), run) ==
          start + "\"losses\" is F64 [5] in the file and F64 [0,0] in the run");
    std::vector<float> floats;
    CHECK(refused(file, but(run, "losses", [&](auto& f) { f("losses", floats); }), run) ==
          start + "\"losses\" is F64 [5] in the file and F32 [5] in the run");
}

TEST_CASE("checkpoint: a generator comes back whatever it is restored into") {
    const Folder folder;
    Rng rng(3), zeros = Rng::zeros();
    save_checkpoint(folder / "run", [&](auto&& f) { f("rng", rng); });
    load_checkpoint(folder / "run", [&](auto&& f) { f("rng", zeros); });
    CHECK(!zeros.draws_zeros());
    CHECK(zeros.next() == rng.next());
    zeros = Rng::zeros();
    save_checkpoint(folder / "run", [&](auto&& f) { f("rng", zeros); });
    load_checkpoint(folder / "run", [&](auto&& f) { f("rng", rng); });
    CHECK(rng.draws_zeros());
}
