#include "bptt/io/tensor_list.hpp"

#include <stdexcept>

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

namespace {

struct Clash {
    Param<float> v{1, 1}, w{1, 1};
    std::string first, second;
    static void params(auto& m, auto&& f) {
        f(m.first, m.v);
        f(m.second, m.w);
    }
};

/// Its params() does not know all that it has.
struct Forgetful {
    Param<float> w{1, 1}, forgotten{1, 1};
    static void params(auto& m, auto&& f) { f("w", m.w); }
};

}  // namespace

TEST_CASE("save, load: a model that does not visit one of its members is refused") {
    const Folder folder;
    Forgetful model;
    const auto unvisited = ContainsSubstring(" does not visit its member 2 of 2, which has parameters");
    CHECK_THROWS_WITH(save(folder / "m", model), unvisited);
    CHECK(folder.count() == 0);
    save(folder / "m", TwoParams());
    CHECK_THROWS_WITH(load(folder / "m", model), unvisited);
}

TEST_CASE("save: a header is as long as load() allows, and no longer", "[large]") {
    using detail::header_json, detail::max_header_size;
    const std::size_t around = header_json(detail::TensorList("save"), {{"k", ""}}).find_last_not_of(' ') + 1;
    const auto length = [&](std::size_t text) {
        return header_json(detail::TensorList("save"), {{"k", std::string(text, 'x')}}).size();
    };
    CHECK(length(max_header_size - around) == max_header_size);
    CHECK_THROWS_WITH(length(max_header_size - around + 1), "save: the header takes 100000008 bytes; 100000000 is the limit");
}

TEST_CASE("save: names that no file can hold throw") {
    const Folder folder;
    const auto refused = [&](const std::string& first, const std::string& second, const std::string& message) {
        const Clash model{.first = first, .second = second};
        CHECK_THROWS_WITH(save(folder / "m", model), "save: " + (folder / "m").string() + ": " + message);
    };
    refused("w", "w", "two tensors are called \"w\"");
    refused("w", "", "nothing can be called \"\"");
    refused("w", "__metadata__", "nothing can be called \"__metadata__\"");
    refused("w", std::string("a\0", 2), "nothing can be called \"a\\u0000\"");
    CHECK_THROWS_WITH(save(folder / "m", Clash{.first = "v", .second = "\xff"}), ContainsSubstring(" is not UTF-8"));
    CHECK_FALSE(std::filesystem::exists(folder / "m"));
}

TEST_CASE("save, load: a locale with commas changes nothing") {
    const Folder folder;
    const Many model{{Param<float>(Mat<float>::Constant(1234, 2, 0.5f))}};
    const Metadata metadata{{"rate", "0.5"}};
    save(folder / "m", model, metadata);

    const CommaLocale commas;
    std::ostringstream number;
    number << 1234.5;
    save(folder / "commas", model, metadata);
    Many loaded{{Param<float>(1234, 2)}};
    load(folder / "m", loaded);
    const Metadata metadata_loaded = load_metadata(folder / "m");
    Many other{{Param<float>(1234, 1)}};
    CHECK_THROWS_WITH(load(folder / "m", other), ContainsSubstring("F32 [1234,2] in the file and F32 [1234,1] in the model"));
    CHECK(number.str() == "1.234,5");
    CHECK(read_bytes(folder / "commas") == read_bytes(folder / "m"));
    CHECK(bits(loaded) == bits(model));
    CHECK(metadata_loaded == metadata);
}
