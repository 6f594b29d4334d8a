#include <cmath>

#include "errors/table.hpp"
#if __has_include(<nlohmann/json.hpp>)
#include "bptt/io/checkpoint.hpp"
#include "bptt/io/nam.hpp"
#include "bptt/io/pytorch.hpp"
#include "bptt/io/rtneural.hpp"
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
        {"save", "model", "save: no/such/file: two tensors are called \"x\"", [](World&) { save(missing, Twins()); }},
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
        {"SavedModel::load", "options", "SavedModel: .../file: rename: nothing in the model is called V",
         [](World& w) {
             read_other([&](const auto& file) { SavedModel(file).load(w.layers.linear, {.rename = {{"V", "W"}}}); });
         }},
        {"load", "options", "load: .../file: does not fit the model: \"head.W\" is F64 [4,3] in the model and not in the file",
         [](World& w) { read_other([&](const auto& file) { load(file, w.layers.linear, {.prefix = "head."}); }); }},
        {"SavedModel::tensor", "name", "SavedModel: .../file: there is no tensor \"V\"",
         [](World&) { read_other([](const auto& file) { SavedModel(file).tensor<double>("V"); }); }},
        {"SavedModel::tensor", "options", "SavedModel: .../file: \"W\" is F64 [4,5], not I64",
         [](World&) { read_other([](const auto& file) { SavedModel(file).tensor<std::int64_t>("W", {.convert = true}); }); }},
        {"SavedTensor::matrix", "", "SavedTensor::matrix: the tensor has 3 dimensions",
         [](World&) {
             SavedTensor<double>{{1, 1, 1}, {1}}.matrix();
         }},
        {"SavedModel::metadata", "key", "SavedModel: .../file: the metadata has no \"units\"",
         [](World&) { read_other([](const auto& file) { SavedModel(file).metadata("units"); }); }},
        {"load_pytorch", "file",
         "load_pytorch: no/such/file: cannot open: ", [](World& w) { load_pytorch(missing, w.layers.linear); }},
        {"load_pytorch", "file, model",
         "load_pytorch: .../file: does not fit the model: \"W\" is F64 [4,5] in the file and not in the model",
         [](World& w) { read_other([&](const auto& file) { load_pytorch(file, w.layers.linear); }); }},
        {"load_pytorch", "options", "load_pytorch: .../file: rename: nothing in the model is called V",
         [](World& w) {
             read_other([&](const auto& file) { load_pytorch(file, w.layers.linear, {.rename = {{"V", "W"}}}); });
         }},
        {"explain_pytorch", "file",
         "explain_pytorch: no/such/file: cannot open: ", [](World& w) { explain_pytorch(missing, w.layers.linear); }},
        {"explain_pytorch", "options", "explain_pytorch: .../file: rename: nothing in the model is called V",
         [](World& w) {
             read_other([&](const auto& file) { explain_pytorch(file, w.layers.linear, {.rename = {{"V", "W"}}}); });
         }},
        {"save_pytorch", "file",
         "save_pytorch: no/such/file: cannot open its folder: ", [](World& w) { save_pytorch(missing, w.layers.linear); }},
        {"save_pytorch", "model", "save_pytorch: no/such/file: two tensors are called \"x\"",
         [](World&) { save_pytorch(missing, Twins()); }},
        {"load_rtneural", "file",
         "load_rtneural: no/such/file: cannot open: ", [](World& w) { load_rtneural(missing, w.layers.lstm); }},
        {"load_rtneural", "layer, heads", "load_rtneural: .../net.json: layer 0 has Wx 16x2, the model's is 16x3",
         [](World& w) {
             static const Folder folder;
             Rng rng(1);
             save_rtneural(folder / "net.json", Lstm<double>(2, 4, rng), Linear<double>(4, 3, rng));
             load_rtneural(folder / "net.json", w.layers.lstm, w.layers.linear);
         }},
        {"save_rtneural", "layer", "save_rtneural: no/such/file: b: row 0, column 0 is inf, not a number below 1e37",
         [](World& w) {
             Lstm<double> broken = w.layers.lstm;
             broken.b.value(0, 0) = INFINITY;
             save_rtneural(missing, broken);
         }},
        {"save_rtneural", "heads", "save_rtneural: no/such/file: head 0 has W 4x3 and b 4x1; below it are 4 numbers",
         [](World& w) { save_rtneural(missing, w.layers.lstm, w.layers.linear); }},
        {"save_rtneural", "file",
         "save_rtneural: no/such/file: cannot open its folder: ", [](World& w) { save_rtneural(missing, w.layers.lstm); }},
        {"load_nam", "file", "load_nam: no/such/file: cannot open: ", [](World&) { load_nam(missing); }},
        {"save_nam", "file", "save_nam: no/such/file: cannot open its folder: ",
         [](World&) {
             Rng rng(1);
             save_nam(missing, NamLstm(3, 1, rng));
         }},
        {"save_nam", "model", "save_nam: no/such/file: head.b is 2x1; with one input and 3 units in each layer it is 1x1",
         [](World&) {
             Rng rng(1);
             NamLstm broken(3, 1, rng);
             broken.head.b = Param<float>(2, 1);
             save_nam(missing, broken);
         }},
        {"NamLstm", "units", "Lstm: inputs is 1, units is -3; both must be positive",
         [](World&) {
             Rng rng(1);
             NamLstm(-3, 1, rng);
         }},
        {"NamLstm", "depth", "Stacked: depth is 0",
         [](World&) {
             Rng rng(1);
             NamLstm(3, 0, rng);
         }},
        {"save_checkpoint", "file", "save_checkpoint: no/such/file: cannot open its folder: ",
         [](World& w) { save_checkpoint(missing, [&](auto&& f) { f("model", w.layers); }); }},
        {"save_checkpoint", "run", "save_checkpoint: no/such/file: two tensors are called \"rng.state\"",
         [](World& w) { save_checkpoint(missing, [&](auto&& f) { f("rng", w.rng), f("rng", w.rng); }); }},
        {"save_checkpoint", "options", "save_checkpoint: no/such/file: keep is 0, not positive",
         [](World& w) { save_checkpoint(missing, [&](auto&& f) { f("rng", w.rng); }, {.keep = 0}); }},
        {"load_checkpoint", "file", "load_checkpoint: no/such/file: cannot open: ",
         [](World& w) { load_checkpoint(missing, [&](auto&& f) { f("model", w.layers); }); }},
        {"load_checkpoint", "file", "load_checkpoint: .../file: it has no checksum; is it a checkpoint?",
         [](World& w) {
             read_other([&](const auto& file) { load_checkpoint(file, [&](auto&& f) { f("model", w.layers.linear); }); });
         }},
        {"load_checkpoint", "run",
         "load_checkpoint: .../run: does not fit the run: \"model.W\" is F64 [4,5] in the file and F64 [4,3] in the run",
         [](World& w) {
             static const Folder folder;
             Rng rng(1);
             const Linear<double> other(5, 4, rng);
             save_checkpoint(folder / "run", [&](auto&& f) { f("model", other); });
             load_checkpoint(folder / "run", [&](auto&& f) { f("model", w.layers.linear); });
         }},
        {"load_metadata", "file", "load_metadata: no/such/file: cannot open: ", [](World&) { load_metadata(missing); }},
    };
}
#else
Rows io_rows() { return {}; }
#endif
