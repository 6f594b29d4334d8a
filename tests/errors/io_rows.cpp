#include "errors/table.hpp"
#if __has_include(<nlohmann/json.hpp>)
#include "bptt/io/safetensors.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

const std::filesystem::path missing = "no/such/file";

/// Two parameters of one name.
struct Twins {
    Param<double> a{1, 1}, b{1, 1};
    static void params(auto& m, auto&& f) { f("x", m.a), f("x", m.b); }
};

/// Saves a layer that the world's does not fit, and reads it back.
template <class Read> void read_other(Read read) {
    static const Folder folder;
    Rng rng(1);
    save(folder / "file", Linear<double>(5, 4, rng));
    read(folder / "file");
}

}  // namespace

Rows io_rows() {
    return {
        {"save", "file", "save: no/such/file: cannot open its folder: ", [](World& w) { save(missing, w.layers); }},
        {"save", "model", "save: no/such/file: the model has two parameters called \"x\"",
         [](World&) { save(missing, Twins()); }},
        {"save", "metadata", "save: no/such/file: \"\\ufffd\" is not UTF-8",
         [](World& w) {
             save(missing, w.layers, {{"\xff", "value"}});
         }},
        {"load", "file", "load: no/such/file: cannot open: ", [](World& w) { load(missing, w.layers); }},
        {"load", "file, model",
         "load: .../file: does not fit the model: \"W\" is F64 [4,5] in the file and F64 [4,3] in the model",
         [](World& w) { read_other([&](const auto& file) { load(file, w.layers.linear); }); }},
        {"SavedModel", "file", "SavedModel: no/such/file: cannot open: ", [](World&) { SavedModel{missing}; }},
        {"SavedModel::load", "model",
         "SavedModel: .../file: does not fit the model: \"W\" is F64 [4,5] in the file and F64 [4,3] in the model",
         [](World& w) { read_other([&](const auto& file) { SavedModel(file).load(w.layers.linear); }); }},
        {"SavedModel::metadata", "key", "SavedModel: .../file: the metadata has no \"units\"",
         [](World&) { read_other([](const auto& file) { SavedModel(file).metadata("units"); }); }},
        {"load_metadata", "file", "load_metadata: no/such/file: cannot open: ", [](World&) { load_metadata(missing); }},
    };
}
#else
Rows io_rows() { return {}; }
#endif
