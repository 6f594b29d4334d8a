#include "bptt/io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>
#include <functional>
#include <stdexcept>

#include "bptt/io/checkpoint.hpp"
#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "support/checkpoints.hpp"
#include "support/closed_input.hpp"

using namespace bptt;

namespace {

/// What the calls below do while a test wants it, and what they were: w)rite, f)sync, r)ename, F)sync of a folder.
struct Calls {
    bool watched = false;
    std::string log = "";
    char kind = ' ';                          // of the calls that fail
    long fails = 0;                           // the how-manieth of them
    int error = 0;                            // with what errno
    std::size_t most = ~std::size_t{0} >> 1;  // what a write takes at once
    int restoring = 0;                        // the errno of a rename after the folder's sync
} calls;

bool fails(char kind) {
    if (!calls.watched) return false;
    calls.log += kind;
    const char any = kind == 'F' ? 'f' : kind;
    long count = 0;
    for (const char c : calls.log) count += c == any || (any == 'f' && c == 'F');
    if (calls.kind != any || calls.fails != count) return false;
    errno = calls.error;
    return true;
}

}  // namespace

extern "C" {
ssize_t write(int fd, const void* data, size_t size) {
    if (!calls.watched) return syscall(SYS_write, fd, data, size);
    return fails('w') ? -1 : syscall(SYS_write, fd, data, std::min(size, calls.most));
}
int fsync(int fd) {
    struct stat status {};
    ::fstat(fd, &status);
    return fails(S_ISDIR(status.st_mode) ? 'F' : 'f') ? -1 : static_cast<int>(syscall(SYS_fsync, fd));
}
int rename(const char* from, const char* to) noexcept {
    if (calls.watched && calls.restoring && calls.log.ends_with('F')) {
        errno = calls.restoring;
        return -1;
    }
    return fails('r') ? -1 : static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
}

namespace {

/// f() with the calls watched: what it says where it throws, or else "saved".
std::string watched(Calls set, const std::function<void()>& f) {
    calls = std::move(set);
    calls.watched = true;
    std::string said = "saved";
    try {
        f();
    } catch (const std::invalid_argument& e) {
        said = e.what();
    }
    calls.watched = false;
    return said;
}
std::string watched_save(const std::filesystem::path& file, const TwoParams& model, Calls set) {
    return watched(std::move(set), [&] { save(file, model); });
}

mode_t mode(const std::filesystem::path& file) {
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("save: all is written, then synced, then renamed, then the folder is synced") {
    const Folder folder;
    for (int k = 0; k < 2; ++k) {  // a new file, and one that replaces it
        CHECK(watched_save(folder / "m", two_from(1), {}) == "saved");
        CHECK(calls.log == "wwwwfrF");
        CHECK(folder.count() == 1);
    }
}

TEST_CASE("save: whichever write, sync or rename fails, the old file stays, or there is none") {
    const Folder folder;
    const struct {
        char kind;
        int calls;
        const char* said;
    } kinds[] = {{'w', 4, ": cannot write: No space left on device"},
                 {'f', 2, " No space left on device"},
                 {'r', 1, ": cannot rename: No space left on device"}};
    for (const bool there_is_one : {true, false})
        for (const auto& k : kinds)
            for (int n = 1;; ++n) {
                CAPTURE(there_is_one, k.kind, n);
                const auto file = folder / "m";
                std::filesystem::remove(file);
                if (there_is_one) save(file, two_from(1));
                const std::string old = there_is_one ? read_bytes(file) : "";
                const std::string said = watched_save(file, two_from(10), {.kind = k.kind, .fails = n, .error = ENOSPC});
                if (n > k.calls) {
                    CHECK(said == "saved");
                    CHECK(read_bytes(file) != old);
                    break;
                }
                CHECK_THAT(said, ContainsSubstring("save: " + file.string() + ": ") && ContainsSubstring(k.said));
                CHECK(read_bytes(file) == old);
                CHECK(folder.count() == there_is_one);
            }
}

TEST_CASE("save_checkpoint: whichever write, sync or rename fails, there is the old run or the new one, and the one before") {
    const Folder folder;
    const auto file = folder / "run", earlier = folder / "run.1";
    for (const auto& [kind, count] : {std::pair('w', 3), {'f', 2}, {'r', 2}})
        for (int n = 1; n <= count + 1; ++n) {
            CAPTURE(kind, n);
            const auto store = [&](float first) {
                const TwoParams model = two_from(first);
                save_checkpoint(file, [&](auto&& f) { f("model", model); }, {.keep = 2});
            };
            store(1), store(2);
            const std::string oldest = read_bytes(earlier), old = read_bytes(file);
            const std::string said = watched({.kind = kind, .fails = n, .error = ENOSPC}, [&] { store(3); });
            const bool shifted = n > count, saved = shifted || (kind == 'r' && n == 2);  // the second rename is the shift
            CHECK((read_bytes(file) == old) != saved);
            CHECK(read_bytes(earlier) == (shifted ? old : oldest));
            CHECK((said == "saved") == shifted);
            CHECK(folder.count() == 2);
        }
}

TEST_CASE("save: short writes and interrupted calls are continued") {
    const Folder folder;
    save(folder / "m", two_from(1));
    CHECK(watched_save(folder / "short", two_from(1), {.most = 7}) == "saved");
    CHECK(calls.log.size() > 20);
    CHECK(read_bytes(folder / "short") == read_bytes(folder / "m"));
    for (const char kind : {'w', 'f'})
        for (int n = 1; n <= (kind == 'w' ? 4 : 2); ++n) {
            CHECK(watched_save(folder / "eintr", two_from(1), {.kind = kind, .fails = n, .error = EINTR}) == "saved");
            CHECK(calls.log.size() == 8);
            CHECK(read_bytes(folder / "eintr") == read_bytes(folder / "m"));
        }
}

TEST_CASE("save: the error that is said is the first") {
    const Folder folder;
    save(folder / "m", two_from(1));
    const Calls sync_fails{.kind = 'f', .fails = 2, .error = ENOSPC, .restoring = EIO};
    CHECK_THAT(watched_save(folder / "m", two_from(1), sync_fails),
               ContainsSubstring(": cannot sync its folder: No space left on device"));
}

TEST_CASE("save: the descriptor 0 is one like all others") {
    const Folder folder;
    const ClosedInput closed;
    save(folder / "m", two_from(1));
    CHECK(std::filesystem::exists(folder / "m"));
}

TEST_CASE("save: a file system that does not sync folders will do") {
    const Folder folder;
    CHECK(watched_save(folder / "m", two_from(1), {.kind = 'f', .fails = 2, .error = EINVAL}) == "saved");
    CHECK(std::filesystem::exists(folder / "m"));
}

TEST_CASE("save: the permissions are the old file's, or what the umask leaves") {
    const Folder folder;
    const mode_t before = umask(027);
    save(folder / "m", TwoParams());
    CHECK(mode(folder / "m") == 0640);
    for (const mode_t bits : {0600u, 0666u, 0755u, 0400u}) {
        REQUIRE(chmod((folder / "m").c_str(), bits) == 0);
        save(folder / "m", TwoParams());
        CHECK(mode(folder / "m") == bits);
    }
    umask(before);
}

TEST_CASE("save: root leaves the file to its owner") {
    if (geteuid() != 0) return;
    const Folder folder;
    save(folder / "m", TwoParams());
    REQUIRE(chown((folder / "m").c_str(), 1234, 5678) == 0);
    save(folder / "m", TwoParams());
    struct stat status {};
    REQUIRE(stat((folder / "m").c_str(), &status) == 0);
    CHECK((status.st_uid == 1234 && status.st_gid == 5678));
}

TEST_CASE("save: a path without a folder is in the working directory") {
    const Folder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path((folder / "x").parent_path());
    save("m", TwoParams());
    std::filesystem::current_path(before);
    CHECK(std::filesystem::exists(folder / "m"));
}

TEST_CASE("save: where no file can be, it throws and changes nothing") {
    const Folder folder;
    const auto fifo = folder / "fifo", directory = folder / "directory";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    std::filesystem::create_directory(directory);
    const auto refused = [](const std::filesystem::path& file, const std::string& message) {
        CHECK_THROWS_WITH(save(file, TwoParams()), "save: " + file.string() + ": " + message);
        CHECK_THROWS_AS(save(file, TwoParams()), std::invalid_argument);
    };
    refused(fifo, "not a regular file");
    refused(directory, "not a regular file");
    refused(folder / "none" / "m", "cannot open its folder: No such file or directory");
    refused(fifo / "m", "cannot open its folder: Not a directory");
    refused(folder / std::string(300, 'x'), "cannot replace: File name too long");
    CHECK_THROWS_AS(save("", TwoParams()), std::invalid_argument);
    if (std::filesystem::exists("/proc/self"))
        CHECK_THROWS_WITH(save("/proc/self/m", TwoParams()),
                          ContainsSubstring("save: /proc/self/m: cannot create a file beside it: "));
    CHECK(folder.count() == 2);
    CHECK(std::filesystem::is_fifo(fifo));
    CHECK(std::filesystem::is_empty(directory));
}
