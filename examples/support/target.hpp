#pragma once

#include <bptt/io/safetensors.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace examples {

/// Throws where a file that is to be written would replace an input, would be among them the next time, or exists and is
/// something else than what is written: of_its_kind(file).
template <class F> void check_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs,
                                     const char* kind, F of_its_kind) {
    namespace fs = std::filesystem;
    if (file.empty()) return;
    std::error_code none;
    const fs::path whole = fs::weakly_canonical(fs::absolute(file), none);
    for (const fs::path& input : inputs) {
        bptt::throw_unless(!fs::equivalent(whole, input, none), file.string(), " is an input: it is not replaced by a ", kind);
        for (fs::path folder = whole.parent_path(); fs::is_directory(input, none); folder = folder.parent_path()) {
            bptt::throw_unless(!fs::equivalent(folder, input, none), file.string(), " lies in ", input.string(),
                               ", which would be learned from together with it the next time");
            if (folder == folder.parent_path()) break;
        }
    }
    bptt::throw_unless(!fs::exists(whole, none) || of_its_kind(whole), file.string(), " exists and is no ", kind,
                       ": it is not replaced");
}
inline void check_model_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    check_target(file, inputs, "model", [](const std::filesystem::path& there) {
        try {
            bptt::SavedModel{there};
            return true;
        } catch (const std::invalid_argument&) {
            return false;
        }
    });
}
inline void check_picture_target(const std::filesystem::path& file, const std::vector<std::filesystem::path>& inputs) {
    check_target(file, inputs, "picture", [](const std::filesystem::path& there) {
        std::string begin(4, ' ');
        return std::ifstream(there).read(begin.data(), 4) && begin == "<svg";
    });
}

/// Saves a model now and again. What cannot be saved is said, and tried again the next time.
class Saver {
public:
    /// Tries it, with as many bytes as there will be, where the model is to be saved; throws where that fails.
    Saver(std::filesystem::path file, bptt::Index bytes) : file_(std::move(file)) {
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
    /// The last time, where that fails in the working directory or the one for temporary files; it says where.
    template <class F> void last(F save) const {
        if (file_.empty()) return;
        const auto name = file_.filename();
        for (const auto& file : {file_, std::filesystem::path(".") / name, std::filesystem::temp_directory_path() / name})
            if (std::error_code none; (file == file_ || !std::filesystem::exists(file, none)) && tried(file, save)) {
                std::printf("saved to %s\n", file.c_str());
                return;
            }
        bptt::throw_unless(false, "the model could not be saved anywhere");
    }

private:
    template <class F> static bool tried(const std::filesystem::path& file, F save) {
        try {
            save(file);
            return true;
        } catch (const std::invalid_argument& e) {
            std::fprintf(stderr, "\nnot saved: %s\n", e.what());
            return false;
        }
    }

    std::filesystem::path file_;
};

}  // namespace examples
