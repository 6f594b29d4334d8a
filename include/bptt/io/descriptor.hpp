#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#if defined(_WIN32)
#include <io.h>

#include <algorithm>
#include <mutex>
#else
#include <unistd.h>
#endif

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

// What the operating system calls the things that the files of io/ need.

namespace bptt::detail {

/// An open file descriptor, or none: -1.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return fd_; }
    void close() {
#if defined(_WIN32)
        if (fd_ >= 0) ::_close(fd_);
#else
        if (fd_ >= 0) ::close(fd_);
#endif
        fd_ = -1;
    }

private:
    int fd_;
};

/// What errno means.
inline std::string last_error() { return std::generic_category().message(errno); }

#if defined(_WIN32)

using FileStatus = struct ::_stat64;
inline bool get_status(const Descriptor& fd, FileStatus& status) { return ::_fstat64(fd.get(), &status) == 0; }
inline bool is_regular(const FileStatus& status) { return (status.st_mode & _S_IFMT) == _S_IFREG; }
inline int open_to_read(const std::filesystem::path& file) {
    return ::_wopen(file.c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT);
}
/// How many bytes were read, 0 at the end, -1 after an error. Threads may share the descriptor.
inline std::ptrdiff_t read_at(const Descriptor& fd, void* to, std::size_t size, std::uint64_t offset) {
    static std::mutex one_at_a_time;  // a descriptor has one place in the file
    const std::lock_guard lock(one_at_a_time);
    if (::_lseeki64(fd.get(), static_cast<std::int64_t>(offset), SEEK_SET) < 0) return -1;
    return ::_read(fd.get(), to, static_cast<unsigned>((std::min)(size, std::size_t{1} << 30)));
}

#else

using FileStatus = struct ::stat;
inline bool get_status(const Descriptor& fd, FileStatus& status) { return ::fstat(fd.get(), &status) == 0; }
inline bool is_regular(const FileStatus& status) { return S_ISREG(status.st_mode); }
inline int open_to_read(const std::filesystem::path& file) {
    return ::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);  // a FIFO would block
}
/// How many bytes were read, 0 at the end, -1 after an error. Threads may share the descriptor.
inline std::ptrdiff_t read_at(const Descriptor& fd, void* to, std::size_t size, std::uint64_t offset) {
    return ::pread(fd.get(), to, size, static_cast<off_t>(offset));
}

#endif

}  // namespace bptt::detail
