#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bptt/cells/lstm.hpp"
#include "bptt/io/json_file.hpp"
#include "bptt/nets/initial_state.hpp"
#include "bptt/nets/linear.hpp"
#include "bptt/nets/stacked.hpp"

namespace bptt {

/// An amplifier as NeuralAmpModeler has it, of LSTM layers: sample in, sample out, from a learned initial state.
struct NamLstm {
    using Scalar = float;
    using Layers = Stacked<Lstm<float>>;

    Layers layers;
    Linear<float> head;          // units → 1
    InitialState<Layers> start;  // of all layers
    double sample_rate = 48000;  // Hz

    NamLstm(Index units, Index depth, Rng& rng) : layers(1, units, depth, rng), head(units, 1, rng), start(layers) {}
    BPTT_PARAMS(layers, head, start)

    /// For stream(model), which begins with zeros: live.set_state(model.initial_state()).
    auto streamed(auto&& f) const { return f(layers, head); }
    StateOf<Layers, Mat<float>> initial_state() const {
        return map_state(start.start, [](const Param<float>& p) { return p.value; });
    }
};

namespace detail {

/// Calls f(number) for each weight in the order of a .nam file: of each layer the rows of [Wx Wh], b, h and c of the initial
/// state; W and b of the head.
void each_nam_weight(auto& model, auto f) {
    const auto each = [&](auto& m) {
        for (Index i = 0; i < m.rows(); ++i) f(m(i, 0));
    };
    for (Index k = 0; k < model.layers.depth(); ++k) {
        auto& [Wx, Wh, b] = model.layers.layers[static_cast<std::size_t>(k)];
        for (Index i = 0; i < Wx.rows(); ++i) {
            for (Index j = 0; j < Wx.cols(); ++j) f(Wx.value(i, j));
            for (Index j = 0; j < Wh.cols(); ++j) f(Wh.value(i, j));
        }
        each(b.value), each(model.start.start[k].h.value), each(model.start.start[k].c.value);
    }
    for (Index j = 0; j < model.head.W.cols(); ++j) f(model.head.W.value(0, j));
    f(model.head.b.value(0, 0));
}

}  // namespace detail

/// Reads a .nam file whose architecture is LSTM. Throws where it is not one, or has other weights than its config says.
inline NamLstm load_nam(const std::filesystem::path& file) {
    const detail::InputFile in(file, "load_nam: " + file.string());
    const detail::Json all = detail::read_json(in);
    const auto member = [&](const detail::Json& of, const char* name, auto is) -> const detail::Json& {
        throw_unless(of.contains(name) && (of[name].*is)(), in.where(), ": its ", name, " is missing, or of another kind");
        return of[name];
    };
    using J = detail::Json;
    const auto& architecture = member(all, "architecture", &J::is_string).get_ref<const std::string&>();
    throw_unless(architecture == "LSTM", in.where(), ": its architecture is ", architecture, ", not LSTM");
    const J& config = member(all, "config", &J::is_object);
    const auto size = [&](const char* name) {
        const auto n = member(config, name, &J::is_number_unsigned).get<Index>();
        throw_unless(n > 0, in.where(), ": its ", name, " is ", n, ", not positive");
        return n;
    };
    const Index inputs = size("input_size"), units = size("hidden_size"), depth = size("num_layers");
    throw_unless(inputs == 1, in.where(), ": its input_size is ", inputs, ", not 1");
    throw_unless(depth <= max_depth, in.where(), ": its num_layers is ", depth, ", of at most ", max_depth);
    const J& weights = member(all, "weights", &J::is_array);
    const auto u = static_cast<double>(units), d = static_cast<double>(depth);
    const double count = 4 * u * (1 + u) + 6 * u + (d - 1) * (8 * u * u + 6 * u) + u + 1;
    throw_unless(static_cast<double>(weights.size()) == count, in.where(), ": it has ", weights.size(), " weights, ", depth,
                 " layers of ", units, " units have ", count);
    Rng rng = Rng::zeros();
    NamLstm model(units, depth, rng);
    detail::each_nam_weight(model, [&, k = std::size_t{0}](float& w) mutable {
        const J& one = weights[k];
        throw_unless(one.is_number() && std::isfinite(one.get<float>()), in.where(), ": weight ", k, " is ", one.dump(),
                     ", not a finite number");
        w = one.get<float>();
        ++k;
    });
    if (all.contains("sample_rate")) model.sample_rate = member(all, "sample_rate", &J::is_number).get<double>();
    return model;
}

/// Writes the file that NeuralAmpModeler's plugins read. A file of that name is replaced as by save(). Throws where the
/// parameters do not fit each other, or are not finite.
inline void save_nam(const std::filesystem::path& file, const NamLstm& model) {
    const std::string where = "save_nam: " + file.string();
    const Index units = detail::outputs_of(model.layers);
    std::vector<detail::Shape> shapes;  // of a model that fits
    Rng rng = Rng::zeros();
    const NamLstm fitting(units, model.layers.depth(), rng);
    for_each_param(fitting, [&](const auto&, const auto& p) { shapes.push_back(shape(p)); });
    std::size_t k = 0;
    for_each_param(model, [&](const auto& name, const auto& p) {
        throw_unless(k < shapes.size() && shape(p) == shapes[k], where, ": ", name, " is ", shape(p), "; with one input and ",
                     units, " units in each layer it is ", shapes[(std::min)(k, shapes.size() - 1)]);
        ++k;
    });
    throw_unless(k == shapes.size(), where, ": start has fewer layers than the ", model.layers.depth(), " of the model");
    std::vector<double> weights;
    detail::each_nam_weight(model, [&](const float& w) {
        throw_unless(std::isfinite(w), where, ": weight ", weights.size(), " is ", w, ", not a finite number");
        weights.push_back(double{w});
    });
    detail::write_json(file, where,
                       {{"version", "0.5.4"},
                        {"architecture", "LSTM"},
                        {"config", {{"input_size", 1}, {"hidden_size", units}, {"num_layers", model.layers.depth()}}},
                        {"weights", weights},
                        {"sample_rate", model.sample_rate}});
}

}  // namespace bptt
