#pragma once

#include <unistd.h>

#include <algorithm>
#include <bptt/core/checkpoint.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

namespace examples {

inline volatile std::sig_atomic_t interrupted = 0;

/// Ctrl-C, SIGTERM or SIGHUP ends training early, a second Ctrl-C the program. The others may come twice for one cause: timeout
/// and a closed terminal send theirs to the process and to its group. What is ignored, as by nohup, stays so.
inline void watch_interrupt() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const auto before = std::signal(signal, [](int caught) {
            interrupted = 1;
            if (caught == SIGINT) std::signal(SIGINT, SIG_DFL);
        });
        if (before == SIG_IGN) std::signal(signal, SIG_IGN);
    }
}

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

/// How training goes: one line that refreshes, plain lines where the output is no terminal.
class Progress {
public:
    static void checkpoint(auto& m, auto&& f) { f("seconds", m.before_), f(bptt::made_anew(m.since_)); }

    /// How long training has taken, before it was resumed, too.
    double seconds() const { return before_ + since_.seconds(); }
    /// A checkpoint keeps the seconds up to here.
    void mark() {
        before_ = seconds();
        since_ = {};
    }

    /// done: 0..1. Shows at most a few lines a second, and every few seconds where lines stay.
    void show(double done, const std::string& figures) {
        const double now = seconds();
        if (now < next_) return;
        next_ = now + (terminal_ ? 0.2 : 5.0);
        const int left = static_cast<int>(std::min(done > 0 ? now * (1 - done) / done : 0, 1e6));
        std::printf("%s%5.1f %%   %s   %d:%02d left%s", terminal_ ? "\r" : "", 100 * done, figures.c_str(), left / 60,
                    left % 60, terminal_ ? "\x1b[K" : "\n");
        std::fflush(stdout);
    }
    /// A headline and a text, below the line.
    void text(std::string_view headline, std::string_view text) {
        end();
        std::printf("--- %.*s ---\n%.*s\n\n", static_cast<int>(headline.size()), headline.data(), static_cast<int>(text.size()),
                    text.data());
        std::fflush(stdout);
    }
    /// Wipes the line.
    void end() const { std::fputs(terminal_ ? "\r\x1b[K" : "", stdout); }

private:
    bool terminal_ = isatty(STDOUT_FILENO) != 0;
    double before_ = 0;
    Stopwatch since_;
    double next_ = 0;
};

}  // namespace examples
