#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "bptt/core/types.hpp"
#include "bptt/io/json_file.hpp"

// The JSON of RTNeural, in both of its forms: the layers that Keras models are saved as, {"layers": [{"type", "activation",
// "weights"}, …]}, matrices as inputs × outputs, gates of a GRU in the order z, r, h; and the state_dict() of a PyTorch module.

namespace bptt::detail {

/// A layer of a file, in bptt's own order of rows and gates. Of a dense layer Wx and b alone.
struct RtneuralLayer {
    std::string type, activation;  // lstm, gru or dense; of a dense layer "", tanh, relu or sigmoid
    Mat<double> Wx, Wh, b, bh;
};

/// The row blocks z, r, h of a GRU as r, z, h, and the other way round.
inline Mat<double> first_swapped(Mat<double> m) {
    const Index units = m.rows() / 3;
    m.topRows(units).swap(m.middleRows(units, units));
    return m;
}

class RtneuralFile {
public:
    explicit RtneuralFile(const InputFile& file) : where_(file.where()) {
        const Json all = read_json(file);
        if (all.contains("layers"))
            for (const Json& one : all["layers"]) add_keras(one);
        else
            add_state_dict(all.contains("state_dict") ? all["state_dict"] : all);
        throw_unless(!layers.empty(), where_, ": it has no layers");
    }
    const std::string& where() const { return where_; }

    std::vector<RtneuralLayer> layers;

private:
    std::string name() const { return where_ + ": layer " + std::to_string(layers.size()); }

    Mat<double> matrix(const Json& rows, const std::string& what) const {
        const bool nested = rows.is_array() && !rows.empty() && rows[0].is_array();
        const auto numbers = [](const Json& row) {
            return row.is_array() && std::ranges::all_of(row, [](const Json& x) { return x.is_number(); });
        };
        const auto fits = [&](const Json& row) { return numbers(row) && row.size() == rows[0].size(); };
        throw_unless(nested ? std::ranges::all_of(rows, fits) : numbers(rows) && !rows.empty(), what,
                     " is not a matrix, nor a vector of numbers");
        Mat<double> m(static_cast<Index>(rows.size()), nested ? static_cast<Index>(rows[0].size()) : 1);
        for (Index i = 0; i < m.rows(); ++i)
            for (Index j = 0; j < m.cols(); ++j) {
                const Json& row = rows[static_cast<std::size_t>(i)];
                m(i, j) = nested ? row[static_cast<std::size_t>(j)].get<double>() : row.get<double>();
            }
        return m;
    }
    void add_keras(const Json& layer) {
        throw_unless(layer.is_object() && layer.contains("type") && layer["type"].is_string(), name(), " has no type");
        std::string type = layer["type"].get<std::string>();
        const std::string activation =
            layer.contains("activation") && layer["activation"].is_string() ? layer["activation"].get<std::string>() : "";
        if (type == "time-distributed-dense") type = "dense";
        if (type == "activation") {
            throw_unless(!layers.empty() && layers.back().type == "dense" && layers.back().activation.empty(), name(),
                         ": an activation does not follow a dense layer without one");
            layers.back().activation = known(activation);
            return;
        }
        throw_unless(type == "dense" || type == "lstm" || type == "gru", name(), " is of type ", type,
                     ", not lstm, gru or dense");
        throw_unless(layer.contains("weights") && layer["weights"].is_array(), name(), " has no weights");
        const Json& weights = layer["weights"];
        const std::size_t count = type == "dense" ? 2 : 3;
        throw_unless(weights.size() == count, name(), ", ", type, ", has ", weights.size(), " arrays of weights, not ", count);
        const auto vector = [&](std::size_t k) { return matrix(weights[k], name() + ": weights " + std::to_string(k)); };
        const auto transposed = [&](std::size_t k) -> Mat<double> { return vector(k).transpose(); };
        if (type == "dense") return add({type, known(activation), transposed(0), {}, vector(1), {}});
        throw_unless(activation.empty() || activation == "tanh", name(), ": its activation is ", activation, ", not tanh");
        if (type == "lstm") return add({type, "", transposed(0), transposed(1), vector(2), {}});
        const Mat<double> both = transposed(2);  // 3 units × (of x, of h)
        throw_unless(both.cols() == 2, name(), ", gru, has biases ", shape(both),
                     ", not of two columns: it was not saved with reset_after");
        add_gru(first_swapped(transposed(0)), first_swapped(transposed(1)), first_swapped(both.col(0)),
                first_swapped(both.col(1)));
    }

    /// The modules in their order: a part of the names up to the last dot.
    void add_state_dict(const Json& state) {
        throw_unless(state.is_object(), where_, ": it has neither layers nor a state_dict");
        std::vector<std::string> modules;
        for (const auto& [key, value] : state.items()) {
            const std::string module = key.substr(0, key.rfind('.') + 1);
            if (std::ranges::count(modules, module) == 0) modules.push_back(module);
        }
        for (const std::string& module : modules) {
            const auto tensor = [&](const std::string& key) {
                throw_unless(state.contains(module + key), where_, ": there is no ", module, key);
                return matrix(state[module + key], where_ + ": " + module + key);
            };
            if (state.contains(module + "weight")) {
                add({"dense", "", tensor("weight"), {}, tensor("bias"), {}});
                continue;
            }
            for (int k = 0; state.contains(module + "weight_ih_l" + std::to_string(k)) || k == 0; ++k) {
                const std::string l = "_l" + std::to_string(k);
                const Mat<double> Wx = tensor("weight_ih" + l), Wh = tensor("weight_hh" + l), of_x = tensor("bias_ih" + l),
                                  of_h = tensor("bias_hh" + l);
                throw_unless(shape(of_x) == shape(of_h), name(), ": its biases are ", shape(of_x), " and ", shape(of_h));
                if (Wx.rows() == 3 * Wh.cols())
                    add_gru(Wx, Wh, of_x, of_h);
                else
                    add({"lstm", "", Wx, Wh, of_x + of_h, {}});
            }
        }
    }
    void add_gru(const Mat<double>& Wx, const Mat<double>& Wh, Mat<double> of_x, const Mat<double>& of_h) {
        const Index units = Wh.cols();
        throw_unless(of_x.rows() == 3 * units && of_h.rows() == 3 * units, name(), ", gru, has biases ", shape(of_x),
                     ", Wh is ", shape(Wh));
        of_x.topRows(2 * units) += of_h.topRows(2 * units);
        add({"gru", "", Wx, Wh, of_x, of_h.bottomRows(units)});
    }
    void add(RtneuralLayer layer) { layers.push_back(std::move(layer)); }
    std::string known(const std::string& activation) const {
        const bool is_known = activation.empty() || activation == "tanh" || activation == "relu" || activation == "sigmoid";
        throw_unless(is_known, name(), ": its activation is ", activation, ", not tanh, relu or sigmoid");
        return activation;
    }

    std::string where_;
};

}  // namespace bptt::detail
