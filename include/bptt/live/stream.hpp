#pragma once

#include <concepts>
#include <span>
#include <utility>
#include <vector>

#include "bptt/kernels/packet.hpp"
#include "bptt/live/heads.hpp"
#include "bptt/live/running.hpp"

namespace bptt {

/// How many signals a stream runs side by side.
struct Voices {
    int count;
};
namespace detail {
/// What a stream cannot read.
template <class X>
concept Unreadable = !std::is_base_of_v<Eigen::EigenBase<X>, X> && !std::convertible_to<const X&, std::span<const float>>;
/// A model that says what a stream of it runs.
template <class M>
concept Streamed = requires(const M& m) {
    m.streamed([](const auto&...) {});
};
template <class M>
concept NoLayer = !Layer<M> && !std::same_as<M, Voices> && !Streamed<M>;

/// A size that an object has no more once it was moved from.
struct Held {
    int size;
    Held(int n) : size(n) {}
    Held(const Held&) = default;
    Held(Held&& other) noexcept : size(std::exchange(other.size, 0)) {}
    Held& operator=(Held other) noexcept { return size = other.size, *this; }
};
}  // namespace detail

namespace live {

/// φ(W x + b)
template <class S, class N> class Dense {
public:
    template <class H> Dense(const Activated<H>& head, int voices)
        : units_(static_cast<int>(head.linear.W.rows())),
          voices_(voices),
          linear_({static_cast<int>(head.linear.W.cols()), units_, voices}, head.linear, head.activation),
          activation_(head.activation) {}
    void step(Input x) noexcept {
        linear_.step(x);
        activate(activation_, linear_.output().at, padded(units_) * voices_);
    }
    Output output() noexcept { return linear_.output(); }
    int units() const { return units_; }

private:
    int units_, voices_;
    Packed<Linear, S, N> linear_;
    Activation activation_;
};

}  // namespace live

/// A trained layer, and heads after it, that runs one step at a time: made by stream(). It computes in floats with weights of
/// its own, so the model may change or go. step() takes no memory and no lock, calls nothing of the system and treats denormal
/// numbers as zeros; it is for one thread at a time.
template <Layer L, class Part, class Head, bool one_voice> class Stream {
public:
    using T = typename L::Scalar;
    using State = StateOf<L, Mat<T>>;

    Stream(const L& layer, Part&& part, std::vector<Head> heads, Voices voices)
        : part_(std::move(part)),
          heads_(std::move(heads)),
          start_(zero_state(layer, voices.count)),
          inputs_(static_cast<int>(detail::inputs_of(layer))),
          outputs_(heads_.empty() ? static_cast<int>(detail::outputs_of(layer)) : heads_.back().units()),
          voices_(voices.count) {}

    int inputs() const { return inputs_.size; }
    int outputs() const { return outputs_; }
    int voices() const { return voices_; }

    /// The output after one more step with x, inputs × voices: outputs × voices (of one voice a vector), valid until the next
    /// step. x is a matrix or a vector in memory, not an expression. A program whose x has another shape ends with a message.
    template <class Derived> auto step(const Eigen::MatrixBase<Derived>& x) noexcept {
        constexpr bool row = Derived::RowsAtCompileTime == 1 && Derived::IsRowMajor;  // a number of each voice
        constexpr bool of_floats = std::is_same_v<typename Derived::Scalar, float>,
                       in_memory = (Derived::Flags & Eigen::DirectAccessBit) != 0,
                       by_columns = row || (!Derived::IsRowMajor && Derived::InnerStrideAtCompileTime == 1);
        static_assert(of_floats, "a stream computes in floats: x must be of floats");
        static_assert(in_memory, "Stream::step() reads x from memory: write an expression to a matrix first");
        static_assert(!in_memory || by_columns,
                      "Stream::step() reads x column by column: write a transpose, or a row-major "
                      "matrix, to a matrix first");
        if constexpr (of_floats && in_memory && by_columns) {
            expect(x.rows() == inputs_.size && x.cols() == voices_, "x is ", shape(x), ", not ", inputs_.size, 'x', voices_,
                   " (inputs x voices)");
            return run({x.derived().data(), static_cast<int>(row ? x.derived().innerStride() : x.derived().outerStride())});
        }
    }
    /// The same with the voices' columns one after the other.
    auto step(std::span<const float> x) noexcept {
        expect(std::ssize(x) == Index{inputs_.size} * voices_, "x has ", std::ssize(x), " numbers, not ", inputs_.size,
               " of each of ", voices_, " voices");
        return run({x.data(), inputs_.size});
    }
    /// The same for one input of one voice.
    auto step(float x) noexcept { return step(std::span<const float>(&x, 1)); }
    /// For the compiler's message.
    template <detail::Unreadable X> void step(const X&) {
        static_assert(std::same_as<X, float>,
                      "Stream::step() takes a matrix or a vector of floats, a span of floats, or a float");
    }

    /// The same of a signal whose state stands outside, in column j of s, which then has the next one, and so has the stream.
    /// For one voice. Throws, and changes nothing, if s has no such column.
    template <class Derived> auto step(const Eigen::MatrixBase<Derived>& x, State& s, Index j) {
        static_assert(one_voice, "Stream: a state that stands outside is that of one voice");
        check_state(
            s, [j](Index cols) { return j >= 0 && j < cols; }, "and a column ", j);
        part_.visit(s, [j](const auto& m, auto&& now) { now = m.col(j).template cast<ScalarOf<decltype(now)>>(); });
        const auto y = step(x);
        part_.visit(s, [j](auto& m, const auto& now) { m.col(j) = now.template cast<T>(); });
        return y;
    }

    /// Begins again from the initial state, which is zeros unless the layer says otherwise.
    void reset() { set_state(start_); }
    /// The layer's state, as unroll() takes it.
    State state() const {
        check_there();
        State s = start_;
        copy_state(s);
        return s;
    }
    /// The same into a state of that kind, which is not checked; it takes no memory.
    void copy_state(State& s) const {
        const_cast<Part&>(part_).visit(s, [](auto& m, const auto& now) { m = now.template cast<T>(); });
    }
    /// Goes on from s. Throws, and changes nothing, if its matrices have other shapes.
    void set_state(const State& s) {
        check_state(
            s, [this](Index cols) { return cols == voices_; }, "and ", voices_, " columns");
        part_.visit(s, [](const auto& m, auto&& now) { now = m.template cast<ScalarOf<decltype(now)>>(); });
    }

private:
    [[gnu::noinline]] auto run(live::Input x) noexcept {  // what step() is called with does not concern it
        const kernels::FlushDenormals flush;
        part_.step(x);
        live::Output y = part_.output();
        for (Head& head : heads_) {
            head.step({y.at, y.apart});
            y = head.output();
        }
        if constexpr (one_voice)
            return Eigen::Map<const Eigen::VectorXf>(y.at, outputs_);
        else
            return live::as_matrix(live::Input{y.at, y.apart}, outputs_, voices_);
    }
    template <class M> using ScalarOf = typename std::decay_t<M>::Scalar;
    void check_state(const State& s, const auto& fits, const auto&... what) const {
        check_there();
        for_each_field(s, start_, [&, k = Index{0}](const auto& m, const auto& start) mutable {
            const detail::FieldName<State> name{s, k++};
            throw_unless(m.rows() == start.rows() && fits(m.cols()), "Stream: ", name, " of the state is ", shape(m), ", not ",
                         start.rows(), " rows ", what...);
        });
    }
    void check_there() const { throw_unless(inputs_.size > 0, "Stream: it was moved from"); }
    void expect(bool ok, const auto&... what) const {
        check_there();
        throw_unless(ok, "Stream::step: ", what...);
    }

    Part part_;
    std::vector<Head> heads_;
    State start_;
    detail::Held inputs_;
    int outputs_, voices_;
};

namespace detail {

template <Storage S, class N, Layer L> auto make_stream(Voices voices, const L& layer, const auto&... heads) {
    static_assert(!sees_ahead<L>, "stream: a bidirectional layer reads the whole sequence before its first output");
    using Stored = typename live::StoredAs<S>::type;
    using Head = live::Dense<Stored, std::conditional_t<N::one_voice, live::Sizes<0, 0, 1>, live::Sizes<>>>;
    throw_unless(voices.count > 0, "stream: there are ", voices.count, " voices, not one or more");
    check_network("stream", layer, heads...);
    std::vector<Head> all;
    (all.emplace_back(activated(heads), voices.count), ...);
    auto part = live::running<Stored, N>(layer, voices.count);
    return Stream<L, decltype(part), Head, N::one_voice>(layer, std::move(part), std::move(all), voices);
}

}  // namespace detail

/// The layer, and heads that read its output one after the other (Linear, or Activated), as a Stream. S: how weights are
/// stored.
template <Storage S = Storage::float32, Layer L> auto stream(const L& layer, const auto&... heads) {
    return detail::make_stream<S, live::Sizes<0, 0, 1>>(Voices{1}, layer, heads...);
}
/// The same for several signals at once.
template <Storage S = Storage::float32, Layer L> auto stream(Voices voices, const L& layer, const auto&... heads) {
    return detail::make_stream<S, live::Sizes<>>(voices, layer, heads...);
}
/// The same for one signal, with sizes that the compiler knows: with up to 64 units, and 65,536 words of weights, the layer is
/// all in the Stream itself.
template <int inputs, int units, Storage S = Storage::float32, Layer L> auto stream(const L& layer, const auto&... heads) {
    static_assert(!detail::is_stacked<L> && !std::is_void_v<typename live::StepOf<L>::type>,
                  "stream<inputs, units>() is for one Rnn, Lstm, Gru or LayerNormLstm");
    throw_unless(layer.inputs() == inputs && layer.units() == units, "stream: the layer has ", layer.inputs(), " inputs and ",
                 layer.units(), " units, not ", inputs, " and ", units);
    return detail::make_stream<S, live::Sizes<inputs, units, 1>>(Voices{1}, layer, heads...);
}

/// A whole model, which says what is run of it, a layer and the heads after it:
/// auto streamed(auto&& f) const { return f(layer, head); }
template <Storage S = Storage::float32, detail::Streamed M> auto stream(const M& model) {
    return model.streamed([](const auto&... parts) { return stream<S>(parts...); });
}
template <Storage S = Storage::float32, detail::Streamed M> auto stream(Voices voices, const M& model) {
    return model.streamed([voices](const auto&... parts) { return stream<S>(voices, parts...); });
}
template <int inputs, int units, Storage S = Storage::float32, detail::Streamed M> auto stream(const M& model) {
    return model.streamed([](const auto&... parts) { return stream<inputs, units, S>(parts...); });
}

/// For the compiler's message.
template <Storage S = Storage::float32, detail::NoLayer M> void stream(const M&, const auto&...) {
    static_assert(Layer<M>,
                  "stream() takes a layer, and the heads after it: stream(model.layer, model.head); or a model with a member "
                  "auto streamed(auto&& f) const { return f(layer, head); }");
}

}  // namespace bptt
