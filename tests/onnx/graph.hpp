#pragma once

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bptt/io/onnx.hpp"
#include "support/folder.hpp"

/// A model as it stands in a file that save(file) writes, once ONNX's own checker and its inference of shapes have accepted it.
template <class Save> onnx::ModelProto saved_model(Save save) {
    const Folder folder;
    save(folder / "model.onnx");
    std::ifstream in(folder / "model.onnx", std::ios::binary);
    onnx::ModelProto model;
    if (!model.ParseFromIstream(&in)) throw std::runtime_error("it is no model");
    onnx::checker::check_model(model);
    auto inferred = model;
    onnx::shape_inference::InferShapes(inferred, onnx::OpSchemaRegistry::Instance(), {true, 1, false});
    return model;
}

/// The names, types and dimensions of a list of values, as "x float [steps,batch,3]; ".
inline std::string described(const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values) {
    std::string all;
    for (const auto& value : values) {
        const auto& tensor = value.type().tensor_type();
        const auto type = static_cast<onnx::TensorProto::DataType>(tensor.elem_type());
        all += value.name() + (type == onnx::TensorProto::FLOAT   ? " float ["
                               : type == onnx::TensorProto::INT64 ? " int64 ["
                                                                  : " int32 [");
        for (const auto& d : tensor.shape().dim())
            all += (d.has_dim_param() ? d.dim_param() : std::to_string(d.dim_value())) + ',';
        all.back() = ']';
        all += "; ";
    }
    return all;
}

/// "LSTM(x,W,R) -> Y,h_out; " for each node.
inline std::string nodes(const onnx::ModelProto& model) {
    const auto joined = [](const auto& names) {
        std::string all;
        for (const auto& name : names) all += (all.empty() ? "" : ",") + name;
        return all;
    };
    std::string all;
    for (const auto& n : model.graph().node())
        all += n.op_type() + '(' + joined(n.input()) + ") -> " + joined(n.output()) + "; ";
    return all;
}

/// The numbers of a tensor of floats.
inline std::vector<float> numbers(const onnx::ModelProto& model, const std::string& name) {
    for (const auto& t : model.graph().initializer()) {
        if (t.name() != name) continue;
        std::vector<float> all(t.raw_data().size() / sizeof(float));
        std::memcpy(all.data(), t.raw_data().data(), t.raw_data().size());
        return all;
    }
    throw std::runtime_error("there is no tensor " + name);
}
