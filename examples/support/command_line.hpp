#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <bptt/core/check.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "shown.hpp"

namespace examples {

/// For CLI11: a number above zero that a double, or a float if one is computed with, can be.
template <class T = double> CLI::Validator positive() {
    return CLI::Validator(
        [](const std::string& text) {
            using Limits = std::numeric_limits<T>;
            char* end = nullptr;
            const double x = std::strtod(text.c_str(), &end);
            if (*end == 0 && x >= double{Limits::min()} && x <= double{Limits::max()}) return std::string();
            std::array<char, 64> range{};
            std::snprintf(range.data(), range.size(), " is not a number from %.2g to %.2g", double{Limits::min()},
                          double{Limits::max()});
            return text + range.data();
        },
        "POSITIVE");
}

/// For CLI11: a whole number, at least so much, that a T can be.
template <class T> CLI::Validator whole(T least) {
    return CLI::Validator(
        [=](const std::string& text) {
            T n{};
            const char* const end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data(), end, n);
            if (error == std::errc() && stop == end && n >= least) return std::string();
            return text + " is not a whole number from " + std::to_string(least) + " to " +
                   std::to_string(std::numeric_limits<T>::max());
        },
        least > 0 ? "POSITIVE" : "NONNEGATIVE");
}

/// For CLI11: a path, which is never empty.
inline CLI::Validator path() {
    return CLI::Validator([](const std::string& text) { return std::string(text.empty() ? "the path is empty" : ""); }, "");
}
/// The same, made to mean the same in any working directory.
inline CLI::Validator absolute_path() {
    return CLI::Validator(
        [](std::string& text) {
            const std::string error = path()(text);
            if (error.empty()) text = std::filesystem::absolute(text).string();
            return error;
        },
        "");
}

/// The arguments of a program, with this command before them where they begin with none.
inline std::vector<std::string> arguments_or(const char* command, int argc, char** argv) {
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const bool help = !arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h");
    if (arguments.empty() || (arguments[0].starts_with("-") && !help)) arguments.insert(arguments.begin(), command);
    return arguments;
}

/// Parses the arguments and runs f(). What is thrown becomes one sentence on standard error and exit code 1.
template <class F> int run(CLI::App& app, std::vector<std::string> arguments, F f) {
    std::ranges::reverse(arguments);  // as CLI11 takes them
    try {
        app.parse(std::move(arguments));
        f();
        bptt::throw_unless(std::fflush(stdout) == 0 && !std::ferror(stdout), "cannot write to standard output");
        return 0;
    } catch (const CLI::CallForHelp&) {
        const auto chosen = app.get_subcommands();
        std::fputs((chosen.empty() ? app.help("", CLI::AppFormatMode::All) : chosen[0]->help()).c_str(), stdout);
        return 0;
    } catch (const std::bad_alloc&) {
        std::fprintf(stderr, "%s: there is not enough memory for this\n", app.get_name().c_str());
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), visible(e.what()).c_str());
    }
    return 1;
}

}  // namespace examples
