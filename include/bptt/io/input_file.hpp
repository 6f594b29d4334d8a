#pragma once

#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/io/descriptor.hpp"

namespace bptt::detail {

/// A regular file, for reading at any place. Errors begin with `where`, "function: path".
class InputFile {
public:
    InputFile(const std::filesystem::path& file, std::string where) : where_(std::move(where)), fd_(open_to_read(file)) {
        FileStatus status{};
        const bool opened = fd_.get() >= 0 && get_status(fd_, status);
        throw_unless(opened, where_, ": cannot open: ", last_error());
        throw_unless(is_regular(status), where_, ": not a regular file");
        size_ = static_cast<std::uint64_t>(status.st_size);
    }

    const std::string& where() const { return where_; }
    std::uint64_t size() const { return size_; }

    /// Copies the `size` bytes from `offset` on.
    void read(std::uint64_t offset, void* to, std::size_t size) const {
        for (std::size_t done = 0; done < size;) {
            const std::ptrdiff_t n = read_at(fd_, static_cast<char*>(to) + done, size - done, offset + done);
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
