#pragma once

#if defined(_WIN32)
#include "bptt/io/atomic_file_windows.hpp"
#else

#include <cstdio>
#include <optional>

#include "bptt/core/check.hpp"
#include "bptt/io/temporary_name.hpp"

namespace bptt::detail {

/// A file that is written beside its target and takes its place in commit(): whenever the process or the machine stops, the
/// target is the old file or the new one, whole. Without commit(), or where anything fails, it is the old one.
/// The new file has the old one's permissions, and its owner where that is allowed. Errors begin with `where`, "function:
/// path".
class AtomicFile {
public:
    /// A symbolic link is followed. Throws if the target exists and is not a regular file.
    AtomicFile(const std::filesystem::path& file, std::string where)
        : where_(std::move(where)),
          target_(followed(file)),
          folder_(target_.has_parent_path() ? target_.parent_path() : "."),
          folder_fd_(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
          old_(status_of_target()),
          temporary_(folder_),
          fd_(::open(temporary_.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old_ ? old_->st_mode & 07777 : 0666)) {
        expect(fd_.get() >= 0, "create a file beside it");
        if (!old_) return;
        [[maybe_unused]] const int given = ::fchown(fd_.get(), old_->st_uid, old_->st_gid);  // where that is allowed
        expect(::fchmod(fd_.get(), old_->st_mode & 07777) == 0, "set its permissions");      // open() obeys the umask
    }

    void write(const void* data, std::size_t size) {
        for (std::size_t done = 0; done < size;) {
            const ssize_t n = ::write(fd_.get(), static_cast<const char*>(data) + done, size - done);
            expect(n >= 0 || errno == EINTR, "write");
            done += n < 0 ? 0 : static_cast<std::size_t>(n);
        }
    }

    /// Puts the file in its target's place, durably. To be called once.
    void commit() {
        expect(synced(fd_), "sync");
        const TemporaryName backup(folder_);
        const bool kept = ::link(target_.c_str(), backup.path.c_str()) == 0;  // some file systems have no links
        expect(::rename(temporary_.path.c_str(), target_.c_str()) == 0, "rename");
        if (synced(folder_fd_) || errno == EINVAL) return;  // EINVAL: this file system does not sync folders
        const int error = errno;
        if (kept) ::rename(backup.path.c_str(), target_.c_str());
        if (!old_) ::unlink(target_.c_str());
        errno = error;
        expect(false, "sync its folder");
    }

private:
    static bool synced(const Descriptor& fd) {
        while (::fsync(fd.get()) != 0)
            if (errno != EINTR) return false;
        return true;
    }
    std::optional<struct stat> status_of_target() const {
        expect(folder_fd_.get() >= 0, "open its folder");
        struct stat old {};
        if (::stat(target_.c_str(), &old) != 0) {
            expect(errno == ENOENT, "replace");
            return {};
        }
        throw_unless(S_ISREG(old.st_mode), where_, ": not a regular file");
        return old;
    }
    void expect(bool ok, const char* action) const {
        if (!ok) throw_unless(false, where_, ": cannot ", action, ": ", last_error());
    }

    std::string where_;
    std::filesystem::path target_, folder_;
    Descriptor folder_fd_;
    std::optional<struct stat> old_;  // none where there is no old file
    TemporaryName temporary_;
    Descriptor fd_;
};

}  // namespace bptt::detail

#endif
