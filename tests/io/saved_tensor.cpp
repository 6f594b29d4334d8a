#include "bptt/io/saved_tensor.hpp"

#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

/// Bytes 0, 1, 2, …
std::string counted(std::size_t bytes) {
    std::string all;
    for (std::size_t k = 0; k < bytes; ++k) all += static_cast<char>(k);
    return all;
}

}  // namespace

TEST_CASE("SavedModel: tensors by name, of any type and rank") {
    const Folder folder;
    const std::string json = R"({"cube":{"dtype":"U8","shape":[2,3,2],"data_offsets":[0,12]},)"
                             R"("ids":{"dtype":"I64","shape":[2],"data_offsets":[12,28]},)"
                             R"("one":{"dtype":"I16","shape":[],"data_offsets":[28,30]},)"
                             R"("a":{"dtype":"F16","shape":[1,1],"data_offsets":[30,32]},)"
                             R"("none":{"dtype":"F32","shape":[0,4],"data_offsets":[32,32]},)"
                             R"("flag":{"dtype":"BOOL","shape":[1],"data_offsets":[32,33]}})";
    const SavedModel saved(folder.write("m", safetensors(json, 0) + counted(33)));
    CHECK(saved.names() == std::vector<std::string>{"a", "cube", "flag", "ids", "none", "one"});

    const auto cube = saved.tensor<unsigned char>("cube");
    CHECK(cube.shape == std::vector<Index>{2, 3, 2});
    CHECK(cube.values == std::vector<unsigned char>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
    CHECK_THROWS_WITH(cube.matrix(), "SavedTensor::matrix: the tensor has 3 dimensions");
    const auto ids = saved.tensor<std::int64_t>("ids");
    CHECK(ids.values == std::vector<std::int64_t>{0x131211100f0e0d0c, 0x1b1a191817161514});
    CHECK(shape(ids.matrix()) == shape(Mat<float>(2, 1)));
    const auto one = saved.tensor<short>("one");
    CHECK(one.shape.empty());
    CHECK(one.matrix()(0, 0) == 0x1d1c);
    const auto none = saved.tensor<float>("none");
    CHECK(none.values.empty());
    CHECK(shape(none.matrix()) == shape(Mat<float>(0, 4)));

    const auto refused = [&](const auto& read, const char* why) { CHECK_THROWS_WITH(read(), ContainsSubstring(why)); };
    refused([&] { saved.tensor<float>("b"); }, "there is no tensor \"b\"");
    refused([&] { saved.tensor<float>("ids", {.convert = true}); }, "\"ids\" is I64 [2], not F32");
    refused([&] { saved.tensor<int>("ids", {.convert = true}); }, "\"ids\" is I64 [2], not I32");
    refused([&] { saved.tensor<std::uint64_t>("ids"); }, "\"ids\" is I64 [2], not U64");
    refused([&] { saved.tensor<double>("a"); }, "\"a\" is F16 [1,1], not F64 (.convert turns one into the other)");
    CHECK(saved.tensor<double>("a", {.convert = true}).matrix()(0, 0) == 0x1.c78p-8);
}

TEST_CASE("SavedTensor: a matrix has as many numbers as its shape says") {
    CHECK(SavedTensor<float>{{2, 2}, {1, 2, 3, 4}}.matrix() == Mat<float>{{1, 2}, {3, 4}});
    CHECK_THROWS_WITH((SavedTensor<float>{{2, 2}, {1, 2, 3}}.matrix()),
                      "SavedTensor::matrix: shape is 2x2, values has 3 numbers");
}

TEST_CASE("SavedModel: a shape that is too long or too large for a tensor in memory is refused by name") {
    const Folder folder;
    const auto read = [&](const std::string& shape) {
        const std::string json = R"({"t":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,0]}})";
        return SavedModel(folder.write("m", safetensors(json, 0))).tensor<float>("t").shape.size();
    };
    std::string ones = "[0";
    for (int k = 1; k < 30; ++k) ones += ",1";
    CHECK(read(ones + "]") == 30);
    for (int k = 30; k < 50; ++k) ones += ",1";
    CHECK_THROWS_WITH(read(ones + "]"),
                      ContainsSubstring("\"t\" has too many dimensions: [0,1,") && ContainsSubstring(",...]"));
    CHECK_THROWS_WITH(read("[0,9223372036854775808]"), ContainsSubstring("\"t\" is too large: [0,9223372036854775808]"));
}
