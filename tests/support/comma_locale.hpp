#pragma once

#include <clocale>
#include <locale>
#include <string>

/// While it lives, 1234.5 prints as 1.234,5 in C++, and in C where a locale that does so is installed.
class CommaLocale {
public:
    CommaLocale() {
        for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8"}) std::setlocale(LC_ALL, name);
    }
    ~CommaLocale() {
        std::locale::global(before_);
        std::setlocale(LC_ALL, c_before_.c_str());
    }
    CommaLocale(const CommaLocale&) = delete;
    CommaLocale& operator=(const CommaLocale&) = delete;

private:
    struct Commas : std::numpunct<char> {
        char do_decimal_point() const override { return ','; }
        char do_thousands_sep() const override { return '.'; }
        std::string do_grouping() const override { return "\3"; }
    };
    std::string c_before_ = std::setlocale(LC_ALL, nullptr);
    std::locale before_ = std::locale::global(std::locale(std::locale(), new Commas));
};
