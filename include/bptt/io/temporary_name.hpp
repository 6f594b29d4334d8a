#pragma once

#include <random>

#include "bptt/io/descriptor.hpp"

namespace bptt::detail {

/// The name of a temporary file. The destructor deletes the file, if there is one.
struct TemporaryName {
    std::filesystem::path path;

    explicit TemporaryName(const std::filesystem::path& folder) {
        std::random_device random;  // process IDs are the same on every start of a container
        path = folder / (".bptt-" + std::to_string(random()) + "-" + std::to_string(random()));
    }
    ~TemporaryName() {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }
    TemporaryName(const TemporaryName&) = delete;
    TemporaryName& operator=(const TemporaryName&) = delete;
};

/// Where a symbolic link leads to, or `file` itself.
inline std::filesystem::path followed(const std::filesystem::path& file) {
    std::error_code ignored;  // what cannot be followed cannot be opened either
    std::filesystem::path end = file;
    for (int links = 0; std::filesystem::is_symlink(end, ignored); ++links) {
        if (links == 40) return file;  // Linux follows no more
        end = end.parent_path() / std::filesystem::read_symlink(end, ignored);
    }
    return end;
}

}  // namespace bptt::detail
