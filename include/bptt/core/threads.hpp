#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <type_traits>

#include "bptt/core/check.hpp"

#if __has_include(<Eigen/ThreadPool>)
#include <Eigen/ThreadPool>
#else
#include <unsupported/Eigen/CXX11/ThreadPool>
#endif

namespace bptt {

/// A thread pool for fused cells, products and the head's loss. Copies, and the tapes made with it, share one pool, which ends
/// with the last of them.
class Threads {
public:
    /// `count` threads, the calling one included, at least 1; by default one for each core.
    explicit Threads(int count = std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) : count_(count) {
        throw_unless(count >= 1, "Threads: count is ", count, ", not positive");
        if (count > 1) pool_ = std::make_shared<Eigen::ThreadPool>(count - 1);
    }

    int count() const { return count_; }

    /// Calls work(k) for k = 0..parts − 1 in parallel, work(0) in the calling thread, and returns when all have ended.
    /// Allocates nothing.
    template <class Work> void run(Index parts, const Work& work) const noexcept {
        static_assert(std::is_nothrow_invocable_v<const Work&, Index>, "an exception can't leave a thread");
        if (parts <= 1 || !pool_) {
            for (Index k = 0; k < parts; ++k) work(k);
            return;
        }
        struct Shared {
            const Work& work;
            std::atomic<Index> left;
        } shared{work, parts - 1};
        for (Index k = 1; k < parts; ++k)
            pool_->Schedule([&shared, k] {  // two words: a std::function holds them in place
                shared.work(k);
                shared.left.fetch_sub(1, std::memory_order_release);
            });
        work(0);
        while (shared.left.load(std::memory_order_acquire) > 0) std::this_thread::yield();
    }

private:
    int count_;
    std::shared_ptr<Eigen::ThreadPool> pool_;
};

}  // namespace bptt
