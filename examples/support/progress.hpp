#pragma once

#include <algorithm>
#include <array>
#include <bptt/core/checkpoint.hpp>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shown.hpp"
#include "terminal.hpp"

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

/// A training whose output nobody reads any more, as behind `head`, goes on: to stop it, there are the signals above.
inline void outlive_reader() { std::signal(SIGPIPE, SIG_IGN); }

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

/// How training goes: one line that refreshes, plain lines where the output is no terminal or knows no escape sequences.
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

    /// done: 0..1. figures: of ranks 1, 3 and above; what has been done has rank 0, and the time that is left 2. Shows at most
    /// a few lines a second, and every few seconds where lines stay.
    void show(double done, std::vector<LinePart> figures) {
        const double now = seconds();
        if (now < next_) return;
        next_ = now + (terminal_ ? 0.2 : 5.0);
        const int left = static_cast<int>(std::min(done > 0 ? now * (1 - done) / done : 0, 1e6));
        std::array<char, 32> text{};
        std::snprintf(text.data(), text.size(), "%5.1f %%", 100 * done);
        figures.insert(figures.begin(), {text.data(), 0});
        std::snprintf(text.data(), text.size(), "   %d:%02d left", left / 60, left % 60);
        figures.push_back({text.data(), 2});
        if (terminal_)  // the last column stays free: what is written there may be wiped, or begin a new line
            std::printf("\r%s\x1b[K", fitted(figures, terminal_columns() - 1).c_str());
        else
            std::printf("%s\n", fitted(figures, std::numeric_limits<std::size_t>::max()).c_str());
        flush();
    }
    /// A headline and a text, below the line.
    void text(const std::string& headline, std::string_view text) {
        end();
        std::printf("--- %s ---\n%s\n\n", headline.c_str(), shown(text).c_str());
        flush();
    }
    /// Wipes the line.
    void end() {
        std::fputs(terminal_ ? "\r\x1b[K" : "", stdout);
        flush();
    }

private:
    /// Says once, whoever shows something, that nothing can be written any more.
    static void flush() {
        static bool said = false;
        std::fflush(stdout);
        if (std::ferror(stdout) && !std::exchange(said, true))
            std::fputs("cannot write to standard output; training goes on\n", stderr);
    }

    bool terminal_ = knows_escapes();
    bool unread_ = std::ferror(stdout) != 0;  // then it has been said
    double before_ = 0;
    Stopwatch since_;
    double next_ = 0;
};

/// What may take long beside a training, as measuring does: how far it is, once that takes over two seconds, in a terminal
/// alone.
class LongTask {
public:
    /// what: is said after the share that is done, "measured".
    explicit LongTask(const std::string& what) : what_("   " + what) {}
    LongTask(const LongTask&) = delete;
    LongTask& operator=(const LongTask&) = delete;
    ~LongTask() {
        if (shown_) progress_.end();
    }

    void show(double done) {
        if (!terminal_ || progress_.seconds() < 2) return;
        progress_.show(done, {{what_, 1}});
        shown_ = true;
    }
    /// The same where `done` of `all` items are.
    void show(std::size_t done, std::size_t all) { show(static_cast<double>(done) / static_cast<double>(all)); }

private:
    std::string what_;
    bool terminal_ = knows_escapes(), shown_ = false;
    Progress progress_;
};

}  // namespace examples
