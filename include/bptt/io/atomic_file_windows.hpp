#pragma once

#if defined(_WIN32)

#include "bptt/core/check.hpp"
#include "bptt/io/temporary_name.hpp"

namespace bptt::detail {

/// AtomicFile for Windows, which replaces a file by renaming, but has neither owners nor folders that can be synced. A file
/// that somebody holds open cannot be replaced: an error says so, and it stays.
class AtomicFile {
public:
    AtomicFile(const std::filesystem::path& file, std::string where)
        : where_(std::move(where)),
          target_(followed(file)),
          temporary_(target_.parent_path()),
          fd_(::_wopen(temporary_.path.c_str(), _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT,
                       _S_IREAD | _S_IWRITE)) {
        expect(fd_.get() >= 0, "create a file beside it");
        std::error_code unknown;
        const auto old = std::filesystem::status(target_, unknown);
        throw_unless(!std::filesystem::exists(old) || std::filesystem::is_regular_file(old), where_, ": not a regular file");
    }

    void write(const void* data, std::size_t size) {
        for (std::size_t done = 0; done < size;) {
            const auto most = static_cast<unsigned>((std::min)(size - done, std::size_t{1} << 30));
            const int n = ::_write(fd_.get(), static_cast<const char*>(data) + done, most);
            expect(n >= 0, "write");
            done += static_cast<std::size_t>(n);
        }
    }

    /// Puts the file in its target's place, durably. To be called once.
    void commit() {
        expect(::_commit(fd_.get()) == 0, "sync");
        fd_.close();  // an open file cannot be renamed
        std::error_code error;
        std::filesystem::rename(temporary_.path, target_, error);
        throw_unless(!error, where_, ": cannot rename: ", error.message());
    }

private:
    void expect(bool ok, const char* action) const {
        if (!ok) throw_unless(false, where_, ": cannot ", action, ": ", last_error());
    }

    std::string where_;
    std::filesystem::path target_;
    TemporaryName temporary_;
    Descriptor fd_;
};

}  // namespace bptt::detail

#endif
