// Whichever allocation fails while a model or a run is saved or loaded: the file, the folder and it are as they were.
#include "bptt/io/pytorch.hpp"
#include "bptt/io/safetensors.hpp"
#include "catch.hpp"
#include "io/run.hpp"
#include "support/checkpoints.hpp"
#include "support/failures.hpp"

#if defined(BPTT_OWN_MALLOC)

using namespace bptt;

namespace {

const Metadata old_metadata{{"step", "1"}, {"a key that is longer than a string holds in itself", std::string(100, 'x')}};

struct Saved {
    Folder folder;
    TwoParams model = two_from(1);
    std::string loaded;

    std::filesystem::path file() const { return folder / "m"; }
    std::string promised() const {
        return bits(model) + loaded + std::to_string(folder.count()) + (exists(file()) ? read_bytes(file()) : "no file");
    }
    std::string result() const { return promised(); }
};
struct FirstSave : Saved {
    void run() { save(file(), model, old_metadata); }
};
/// Over an old file, through a link.
struct Save : Saved {
    Save() {
        save(file(), two_from(7), old_metadata);
        std::filesystem::create_symlink(file(), folder / "link");
    }
    void run() { save(folder / "link", model, {{"step", "2"}}); }
};
struct Old : Saved {
    Old() { save(file(), two_from(7), old_metadata); }
};
struct Load : Old {
    void run() { load(file(), model); }
};
struct LoadMetadata : Old {
    void run() {
        for (const auto& [key, value] : load_metadata(file())) loaded += key.size() + value.size() > 100 ? 'l' : 's';
    }
};
/// A cell as PyTorch's, and a file of another.
struct Pytorch {
    Folder folder;
    Rng rng{1};
    Gru<float, Reset::after> model{2, 3, rng};
    Pytorch() { save_pytorch(file(), Gru<float, Reset::after>(2, 3, rng)); }
    std::filesystem::path file() const { return folder / "m"; }
    std::string promised() const { return bits(model) + std::to_string(folder.count()) + read_bytes(file()); }
    std::string result() const { return promised(); }
};
struct LoadPytorch : Pytorch {
    void run() { load_pytorch(file(), model); }
};
struct SavePytorch : Pytorch {
    void run() { save_pytorch(file(), model); }
};
struct LoadSaved : Old {
    SavedModel saved{file()};
    void run() { saved.load(model); }
};

/// A training, and the file of it that it saves or restores.
struct CheckpointOf : TestRun {
    Folder folder;
    CheckpointOf() {
        static_cast<TestRun&>(*this) = trained(2);
        save_checkpoint(file(), trained(4));
    }
    std::filesystem::path file() const { return folder / "run"; }
    std::string promised() const { return bytes_of(*this) + std::to_string(folder.count()) + read_bytes(file()); }
    std::string result() const { return promised(); }
};
struct SaveCheckpoint : CheckpointOf {
    void run() { save_checkpoint(file(), static_cast<const TestRun&>(*this)); }
};
struct LoadCheckpoint : CheckpointOf {
    void run() { load_checkpoint(file(), static_cast<TestRun&>(*this)); }
};

}  // namespace

TEST_CASE("allocation failure: save_checkpoint and load_checkpoint") {
    CHECK(check_failures<SaveCheckpoint>() >= 50);
    CHECK(check_failures<LoadCheckpoint>() >= 50);
}

TEST_CASE("allocation failure: save, with no file and over one") {
    CHECK(check_failures<FirstSave>() >= 20);
    CHECK(check_failures<Save>() >= 20);
}

TEST_CASE("allocation failure: load, load_metadata and SavedModel") {
    CHECK(check_failures<Load>() >= 20);
    CHECK(check_failures<LoadMetadata>() >= 20);
    CHECK(check_failures<LoadSaved>() >= 8);
}

TEST_CASE("allocation failure: load_pytorch and save_pytorch") {
    CHECK(check_failures<LoadPytorch>() >= 20);
    CHECK(check_failures<SavePytorch>() >= 20);
}

#endif
