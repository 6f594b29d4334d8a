#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "bptt/text/vocabulary.hpp"

namespace bptt {

/// A text as class indices, with the vocabulary that they belong to.
struct Text {
    Vocabulary vocabulary;
    std::vector<Index> indices;
};

namespace detail {

inline std::string content_of(const std::filesystem::path& file, const char* what) {
    std::ifstream in(file, std::ios::binary);
    throw_unless(in.good(), what, ": cannot read ", file.string());
    in.exceptions(std::ios::badbit);  // an error throws std::system_error, with its reason
    std::string content;
    std::array<char, 1 << 14> part;
    while (in.read(part.data(), std::ssize(part)), in.gcount() > 0)
        content.append(part.data(), static_cast<std::size_t>(in.gcount()));
    return content;
}

inline void read_file(const std::filesystem::path& file, const char* what, Unit unit, std::string& text) {
    const std::string content = content_of(file, what);
    try {
        for_each_symbol(content, unit, [](std::string_view) {});
    } catch (const std::invalid_argument& e) {
        throw_unless(false, what, ": ", file.string(), ": ", e.what());
    }
    if (unit == Unit::word && !text.empty()) text += '\n';
    text += content;
}

/// read_text(); `what` is the name of the function in errors.
template <class Path> std::string read_paths(const char* what, const std::vector<Path>& paths, Unit unit) {
    namespace fs = std::filesystem;
    std::string text;
    for (const Path& path : paths) {
        const std::size_t before = text.size();
        try {
            throw_unless(fs::exists(path), what, ": there is no ", path.string());
            std::set<Path> files;
            if (fs::is_directory(path)) {
                for (auto at = fs::recursive_directory_iterator(path); at != fs::recursive_directory_iterator(); ++at) {
                    if (at->path().filename().string().starts_with('.'))
                        at.disable_recursion_pending();
                    else if (at->is_regular_file())
                        files.insert(at->path());
                }
            } else {
                files.insert(path);
            }
            for (const Path& file : files) read_file(file, what, unit, text);
        } catch (const std::system_error& e) {  // of the file system, or of a stream
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

/// The text of all `paths`, concatenated: files, and the files of folders at any depth, sorted by path; names that begin with a
/// dot are left out of folders. Throws where a path cannot be read or holds no text. For words, a line break separates files.
inline std::string read_text(const std::vector<std::filesystem::path>& paths, Unit unit = Unit::byte) {
    return detail::read_paths("read_text", paths, unit);
}
inline std::string read_text(std::initializer_list<std::filesystem::path> paths, Unit unit = Unit::byte) {
    return read_text(std::vector<std::filesystem::path>(paths), unit);
}
inline std::string read_text(const std::filesystem::path& path, Unit unit = Unit::byte) { return read_text({path}, unit); }

/// Reads a file, a folder or several, as read_text() does, and numbers its symbols: bytes, UTF-8 code points or words.
inline Text load_text(const std::vector<std::filesystem::path>& paths, Unit unit = Unit::byte) {
    const std::string text = detail::read_paths("load_text", paths, unit);
    throw_unless(!text.empty(), "load_text: no paths");
    Vocabulary vocabulary(text, unit);
    auto indices = vocabulary.encode(text);
    return {std::move(vocabulary), std::move(indices)};
}
inline Text load_text(std::initializer_list<std::filesystem::path> paths, Unit unit = Unit::byte) {
    return load_text(std::vector<std::filesystem::path>(paths), unit);
}
inline Text load_text(const std::filesystem::path& path, Unit unit = Unit::byte) { return load_text({path}, unit); }

}  // namespace bptt
