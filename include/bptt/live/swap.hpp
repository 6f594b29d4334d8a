#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "bptt/live/stream.hpp"

namespace bptt {

/// A stream whose weights change while it runs: other threads prepare() them, and the one that steps takes them when it likes,
/// with swap(), which waits for nothing and neither takes nor frees memory.
template <class S> class Swappable {
public:
    explicit Swappable(S first) : now_(std::make_unique<Entry>(std::move(first))), state_(now_->stream.state()) {}
    Swappable(const Swappable&) = delete;
    Swappable& operator=(const Swappable&) = delete;
    ~Swappable() {
        free_all(prepared_.load());
        free_all(done_.load());
    }

    /// The stream, for the thread that steps: live->step(x).
    S& operator*() { return now_->stream; }
    S* operator->() { return &now_->stream; }

    /// For the thread that steps, between two steps: goes on with the weights that were prepared last, from the state that it
    /// has. Returns whether there were any.
    bool swap() noexcept {
        std::unique_ptr<Entry> next(prepared_.exchange(nullptr));
        if (!next) return false;
        now_->stream.copy_state(state_);
        next->stream.set_state(state_);
        Entry* const old = now_.release();
        now_ = std::move(next);
        old->older = done_.exchange(nullptr);  // what the others have not freed yet
        done_.store(old);
        return true;
    }

    /// For any other thread: a stream of other weights, whose state does not matter. Frees what swap() has replaced. Throws,
    /// and changes nothing, where the sizes are not those of the stream that runs.
    void prepare(S next) {
        const auto sizes = sizes_of(next);
        const auto& [inputs, outputs, voices] = sizes;
        throw_unless(sizes == sizes_, "Swappable::prepare: the stream has ", inputs, " inputs, ", outputs, " outputs and ",
                     voices, " voices, not ", sizes_[0], ", ", sizes_[1], " and ", sizes_[2]);
        const auto state = next.state();
        for_each_field(state, start_, [](const auto& m, const auto& n) {
            throw_unless(m.rows() == n.rows(), "Swappable::prepare: the stream has ", m.rows(), " units, not ", n.rows());
        });
        auto entry = std::make_unique<Entry>(std::move(next));
        const std::lock_guard lock(preparing_);
        free_all(done_.exchange(nullptr));
        free_all(prepared_.exchange(entry.release()));
    }

private:
    struct Entry {
        S stream;
        Entry* older = nullptr;
        explicit Entry(S s) : stream(std::move(s)) {}
    };
    static void free_all(Entry* entry) {
        while (entry) entry = std::unique_ptr<Entry>(entry)->older;
    }
    static std::array<int, 3> sizes_of(const S& s) { return {s.inputs(), s.outputs(), s.voices()}; }

    std::unique_ptr<Entry> now_;
    typename S::State state_;  // on its way
    const typename S::State start_ = state_;
    const std::array<int, 3> sizes_ = sizes_of(now_->stream);
    std::atomic<Entry*> prepared_{nullptr}, done_{nullptr};
    std::mutex preparing_;
};

}  // namespace bptt
