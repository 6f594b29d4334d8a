#include "bptt/io/safetensors.hpp"

#include <bit>
#include <limits>
#include <stdexcept>

#include "bptt/core/init.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/plain_reader.hpp"

using namespace bptt;

namespace {

struct Inner {
    Param<float> Wx, b;
    static void params(auto& m, auto&& f) {
        f("Wx", m.Wx);
        f("b", m.b);
    }
};
struct Outer {
    Inner rnn;
    Param<double> head;
    Param<float> none{0, 3};
    static void params(auto& m, auto&& f) {
        f("rnn", m.rnn);
        f("head", m.head);
        f("none", m.none);
    }
};
/// Of every kind of number, and of odd sizes, so that the doubles are not aligned in the file.
Outer outer() {
    using f = std::numeric_limits<float>;
    using d = std::numeric_limits<double>;
    Outer m{{Param<float>(3, 5), Param<float>(3, 2)}, Param<double>(2, 3)};
    Rng rng(1);
    for (float& x : m.rnn.Wx.value.reshaped()) x = static_cast<float>(rng.normal());
    m.rnn.b.value << std::bit_cast<float>(0x7fc12345u), std::bit_cast<float>(0xffa00001u), -0.0f, f::infinity(),
        f::denorm_min(), -f::max();
    m.head.value << std::bit_cast<double>(0x7ff8000123456789u), std::bit_cast<double>(0xfff4000000000001u), -0.0,
        -d::infinity(), -d::denorm_min(), d::min();
    return m;
}
Outer zeros() { return {{Param<float>(3, 5), Param<float>(3, 2)}, Param<double>(2, 3)}; }

/// Visits one parameter under two names.
struct Tied {
    Param<float> w{1, 2};
    static void params(auto& m, auto&& f) {
        f("first", m.w);
        f("second", m.w);
    }
};

}  // namespace

TEST_CASE("save, load: every bit comes back") {
    const Folder folder;
    const Outer model = outer();
    save(folder / "m", model);
    Outer loaded = zeros();
    load(folder / "m", loaded);
    CHECK(bits(loaded) == bits(model));
    save(folder / "again", loaded);
    CHECK(read_bytes(folder / "again") == read_bytes(folder / "m"));
}

TEST_CASE("save: the file, byte for byte") {
    const Folder folder;
    TwoParams model = two_from(1);
    save(folder / "m", model, {{"k", "v"}});
    std::string expected = safetensors(R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},)"
                                       R"("b":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]}}     )",
                                       0);
    for (const float x : {1.f, 2.f, 3.f, 4.f, 5.f, 6.f}) expected.append(reinterpret_cast<const char*>(&x), sizeof x);
    CHECK(read_bytes(folder / "m") == expected);
}

TEST_CASE("save: a plain reader of the format finds names, shapes and rows") {
    const Folder folder;
    const Outer model = outer();
    save(folder / "m", model, {{"vocabulary", "a\"b"}, {"", "{}[],:"}});
    const auto read = plain_read(folder / "m");
    REQUIRE(read.size() == 4);
    const auto check_tensor = [&]<class T>(const std::string& name, const char* dtype, const Mat<T>& m) {
        CAPTURE(name);
        const auto& t = read.at(name);
        CHECK(t.dtype == dtype);
        REQUIRE(t.shape == std::vector<Index>{m.rows(), m.cols()});
        REQUIRE(t.data.size() == static_cast<std::size_t>(m.size()) * sizeof(T));
        for (Index r = 0; r < m.rows(); ++r)
            for (Index k = 0; k < m.cols(); ++k)
                CHECK(std::memcmp(t.data.data() + static_cast<std::size_t>(r * m.cols() + k) * sizeof(T), &m(r, k),
                                  sizeof(T)) == 0);
    };
    check_tensor("rnn.Wx", "F32", model.rnn.Wx.value);
    check_tensor("rnn.b", "F32", model.rnn.b.value);
    check_tensor("head", "F64", model.head.value);
    check_tensor("none", "F32", model.none.value);
}

TEST_CASE("save: the data begins at a multiple of 8 bytes, whatever the header's length") {
    const Folder folder;
    for (int k = 0; k < 9; ++k) {
        save(folder / "m", TwoParams(), {{"k", std::string(static_cast<std::size_t>(k), 'x')}});
        CHECK(std::filesystem::file_size(folder / "m") % 8 == 0);
    }
}

TEST_CASE("load_metadata: gives what was saved") {
    const Folder folder;
    const Metadata metadata = {
        {"vocabulary", "\n\"\\/\b\t é€𝄞"}, {"", ""}, {"{\"a\":[", "]}"}, {"nul", std::string("a\0b", 3)}};
    save(folder / "m", TwoParams(), metadata);
    CHECK(load_metadata(folder / "m") == metadata);
    save(folder / "m", TwoParams());
    CHECK(load_metadata(folder / "m").empty());
}

TEST_CASE("save: what is not UTF-8 throws, and the old file stays") {
    const Folder folder;
    const auto file = folder.write("m", "old");
    for (const std::string bad : {"\xff", "a\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
        CHECK_THROWS_WITH(save(file, TwoParams(), {{"k", bad}}),
                          ContainsSubstring("save: " + file.string() + ": ") && ContainsSubstring(" is not UTF-8"));
        CHECK_THROWS_AS(save(file, TwoParams(), {{bad, "v"}}), std::invalid_argument);
    }
    CHECK(read_bytes(file) == "old");
    CHECK(folder.count() == 1);
}

TEST_CASE("save, load: a tied parameter is written once, under its first name") {
    const Folder folder;
    Tied model;
    model.w.value << 1, 2;
    save(folder / "m", model);
    CHECK(plain_read(folder / "m").size() == 1);
    CHECK(plain_read(folder / "m").contains("first"));
    Tied loaded;
    load(folder / "m", loaded);
    CHECK(loaded.w.value == model.w.value);
}

TEST_CASE("SavedModel: metadata and values are of one file, even if another takes its place") {
    const Folder folder;
    save(folder / "m", two_from(1), {{"which", "first"}});
    const SavedModel saved(folder / "m");
    save(folder / "m", two_from(10), {{"which", "second"}});
    CHECK(saved.metadata().at("which") == "first");
    CHECK(saved.metadata("which") == "first");
    TwoParams model;
    saved.load(model);
    CHECK(bits(model) == bits(two_from(1)));
    load(folder / "m", model);
    CHECK(bits(model) == bits(two_from(10)));
}

TEST_CASE("load: only values change") {
    const Folder folder;
    save(folder / "m", two_from(10));
    TwoParams model = two_from(1);
    model.a.grad.setConstant(7);
    model.b.grad.setConstant(8);
    const float* const values = model.a.value.data();
    load(folder / "m", model);
    CHECK(model.a.value == two_from(10).a.value);
    CHECK(model.b.value == two_from(10).b.value);
    CHECK((model.a.grad.array() == 7).all());
    CHECK((model.b.grad.array() == 8).all());
    CHECK(model.a.value.data() == values);
}
