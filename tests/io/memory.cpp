// What loading takes beyond the model, in proportion to the file. The JSON parser holds what it reads of a string, a number
// or white space twice, in buffers that double; std::map takes 100 bytes an entry.
#include <stdexcept>

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/malformed.hpp"
#include "support/malloc.hpp"

using namespace bptt;

namespace {

struct Wide {
    Param<float> w{300, 1000};
    Param<double> v{1000, 300};
    static void params(auto& m, auto&& f) {
        f("w", m.w);
        f("v", m.v);
    }
};

/// Memory to load the file, or to refuse it, in units of its size, and the same for load_metadata().
template <class M> double relative_memory(const std::string& content, M model) {
    const Folder folder;
    const auto file = folder.write("m", content);
    const auto measure = [&](const auto& f) {
        const long memory = peak_memory([&] {
            try {
                f();
            } catch (const std::invalid_argument&) {
            }
        });
        return static_cast<double>(memory) / static_cast<double>(content.size());
    };
    return std::max(measure([&] { load(file, model); }), measure([&] { load_metadata(file); }));
}

const std::size_t megabyte = 1'000'000;

}  // namespace

TEST_CASE("memory: loading a model takes the file's size once, saving takes the largest parameter") {
    const Folder folder;
    const Wide model;
    CHECK(peak_memory([&] { save(folder / "m", model); }) <= 2'450'000);
    CHECK(relative_memory(read_bytes(folder / "m"), model) <= 1.01);
}

TEST_CASE("memory: 20,000 tensors take twice the file at most", "[large]") {
    std::string some, smallest;
    for (int k = 0; k < 20'000; ++k) {
        const auto name = std::to_string(k), begin = std::to_string(4 * k), end = std::to_string(4 * k + 4);
        some += (k ? "," : "{") + malformed::tensor("t" + name, malformed::f32, "[1,1]", "[" + begin + "," + end + "]");
        smallest += (k ? "," : "{") + malformed::tensor(name, R"("U8")", "[0]", "[0,0]");
    }
    CHECK(relative_memory(safetensors(some + "}", 80'000), TwoParams()) <= 2);
    CHECK(relative_memory(safetensors(smallest + "}", 0), TwoParams()) <= 2);
}

TEST_CASE("memory: what is refused at its beginning takes next to nothing") {
    using namespace malformed;
    CHECK(relative_memory(shaped(std::string(megabyte, '[')), TwoParams()) <= 0.01);
    CHECK(relative_memory(shaped("[" + repeated("1,", 500'000) + "3]"), TwoParams()) <= 0.01);
    CHECK(relative_memory(ranged("[" + repeated("1,", 500'000) + "3]"), TwoParams()) <= 0.01);
    CHECK(relative_memory(ended("}" + std::string(megabyte, 'x')), TwoParams()) <= 0.01);
}

TEST_CASE("memory: long strings, numbers and spaces, and short metadata, take a multiple of the file", "[large]") {
    using namespace malformed;
    const std::string text(megabyte, 'x');
    std::string entries;
    for (int k = 0; k < 20'000; ++k) entries += (k ? ",\"" : "\"") + std::to_string(k) + "\":\"\"";
    CHECK(relative_memory(ended("}" + std::string(megabyte, ' ')), TwoParams()) <= 4);
    CHECK(relative_memory(metadata("{\"k\":\"" + text + "\"}"), TwoParams()) <= 6);
    CHECK(relative_memory(named(text), TwoParams()) <= 8);
    CHECK(relative_memory(typed("\"" + text + "\""), TwoParams()) <= 6);
    CHECK(relative_memory(metadata("{\"k\":\"" + text), TwoParams()) <= 11);
    CHECK(relative_memory(shaped("[1" + std::string(megabyte, '0') + "]"), TwoParams()) <= 13);
    CHECK(relative_memory(metadata("{" + entries + "}"), TwoParams()) <= 11);
}
