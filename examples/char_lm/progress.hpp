#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numbers>
#include <string_view>

namespace char_lm {

/// How training goes: one line that refreshes, plain lines where the output is no terminal.
class Progress {
public:
    using Clock = std::chrono::steady_clock;

    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

    /// done: 0..1. Shows at most a few lines a second, and every `pause` seconds where lines stay.
    void show(double done, double nats, double characters) {
        const double now = seconds();
        if (now < next_) return;
        next_ = now + (terminal_ ? 0.2 : 5.0);
        const int left = static_cast<int>(std::min(done > 0 ? now * (1 - done) / done : 0, 1e6));
        std::printf("%s%5.1f %%   loss %.3f nats (%.3f bits) per character   %.0f characters/s   %d:%02d left%s",
                    terminal_ ? "\r" : "", 100 * done, nats, nats / std::numbers::ln2, characters / now, left / 60, left % 60,
                    terminal_ ? "\x1b[K" : "\n");
        std::fflush(stdout);
    }
    /// A headline and a text, below the line.
    void text(std::string_view headline, std::string_view text) {
        std::printf("%s--- %.*s ---\n%.*s\n\n", terminal_ ? "\r\x1b[K" : "", static_cast<int>(headline.size()), headline.data(),
                    static_cast<int>(text.size()), text.data());
        std::fflush(stdout);
    }
    /// Wipes the line.
    void end() const { std::fputs(terminal_ ? "\r\x1b[K" : "", stdout); }

private:
    bool terminal_ = isatty(STDOUT_FILENO) != 0;
    Clock::time_point start_ = Clock::now();
    double next_ = 0;
};

}  // namespace char_lm
