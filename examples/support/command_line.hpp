#pragma once

#include <CLI/CLI.hpp>
#include <bptt/core/check.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "shown.hpp"

namespace examples {

/// For CLI11: a finite number above zero.
inline CLI::Validator positive() {
    return CLI::Validator(
        [](const std::string& text) {
            char* end = nullptr;
            const double x = std::strtod(text.c_str(), &end);
            return *end == 0 && x > 0 && std::isfinite(x) ? "" : text + " is not a positive number";
        },
        "POSITIVE");
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
