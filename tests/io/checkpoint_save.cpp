// What save_checkpoint() refuses, and which files it leaves.
#include <limits>
#include <string>

#include "catch.hpp"
#include "io/run.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

TEST_CASE("save_checkpoint: what cannot be named or written is refused, and the old file stays") {
    const Folder folder;
    const TestRun run = trained(1);
    const auto file = folder / "run";
    save_checkpoint(file, run);
    const std::string before = read_bytes(file);
    const auto refuses = [&](auto&& parts, const std::string& why) {
        CHECK_THROWS_WITH(save_checkpoint(file, parts), "save_checkpoint: " + file.string() + ": " + why);
        CHECK((read_bytes(file) == before));
    };
    const std::string text = "x", bad = "\xff";
    refuses([&](auto&& f) { f("a", run.step), f("a", run.real); }, "two tensors are called \"a\"");
    refuses([&](auto&& f) { f("a", text), f("a", text); }, "two strings are called \"a\"");
    refuses([&](auto&& f) { f("", run.step); }, "nothing can be called \"\"");
    refuses([&](auto&& f) { f("__metadata__", run.step); }, "nothing can be called \"__metadata__\"");
    refuses([&](auto&& f) { f("bptt.checksum", text); }, "no string can be called \"bptt.checksum\"");
    refuses([&](auto&& f) { f(std::string("a\0b", 3), run.step); }, "nothing can be called \"a\\u0000b\"");
    const NamedMatrices<float> map = {{"m", Mat<float>(1, 1)}};
    refuses([&](auto&& f) { f("a", map), f("a.b", run.step); },
            "nothing else can be called \"a.b\", which begins as the matrices of \"a.\"");
    refuses([&](auto&& f) { f("a.m", run.step), f("a", map); }, "two tensors are called \"a.m\"");
    refuses([&](auto&& f) { f("a", bad); }, "\"\\ufffd\" is not UTF-8");
    CHECK_THROWS_WITH(save_checkpoint(folder / "no" / "run", run), ContainsSubstring("cannot open its folder"));
}

TEST_CASE("checkpoint: a comma locale changes no file") {
    const TestRun run = trained(2);
    const std::string plain = bytes_of(run);
    const CommaLocale commas;
    CHECK((bytes_of(run) == plain));
    const Folder folder;
    save_checkpoint(folder / "run", run);
    TestRun other;
    load_checkpoint(folder / "run", other);
    CHECK((bytes_of(other) == plain));
}

TEST_CASE("save_checkpoint: the last ones are kept, in the order of their time") {
    const Folder folder;
    const auto names = [&] {
        std::string all;
        for (const char* name : {"run.st", "run.1.st", "run.2.st", "run.3.st"}) {
            std::int64_t step = 0;
            if (!std::filesystem::exists(folder / name)) continue;
            load_checkpoint(folder / name, [&](auto&& f) { f("step", step); });
            all += std::to_string(step) + ' ';
        }
        return all + std::to_string(folder.count());
    };
    std::int64_t step = 0;
    const auto next = [&](int keep) {
        ++step;
        save_checkpoint(folder / "run.st", [&](auto&& f) { f("step", step); }, {.keep = keep});
        return names();
    };
    CHECK(next(3) == "1 1");
    CHECK(next(3) == "2 1 2");
    CHECK(next(3) == "3 2 1 3");
    CHECK(next(3) == "4 3 2 3");
    CHECK(next(2) == "5 4 2 3");
    CHECK(next(1) == "6 4 2 3");
    CHECK(next(std::numeric_limits<int>::max()) == "7 6 4 2 4");
    std::filesystem::remove(folder / "run.2.st");
    CHECK(next(std::numeric_limits<int>::max()) == "8 7 6 2 4");
    std::filesystem::remove(folder / "run.3.st");
    CHECK_THROWS_WITH(next(0), ContainsSubstring("keep is 0, not positive"));
    CHECK(names() == "8 7 6 3");
    std::filesystem::remove(folder / "run.1.st");
    std::filesystem::create_directories(folder / "run.1.st" / "full");
    CHECK_THROWS_WITH(next(2), ContainsSubstring("it is saved, but the one before cannot be kept as "));
    load_checkpoint(folder / "run.st", [&](auto&& f) { f("step", step); });
    CHECK(step == 10);
    CHECK(folder.count() == 3);
}

TEST_CASE("save_checkpoint: a part may be a variable of the function, a name may look like the checksum") {
    const Folder folder;
    const Mat<float> m = Mat<float>::Constant(2, 3, 7);
    save_checkpoint(folder / "run", [&](auto&& f) {
        const std::string text = "a text of this function that is longer than a string holds in itself";
        const Mat<float> doubled = 2 * m;
        f("text", text), f("doubled", doubled), f("a\"bptt.checksum", text);
    });
    std::string text, other;
    Mat<float> doubled;
    load_checkpoint(folder / "run", [&](auto&& f) { f("text", text), f("doubled", doubled), f("a\"bptt.checksum", other); });
    CHECK(text.starts_with("a text of"));
    CHECK(other == text);
    CHECK(doubled == 2 * m);
}
