#pragma once

#if !defined(ONNX_ML)
#error "bptt/io/onnx_graph.hpp needs the CMake target bptt::onnx, or -DONNX_ML, libonnx_proto and libprotobuf"
#include "an error above this line"
#endif
#include <onnx/onnx_pb.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/core/utf8.hpp"
#include "bptt/io/atomic_file.hpp"
#include "bptt/io/byte_order.hpp"

namespace bptt {

/// Class indices in an OnnxGraph: int64 [steps, batch].
struct OnnxTokens {
    std::string name;
};

/// A batch of sequences in an OnnxGraph: float [steps, batch, features].
struct OnnxSequence {
    std::string name;
    Index features;
    bool reversed = false;  // layers run over it from each sequence's last step to its first; the steps stay in order
};

/// lengths: the graph has an input "lengths", int32 [batch], the number of steps of each sequence; without it every sequence
/// has all steps. A length of 0 is not for ONNX: its Runtime gives zeros as the final state then, not the initial state.
/// metadata: keys and values that go into the file, in UTF-8.
struct OnnxOptions {
    bool lengths = false;
    std::map<std::string, std::string> metadata = {};
};

inline onnx::AttributeProto onnx_attribute(const std::string& name, std::integral auto value) {
    onnx::AttributeProto a;
    a.set_name(name), a.set_type(onnx::AttributeProto::INT), a.set_i(value);
    return a;
}
inline onnx::AttributeProto onnx_attribute(const std::string& name, const std::string& value) {
    onnx::AttributeProto a;
    a.set_name(name), a.set_type(onnx::AttributeProto::STRING), a.set_s(value);
    return a;
}
inline onnx::AttributeProto onnx_attribute(const std::string& name, const std::vector<std::string>& values) {
    onnx::AttributeProto a;
    a.set_name(name), a.set_type(onnx::AttributeProto::STRINGS);
    for (const std::string& value : values) a.add_strings(value);
    return a;
}
inline onnx::AttributeProto onnx_attribute(const std::string& name, const std::vector<float>& values) {
    onnx::AttributeProto a;
    a.set_name(name), a.set_type(onnx::AttributeProto::FLOATS);
    for (const float value : values) a.add_floats(value);
    return a;
}

/// An ONNX model that grows node by node (opset 14, IR version 7). Every function that takes a name throws if the graph has a
/// value of that name, or if it is empty or not UTF-8. add_nodes(graph, layer, x, name) adds an Embedding, OneHot, Rnn, Lstm,
/// Gru, Stacked, Bidirectional or Linear. It consists of calls of tensor(), state() and node(); so does, for a layer of your
/// own, an add_nodes() in its namespace:
///   OnnxGraph g;
///   const auto y = add_nodes(g, model.rnn, add_nodes(g, model.embed, g.tokens("words"), "embed"), "rnn");
///   g.output(add_nodes(g, model.head, y, "head"), "logits");
///   g.save("tagger.onnx");
/// If add_nodes() throws, the graph may hold some of the layer's nodes already: begin another graph.
class OnnxGraph {
public:
    /// Throws if the metadata is not UTF-8.
    explicit OnnxGraph(const OnnxOptions& options = {}) {
        model_.set_ir_version(7);
        model_.set_producer_name("bptt");
        model_.add_opset_import()->set_version(14);
        model_.mutable_graph()->set_name("bptt");
        for (const auto& [key, value] : options.metadata) {
            throw_unless(detail::is_utf8(key) && detail::is_utf8(value),
                         "OnnxGraph: in the metadata, the key or the value of \"", detail::is_utf8(key) ? key : "?",
                         "\" is not UTF-8");
            auto& property = *model_.add_metadata_props();
            property.set_key(key), property.set_value(value);
        }
        if (!options.lengths) return;
        add_input("lengths", onnx::TensorProto::INT32, {"batch"});
        lengths_ = "lengths";
    }

    /// An input: int64 [steps, batch]. What stands beyond the end of a sequence is not read, but must be a token.
    OnnxTokens tokens(const std::string& name) {
        add_input(name, onnx::TensorProto::INT64, {"steps", "batch"});
        return {name};
    }
    /// An input: float [steps, batch, features].
    OnnxSequence sequence(const std::string& name, Index features) {
        throw_unless(features > 0, "OnnxGraph: ", name, " has ", features, " features, not a positive number");
        add_input(name, onnx::TensorProto::FLOAT, {"steps", "batch", std::to_string(features)});
        return {name, features};
    }
    /// Makes x an output: float [steps, batch, features].
    void output(const OnnxSequence& x, const std::string& name) {
        node("Identity", {x.name}, {name});
        describe(*model_.mutable_graph()->add_output(), name, onnx::TensorProto::FLOAT,
                 {"steps", "batch", std::to_string(x.features)});
    }
    /// A field of a layer's state: the input `name` is the initial one, and the output `name`_out, which a node must write, the
    /// final one; both float [1, batch, units]. Returns the name of the output.
    std::string state(const std::string& name, Index units) {
        throw_unless(units > 0, "OnnxGraph: the state ", name, " has ", units, " units, not a positive number");
        const std::vector<std::string> dimensions = {"1", "batch", std::to_string(units)};
        throw_unless(!names_.contains(name + "_out"), "OnnxGraph: two values are called \"", name, "_out\"");
        add_input(name, onnx::TensorProto::FLOAT, dimensions);
        unwritten_.insert(name + "_out");
        describe(*model_.mutable_graph()->add_output(), name + "_out", onnx::TensorProto::FLOAT, dimensions);
        return name + "_out";
    }
    /// Numbers that do not change, float or int64. The shape counts as many elements as the matrix has, row by row. Returns the
    /// name.
    template <class T>
    std::string tensor(const std::string& name, const std::vector<std::int64_t>& shape, const Mat<T>& values) {
        constexpr bool is_float = std::is_same_v<T, float>;
        static_assert(is_float || std::is_same_v<T, std::int64_t>,
                      "ONNX: runtimes have recurrent nodes of float alone, so a model must be one of float");
        throw_unless(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()) == values.size(),
                     "OnnxGraph: the tensor ", name, " is ", bptt::shape(values),
                     ", which is not as many elements as its shape");
        declare(name, names_);
        Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = values;
        detail::swap_little_endian(rows.data(), static_cast<std::size_t>(rows.size()), sizeof(T));
        auto& t = *model_.mutable_graph()->add_initializer();
        t.set_name(name);
        t.set_data_type(is_float ? onnx::TensorProto::FLOAT : onnx::TensorProto::INT64);
        for (const std::int64_t n : shape) t.add_dims(n);
        t.set_raw_data(rows.data(), static_cast<std::size_t>(rows.size()) * sizeof(T));
        return name;
    }
    /// An operator of ONNX, which may have optional inputs and outputs: those are left out by the name "". Throws if an input
    /// is not a value of the graph.
    void node(const std::string& op, const std::vector<std::string>& inputs, const std::vector<std::string>& outputs,
              const std::vector<onnx::AttributeProto>& attributes = {}) {
        for (const std::string& input : inputs)
            throw_unless(input.empty() || names_.contains(input), "OnnxGraph: ", op, " reads \"", input,
                         "\", which is no value of this graph");
        std::set<std::string> names = names_;  // so that where one is refused, none is taken
        for (const std::string& name : outputs)
            if (!name.empty()) declare(name, names);
        names_ = std::move(names);
        auto& n = *model_.mutable_graph()->add_node();
        n.set_op_type(op);
        for (const std::string& input : inputs) n.add_input(input);
        for (const std::string& name : outputs) n.add_output(name), unwritten_.erase(name);
        for (const auto& attribute : attributes) *n.add_attribute() = attribute;
    }
    /// The name of the input with the lengths; empty where there is none.
    const std::string& lengths() const { return lengths_; }

    /// Writes the model as bptt::save() writes a file: there is the old one or the new one, whole. Throws if it would be larger
    /// than the 2 GB of a protobuf message, lacks an output, or cannot be written.
    void save(const std::filesystem::path& file) const {
        const std::string where = "save_onnx: " + file.string();
        detail::AtomicFile out(file, where);
        throw_unless(model_.ByteSizeLong() <= std::numeric_limits<std::int32_t>::max(), where, ": the model takes ",
                     model_.ByteSizeLong(), " bytes, more than the 2 GB that ONNX allows");
        throw_unless(model_.graph().output_size() > 0, where, ": the graph has no output");
        if (!unwritten_.empty())
            throw_unless(false, where, ": no node writes \"", *unwritten_.begin(), "\", which is an output");
        const std::string bytes = model_.SerializeAsString();
        out.write(bytes.data(), bytes.size());
        out.commit();
    }

private:
    static void declare(const std::string& name, std::set<std::string>& names) {
        throw_unless(!name.empty() && detail::is_utf8(name), "OnnxGraph: a name is empty or not UTF-8");
        throw_unless(names.insert(name).second, "OnnxGraph: two values are called \"", name, "\"");
    }
    /// A dimension is a number, or the name of one that changes from run to run.
    static void describe(onnx::ValueInfoProto& value, const std::string& name, onnx::TensorProto::DataType type,
                         const std::vector<std::string>& dimensions) {
        value.set_name(name);
        auto& tensor = *value.mutable_type()->mutable_tensor_type();
        tensor.set_elem_type(type);
        auto& shape = *tensor.mutable_shape();
        for (const std::string& d : dimensions)
            if (d == "steps" || d == "batch")
                shape.add_dim()->set_dim_param(d);
            else
                shape.add_dim()->set_dim_value(std::stoll(d));
    }
    void add_input(const std::string& name, onnx::TensorProto::DataType type, const std::vector<std::string>& dimensions) {
        throw_unless(!unwritten_.contains(name), "OnnxGraph: two values are called \"", name, "\"");
        declare(name, names_);
        describe(*model_.mutable_graph()->add_input(), name, type, dimensions);
    }

    onnx::ModelProto model_;
    std::set<std::string> names_;      // of all values
    std::set<std::string> unwritten_;  // final states, which a node must write
    std::string lengths_;
};

}  // namespace bptt
