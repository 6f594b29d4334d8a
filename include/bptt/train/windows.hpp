#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <vector>

#include "bptt/sequence/tokens.hpp"

namespace bptt {

/// batch: streams side by side. steps: k2, how far back gradients go. stride: k1, steps from one window to the next,
/// at most k2; 0: as many as steps.
struct WindowOptions {
    Index batch = 1, steps = 1, stride = 0;
};

/// One window of truncated BPTT: tokens, and the token after each.
struct Window {
    Tokens inputs, targets;
    Index stride = 0;    // the next window starts with state_at(y, stride)
    bool first = false;  // the streams begin here: start from zero_state, not from a carry
};

/// See windows().
class Windows {
public:
    Windows(std::span<const Index> ids, WindowOptions options) : ids_(ids), options_(options) {
        auto& [batch, steps, stride] = options_;
        throw_unless(batch > 0 && steps > 0 && stride >= 0, "windows: batch is ", batch, ", steps is ", steps, ", stride is ",
                     stride, "; batch and steps must be positive");
        throw_unless(stride <= steps, "windows: stride is ", stride, ", steps is ", steps,
                     "; steps between windows would be lost");
        if (stride == 0) stride = steps;
        length_ = (static_cast<Index>(ids.size()) - 1) / batch;
        throw_unless(ids.size() > 1 && length_ > 0, "windows: ", ids.size(), " tokens are too few for a batch of ", batch);
    }

    class Iterator {
    public:
        using value_type = Window;
        using difference_type = std::ptrdiff_t;

        explicit Iterator(const Windows& all) : all_(&all), start_(all.first_ * all.options_.stride) {
            if (all.size() == 0) start_ = all.length_;
            if (*this != std::default_sentinel) fill();
        }

        /// The same object each time, with new contents.
        const Window& operator*() const { return window_; }
        const Window* operator->() const { return &window_; }
        Iterator& operator++() {
            const bool last = start_ + window_.inputs.layout().steps >= all_->length_;
            start_ = last ? all_->length_ : start_ + all_->options_.stride;
            if (!last) fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return start_ == all_->length_; }

    private:
        void fill() {
            const auto& [batch, steps, stride] = all_->options_;
            const Index n = (std::min)(steps, all_->length_ - start_);
            window_.stride = (std::min)(stride, n);
            window_.first = start_ == 0;
            scratch_.resize(static_cast<std::size_t>(n * batch));
            for (Index ahead : {0, 1}) {
                for (Index t = 0, k = 0; t < n; ++t)
                    for (Index b = 0; b < batch; ++b, ++k)
                        scratch_[static_cast<std::size_t>(k)] =
                            all_->ids_[static_cast<std::size_t>(b * all_->length_ + start_ + t + ahead)];
                (ahead ? window_.targets : window_.inputs).assign(scratch_, batch);
            }
        }

        const Windows* all_;
        Index start_ = 0;
        std::vector<Index> scratch_;
        Window window_;
    };

    Iterator begin() const { return Iterator(*this); }
    std::default_sentinel_t end() const { return {}; }

    /// The number of windows.
    Index size() const {
        const auto [batch, steps, stride] = options_;
        const Index beyond = std::max<Index>(length_ - steps, 0);  // of the first window
        return 1 + (beyond + stride - 1) / stride - first_;
    }
    /// Without the first k windows: it goes on where k were done, after a restart.
    Windows from(Index k) const {
        throw_unless(k >= 0 && k <= size(), "Windows::from: k is ", k, ", of ", size(), " windows");
        Windows rest = *this;
        rest.first_ += k;
        return rest;
    }

private:
    std::span<const Index> ids_;
    WindowOptions options_;
    Index length_ = 0;  // inputs of one stream
    Index first_ = 0;   // the window to begin with
};

/// Cuts a text into `batch` streams of equal length, side by side, and walks over all of them at once: a window holds
/// the next `steps` tokens of each (the last may hold fewer). It refers to ids, and allocates only once.
inline Windows windows(std::span<const Index> ids, WindowOptions options) { return {ids, options}; }
Windows windows(const std::vector<Index>&& ids, WindowOptions options) = delete;  // the windows refer to ids: name them first

}  // namespace bptt
