#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bptt/io/onnx.hpp"
#include "bptt/ops/shape.hpp"
#include "bptt/ops/softmax.hpp"
#include "support/params.hpp"

/// A file NAME.onnx for each model, and cases.json: what the models compute. An element that is null is not compared.
class Cases {
public:
    explicit Cases(std::filesystem::path folder) : folder_(std::move(folder)) {}
    ~Cases() { std::ofstream(folder_ / "cases.json") << all_; }
    Cases(const Cases&) = delete;

    /// A layer that reads numbers, over sequences of equal and of unequal lengths.
    template <class L> void layer(const std::string& name, L layer) {
        randomise(layer, rng_, 0.7);
        for (const bool unequal : {false, true}) {
            bptt::OnnxGraph g({.lengths = unequal});
            g.output(add_nodes(g, layer, g.sequence("x", layer.inputs()), ""), "outputs");
            g.save(begin(name, unequal, bptt::sees_ahead<L>));
            for (const Batch& batch : batches(unequal)) {
                bptt::Tape<float> tape;
                const bptt::Mat<float> x = numbers(layer.inputs(), batch.steps * batch.count);
                const auto s0 = state(layer, batch.count);
                const auto y = unroll(layer, sequence(tape.constant(x), batch.count, batch.lengths), s0);
                run(batch, {{"x", tensor(x, batch.steps)}}, {{"outputs", tensor(padded(y.h).value(), batch.steps)}}, s0,
                    values(final_state(y)));
            }
        }
    }

    /// A language model as save_onnx() writes it.
    template <class L, class Embed> void language_model(const std::string& name, bptt::LanguageModel<L, Embed> model) {
        randomise(model, rng_, 0.7);
        for (const bool unequal : {false, true}) {
            save_onnx(begin(name, unequal, false), model, {.lengths = unequal});
            for (const Batch& batch : batches(unequal)) {
                bptt::Tape<float> tape;
                const auto ids = random_ids(batch.steps * batch.count, model.head.b.rows(), rng_);
                const auto s0 = state(model.layer, batch.count);
                const auto y = model(tape, bptt::Tokens(ids, batch.count, batch.lengths), s0);
                const auto logits = model.head(y);
                run(batch, {{"tokens", {{"type", "int64"}, {"dims", {batch.steps, batch.count}}, {"data", ids}}}},
                    {{"logits", real(logits, batch)}, {"probabilities", real(logits.with(softmax(logits.all)), batch)}}, s0,
                    values(final_state(y)));
            }
        }
    }

    /// A class for each whole sequence: the final states of both directions, and Softmax of a Linear.
    template <class Cell> void classifier(const std::string& name, bptt::Bidirectional<Cell> rnn, bptt::Linear<float> head) {
        randomise(rnn, rng_), randomise(head, rng_);
        bptt::OnnxGraph g({.lengths = true});
        add_nodes(g, rnn, g.sequence("x", rnn.inputs()), "rnn");
        g.node("Concat", {"rnn.forward.h_out", "rnn.backward.h_out"}, {"top"}, {bptt::onnx_attribute("axis", 2)});
        g.output(add_nodes(g, head, {"top", rnn.outputs()}, "head"), "classes");
        g.save(begin(name, true, true));
        const Batch batch = batches(true).front();
        bptt::Tape<float> tape;
        const bptt::Mat<float> x = numbers(rnn.inputs(), batch.steps * batch.count);
        const auto s0 = state(rnn, batch.count);
        const auto last = final_state(unroll(rnn, sequence(tape.constant(x), batch.count, batch.lengths), s0));
        using bptt::concat_rows;
        const auto classes = head(concat_rows({last.forward.h, last.backward.h}));
        run(batch, {{"x", tensor(x, batch.steps)}}, {{"classes", tensor(classes.value(), 1)}}, s0, values(last), "rnn.");
    }

private:
    using Json = nlohmann::json;
    struct Batch {
        bptt::Index steps, count;
        std::vector<bptt::Index> lengths = {};
    };
    static std::vector<Batch> batches(bool unequal) {
        if (unequal) return {{4, 3, {2, 4, 3}}, {5, 2, {5, 1}}};
        return {{1, 1}, {6, 1}, {4, 3}};
    }

    std::filesystem::path begin(std::string name, bool unequal, bool sees_ahead) {
        name += unequal ? "_lengths.onnx" : ".onnx";
        all_.push_back({{"file", name}, {"stepwise", !unequal && !sees_ahead}, {"runs", Json::array()}});
        return folder_ / name;
    }
    void run(const Batch& batch, Json inputs, Json outputs, const auto& before, const auto& after,
             const std::string& name = "") {
        for_each_named_field(before, [&](const std::string& field, const auto& m) { inputs[name + field] = tensor(m, 1); });
        for_each_named_field(after,
                             [&](const std::string& field, const auto& m) { outputs[name + field + "_out"] = tensor(m, 1); });
        if (!batch.lengths.empty()) inputs["lengths"] = {{"type", "int32"}, {"dims", {batch.count}}, {"data", batch.lengths}};
        all_.back()["runs"].push_back({{"inputs", inputs}, {"outputs", outputs}});
    }
    /// features × (steps · batch), a column after the other, is [steps, batch, features], row by row.
    static Json tensor(const bptt::Mat<float>& m, bptt::Index steps) {
        return {{"type", "float32"},
                {"dims", {steps, m.cols() / steps, m.rows()}},
                {"data", std::vector<float>(m.data(), m.data() + m.size())}};
    }
    /// Beyond the end of a sequence a head gives its bias, which nobody reads: null.
    static Json real(const bptt::Sequence<float>& y, const Batch& batch) {
        const bptt::Mat<float> all = padded(y).value();
        Json t = tensor(all, batch.steps);
        for (bptt::Index k = 0; k < all.size() && !batch.lengths.empty(); ++k) {
            const auto column = k / all.rows(), step = column / batch.count;
            if (step >= batch.lengths[static_cast<std::size_t>(column % batch.count)])
                t["data"][static_cast<std::size_t>(k)] = nullptr;
        }
        return t;
    }
    bptt::Mat<float> numbers(bptt::Index rows, bptt::Index cols) { return random_mat(rows, cols, rng_).cast<float>(); }
    template <class L> auto state(const L& layer, bptt::Index count) {
        auto s = zero_state(layer, count);
        for_each_field(s, [&](auto& m) { m = numbers(m.rows(), m.cols()); });
        return s;
    }

    std::filesystem::path folder_;
    bptt::Rng rng_{7};
    Json all_ = Json::array();
};
