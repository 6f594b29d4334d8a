#include "bptt/io/temporary_name.hpp"

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;
using bptt::detail::TemporaryName;

TEST_CASE("TemporaryName: the file is deleted in the end, if there is one") {
    const Folder folder;
    const auto top = (folder / "x").parent_path();
    {
        const TemporaryName a(top), b(top);
        CHECK(a.path.parent_path() == top);
        CHECK(a.path != b.path);
        folder.write(a.path.filename().string(), "text");
        CHECK(folder.count() == 1);
    }
    CHECK(folder.count() == 0);
}

TEST_CASE("save: links are followed, to a file or to where one will be") {
    namespace fs = std::filesystem;
    const Folder folder, elsewhere;
    save(elsewhere / "m", two_from(1));
    fs::create_symlink(elsewhere / "m", folder / "second");
    fs::create_symlink("second", folder / "first");
    fs::create_symlink(elsewhere / "new", folder / "dangling");
    fs::create_symlink("loop", folder / "loop");
    for (const auto* name : {"first", "dangling"}) {
        save(folder / name, two_from(10));
        CHECK(fs::is_symlink(folder / name));
        TwoParams loaded;
        load(folder / name, loaded);
        CHECK(bits(loaded) == bits(two_from(10)));
    }
    CHECK(fs::is_regular_file(elsewhere / "m"));
    CHECK(fs::is_regular_file(elsewhere / "new"));
    CHECK(elsewhere.count() == 2);
    CHECK(folder.count() == 4);
    CHECK_THROWS_WITH(save(folder / "loop", TwoParams()),
                      ContainsSubstring("cannot replace: Too many levels of symbolic links"));
}

TEST_CASE("save: as many links are followed as load() follows, and a path through more is refused") {
    namespace fs = std::filesystem;
    const Folder folder;
    save(folder / "0", two_from(1));
    for (int k = 1; k <= 41; ++k) fs::create_symlink(std::to_string(k - 1), folder / std::to_string(k));
    save(folder / "40", two_from(10));
    TwoParams loaded;
    load(folder / "40", loaded);
    CHECK(bits(loaded) == bits(two_from(10)));
    CHECK_THROWS_WITH(load(folder / "41", loaded), ContainsSubstring("Too many levels of symbolic links"));
    CHECK_THROWS_WITH(save(folder / "41", TwoParams()), ContainsSubstring("cannot replace: Too many levels of symbolic links"));
    for (int k = 1; k <= 41; ++k) CHECK(fs::is_symlink(folder / std::to_string(k)));
    CHECK(folder.count() == 42);
}
