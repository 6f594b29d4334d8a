#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <torch/torch.h>
#include <torch/version.h>

#include "ours.hpp"

namespace versus {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
inline at::Tensor to_torch(const Mat<float>& m) {
    const Matrix rows = m;
    return torch::from_blob(const_cast<float*>(rows.data()), {m.rows(), m.cols()}).clone();
}

/// The same network in libtorch, with the same parameters and data. What need not be done at every step is not timed: the
/// one-hot input and the packed sequence are made once.
class Libtorch {
public:
    template <class L> explicit Libtorch(const Ours<L>& ours) : w_(ours.workload) {
        const auto make = [&](auto options) { return options.num_layers(w_.layers).bidirectional(w_.both_ways); };
        if (w_.kind == Kind::lstm) lstm_ = torch::nn::LSTM(make(torch::nn::LSTMOptions(w_.width, w_.hidden)));
        if (w_.kind == Kind::gru) gru_ = torch::nn::GRU(make(torch::nn::GRUOptions(w_.width, w_.hidden)));
        if (w_.kind == Kind::rnn) rnn_ = torch::nn::RNN(make(torch::nn::RNNOptions(w_.width, w_.hidden)));
        visit([&](auto& module) {
            for (auto& p : module->named_parameters()) params_.emplace("rnn." + p.key(), p.value());
        });
        params_.emplace("head.W", head_->weight);
        params_.emplace("head.b", head_->bias);
        if (w_.input == Input::embedding) params_.emplace("embed.E", embed_->weight);
        torch::NoGradGuard guard;
        embed_->weight.copy_(torch::eye(w_.classes, w_.width));
        for (auto& [name, p] : params_)
            if (name.find("bias_hh") != std::string::npos) p.zero_();
        each_pair(ours, [](at::Tensor p, const Param<float>& q, auto view) {
            const at::Tensor theirs = view(p);
            theirs.copy_(to_torch(q.value).reshape_as(theirs));
        });

        const auto ids = torch::from_blob(const_cast<Index*>(ours.ids.data()), {w_.steps, w_.batch}, torch::kInt64).clone();
        ids_ = targets_ = ids;
        if (w_.input == Input::one_hot) input_ = torch::one_hot(ids, w_.classes).to(torch::kFloat32);
        if (w_.forecast()) {
            input_ = numbers(ours.features, {w_.steps, w_.batch, w_.width});
            targets_ = numbers(ours.targets, {w_.batch, 1});
        }
        if (w_.both_ways) {
            const auto lengths = torch::tensor(std::vector<int64_t>(w_.lengths()));
            const auto pack = [&](at::Tensor x) {
                return torch::nn::utils::rnn::pack_padded_sequence(x, lengths, false, false);
            };
            packed_ = pack(input_);
            targets_ = pack(ids).data();
        }
        if (!w_.forecast()) targets_ = targets_.reshape(-1);
    }

    /// looked_up: the one-hot columns come from an embedding, which has the identity as its weights.
    void step(bool looked_up = false) {
        for (auto& [name, p] : params_) p.mutable_grad() = at::Tensor();
        at::Tensor h;
        visit([&](auto& module) {
            if (w_.both_ways)
                h = std::get<0>(module->forward_with_packed_input(*packed_)).data();
            else
                h = std::get<0>(module->forward(w_.input == Input::embedding || looked_up ? embed_(ids_) : input_));
        });
        namespace F = torch::nn::functional;
        const auto loss = w_.forecast() ? F::mse_loss(head_(h[-1]), targets_)
                                        : F::cross_entropy(head_(h).reshape({-1, w_.classes}), targets_);
        loss.backward();
        loss_ = loss.item<float>();
    }

    using State = c10::optional<std::tuple<at::Tensor, at::Tensor>>;
    /// Mean nats of an LSTM's window, which goes on from `state`, zeros if there is none, and leaves its last one there.
    at::Tensor loss(const Tokens& inputs, const Tokens& targets, State& state) {
        const auto ids = [](const Tokens& tokens) {
            const Layout& l = tokens.layout();
            return torch::from_blob(const_cast<Index*>(tokens.ids().data()), {l.steps, l.batch}, torch::kInt64);
        };
        const auto [h, last] = lstm_->forward(torch::one_hot(ids(inputs), w_.classes).to(torch::kFloat32), state);
        state.emplace(std::get<0>(last).detach(), std::get<1>(last).detach());
        return torch::nn::functional::cross_entropy(head_(h).reshape({-1, w_.classes}), ids(targets).reshape(-1));
    }
    /// All parameters but the second bias of each gate, which ours have not.
    std::vector<at::Tensor> trained() const {
        std::vector<at::Tensor> all;
        for (const auto& [name, p] : params_)
            if (name.find("bias_hh") == std::string::npos) all.push_back(p);
        return all;
    }

    /// The largest difference of a loss or a gradient from ours, in parts of its largest number.
    template <class L> double difference(const Ours<L>& ours) const {
        double worst = std::abs(loss_ - ours.loss()) / std::abs(ours.loss());
        each_pair(ours, [&](at::Tensor p, const Param<float>& q, auto view) {
            const at::Tensor grad = to_torch(q.grad);
            const auto off = (view(p.grad()).reshape_as(grad) - grad).abs().max() / grad.abs().max();
            worst = std::max(worst, off.template item<double>());
        });
        return worst;
    }

private:
    /// Columns of m, side by side, as a tensor of this shape.
    static at::Tensor numbers(const Mat<float>& m, at::IntArrayRef shape) {
        return torch::from_blob(const_cast<float*>(m.data()), shape).clone();
    }
    /// f(module) for the one that is there.
    void visit(auto f) {
        if (lstm_) f(lstm_);
        if (gru_) f(gru_);
        if (rnn_) f(rnn_);
    }
    /// f(their parameter, ours, view of theirs that has our numbers)
    template <class L> void each_pair(const Ours<L>& ours, auto f) const {
        const auto whole = [](at::Tensor p) { return p; };
        const auto last_gate = [this](at::Tensor p) { return p.slice(0, 2 * w_.hidden); };
        const auto layer = [&](const auto& cell, const std::string& suffix) {
            f(params_.at("rnn.weight_ih_" + suffix), cell.Wx, whole);
            f(params_.at("rnn.weight_hh_" + suffix), cell.Wh, whole);
            f(params_.at("rnn.bias_ih_" + suffix), cell.b, whole);
            if constexpr (requires { cell.bh; }) f(params_.at("rnn.bias_hh_" + suffix), cell.bh, last_gate);
        };
        if constexpr (requires { ours.model.rnn.layers; }) {
            for (std::size_t k = 0; k < ours.model.rnn.layers.size(); ++k)
                layer(ours.model.rnn.layers[k], "l" + std::to_string(k));
        } else if constexpr (requires { ours.model.rnn.forward; }) {
            layer(ours.model.rnn.forward, "l0");
            layer(ours.model.rnn.backward, "l0_reverse");
        } else {
            layer(ours.model.rnn, "l0");
        }
        f(params_.at("head.W"), ours.model.head.W, whole);
        f(params_.at("head.b"), ours.model.head.b, whole);
        if (w_.input == Input::embedding) f(params_.at("embed.E"), ours.model.embed.E, [](at::Tensor p) { return p.t(); });
    }

    Workload w_;
    torch::nn::LSTM lstm_{nullptr};
    torch::nn::GRU gru_{nullptr};
    torch::nn::RNN rnn_{nullptr};
    torch::nn::Linear head_{w_.hidden * (w_.both_ways ? 2 : 1), w_.forecast() ? 1 : w_.classes};
    torch::nn::Embedding embed_{w_.classes, w_.width};
    std::map<std::string, at::Tensor> params_;
    at::Tensor ids_, input_, targets_;
    std::optional<torch::nn::utils::rnn::PackedSequence> packed_;
    float loss_ = 0;
};

}  // namespace versus
