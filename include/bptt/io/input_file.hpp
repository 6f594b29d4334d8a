#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "bptt/core/check.hpp"

namespace bptt::detail {

/// An open file descriptor, or none: -1.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return fd_; }

private:
    int fd_;
};

/// What errno means.
inline std::string last_error() { return std::generic_category().message(errno); }

/// A regular file, for reading at any place. Errors begin with `where`, "function: path".
class InputFile {
public:
    InputFile(const std::filesystem::path& file, std::string where)
        : where_(std::move(where)), fd_(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {  // a FIFO would block
        struct stat status {};
        const bool opened = fd_.get() >= 0 && ::fstat(fd_.get(), &status) == 0;
        throw_unless(opened, where_, ": cannot open: ", last_error());
        throw_unless(S_ISREG(status.st_mode), where_, ": not a regular file");
        size_ = static_cast<std::uint64_t>(status.st_size);
    }

    const std::string& where() const { return where_; }
    std::uint64_t size() const { return size_; }

    /// Copies the `size` bytes from `offset` on.
    void read(std::uint64_t offset, void* to, std::size_t size) const {
        for (std::size_t done = 0; done < size;) {
            const ssize_t n = ::pread(fd_.get(), static_cast<char*>(to) + done, size - done, static_cast<off_t>(offset + done));
            if (n < 0 && errno == EINTR) continue;
            throw_unless(n >= 0, where_, ": cannot read: ", last_error());
            throw_unless(n > 0, where_, ": became shorter while it was read");
            done += static_cast<std::size_t>(n);
        }
    }

private:
    std::string where_;
    Descriptor fd_;
    std::uint64_t size_ = 0;
};

}  // namespace bptt::detail
