#pragma once

#include <memory>

#include "bptt/io/atomic_file.hpp"
#include "bptt/io/byte_order.hpp"
#include "bptt/io/safetensors_model.hpp"

namespace bptt {

/// Writes the parameters' values, tied ones once under their first name, and `metadata`, in the safetensors format: F32 or
/// F64, [rows,cols], under the names of for_each_param(). A file of that name is replaced when all has reached the disk and
/// not before: after an error there is the old file, after a crash or a power failure the old one or the new one, whole (and
/// perhaps what was written beside it, ".bptt-..."). Throws where a string is not UTF-8, two parameters have one name, or the
/// file cannot be written.
template <HasParams M> void save(const std::filesystem::path& file, const M& model, const Metadata& metadata = {}) {
    const std::string where = "save: " + file.string();
    const std::string json = detail::header_json(detail::tensors_of(model, where), metadata, where);
    std::uint64_t length = json.size();
    detail::swap_little_endian(&length, 1, sizeof length);
    detail::AtomicFile out(file, where);
    out.write(&length, sizeof length);
    out.write(json.data(), json.size());
    for_each_distinct_param(model, [&]<class T>(std::string_view, const Param<T>& p) {
        detail::RowMajor<T> rows = p.value;
        detail::swap_little_endian(rows.data(), static_cast<std::size_t>(rows.size()), sizeof(T));
        out.write(rows.data(), static_cast<std::size_t>(rows.size()) * sizeof(T));
    });
    out.commit();
}

/// A file that save() wrote, held open: the metadata, to build a model, and the values, to fill it, come from the same file
/// even if another is saved in its place meanwhile. Throws if it cannot be read, or is not a valid safetensors file.
class SavedModel {
public:
    explicit SavedModel(const std::filesystem::path& file) : SavedModel(file, "SavedModel") {}

    const Metadata& metadata() const { return header_.metadata; }
    /// The value of one key. Throws where the file has no such key.
    const std::string& metadata(const std::string& key) const {
        const auto found = header_.metadata.find(key);
        throw_unless(found != header_.metadata.end(), file_.where(), ": the metadata has no ", detail::Quoted{key});
        return found->second;
    }
    /// Fills a model of the same names, types and shapes; gradients stay as they are. Throws where the file does not fit, or
    /// cannot be read any more; the model is then unchanged.
    template <HasParams M> void load(M& model) const;

private:
    template <HasParams M> friend void load(const std::filesystem::path& file, M& model);
    friend Metadata load_metadata(const std::filesystem::path& file);
    SavedModel(const std::filesystem::path& file, const char* what)
        : file_(file, what + (": " + file.string())), header_(detail::read_header(file_)) {}

    detail::InputFile file_;
    detail::SafetensorsHeader header_;
};

template <HasParams M> void SavedModel::load(M& model) const {
    const auto tensors = detail::tensors_of(model, file_.where());
    const auto begins = detail::match(header_, tensors, file_.where(), "model");

    std::vector<std::unique_ptr<std::byte[]>> data;  // of each tensor, so that reading fails before the model changes
    for (std::size_t k = 0; k < tensors.size(); ++k) {
        const auto size = static_cast<std::size_t>(tensors[k].end - tensors[k].begin);
        data.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
        file_.read(begins[k], data.back().get(), size);
        const auto bytes = static_cast<std::size_t>(tensors[k].dtype->bits / 8);
        detail::swap_little_endian(data.back().get(), size / bytes, bytes);
    }
    auto from = data.begin();
    for_each_distinct_param(model, [&]<class T>(std::string_view, Param<T>& p) {
        const auto* values = reinterpret_cast<const T*>((from++)->get());
        p.value = Eigen::Map<const detail::RowMajor<T>>(values, p.rows(), p.cols());
    });
}

/// SavedModel(file).load(model).
template <HasParams M> void load(const std::filesystem::path& file, M& model) { SavedModel(file, "load").load(model); }
/// SavedModel(file).metadata().
inline Metadata load_metadata(const std::filesystem::path& file) { return SavedModel(file, "load_metadata").header_.metadata; }

}  // namespace bptt
