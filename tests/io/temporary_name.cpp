#include "bptt/io/temporary_name.hpp"

#include "catch.hpp"
#include "support/checkpoints.hpp"

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
