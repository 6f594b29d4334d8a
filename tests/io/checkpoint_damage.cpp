// What load_checkpoint() finds wrong in a file that says it is a checkpoint.
#include <string>

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "io/run.hpp"

using namespace bptt;

TEST_CASE("checkpoint: one bit changed anywhere is found, and a file cut anywhere") {
    const Folder folder;
    TestRun run = trained(1);
    const auto file = folder / "run";
    Rng rng(2);
    const auto part = [&](auto&& f) { f("rng", run.rng), f("adam", run.adam), f("note", run.note), f("flag", run.flag); };
    save_checkpoint(file, part);
    const std::string right = read_bytes(file), before = bytes_of(run);
    REQUIRE(right.size() > 1300);
    int changed = 0, found = 0;
    const auto is_found = [&](const std::string& wrong) {
        folder.write("run", wrong);
        try {
            load_checkpoint(file, part);
        } catch (const std::invalid_argument&) {
            return true;
        }
        return false;
    };
    for (std::size_t bit = 0; bit < 8 * right.size(); bit += 7, ++changed) {  // of each byte one, of some two
        std::string wrong = right;
        wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ 1 << bit % 8);
        found += is_found(wrong);
    }
    CHECK(found == changed);
    for (std::size_t size = 0; size < right.size(); ++size) CHECK(is_found(right.substr(0, size)));
    CHECK(is_found(right + '\0'));
    CHECK(!is_found(right));
    CHECK((bytes_of(run) == before));
}

TEST_CASE("checkpoint: what says that it is whole and is not") {
    const Folder folder;
    TestRun run;
    save(folder / "model", run.head);
    CHECK_THROWS_WITH(load_checkpoint(folder / "model", run),
                      "load_checkpoint: " + (folder / "model").string() + ": it has no checksum; is it a checkpoint?");
    const auto with_checksum = [&](const std::string& json, const std::string& data, const std::string& digits) {
        std::string file = safetensors(json, 0) + data;
        detail::Checksum sum;
        sum.add(file.data(), file.size());
        file.replace(file.find("0000000000000000"), 16, digits.empty() ? sum.digits() : digits);
        return folder.write("made", file);
    };
    bool flag = false;
    const auto one = [&](auto&& f) { f("flag", flag); };
    const std::string json =
        R"({"__metadata__":{"bptt.checksum":"0000000000000000"},"flag":{"dtype":"BOOL","shape":[],"data_offsets":[0,1]}})";
    load_checkpoint(with_checksum(json, "\1", ""), one);
    CHECK(flag);
    CHECK_THROWS_WITH(load_checkpoint(with_checksum(json, "\2", ""), one),
                      ContainsSubstring(": \"flag\" is 2, neither true nor false"));
    CHECK(flag);
    CHECK_THROWS_WITH(load_checkpoint(with_checksum(json, "\1", "0123456789abcdef"), one),
                      ContainsSubstring(": it is damaged: its checksum is "));
    // A key that is spelled otherwise, and a checksum of no or of another length.
    CHECK_THROWS_WITH(
        load_checkpoint(with_checksum(R"({"__metadata__":{"bptt\u002echecksum":"0000000000000000"}})", "", ""), one),
        ContainsSubstring(": its checksum cannot be found"));
    CHECK_THROWS_WITH(
        load_checkpoint(with_checksum(R"({"__metadata__":{"bptt.checksum":"","n":"0000000000000000"}})", "", ""), one),
        ContainsSubstring(": it is damaged: its checksum is "));
}
