#pragma once

#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "bptt/cells/unroll.hpp"
#include "bptt/live/cells.hpp"
#include "bptt/nets/stacked.hpp"

// A layer that runs in a stream: step(x) computes the next state, output() is its h, visit(f, state) hands over its fields.

namespace bptt {

/// How a stream stores its weights; it computes in floats whatever they are. int8: each row of a matrix with a scale of its
/// own.
enum class Storage { float32, bfloat16, int8 };

}  // namespace bptt

namespace bptt::live {

template <Storage S> struct StoredAs { using type = Float32; };
template <> struct StoredAs<Storage::bfloat16> { using type = Bfloat16; };
template <> struct StoredAs<Storage::int8> { using type = Int8; };

/// Memory that begins with a cache line.
template <class T> struct CacheAligned {
    using value_type = T;
    static constexpr std::align_val_t line{64};
    CacheAligned() = default;
    template <class U> CacheAligned(const CacheAligned<U>&) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, line); }
    bool operator==(const CacheAligned&) const = default;
};
/// Zeros, from the beginning of a cache line on: as many as are fixed, in the object itself, or, if that is 0, `count` of them.
template <class T, long fixed> class Numbers {
public:
    explicit Numbers(long) {}
    T* data() { return numbers_; }
    const T* data() const { return numbers_; }

private:
    alignas(64) T numbers_[static_cast<std::size_t>(fixed)] = {};
};
template <class T> class Numbers<T, 0> {
public:
    explicit Numbers(long count) : numbers_(static_cast<std::size_t>(count)) {}
    T* data() { return numbers_.data(); }
    const T* data() const { return numbers_.data(); }

private:
    std::vector<T, CacheAligned<T>> numbers_;
};

/// A stream's numbers as a matrix, a column for each voice.
template <class T> auto as_matrix(Signals<T> x, int rows, int voices) {
    using M = std::conditional_t<std::is_const_v<T>, const Mat<float>, Mat<float>>;
    return Eigen::Map<M, 0, Eigen::OuterStride<>>(x.at, rows, voices, Eigen::OuterStride<>(x.apart));
}

/// A layer whose step is in step.hpp. N is Sizes.
template <class Step, class S, class N> class Packed {
public:
    template <class Layer> Packed(const N& n, const Layer& layer, const auto&... how)
        : n_(n), matrix_(Step::template need<S>(n).matrix), rows_(Step::template need<S>(n).rows), states_(states(n)) {
        pack_layer(layer, n, Packer<S>(matrix_.data(), rows_.data()), how...);
    }
    [[gnu::always_inline]] void step(Input x) noexcept {
        float* const start = states_.data();
        const long one = Step::fields * voice_numbers(n_);
        Step::step(n_, Weights<S>{matrix_.data(), rows_.data(), ahead(n_)}, x, start + now_ * one, start + (1 - now_) * one,
                   start + 2 * one);
        now_ = 1 - now_;
    }
    Output output() noexcept { return field(n_, now(), 0); }

    /// Calls f(field of the state, its numbers: units × voices) for each.
    template <class State> void visit(State& s, const auto& f) {
        for_each_field(s, [&, k = 0](auto& m) mutable { f(m, as_matrix(field(n_, now(), k++), n_.units, n_.voices)); });
    }

private:
    float* now() { return states_.data() + now_ * Step::fields * voice_numbers(n_); }
    /// Of 1.5 MiB and more the CPU foresees too little.
    static constexpr long ahead(const N& n) {
        return Step::template need<S>(n).matrix * long{sizeof(typename S::Stored)} < 3 << 19 ? 0 : 256;
    }
    static constexpr long voice_numbers(const N& n) { return long{n.voices} * padded(n.units); }
    static constexpr long states(const N& n) { return (2 * Step::fields + Step::rooms) * voice_numbers(n); }
    // Of fixed sizes, unless they are large: what the object itself holds.
    static constexpr N zero{0, 0, 0};
    static constexpr bool inside = zero.units > 0 && zero.units <= 64 && Step::template need<S>(zero).matrix <= 1 << 16;
    static constexpr long matrix_inside = inside ? Step::template need<S>(zero).matrix : 0,
                          rows_inside = inside ? Step::template need<S>(zero).rows : 0,
                          states_inside = inside ? states(zero) : 0;

    [[no_unique_address]] N n_;
    Numbers<typename S::Stored, matrix_inside> matrix_;
    Numbers<float, rows_inside> rows_;
    Numbers<float, states_inside> states_;  // the state and the next one, which change places with each step; and what it needs
    int now_ = 0;
};

/// Any other layer, step by step on a tape, without an allocation once it has run.
template <Layer L> class Taped {
public:
    using T = typename L::Scalar;

    Taped(const Taped& other) : Taped(other.layer_, static_cast<int>(other.x_.rows()), static_cast<int>(other.x_.cols())) {
        state_ = other.state_;
        output_ = other.output_;
    }
    Taped(Taped&&) = default;
    Taped& operator=(Taped&&) = default;
    Taped& operator=(const Taped& other) { return *this = Taped(other); }
    Taped(const L& layer, int inputs, int voices)
        : layer_(layer),
          tape_(std::make_unique<Tape<T>>()),
          x_(Mat<T>::Zero(inputs, voices)),
          state_(zero_state(layer, voices)) {
        const auto start = state_;
        for (int k = 0; k < 2; ++k) step();  // what is taken is taken now
        state_ = start;
        output_.setZero();
    }
    void step(Input x) noexcept {
        x_ = as_matrix(x, static_cast<int>(x_.rows()), static_cast<int>(x_.cols())).template cast<T>();
        step();
    }
    Output output() noexcept { return {output_.data(), static_cast<int>(output_.rows())}; }
    template <class State> void visit(State& s, const auto& f) { for_each_field(s, state_, f); }

private:
    void step() {
        tape_->clear();
        const typename Tape<T>::Pause pause(*tape_);
        const auto y = unroll(layer_, sequence(tape_->constant(x_), x_.cols()), state_);
        values(final_state(y), state_);
        output_ = y.h.all.value().template cast<float>();
    }

    L layer_;
    std::unique_ptr<Tape<T>> tape_;
    Mat<T> x_;
    StateOf<L, Mat<T>> state_;
    Mat<float> output_;
};

/// The layers of a Stacked.
template <class Part> class Stack {
public:
    explicit Stack(std::vector<Part> parts) : parts_(std::move(parts)) {}
    void step(Input x) noexcept {
        for (Part& part : parts_) {
            part.step(x);
            const Output y = part.output();
            x = {y.at, y.apart};
        }
    }
    Output output() noexcept { return parts_.back().output(); }
    template <class State> void visit(State& s, const auto& f) {
        for (std::size_t k = 0; k < parts_.size(); ++k) parts_[k].visit(s[static_cast<Index>(k)], f);
    }

private:
    std::vector<Part> parts_;
};

/// The layer in a stream, with weights stored as S says.
template <class S, class N, Layer L> auto running(const L& layer, int voices) {
    const auto inputs = [&] { return static_cast<int>(detail::inputs_of(layer)); };
    using Step = typename StepOf<L>::type;
    if constexpr (detail::is_stacked<L>) {
        std::vector<decltype(running<S, N>(layer.layers[0], voices))> parts;
        for (const auto& one : layer.layers) parts.push_back(running<S, N>(one, voices));
        return Stack(std::move(parts));
    } else if constexpr (std::is_void_v<Step>) {
        return Taped<L>(layer, inputs(), voices);
    } else {
        return Packed<Step, S, N>({inputs(), static_cast<int>(layer.units()), voices}, layer);
    }
}

}  // namespace bptt::live
