#include "bptt/io/onnx_graph.hpp"

#include "catch.hpp"
#include "onnx/graph.hpp"

using namespace bptt;

namespace {

/// A graph of one node that has every kind of value.
OnnxGraph small_graph() {
    OnnxGraph g({.lengths = true, .metadata = {{"units", "3"}, {"ключ", "значение"}}});
    const auto x = g.sequence("x", 2);
    g.tensor("b", {2}, Mat<float>{{1.5f}, {-2}});
    g.node("Add", {x.name, "b"}, {"sum"});
    g.output({"sum", 2}, "y");
    return g;
}
const auto saver = [](const OnnxGraph& g) { return [&](const std::filesystem::path& file) { g.save(file); }; };

}  // namespace

TEST_CASE("a graph is a model of opset 14 with its inputs, outputs, numbers and metadata") {
    const auto model = saved_model(saver(small_graph()));
    CHECK(model.ir_version() == 7);
    CHECK(model.producer_name() == "bptt");
    REQUIRE(model.opset_import_size() == 1);
    CHECK(model.opset_import(0).version() == 14);
    CHECK(described(model.graph().input()) == "lengths int32 [batch]; x float [steps,batch,2]; ");
    CHECK(described(model.graph().output()) == "y float [steps,batch,2]; ");
    CHECK(nodes(model) == "Add(x,b) -> sum; Identity(sum) -> y; ");
    CHECK(numbers(model, "b") == std::vector{1.5f, -2.0f});
    REQUIRE(model.metadata_props_size() == 2);
    CHECK(model.metadata_props(0).key() + '=' + model.metadata_props(0).value() == "units=3");
    CHECK(model.metadata_props(1).key() + '=' + model.metadata_props(1).value() == "ключ=значение");
}

TEST_CASE("a matrix is written row by row, of any shape with as many elements") {
    OnnxGraph g;
    g.tensor("m", {1, 3, 2}, Mat<float>{{1, 2}, {3, 4}, {5, 6}});
    g.output(g.sequence("x", 1), "y");
    CHECK(numbers(saved_model(saver(g)), "m") == std::vector<float>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("tokens are int64, and a graph has no lengths unless asked for") {
    OnnxGraph g;
    CHECK(g.lengths().empty());
    const auto tokens = g.tokens("ids");
    g.tensor("E", {3, 2}, Mat<float>::Ones(3, 2).eval());
    g.node("Gather", {"E", tokens.name}, {"rows"});
    g.output({"rows", 2}, "y");
    CHECK(described(saved_model(saver(g)).graph().input()) == "ids int64 [steps,batch]; ");
}

TEST_CASE("attributes are integers, texts, lists of texts and of numbers") {
    CHECK(onnx_attribute("axis", 2).i() == 2);
    CHECK(onnx_attribute("direction", std::string("reverse")).s() == "reverse");
    const auto texts = onnx_attribute("activations", std::vector<std::string>{"Tanh", "Relu"});
    CHECK((texts.strings_size() == 2 && texts.strings(1) == "Relu" && texts.type() == onnx::AttributeProto::STRINGS));
    const auto floats = onnx_attribute("alpha", std::vector{0.5f});
    CHECK((floats.floats_size() == 1 && floats.floats(0) == 0.5f && floats.name() == "alpha"));
}

TEST_CASE("the same graph gives the same bytes, and replaces a file whole or not at all") {
    const Folder folder;
    const auto read = [&](const char* name) {
        std::ifstream in(folder / name, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    small_graph().save(folder / "a");
    folder.write("b", "old");
    small_graph().save(folder / "b");
    CHECK(read("a") == read("b"));
    CHECK(folder.count() == 2);
    CHECK_THROWS_WITH(small_graph().save(folder / "no/file"),
                      ContainsSubstring("save_onnx: ") && ContainsSubstring("cannot open its folder"));
    std::filesystem::create_directory(folder / "folder");
    CHECK_THROWS_WITH(small_graph().save(folder / "folder"), ContainsSubstring("not a regular file"));
    CHECK(folder.count() == 3);
}

TEST_CASE("what is refused leaves a graph as it was") {
    auto g = small_graph();
    const auto before = saved_model(saver(g)).SerializeAsString();
    CHECK_THROWS_WITH(g.sequence("x", 1), "OnnxGraph: two values are called \"x\"");
    CHECK_THROWS_WITH(g.sequence("new", 0), "OnnxGraph: new has 0 features, not a positive number");
    CHECK_THROWS_WITH(g.tokens(""), "OnnxGraph: a name is empty or not UTF-8");
    CHECK_THROWS_WITH(g.state("b", 1), "OnnxGraph: two values are called \"b\"");
    CHECK_THROWS_WITH(g.state("new", 0), "OnnxGraph: the state new has 0 units, not a positive number");
    CHECK_THROWS_WITH(g.tensor("new", {2, 2}, Mat<float>::Ones(3, 1).eval()), ContainsSubstring("the tensor new is 3x1"));
    CHECK_THROWS_WITH(g.node("Tanh", {"none"}, {"new"}), "OnnxGraph: Tanh reads \"none\", which is no value of this graph");
    CHECK_THROWS_WITH(g.node("Tanh", {"x"}, {"new", "y"}), "OnnxGraph: two values are called \"y\"");
    CHECK_THROWS_WITH(g.node("Split", {"x"}, {"new", "new"}), "OnnxGraph: two values are called \"new\"");
    CHECK_THROWS_WITH(g.output({"none", 2}, "new"), ContainsSubstring("\"none\""));
    CHECK(saved_model(saver(g)).SerializeAsString() == before);
    g.node("Tanh", {"x"}, {"new"});  // of the names that were refused none is taken
}

TEST_CASE("a graph without an output, or with a final state that no node writes, is refused") {
    const Folder folder;
    OnnxGraph g;
    CHECK_THROWS_WITH(g.save(folder / "m"), ContainsSubstring("m: the graph has no output"));
    g.state("s", 3);
    CHECK_THROWS_WITH(g.sequence("s_out", 3), "OnnxGraph: two values are called \"s_out\"");
    CHECK_THROWS_WITH(g.save(folder / "m"), ContainsSubstring("m: no node writes \"s_out\", which is an output"));
    g.sequence("t_out", 3);
    CHECK_THROWS_WITH(g.state("t", 3), "OnnxGraph: two values are called \"t_out\"");
    CHECK(folder.count() == 0);
    g.node("Tanh", {"s"}, {"s_out"});
    g.save(folder / "m");
    CHECK(folder.count() == 1);
}

TEST_CASE("metadata that is not UTF-8 is refused with its key") {
    const auto with = [](const std::string& key, const std::string& value) { OnnxGraph({.metadata = {{key, value}}}); };
    CHECK_THROWS_WITH(with("units", "\xff"), "OnnxGraph: in the metadata, the key or the value of \"units\" is not UTF-8");
    CHECK_THROWS_WITH(with("\xff", "3"), "OnnxGraph: in the metadata, the key or the value of \"?\" is not UTF-8");
}

TEST_CASE("a model that protobuf cannot write is refused, and the old file stays", "[large]") {
    const Folder folder;
    folder.write("model.onnx", "old");
    OnnxGraph g;
    const Mat<float> quarter = Mat<float>::Zero(1 << 13, 1 << 13);  // of a GiB
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) g.tensor(name, {1 << 26}, quarter);
    CHECK_THROWS_WITH(g.save(folder / "model.onnx"), ContainsSubstring("bytes, more than the 2 GB that ONNX allows"));
    CHECK(folder.count() == 1);
    CHECK(std::filesystem::file_size(folder / "model.onnx") == 3);
}
