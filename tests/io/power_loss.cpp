// What a file system may hold after a power failure at any moment of save_checkpoint(). Its file operations are recorded; of
// each prefix of them, what no fsync has made sure of is lost in all ways: data dropped, cut in half or zeroed, names in the
// order of their changes up to any of them. The checkpoint must be the old one or the new one, whole; without the fsync of the
// file it isn't, which shows that the test can fail.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "bptt/io/checkpoint.hpp"
#include "support/checkpoints.hpp"

namespace {

struct Operation {
    enum Kind { write, sync, link, rename, remove, sync_folder } kind;
    std::string file, to, data;
};
std::vector<Operation>* record = nullptr;

std::string name_of(const std::filesystem::path& path) { return path.filename().string(); }
std::string name_of(int fd) { return name_of(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd))); }
void note(Operation operation) {
    std::vector<Operation>* const to = std::exchange(record, nullptr);  // what this does itself is not recorded
    if (to) to->push_back(std::move(operation));
    record = to;
}

}  // namespace

extern "C" {
ssize_t write(int fd, const void* data, size_t size) {
    if (record && fd > 2) note({Operation::write, name_of(fd), "", std::string(static_cast<const char*>(data), size)});
    return syscall(SYS_write, fd, data, size);
}
int fsync(int fd) {
    struct stat status {};
    ::fstat(fd, &status);
    if (record) note({S_ISDIR(status.st_mode) ? Operation::sync_folder : Operation::sync, name_of(fd), "", ""});
    return static_cast<int>(syscall(SYS_fsync, fd));
}
int link(const char* from, const char* to) noexcept {
    if (record) note({Operation::link, name_of(from), name_of(to), ""});
    return static_cast<int>(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int rename(const char* from, const char* to) noexcept {
    if (record) note({Operation::rename, name_of(from), name_of(to), ""});
    return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}
int unlink(const char* file) noexcept {
    if (record) note({Operation::remove, name_of(file), "", ""});
    return static_cast<int>(syscall(SYS_unlinkat, AT_FDCWD, file, 0));
}
}

namespace {

/// A file system: names, and what they stand for.
class Disk {
public:
    explicit Disk(const std::map<std::string, std::string>& files) {
        for (const auto& [name, data] : files) {
            names_[name] = data_.size();
            data_.push_back({data, data});
        }
        durable_ = names_;
    }
    void apply(const Operation& o) {
        if (o.kind == Operation::write) {
            if (!names_.contains(o.file)) {
                names_[o.file] = data_.size();
                data_.emplace_back();
                changes_.push_back(names_);
            }
            data_[names_[o.file]].written += o.data;
        } else if (o.kind == Operation::sync) {
            Data& data = data_[names_[o.file]];
            data.synced = data.written;
        } else if (o.kind == Operation::sync_folder) {
            durable_ = names_;
            changes_.clear();
        } else {
            if (!names_.contains(o.file)) return;
            if (o.kind != Operation::remove) names_[o.to] = names_[o.file];
            if (o.kind != Operation::link) names_.erase(o.file);
            changes_.push_back(names_);
        }
    }
    /// All that a file of that name may hold after a power failure; "none" where there may be none.
    std::set<std::string> after_power_failure(const std::string& name) const {
        std::set<std::string> all;
        std::vector<std::map<std::string, std::size_t>> possible = changes_;
        possible.push_back(durable_);
        for (const auto& names : possible) {
            const auto found = names.find(name);
            if (found == names.end()) {
                all.insert("none");
                continue;
            }
            const auto& [written, synced] = data_[found->second];
            all.insert(written);
            if (written == synced) continue;
            all.insert(synced);
            all.insert(written.substr(0, (synced.size() + written.size()) / 2));
            all.insert(synced + std::string(written.size() - synced.size(), '\0'));
        }
        return all;
    }

private:
    struct Data {
        std::string written, synced;
    };
    std::map<std::string, std::size_t> names_, durable_;
    std::vector<std::map<std::string, std::size_t>> changes_;  // the names after each change since the folder's last sync
    std::vector<Data> data_;
};

/// How many moments there are at which a power failure may leave another file than one of these.
long wrong_moments(const std::vector<Operation>& operations, const std::map<std::string, std::string>& before,
                   const std::string& name, const std::set<std::string>& right) {
    Disk disk(before);
    long wrong = 0;
    const auto look = [&] {
        for (const std::string& content : disk.after_power_failure(name))
            if (!right.contains(content)) return ++wrong, void();
    };
    look();
    for (const Operation& operation : operations) {
        disk.apply(operation);
        look();
    }
    return wrong;
}

}  // namespace

int main() {
    const Folder folder;
    const auto save = [&](float first) {
        const TwoParams model = two_from(first);
        bptt::save_checkpoint(folder / "run.st", [&](auto&& f) { f("model", model); }, {.keep = 2});
    };
    save(1), save(2);
    const std::map<std::string, std::string> before = {{"run.st", read_bytes(folder / "run.st")},
                                                       {"run.1.st", read_bytes(folder / "run.1.st")}};
    std::vector<Operation> operations;
    record = &operations;
    save(3);
    record = nullptr;
    const std::set<std::string> run = {before.at("run.st"), read_bytes(folder / "run.st")};
    const std::set<std::string> earlier = {before.at("run.1.st"), before.at("run.st")};
    const long wrong =
        wrong_moments(operations, before, "run.st", run) + wrong_moments(operations, before, "run.1.st", earlier);
    std::vector<Operation> unsynced;
    for (const Operation& o : operations)
        if (o.kind != Operation::sync) unsynced.push_back(o);
    const long seen = wrong_moments(unsynced, before, "run.st", run);
    std::cout << operations.size() << " operations; wrong after " << wrong << ", without the fsync after " << seen << '\n';
    return operations.size() > 8 && unsynced.size() < operations.size() && wrong == 0 && seen > 0 ? 0 : 1;
}
