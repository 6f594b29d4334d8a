#pragma once

#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/io/temporary_name.hpp"

namespace bptt::detail {

/// Keeps what a file was before it is replaced: name.1.ext, and what that was as name.2.ext, until there are `keep` in all. It
/// is made before the file is replaced, and shifts the names afterwards. Errors begin with `where`.
class EarlierFiles {
public:
    EarlierFiles(const std::filesystem::path& file, int keep, std::string where)
        : file_(followed(file)), keep_(keep), where_(std::move(where)), held_(folder()) {
        std::error_code failed;
        if (keep == 1 || !std::filesystem::exists(file_, failed)) return;
        std::filesystem::create_hard_link(file_, held_.path, failed);
        if (failed) std::filesystem::copy_file(file_, held_.path, failed);  // some file systems have no links
        throw_unless(!failed, where_, ": cannot keep the one before: ", failed.message());
        holds_ = true;
    }
    void shift() const {
        if (!holds_) return;
        int last = 1;  // the first that is not there, or else the last that may be
        for (std::error_code failed; last < keep_ - 1 && std::filesystem::exists(earlier(last), failed);) ++last;
        for (; last > 1; --last) move(earlier(last - 1), earlier(last));
        move(held_.path, earlier(1));
    }

private:
    std::filesystem::path folder() const { return file_.has_parent_path() ? file_.parent_path() : "."; }
    std::filesystem::path earlier(int k) const {
        return folder() / (file_.stem().string() + '.' + std::to_string(k) + file_.extension().string());
    }
    void move(const std::filesystem::path& from, const std::filesystem::path& to) const {
        std::error_code failed;
        std::filesystem::rename(from, to, failed);
        throw_unless(!failed, where_, ": it is saved, but the one before cannot be kept as ", to.string(), ": ",
                     failed.message());
    }

    std::filesystem::path file_;
    int keep_;
    std::string where_;
    TemporaryName held_;
    bool holds_ = false;
};

}  // namespace bptt::detail
