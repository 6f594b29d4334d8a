#include "bptt/io/tensor_reads.hpp"

#include <stdexcept>

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

struct Misfit {
    Param<float> a{2, 3};
    Param<double> b{1, 2};
    Param<float> c{1, 1};
    static void params(auto& m, auto&& f) {
        f("a", m.a);
        f("b", m.b);
        f("c", m.c);
    }
};

/// `name` of that type and shape, with these bytes; and "other", of a type that no parameter has.
std::filesystem::path one_tensor(const Folder& folder, const std::string& dtype, const std::string& shape,
                                 const std::string& bytes, const std::string& name = "w") {
    const std::string end = std::to_string(bytes.size());
    const std::string json =
        "{\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":[0," + end + "]}}";
    return folder.write("one", safetensors(json, 0) + bytes);
}
template <class T> struct One {
    Param<T> w;
    BPTT_PARAMS(w)
};
template <class From> std::string bytes_of_numbers(std::initializer_list<From> numbers) {
    return {reinterpret_cast<const char*>(numbers.begin()), numbers.size() * sizeof(From)};
}
constexpr auto infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("load: F16 and BF16 become float or double where that is asked for, and not otherwise") {
    const Folder folder;
    // 1, −2, the smallest subnormal, the largest number, infinity, a NaN.
    const auto halfs = bytes_of_numbers<std::uint16_t>({0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x7e01});
    const auto brains = bytes_of_numbers<std::uint16_t>({0x3f80, 0xc000, 0x0001, 0x7f7f, 0x7f80, 0x7fc1});
    const auto read = [&]<class T>(T, const char* dtype, const std::string& bytes, double smallest, double largest) {
        const auto file = one_tensor(folder, dtype, "[2,3]", bytes);
        One<T> model{{2, 3}};
        model.w.value.setConstant(7);
        CHECK_THROWS_WITH(load(file, model),
                          ContainsSubstring(std::string(dtype) + " [2,3] in the file and F" + std::to_string(8 * sizeof(T)) +
                                            " [2,3] in the model (.convert turns one into the other)"));
        CHECK(model.w.value == Mat<T>::Constant(2, 3, T(7)));
        load(file, model, {.convert = true});
        const Mat<double> w = model.w.value.template cast<double>();
        CHECK(w(0, 0) == 1);
        CHECK(w(0, 1) == -2);
        CHECK(w(0, 2) == smallest);
        CHECK(w(1, 0) == largest);
        CHECK(w(1, 1) == infinity);
        CHECK(std::isnan(w(1, 2)));
    };
    read(1.0f, "F16", halfs, 0x1p-24, 65504);
    read(1.0, "F16", halfs, 0x1p-24, 65504);
    read(1.0f, "BF16", brains, 0x1p-133, 0x1.fep127);
    read(1.0, "BF16", brains, 0x1p-133, 0x1.fep127);
}

TEST_CASE("load: F32 and F64 become each other where that is asked for, what would overflow is refused") {
    const Folder folder;
    One<double> wide{{1, 2}};
    load(one_tensor(folder, "F32", "[1,2]", bytes_of_numbers<float>({0.1f, -3})), wide, {.convert = true});
    CHECK(wide.w.value == Mat<double>{{static_cast<double>(0.1f), -3}});

    One<float> narrow{{1, 2}};
    load(one_tensor(folder, "F64", "[1,2]", bytes_of_numbers<double>({0.1, -infinity})), narrow, {.convert = true});
    CHECK(narrow.w.value == Mat<float>{{0.1f, -static_cast<float>(infinity)}});
    CHECK_THROWS_WITH(
        load(one_tensor(folder, "F64", "[1,2]", bytes_of_numbers<double>({0.5, 1e39})), narrow, {.convert = true}),
        ContainsSubstring("\"w\" holds 1e+39, too large for F32"));
    CHECK(narrow.w.value(0, 0) == 0.1f);
    const auto whole = one_tensor(folder, "I32", "[1,2]", bytes_of_numbers<int>({1, 2}));
    CHECK_THROWS_WITH(load(whole, narrow, {.convert = true}),
                      Catch::Matchers::EndsWith("\"w\" is I32 [1,2] in the file and F32 [1,2] in the model"));
}

TEST_CASE("load: a column or a row may have one dimension in the file, a matrix may not") {
    const Folder folder;
    const auto file = one_tensor(folder, "F32", "[6]", bytes_of_numbers<float>({1, 2, 3, 4, 5, 6}));
    One<float> column{{6, 1}}, row{{1, 6}}, matrix{{2, 3}}, shorter{{5, 1}};
    load(file, column);
    load(file, row);
    CHECK(column.w.value == Mat<float>{{1}, {2}, {3}, {4}, {5}, {6}});
    CHECK(row.w.value == column.w.value.transpose());
    CHECK_THROWS_WITH(load(file, matrix), ContainsSubstring("\"w\" is F32 [6] in the file and F32 [2,3] in the model"));
    CHECK_THROWS_WITH(load(file, shorter), ContainsSubstring("\"w\" is F32 [6] in the file and F32 [5,1] in the model"));
    const auto deep = one_tensor(folder, "F32", "[6,1,1]", bytes_of_numbers<float>({1, 2, 3, 4, 5, 6}));
    CHECK_THROWS_WITH(load(deep, column), ContainsSubstring("F32 [6,1,1] in the file"));
}

TEST_CASE("load: one error says all that does not fit, and the model stays as it was") {
    const Folder folder;
    const auto refused = [&](auto model, const std::string& message) {
        for_each_param(model, [](std::string_view, auto& p) { p.value.setConstant(3), p.grad.setConstant(4); });
        const std::string before = bits(model);
        CHECK_THROWS_WITH(load(folder / "m", model),
                          "load: " + (folder / "m").string() + ": does not fit the model: " + message);
        CHECK_THROWS_AS(load(folder / "m", model), std::invalid_argument);
        CHECK(bits(model) == before);
    };
    save(folder / "m", two_from(1));
    refused(Misfit(),
            "\"a\" is F32 [2,2] in the file and F32 [2,3] in the model; "
            "\"b\" is F32 [1,2] in the file and F64 [1,2] in the model (.convert turns one into the other); "
            "\"c\" is F32 [1,1] in the model and not in the file");
    refused(Many(), "\"a\" is F32 [2,2] in the file and not in the model; \"b\" is F32 [1,2] in the file and not in the model");
    save(folder / "m", Many());
    refused(TwoParams(),
            "\"a\" is F32 [2,2] in the model and not in the file; \"b\" is F32 [1,2] in the model and not in the file");

    save(folder / "m", Many{std::vector(40, Param<float>(1, 1))});
    TwoParams model;
    CHECK_THROWS_WITH(
        load(folder / "m", model),
        ContainsSubstring("\"p9\" is F32 [1,1] in the file and not in the model; and 32 more") && !ContainsSubstring("p10"));
    save(folder / "m", Many{std::vector(8, Param<float>(1, 1))});  // and with TwoParams' these are ten
    CHECK_THROWS_WITH(load(folder / "m", model),
                      Catch::Matchers::EndsWith("\"b\" is F32 [1,2] in the model and not in the file"));
    save(folder / "m", Many{std::vector(9, Param<float>(1, 1))});
    CHECK_THROWS_WITH(load(folder / "m", model),
                      Catch::Matchers::EndsWith("\"a\" is F32 [2,2] in the model and not in the file; and 1 more"));
}
