#pragma once

#include <algorithm>
#include <array>
#include <bptt/io/checkpoint.hpp>
#include <bptt/text/load.hpp>
#include <cstddef>
#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lexer.hpp"

namespace tag {

/// A file of C++ source. A model knows those that it learned from by their checksums.
struct Source {
    std::string text;
    std::vector<Kind> kinds;  // of each character
    std::string checksum;

    explicit Source(std::string all) : text(std::move(all)), kinds(lex(text)) {
        bptt::detail::Checksum sum;
        sum.add(text.data(), text.size());
        checksum = sum.digits();
    }
};

/// Whether a file has the name of C++ source; some headers, as Eigen's, have no ending.
inline bool is_cpp(const std::filesystem::path& file) {
    constexpr std::array<std::string_view, 13> endings = {"",     ".h",   ".hh", ".hpp", ".hxx", ".inl", ".ipp",
                                                          ".tpp", ".txx", ".cc", ".cpp", ".cxx", ".C"};
    return std::ranges::count(endings, file.extension().string()) > 0;
}

/// A text without the comments that it begins with: most are licences, which are alike and easy.
inline std::string without_licence(const std::string& text) {
    const auto kinds = lex(text);
    std::size_t begin = 0;
    while (begin < text.size() &&
           (kinds[begin] == Kind::comment || std::string_view(" \t\r\n").find(text[begin]) != std::string_view::npos))
        ++begin;
    return text.substr(begin);
}

/// Files, and those of folders that have names of C++ source, without their licences; of the same text the first alone. Throws
/// where a path cannot be read, or a folder has no such file.
inline std::vector<Source> read_sources(const std::vector<std::filesystem::path>& paths) {
    namespace fs = std::filesystem;
    std::vector<Source> all;
    std::set<std::string> texts;
    const auto read = [&](const fs::path& file) {
        const std::string text = without_licence(read_text(file));
        if (!text.empty() && texts.insert(text).second) all.emplace_back(text);
    };
    for (const fs::path& path : paths) {
        if (!fs::is_directory(path)) {
            read(path);
            continue;
        }
        const std::size_t before = all.size();
        for (const fs::path& file : bptt::detail::files_of(path))
            if (is_cpp(file) && !fs::is_empty(file)) read(file);
        throw_unless(all.size() > before, path.string(), " has no file of C++ source, such as .hpp or .cpp, that is new");
    }
    return all;
}

/// Part of a source: characters first, …, last − 1 are judged; what stands around them is read, too, from `begin` to before
/// `end`.
struct Window {
    const Source* source;
    std::size_t begin, first, last, end;
};

/// All of the sources in windows of at most so many characters, with at most so many around each.
inline std::vector<Window> windows_of(std::span<const Source> sources, std::size_t size, std::size_t around) {
    std::vector<Window> all;
    for (const Source& source : sources)
        for (std::size_t first = 0, length = source.text.size(); first < length; first += size) {
            const std::size_t last = std::min(first + size, length);
            all.push_back({&source, first - std::min(first, around), first, last, std::min(last + around, length)});
        }
    return all;
}

inline constexpr Index not_judged = -1;

/// Windows as a model reads them, and what it is to find, not_judged around them.
struct Batch {
    Tokens characters, kinds;

    explicit Batch(std::span<const Window> windows) {
        std::vector<std::vector<Index>> inputs, targets;
        for (const auto& [source, begin, first, last, end] : windows) {
            auto& input = inputs.emplace_back();
            auto& target = targets.emplace_back();
            for (std::size_t k = begin; k < end; ++k) {
                input.push_back(static_cast<unsigned char>(source->text[k]));
                target.push_back(k >= first && k < last ? static_cast<Index>(source->kinds[k]) : not_judged);
            }
        }
        characters = Tokens::of(inputs), kinds = Tokens::of(targets);
    }
};

}  // namespace tag
