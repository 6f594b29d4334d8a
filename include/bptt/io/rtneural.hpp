#pragma once

#include "bptt/io/rtneural_file.hpp"
#include "bptt/live/stream.hpp"

namespace bptt {

namespace detail {

template <class L> struct RtneuralType {};
template <class T> struct RtneuralType<Lstm<T>> { static constexpr auto name = "lstm"; };
template <class T> struct RtneuralType<Gru<T, Reset::after>> { static constexpr auto name = "gru"; };

constexpr const char* activation_name(live::Activation a) {
    return a == live::Activation::tanh      ? "tanh"
           : a == live::Activation::relu    ? "relu"
           : a == live::Activation::sigmoid ? "sigmoid"
                                            : "";
}

template <class L>
concept InRtneural = requires {
    RtneuralType<L>::name;
};

/// Calls f(cell or Activated) for each layer of the network, lowest first.
void each_rtneural(auto& layer, auto&& f, auto&... heads) {
    if constexpr (is_stacked<std::remove_cvref_t<decltype(layer)>>)
        for (auto& one : layer.layers) f(one);
    else
        f(layer);
    (f(activated(heads)), ...);
}
/// What a layer is in a file, for errors.
inline std::string rtneural_kind(const std::string& type, const std::string& activation) {
    return activation.empty() ? type : type + ", " + activation;
}
template <class L> std::string rtneural_kind(const L&) {
    static_assert(InRtneural<L>,
                  "RTNeural has Lstm without peepholes, Gru<T, Reset::after>, Stacked of them, and Linear or Activated heads");
    return RtneuralType<L>::name;
}
template <class T> std::string rtneural_kind(const Activated<T>& head) {
    return rtneural_kind("dense", activation_name(head.activation));
}

/// Calls f(name, parameter, its matrix in the file's layer) for each parameter.
template <class T> void each_matrix(Lstm<T>& cell, const RtneuralLayer& from, auto&& f) {
    f("Wx", cell.Wx, from.Wx), f("Wh", cell.Wh, from.Wh), f("b", cell.b, from.b);
}
template <class T> void each_matrix(Gru<T, Reset::after>& cell, const RtneuralLayer& from, auto&& f) {
    f("Wx", cell.Wx, from.Wx), f("Wh", cell.Wh, from.Wh), f("b", cell.b, from.b), f("bh", cell.bh, from.bh);
}
template <class T> void each_matrix(const Activated<T>& head, const RtneuralLayer& from, auto&& f) {
    f("W", head.linear.W, from.Wx), f("b", head.linear.b, from.b);
}

inline Json nested(const Mat<double>& m) {
    Json rows = Json::array();
    for (Index i = 0; i < m.rows(); ++i) rows.push_back(std::vector<double>(m.row(i).begin(), m.row(i).end()));
    return rows;
}
inline Json rtneural_json(const char* type, const char* activation, Index outputs, Json weights) {
    return {
        {"type", type}, {"activation", activation}, {"shape", {nullptr, nullptr, outputs}}, {"weights", std::move(weights)}};
}
template <class T> Mat<double> as_double(const Param<T>& p) { return p.value.template cast<double>(); }
inline std::vector<double> numbers(const Mat<double>& column) { return {column.data(), column.data() + column.size()}; }
template <class T> Json rtneural_json(const Lstm<T>& cell) {
    return rtneural_json(
        "lstm", "", cell.units(),
        {nested(as_double(cell.Wx).transpose()), nested(as_double(cell.Wh).transpose()), numbers(as_double(cell.b))});
}
template <class T> Json rtneural_json(const Gru<T, Reset::after>& cell) {
    const Index units = cell.units();
    const auto zrh = [](const Mat<double>& m) -> Mat<double> { return first_swapped(m).transpose(); };
    Mat<double> biases = Mat<double>::Zero(3 * units, 2);
    biases.col(0) = as_double(cell.b);
    biases.col(1).tail(units) = as_double(cell.bh);
    return rtneural_json("gru", "", units,
                         {nested(zrh(as_double(cell.Wx))), nested(zrh(as_double(cell.Wh))), nested(zrh(biases))});
}
template <class T> Json rtneural_json(const Activated<T>& head) {
    const auto& [W, b] = head.linear;
    return rtneural_json("dense", activation_name(head.activation), W.rows(),
                         {nested(as_double(W).transpose()), numbers(as_double(b))});
}

}  // namespace detail

/// Fills a layer, an Lstm, a Gru<T, Reset::after> or a Stacked of them, and the heads after it, Linear or Activated, from a
/// network in RTNeural's JSON: of Keras' layers, or of a PyTorch module's state_dict(), whose modules come in their order.
/// Throws where the network is another one, and changes nothing then.
template <Layer L> void load_rtneural(const std::filesystem::path& file, L& layer, auto&&... heads) {
    const detail::InputFile in(file, "load_rtneural: " + file.string());
    const detail::RtneuralFile from(in);
    std::size_t count = 0;
    detail::each_rtneural(
        layer, [&](auto&&) { ++count; }, heads...);
    throw_unless(from.layers.size() == count, from.where(), ": it has ", from.layers.size(), " layers, the model ", count);
    const auto each = [&](const auto& f) {
        detail::each_rtneural(
            layer, [&, k = std::size_t{0}](auto&& part) mutable { f(part, from.layers[k], k), ++k; }, heads...);
    };
    each([&](auto& part, const detail::RtneuralLayer& found, std::size_t k) {
        const std::string kind = detail::rtneural_kind(found.type, found.activation), wanted = detail::rtneural_kind(part);
        throw_unless(kind == wanted, from.where(), ": layer ", k, " is ", kind, ", the model's is ", wanted);
        detail::each_matrix(part, found, [&](const char* name, const auto& p, const Mat<double>& m) {
            throw_unless(shape(p) == shape(m), from.where(), ": layer ", k, " has ", name, ' ', shape(m), ", the model's is ",
                         shape(p));
        });
    });
    each([&](auto& part, const detail::RtneuralLayer& found, std::size_t) {
        detail::each_matrix(part, found,
                            [&]<class T>(const char*, Param<T>& p, const Mat<double>& m) { p.value = m.template cast<T>(); });
    });
}

/// Writes the file of Keras' layers that RTNeural reads. A file of that name is replaced as by save().
template <Layer L> void save_rtneural(const std::filesystem::path& file, const L& layer, const auto&... heads) {
    const std::string where = "save_rtneural: " + file.string();
    detail::check_network(where.c_str(), layer, heads...);
    detail::Json layers = detail::Json::array();
    detail::each_rtneural(
        layer,
        [&](const auto& part) {
            detail::rtneural_kind(part);
            layers.push_back(detail::rtneural_json(part));
        },
        heads...);
    detail::write_json(file, where,
                       {{"in_shape", {nullptr, nullptr, detail::inputs_of(layer)}}, {"layers", std::move(layers)}});
}

}  // namespace bptt
