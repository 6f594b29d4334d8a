#pragma once

#include <bptt/io/atomic_file.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "shown.hpp"

namespace examples {

/// Writes a text to a file that takes the place of what is there, whole.
inline void write_file(const std::filesystem::path& file, const std::string& text) {
    bptt::detail::AtomicFile out(file, file.string());
    out.write(text.data(), text.size());
    out.commit();
}

/// Saves a model, or what else it is, now and again. What cannot be saved is said, and tried again the next time.
class Saver {
public:
    Saver(std::filesystem::path file, std::string what) : file_(std::move(file)), what_(std::move(what)) {}

    /// Tries it, with as many bytes as there will be, where it is to be saved; throws where that fails.
    void try_out(bptt::Index bytes) const {
        if (file_.empty()) return;
        const auto target = bptt::detail::followed(file_);
        const bptt::detail::TemporaryName trial(target.has_parent_path() ? target.parent_path() : ".");
        bptt::detail::AtomicFile out(trial.path, "save: " + file_.string());
        const std::vector<char> zeros(static_cast<std::size_t>(bytes));
        out.write(zeros.data(), zeros.size());
        out.commit();
    }

    /// save(file), unless there is none.
    template <class F> void operator()(F save) const {
        if (!file_.empty()) tried(file_, save);
    }
    /// The last time, where that fails in the working directory or the one for temporary files; it says where, and returns it.
    template <class F> std::filesystem::path last(F save) const {
        if (file_.empty()) return {};
        const auto name = file_.filename();
        for (const auto& file : {file_, std::filesystem::path(".") / name, std::filesystem::temp_directory_path() / name})
            if (std::error_code none; (file == file_ || !std::filesystem::exists(file, none)) && tried(file, save)) {
                std::fprintf(std::ferror(stdout) ? stderr : stdout, "%s saved to %s\n", what_.c_str(),
                             visible(file.string()).c_str());
                return file;
            }
        bptt::detail::fail({"the ", what_, " could not be saved anywhere"});
    }

private:
    template <class F> static bool tried(const std::filesystem::path& file, F save) {
        try {
            save(file);
            return true;
        } catch (const std::exception& e) {  // there may be no memory, either
            std::fprintf(stderr, "\nnot saved: %s\n", visible(e.what()).c_str());
            return false;
        }
    }

    std::filesystem::path file_;
    std::string what_;
};

}  // namespace examples
