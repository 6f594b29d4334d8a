#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

/// An empty folder, removed with all that is in it.
class Folder {
public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "bptt_XXXXXX").string();
        if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
        top_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(top_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::filesystem::path& top() const { return top_; }
    std::filesystem::path operator/(const std::string& name) const { return top_ / name; }
    /// Writes a file, and makes the folders above it.
    std::filesystem::path write(const std::string& name, std::string_view content) const {
        std::filesystem::create_directories((top_ / name).parent_path());
        std::ofstream(top_ / name, std::ios::binary) << content;
        return top_ / name;
    }
    /// How many files there are.
    long count() const { return std::distance(std::filesystem::directory_iterator(top_), {}); }

private:
    std::filesystem::path top_;
};
