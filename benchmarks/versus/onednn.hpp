#pragma once

#include <algorithm>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <oneapi/dnnl/dnnl.hpp>

#include "ours.hpp"

namespace versus {

/// The recurrent part alone, forward and backward, as oneDNN's primitive for each layer: no loss, no head. Its weights are
/// brought into the primitive's own order once, outside of what is timed.
template <class Forward, class Backward> class Layer {
    using Dims = dnnl::memory::dims;
    using Desc = dnnl::memory::desc;
    using Tag = dnnl::memory::format_tag;
    using Args = std::unordered_map<int, dnnl::memory>;
    static constexpr bool memory = std::is_same_v<Forward, dnnl::lstm_forward>;
    static constexpr bool vanilla = std::is_same_v<Forward, dnnl::vanilla_rnn_forward>;

public:
    Layer(const Workload& w, Index inputs, const float* Wx, const float* Wh, const float* b, Index gates, Index biases)
        : engine_(dnnl::engine::kind::cpu, 0), stream_(engine_) {
        const Index H = w.hidden;
        const Dims ih{1, 1, inputs, gates, H}, hh{1, 1, H, gates, H};
        const auto plain = [](const Dims& d, Tag tag) { return Desc(d, dnnl::memory::data_type::f32, tag); };
        const Desc x = plain({w.steps, w.batch, inputs}, Tag::tnc), h = plain({w.steps, w.batch, H}, Tag::tnc),
                   start = plain({1, 1, w.batch, H}, Tag::ldnc), bias = plain({1, 1, biases, H}, Tag::ldgo),
                   Wi = plain(ih, Tag::any), Wr = plain(hh, Tag::any);
        const auto numbers = [&] {
            if constexpr (memory)
                return std::tuple(x, start, start, Wi, Wr, bias, h, start, start);
            else
                return std::tuple(x, start, Wi, Wr, bias, h, start);
        }();
        const auto kind = [](dnnl::prop_kind pass) {
            constexpr auto ahead = dnnl::rnn_direction::unidirectional_left2right;
            if constexpr (vanilla)
                return std::tuple(pass, dnnl::algorithm::eltwise_tanh, ahead);
            else
                return std::tuple(pass, ahead);
        };
        const auto forward = describe<Forward>(std::tuple_cat(kind(dnnl::prop_kind::forward_training), numbers));
        const auto backward = describe<Backward>(std::tuple_cat(kind(dnnl::prop_kind::backward), numbers, numbers), forward);
        forward_ = Forward(forward);
        backward_ = Backward(backward);

        const auto weights = [&](const float* from, const Dims& d, const Desc& wanted) {
            dnnl::memory mine(plain(d, Tag::ldigo), engine_, const_cast<float*>(from)), out(wanted, engine_);
            dnnl::reorder(mine, out).execute(stream_, mine, out);
            return out;
        };
        const auto zeros = [&](const Desc& d) {
            dnnl::memory m(d, engine_);
            std::fill_n(static_cast<char*>(m.get_data_handle()), d.get_size(), 0);
            return m;
        };
        ahead_ = {{DNNL_ARG_SRC_LAYER, zeros(forward.src_layer_desc())},
                  {DNNL_ARG_SRC_ITER, zeros(forward.src_iter_desc())},
                  {DNNL_ARG_WEIGHTS_LAYER, weights(Wx, ih, forward.weights_layer_desc())},
                  {DNNL_ARG_WEIGHTS_ITER, weights(Wh, hh, forward.weights_iter_desc())},
                  {DNNL_ARG_BIAS, zeros(forward.bias_desc())},
                  {DNNL_ARG_DST_LAYER, zeros(forward.dst_layer_desc())},
                  {DNNL_ARG_DST_ITER, zeros(forward.dst_iter_desc())},
                  {DNNL_ARG_WORKSPACE, zeros(forward.workspace_desc())}};
        if constexpr (memory) {
            ahead_.insert({DNNL_ARG_SRC_ITER_C, zeros(forward.src_iter_c_desc())});
            ahead_.insert({DNNL_ARG_DST_ITER_C, zeros(forward.dst_iter_c_desc())});
        }
        std::copy_n(b, biases * H, static_cast<float*>(ahead_.at(DNNL_ARG_BIAS).get_data_handle()));
        back_ = ahead_;
        back_.at(DNNL_ARG_WEIGHTS_LAYER) = weights(Wx, ih, backward.weights_layer_desc());
        back_.at(DNNL_ARG_WEIGHTS_ITER) = weights(Wh, hh, backward.weights_iter_desc());
        back_.insert({{DNNL_ARG_DIFF_SRC_LAYER, zeros(backward.diff_src_layer_desc())},
                      {DNNL_ARG_DIFF_SRC_ITER, zeros(backward.diff_src_iter_desc())},
                      {DNNL_ARG_DIFF_WEIGHTS_LAYER, zeros(backward.diff_weights_layer_desc())},
                      {DNNL_ARG_DIFF_WEIGHTS_ITER, zeros(backward.diff_weights_iter_desc())},
                      {DNNL_ARG_DIFF_BIAS, zeros(backward.diff_bias_desc())},
                      {DNNL_ARG_DIFF_DST_LAYER, zeros(backward.diff_dst_layer_desc())},
                      {DNNL_ARG_DIFF_DST_ITER, zeros(backward.diff_dst_iter_desc())}});
        if constexpr (memory) {
            back_.insert({DNNL_ARG_DIFF_SRC_ITER_C, zeros(backward.diff_src_iter_c_desc())});
            back_.insert({DNNL_ARG_DIFF_DST_ITER_C, zeros(backward.diff_dst_iter_c_desc())});
        }
    }

    float* x() { return data(ahead_, DNNL_ARG_SRC_LAYER); }
    float* h() { return data(ahead_, DNNL_ARG_DST_LAYER); }
    float* dh() { return data(back_, DNNL_ARG_DIFF_DST_LAYER); }
    float* dx() { return data(back_, DNNL_ARG_DIFF_SRC_LAYER); }
    /// biases × H, of the last backward() alone.
    float* db() { return data(back_, DNNL_ARG_DIFF_BIAS); }

    void forward() {
        forward_.execute(stream_, ahead_);
        stream_.wait();
    }
    void backward() {
        for (const int arg :
             {DNNL_ARG_DIFF_WEIGHTS_LAYER, DNNL_ARG_DIFF_WEIGHTS_ITER, DNNL_ARG_DIFF_BIAS}) {  // it adds to them
            auto& m = back_.at(arg);
            std::fill_n(static_cast<char*>(m.get_data_handle()), m.get_desc().get_size(), 0);
        }
        backward_.execute(stream_, back_);
        stream_.wait();
    }

private:
    static float* data(Args& args, int arg) { return static_cast<float*>(args.at(arg).get_data_handle()); }
    /// The description of a primitive, as version 2 or 3 of oneDNN wants it.
    template <class P> auto describe(const auto& arguments, const auto&... hint) const {
        return std::apply(
            [&](const auto&... a) {
#if DNNL_VERSION_MAJOR >= 3
                return typename P::primitive_desc(engine_, a..., hint...);
#else
                return typename P::primitive_desc(typename P::desc(a...), engine_, hint...);
#endif
            },
            arguments);
    }

    dnnl::engine engine_;
    dnnl::stream stream_;
    Forward forward_;
    Backward backward_;
    Args ahead_, back_;
};

/// All layers, with the parameters of ours; h and the gradients of the biases can be compared.
template <class Forward, class Backward> class OneDnn {
public:
    template <class L> explicit OneDnn(const Ours<L>& ours) : w_(ours.workload) {
        const auto add = [&](const auto& cell) {
            Mat<float> Wx = cell.Wx.value, Wh = cell.Wh.value, b = cell.b.value;
            if (w_.kind == Kind::gru) {  // its update gate comes first; the bias inside of the product is a fourth
                swap_gates(Wx), swap_gates(Wh), swap_gates(b);
                b.conservativeResize(4 * w_.hidden, 1);
                if constexpr (requires { cell.bh; }) b.bottomRows(w_.hidden) = cell.bh.value;
            }
            layers_.emplace_back(w_, Wx.cols(), Wx.data(), Wh.data(), b.data(), w_.gates(), b.rows() / w_.hidden);
        };
        if constexpr (requires { ours.model.rnn.layers; })
            for (const auto& cell : ours.model.rnn.layers) add(cell);
        else
            add(ours.model.rnn);
        float* x = layers_.front().x();
        for (const Index id : ours.ids) x[id] = 1, x += w_.width;
        std::copy_n(ours.dh().data(), ours.dh().size(), layers_.back().dh());
    }
    void step() {
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            if (k > 0) std::copy_n(layers_[k - 1].h(), size(), layers_[k].x());
            layers_[k].forward();
        }
        for (std::size_t k = layers_.size(); k-- > 0;) {
            layers_[k].backward();
            if (k > 0) std::copy_n(layers_[k].dx(), size(), layers_[k - 1].dh());
        }
    }
    /// The largest difference of h or of the lowest bias' gradient from ours, in parts of the largest number.
    template <class L> double difference(const Ours<L>& ours) {
        const auto off = [](const auto& a, const auto& b) {
            return static_cast<double>((a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff());
        };
        using Map = Eigen::Map<const Mat<float>>;
        const auto& cell = [&]() -> const auto& {
            if constexpr (requires { ours.model.rnn.layers; })
                return ours.model.rnn.layers.front();
            else
                return ours.model.rnn;
        }
        ();
        Mat<float> db = Map(layers_.front().db(), cell.b.grad.rows(), 1);
        if (w_.kind == Kind::gru) swap_gates(db);
        return std::max(off(Map(layers_.back().h(), w_.hidden, w_.columns()), ours.h()), off(db, cell.b.grad));
    }

private:
    Index size() const { return w_.hidden * w_.columns(); }
    void swap_gates(Mat<float>& m) const { m.topRows(w_.hidden).swap(m.middleRows(w_.hidden, w_.hidden)); }

    Workload w_;
    std::vector<Layer<Forward, Backward>> layers_;
};

}  // namespace versus
