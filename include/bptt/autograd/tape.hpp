#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "bptt/autograd/arena.hpp"
#include "bptt/autograd/param.hpp"
#include "bptt/autograd/var.hpp"
#include "bptt/core/layout.hpp"
#include "bptt/core/threads.hpp"

namespace bptt {

namespace detail {
template <class T> class WatchedParams;
}

/// Records operations, so that backward() can run them in reverse. clear() starts the next window: it is where truncated BPTT
/// cuts the graph. A tape must outlive its Vars, and serves one thread at a time. Between forward and backward(), and under a
/// Pause until all deferred values have been read, the watched parameters must not be changed, resized or destroyed. Under a
/// Pause, tapes in several threads may run one const model side by side; without one they may not, as all add to the same
/// gradients.
template <class T> class Tape {
public:
    Tape() = default;
    /// Several tapes may share the same threads.
    explicit Tape(const Threads& threads) : threads_(threads) {}
    Tape(const Tape&) = delete;
    Tape& operator=(const Tape&) = delete;

    /// A copy of m, as numbers of type T, that no gradient flows into.
    template <class E> Var<T> constant(const Eigen::DenseBase<E>& m) { return copy(m, false); }
    /// A copy of m that is a leaf: ask its grad() after backward().
    template <class E> Var<T> variable(const Eigen::DenseBase<E>& m) { return copy(m, true); }
    /// The parameter itself, not a copy: backward() adds to p.grad. Under a Pause nothing of it is written.
    Var<T> watch(const Param<T>& p) {
        if (recording_ && shape(p.grad) != shape(p.value)) p.zero_grad();
        if (watched_) watched_->push_back(&p);
        return handle({const_cast<T*>(p.value.data()), p.grad.data(), nullptr, p.rows(), p.cols(), recording_});
    }
    Var<T> watch(const Param<T>&&) = delete;

    /// Adds ∂loss/∂x to the gradient of every tracked x that the loss, 1×1, depends on. It may run once before the next
    /// clear(): add several losses up first. If memory is short, it throws std::bad_alloc before any gradient has changed, and
    /// may be called again.
    void backward(Var<T> loss) {
        throw_unless(loss.rows() == 1 && loss.cols() == 1, "backward: the loss is ", shape(loss), ", not 1x1");
        throw_unless(&loss.tape() == this, "backward: the loss is on another tape");
        throw_unless(loss.tracked(),
                     "backward: the loss depends on no parameter and no variable (or was made under Tape::Pause)");
        throw_unless(!consumed_, "backward: it has already run on this tape; add the losses up, or clear() the tape first");
        loss.value();                 // a deferred loss is computed now
        arena_.reserve(grad_bytes_);  // from here on nothing can fail
        consumed_ = true;
        const T one = 1;
        loss.accumulate(typename Var<T>::ConstMap(&one, 1, 1));
        for (Entry* s = last_; s; s = s->previous) s->run(*s);
    }

    /// Forgets everything recorded; every Var becomes invalid. Parameters and plain matrices stay.
    void clear() noexcept {
        arena_.clear();
        last_ = nullptr;
        consumed_ = false;
        grad_bytes_ = 0;
        ++generation_;
    }

    /// While it lives, values are computed and nothing is recorded: `Tape<float>::Pause pause(tape);`
    class Pause {
    public:
        [[nodiscard]] explicit Pause(Tape& tape) : tape_(tape), was_recording_(std::exchange(tape.recording_, false)) {}
        ~Pause() { tape_.recording_ = was_recording_; }
        Pause(const Pause&) = delete;
        Pause& operator=(const Pause&) = delete;

    private:
        Tape& tape_;
        bool was_recording_;
    };

    /// The threads that kernels share their work among; null if the tape was made without any.
    const Threads* threads() const { return threads_ ? &*threads_ : nullptr; }
    /// Bytes held for values, gradients, entries and scratch.
    std::size_t capacity() const { return arena_.capacity() + static_cast<std::size_t>(scratch_size_) * sizeof(T); }
    /// How many times clear() has run.
    std::uint64_t generation() const { return generation_; }
    /// The layout over which unroll_steps() is running a cell at the moment; null outside of it.
    const Layout* stepping() const { return stepping_; }
    /// While it lives, stepping() gives this layout.
    class Stepping {
    public:
        [[nodiscard]] Stepping(Tape& tape, const Layout& layout)
            : tape_(tape), before_(std::exchange(tape.stepping_, &layout)) {}
        ~Stepping() { tape_.stepping_ = before_; }
        Stepping(const Stepping&) = delete;
        Stepping& operator=(const Stepping&) = delete;

    private:
        Tape& tape_;
        const Layout* before_;
    };

    // For those who write ops.

    /// The tape's one scratch buffer: n numbers, uninitialised, aligned to a cache line. It is valid while one op computes its
    /// value, or its gradients in backward(): the next call hands out the same memory. An op that needs it in backward()
    /// asks for as much in its forward pass, so that backward() allocates nothing.
    T* scratch(Index n) {
        if (n > scratch_size_) {
            const auto bytes = static_cast<std::size_t>(n) * sizeof(T);
            scratch_.reset(static_cast<T*>(::operator new (bytes, std::align_val_t{Arena::alignment})));
            scratch_size_ = n;
        }
        return scratch_.get();
    }
    /// Room for n objects until clear(), uninitialised.
    template <class U> U* buffer(Index n) { return arena_.array<U>(n); }
    /// A copy of `items` that lives until clear(), to be captured by an f of on_backward().
    template <class U> std::span<U> keep(std::span<U> items) {
        auto* copy = buffer<std::remove_const_t<U>>(static_cast<Index>(items.size()));
        std::uninitialized_copy(items.begin(), items.end(), copy);
        return {copy, items.size()};
    }
    /// A copy of one object that lives until clear().
    template <class U> const U* keep(const U& object) { return arena_.create(object); }

    /// An uninitialised rows×cols matrix: its Var, and the memory to write its value to.
    std::pair<Var<T>, typename Var<T>::Map> make(Index rows, Index cols, bool tracked) {
        const Index size = size_of("Tape::make", rows, cols);
        T* data = buffer<T>(size);
        tracked = tracked && recording_;
        if (tracked) reserve_grad(size);
        return {handle({data, nullptr, nullptr, rows, cols, tracked}), {data, rows, cols}};
    }
    /// A deferred rows×cols value: it is computed when it is first read. Whether it is tracked is decided now.
    template <std::derived_from<detail::Deferred<T>> D> Var<T> defer(D what, Index rows, Index cols, bool tracked) {
        size_of("Tape::defer", rows, cols);
        what.kind = &detail::kind_of<D>;
        return handle({.value = nullptr,
                       .grad = nullptr,
                       .base = nullptr,
                       .rows = rows,
                       .cols = cols,
                       .tracked = tracked && recording_,
                       .deferred = arena_.create(what)});
    }
    /// A rows×cols view of the numbers of x, in storage order, from number `offset` on: no copy, nothing recorded. Throws if x
    /// has fewer numbers, or is on another tape.
    Var<T> view(Var<T> x, Index offset, Index rows, Index cols) {
        auto& n = x.computed();
        Index size = 0;
        const bool too_many = __builtin_mul_overflow(rows, cols, &size) || size > n.rows * n.cols - offset;
        throw_unless(offset >= 0 && rows >= 0 && cols >= 0 && !too_many, "Tape::view: ", detail::Shape{rows, cols}, " from ",
                     offset, " on, x is ", shape(x));
        throw_unless(x.tape_ == this, "Tape::view: x is on another tape");
        return handle({n.value + offset, nullptr, n.base ? n.base : &n, rows, cols, n.tracked});
    }
    /// f() runs in backward(), in reverse order of recording.
    template <std::invocable F> void on_backward(F f) {
        static_assert(std::is_trivially_destructible_v<F>, "capture Vars, spans of keep() and numbers, not owning objects");
        struct Held : Entry {
            F f;
        };
        last_ = arena_.create(Held{{last_, [](Entry& s) { static_cast<Held&>(s).f(); }}, std::move(f)});
    }

private:
    friend class Var<T>;
    template <class U> friend Var<U> detach(Var<U> x);
    friend class detail::WatchedParams<T>;

    struct Entry {
        Entry* previous;
        void (*run)(Entry&);
    };

    static Index size_of(const char* what, Index rows, Index cols) {
        detail::check_shape(what, {rows, cols});
        Index size = 0;
        if (__builtin_mul_overflow(rows, cols, &size)) throw std::bad_alloc();
        return size;
    }
    void reserve_grad(Index size) { grad_bytes_ += static_cast<std::size_t>(size) * sizeof(T) + Arena::alignment; }
    /// Computes the value of a deferred x. x gets it last, so that x is unchanged if something throws.
    void compute(Var<T> x) {
        throw_unless(
            !consumed_ || !x.tracked(),
            "Var: backward() has run on this tape, and nobody looked at this value before: clear() the tape before the "
            "next step, or look at value() before backward()");
        auto& n = x.node();
        T* const value = buffer<T>(n.rows * n.cols);
        n.deferred->compute(*n.deferred, x, value);
        if (n.tracked) reserve_grad(n.rows * n.cols);
        n.value = value;
    }
    Var<T> handle(detail::Node<T> n) { return {arena_.create(n), this, generation_}; }
    template <class E> Var<T> copy(const Eigen::DenseBase<E>& m, bool tracked) {
        auto [x, value] = make(m.rows(), m.cols(), tracked);
        value = detail::as_matrix(m.derived()).template cast<T>();
        return x;
    }

    struct Free {
        void operator()(T* p) const { ::operator delete (p, std::align_val_t{Arena::alignment}); }
    };

    Arena arena_;
    std::unique_ptr<T, Free> scratch_;
    Index scratch_size_ = 0;
    Entry* last_ = nullptr;
    std::optional<Threads> threads_;
    const Layout* stepping_ = nullptr;
    std::vector<const Param<T>*>* watched_ = nullptr;
    std::size_t grad_bytes_ = 0;  // bytes that the gradients of all tracked values will need
    std::uint64_t generation_ = 0;
    bool recording_ = true;
    bool consumed_ = false;
};

namespace detail {
/// Throws unless all operands of `op` are on one tape.
template <class T, class... Others> void check_same_tape(const char* op, Var<T> a, const Others&... others) {
    throw_unless(((&others.tape() == &a.tape()) && ...), op, ": the operands are on different tapes");
}
}  // namespace detail

/// Runs loss.tape().backward(loss).
template <class T> void backward(Var<T> loss) { loss.tape().backward(loss); }

/// y = x      dx += 0
/// y is not a copy; no gradient flows from y back to x.
template <class T> Var<T> detach(Var<T> x) {
    return x.tape().handle({const_cast<T*>(x.value().data()), nullptr, nullptr, x.rows(), x.cols(), false});
}

}  // namespace bptt
