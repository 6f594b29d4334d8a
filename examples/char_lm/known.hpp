#pragma once

#include <algorithm>
#include <bptt/inspect/markup.hpp>
#include <bptt/text/load.hpp>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace char_lm {

using namespace bptt;

/// The line of a place in a text, and its column in characters: "3:7".
inline std::string line_and_column(std::string_view text, std::size_t place) {
    const std::string_view before = text.substr(0, place);
    const std::size_t line = before.rfind('\n') + 1;  // where it begins; npos + 1 is 0
    const auto column = std::max<std::ptrdiff_t>(1, detail::label_length(text.substr(line, place + 1 - line)));
    return std::to_string(1 + std::ranges::count(before, '\n')) + ':' + std::to_string(column);
}

/// The same, after the name of the file, for a place in what read_text() makes of these paths.
inline std::string place_in(const std::vector<std::filesystem::path>& paths, std::string_view text, std::size_t place) {
    namespace fs = std::filesystem;
    if (paths.size() == 1 && !fs::is_directory(paths[0]))  // which may be a pipe, and cannot be read again
        return paths[0].string() + ':' + line_and_column(text, place);
    for (const fs::path& path : paths)
        for (const fs::path& file : fs::is_directory(path) ? detail::files_of(path) : std::vector{path}) {
            const std::string part = fs::is_empty(file) ? "" : read_text(file);
            if (place < part.size()) return file.string() + ':' + line_and_column(part, place);
            place -= part.size();
        }
    return "a file that has changed while it was read";
}

/// A text as a model reads it.
struct KnownText {
    std::vector<Index> ids;
    Index unknown = 0;  // symbols that are UNK, or were left out
    Index read = 0;     // symbols that were read, these among them
    Index symbols = 0;  // all that there are
};

/// The first `length` symbols of files or folders. Those that the vocabulary does not know are left out where `skip`, else they
/// are UNK; where there is no UNK, it throws, with the place of the first, and how many there are.
inline KnownText read_known(const Vocabulary& vocabulary, const std::vector<std::filesystem::path>& paths, bool skip,
                            Index length = std::numeric_limits<Index>::max()) {
    const std::string text = read_text(paths, vocabulary.unit());
    KnownText known;
    std::string_view first;
    for_each_symbol(text, vocabulary.unit(), [&](std::string_view symbol) {
        ++known.symbols;
        if (std::ssize(known.ids) == length) return;
        ++known.read;
        if (vocabulary.contains(symbol))
            known.ids.push_back(vocabulary[symbol]);
        else {
            if (known.unknown++ == 0) first = symbol;
            if (!skip && vocabulary.has_unk()) known.ids.push_back(vocabulary.unk());
        }
    });
    if (!skip && !vocabulary.has_unk() && known.unknown > 0)
        detail::fail({place_in(paths, text, static_cast<std::size_t>(first.data() - text.data())),
                      ": the model does not know \"", detail::escape(first, vocabulary.unit()),
                      "\"; unknown symbols in all: ", known.unknown, "; --skip-unknown leaves them out"});
    return known;
}

}  // namespace char_lm
