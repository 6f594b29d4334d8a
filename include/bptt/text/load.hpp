#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "bptt/text/vocabulary.hpp"

namespace bptt {

/// A text as class indices, with the vocabulary that they belong to.
struct Text {
    Vocabulary vocabulary;
    std::vector<Index> indices;
};

namespace detail {

/// What is in a file, without a byte-order mark; `what` is the name of the function in errors.
inline std::string content_of(const std::filesystem::path& file, const char* what) {
    std::string content;
    try {
        std::ifstream in(file, std::ios::binary);
        if (!in) throw std::system_error(errno, std::generic_category());
        in.exceptions(std::ios::badbit);  // an error throws std::system_error, with its reason
        std::array<char, 1 << 14> part;
        while (in.read(part.data(), std::ssize(part)), in.gcount() > 0)
            content.append(part.data(), static_cast<std::size_t>(in.gcount()));
    } catch (const std::system_error& e) {
        throw_unless(false, what, ": cannot read ", file.string(), ": ", e.code().message());
    }
    if (constexpr std::string_view mark = "\uFEFF"; content.starts_with(mark)) content.erase(0, mark.size());
    return content;
}

/// Calls read(line) for each line of a file, without its end, "\n" or "\r\n", and a byte-order mark. read() returns the reason
/// why a line is wrong, or null. Throws where some are, with the first five; `what` is the name of the function in errors.
template <class F> void read_lines(const char* what, const std::filesystem::path& file, F read) {
    const std::string content = content_of(file, what);
    std::string_view text = content;
    std::string wrong;
    Index number = 0, wrong_lines = 0;
    while (!text.empty()) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix((std::min)(text.size(), line.size() + 1));
        if (line.ends_with('\r')) line.remove_suffix(1);
        ++number;
        const char* const maybe_reason = read(line);
        if (maybe_reason && ++wrong_lines <= 5)
            wrong += (wrong_lines == 1 ? ":" : "; line ") + std::to_string(number) + ": " + maybe_reason;
    }
    if (wrong_lines > 5) wrong += "; such lines in all: " + std::to_string(wrong_lines);
    throw_unless(wrong_lines == 0, what, ": ", file.string(), wrong);
}

/// Appends a file that was named, or found in a folder: there it may be anything, and must not be taken for text.
inline void read_file(const std::filesystem::path& file, bool named, const char* what, Unit unit, std::string& text) {
    std::string content = content_of(file, what);
    throw_unless(named || content.find('\0') == content.npos, what, ": ", file.string(),
                 " is no text, it has a zero byte; give the files that are to be read in place of their folder");
    for_each_symbol_of(what + (": " + file.string()), content, unit, [](std::string_view) {});
    if (is_words(unit) && !text.empty() && !content.empty()) text += '\n';
    if (text.empty())
        text = std::move(content);
    else
        text += content;
}

/// Whether it is a file or leads to one; not a link to nowhere, or in a circle.
inline bool leads_to_file(const std::filesystem::directory_entry& entry) {
    std::error_code error;
    const bool file = entry.is_regular_file(error);
    const bool nowhere = error == std::errc::no_such_file_or_directory || error == std::errc::too_many_symbolic_link_levels;
    if (error && !nowhere) throw std::system_error(error);
    return file;
}

/// The files of a folder at any depth, sorted by path; of several links to one file the first.
inline std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::set<fs::path> names, targets;
    for (auto at = fs::recursive_directory_iterator(folder); at != fs::recursive_directory_iterator(); ++at) {
        if (at->path().filename().string().starts_with('.'))
            at.disable_recursion_pending();
        else if (leads_to_file(*at))
            names.insert(at->path());
    }
    std::multimap<std::uintmax_t, fs::path> linked;  // by size: those with several names
    const auto is_new = [&](const fs::path& name) {
        const fs::path file = fs::canonical(name);
        if (!targets.insert(file).second) return false;
        if (fs::hard_link_count(file) == 1) return true;
        const auto size = fs::file_size(file);
        const auto [first, last] = linked.equal_range(size);
        if (std::any_of(first, last, [&](const auto& other) { return fs::equivalent(other.second, file); })) return false;
        linked.emplace(size, file);
        return true;
    };
    std::vector<fs::path> files;
    std::copy_if(names.begin(), names.end(), std::back_inserter(files), is_new);
    return files;
}

/// read_text(); `what` is the name of the function in errors.
template <class Path> std::string read_paths(const char* what, const std::vector<Path>& paths, Unit unit) {
    namespace fs = std::filesystem;
    std::string text;
    for (const Path& path : paths) {
        const std::size_t before = text.size();
        try {
            throw_unless(fs::exists(path), what, ": there is no ", path.string());
            const bool folder = fs::is_directory(path);
            for (const Path& file : folder ? files_of(path) : std::vector<Path>{path})
                read_file(file, !folder, what, unit, text);
        } catch (const std::system_error& e) {  // of the file system
            throw_unless(false, what, ": cannot read ", path.string(), ": ", e.code().message());
        }
        throw_unless(text.size() > before, what, ": ", path.string(), " holds no text");
    }
    return text;
}
#ifdef BPTT_INSTANCE
BPTT_INSTANCE std::string read_paths(const char*, const std::vector<std::filesystem::path>&, Unit);
#endif

}  // namespace detail

/// The text of all `paths`, concatenated: files, and the files of folders at any depth, sorted by path. Of folders, names that
/// begin with a dot and links to other folders are left out, and a file with several links is taken once, under its first name.
/// A UTF-8 byte-order mark at the beginning of a file is left out, of bytes, too. For words, a line break separates files.
/// Throws where a path cannot be read or holds no text, and where a folder has a file with a zero byte.
inline std::string read_text(const std::vector<std::filesystem::path>& paths, Unit unit = Unit::byte) {
    return detail::read_paths("read_text", paths, unit);
}
inline std::string read_text(std::initializer_list<std::filesystem::path> paths, Unit unit = Unit::byte) {
    return read_text(std::vector<std::filesystem::path>(paths), unit);
}
inline std::string read_text(const std::filesystem::path& path, Unit unit = Unit::byte) { return read_text({path}, unit); }

/// Reads a file, a folder or several, as read_text() does, and numbers its symbols: bytes, UTF-8 code points or words. The
/// indices are those of the text alone, without BOS and EOS, whether or not the vocabulary has them.
inline Text load_text(const std::vector<std::filesystem::path>& paths, VocabularyOptions options) {
    const std::string text = detail::read_paths("load_text", paths, options.unit);
    throw_unless(!text.empty(), "load_text: no paths");
    Vocabulary vocabulary(text, options);
    auto indices = vocabulary.encode(text);
    return {std::move(vocabulary), std::move(indices)};
}
inline Text load_text(std::initializer_list<std::filesystem::path> paths, VocabularyOptions options) {
    return load_text(std::vector<std::filesystem::path>(paths), options);
}
inline Text load_text(const std::filesystem::path& path, VocabularyOptions options) { return load_text({path}, options); }
inline Text load_text(const std::vector<std::filesystem::path>& paths, Unit unit = Unit::byte) {
    return load_text(paths, VocabularyOptions{.unit = unit});
}
inline Text load_text(std::initializer_list<std::filesystem::path> paths, Unit unit = Unit::byte) {
    return load_text(std::vector<std::filesystem::path>(paths), unit);
}
inline Text load_text(const std::filesystem::path& path, Unit unit = Unit::byte) { return load_text({path}, unit); }

}  // namespace bptt
