#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/cores.hpp"

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace bptt {

namespace detail {

/// Threads that run the parts of one work at a time, and sleep where there is none.
class ThreadPool {
public:
    struct Work {
        const void* object;
        void (*part)(const void* object, Index k) noexcept;
    };

    /// `count` threads, or fewer where the system refuses to start more.
    explicit ThreadPool(int count) {
        try {
            while (std::ssize(*threads_) < count) threads_->emplace_back([this] { serve(); });
        } catch (const std::exception&) {  // std::system_error, or std::bad_alloc: those that have started will do
        }
    }
    ~ThreadPool() {
        if (process() != process_) {  // a child after fork() has none of these threads, and would wait for them forever
            static_cast<void>(threads_.release());
            return;
        }
        ending_ = true;
        call(count());
        for (std::thread& t : *threads_) t.join();
    }
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int count() const { return static_cast<int>(threads_->size()); }

    /// Runs the parts 0..parts − 1: part 0 in the calling thread, which then takes parts like the others. So it comes to an end
    /// without them, too: in a child after fork(), which has none of them. It runs all parts if the pool is busy: with the work
    /// of another thread, or with the part that calls run().
    void run(Index parts, Work work) noexcept {
        if (busy_.exchange(true, std::memory_order_acquire)) {
            for (Index k = 0; k < parts; ++k) work.part(work.object, k);
            return;
        }
        work_ = work;
        unfinished_.store(parts - 1, std::memory_order_relaxed);
        untaken_.store(parts - 1, std::memory_order_release);
        call(std::min<Index>(parts - 1, count()));
        work.part(work.object, 0);
        take_parts();
        while (unfinished_.load(std::memory_order_acquire) > 0) std::this_thread::yield();
        busy_.store(false, std::memory_order_release);
    }

private:
    /// How often a thread looks for the next work before it falls asleep: for about 40 µs, which waking it takes as well.
    static constexpr int looks = 50;

    static long process() {
#if __has_include(<unistd.h>)
        return getpid();
#else
        return 0;
#endif
    }

    /// Wakes `sleepers` threads, if as many sleep.
    void call(Index sleepers) noexcept {
        ++calls_;
        for (Index k = 0; k < sleepers; ++k) calls_.notify_one();
    }
    void serve() noexcept {
        for (;;) {
            const int seen = calls_;
            if (ending_) return;
            take_parts();
            for (int k = 0; k < looks && calls_.load(std::memory_order_relaxed) == seen; ++k) std::this_thread::yield();
            calls_.wait(seen);
        }
    }
    /// Runs parts until all are taken. Who has taken a part may read work_, which does not change before that part is finished.
    /// An exchange that fails loads k anew, as it does after a part.
    void take_parts() noexcept {
        for (Index k = untaken_.load(std::memory_order_relaxed); k > 0;)
            if (untaken_.compare_exchange_weak(k, k - 1, std::memory_order_acquire, std::memory_order_relaxed)) {
                work_.part(work_.object, k);
                unfinished_.fetch_sub(1, std::memory_order_release);
            }
    }

    Work work_{};
    std::atomic<Index> untaken_ = 0, unfinished_ = 0;  // how many parts, without part 0; the last one is taken first
    std::atomic<int> calls_ = 0;                       // changes when there is something to do
    std::atomic<bool> busy_ = false, ending_ = false;
    const long process_ = process();
    std::unique_ptr<std::vector<std::thread>> threads_ = std::make_unique<std::vector<std::thread>>();
};

}  // namespace detail

/// A thread pool for fused cells, products and the head's loss. Copies, and the tapes made with it, share one pool, which ends
/// with the last of them.
class Threads {
public:
    /// `count` threads, the calling one included, at least 1; fewer where the system refuses more. By default one for each core
    /// that this process may use.
    explicit Threads(int count = detail::available_cores()) {
        throw_unless(count >= 1, "Threads: count is ", count, ", not positive");
        if (count > 1) pool_ = std::make_shared<detail::ThreadPool>(count - 1);
    }

    /// How many threads there are, the calling one included.
    int count() const { return pool_ ? pool_->count() + 1 : 1; }

    /// Calls work(k) for k = 0..parts − 1 in parallel, work(0) in the calling thread, and returns when all have ended.
    /// Allocates nothing. Several threads may call it at once, and a part may, too: whoever finds the pool busy runs all parts
    /// itself, as in a child process after fork().
    template <class Work> void run(Index parts, const Work& work) const noexcept {
        static_assert(std::is_nothrow_invocable_v<const Work&, Index>, "an exception can't leave a thread");
        if (parts <= 1 || !pool_) {
            for (Index k = 0; k < parts; ++k) work(k);
            return;
        }
        const auto part = [&work](Index k) noexcept { work(k); };
        pool_->run(parts, {&part, [](const void* p, Index k) noexcept { (*static_cast<const decltype(part)*>(p))(k); }});
    }

private:
    std::shared_ptr<detail::ThreadPool> pool_;
};

}  // namespace bptt
