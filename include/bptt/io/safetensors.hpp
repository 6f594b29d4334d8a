#pragma once

#include "bptt/autograd/visits.hpp"
#include "bptt/io/saved_tensor.hpp"

namespace bptt {

/// Writes the parameters' values, tied ones once under their first name, and `metadata`, in the safetensors format: F32 or
/// F64, [rows,cols], under the names of for_each_param(). A file of that name is replaced when all has reached the disk and
/// not before: after an error there is the old file, after a crash or a power failure the old one or the new one, whole (and
/// perhaps what was written beside it, ".bptt-..."). Throws where a string is not UTF-8, two parameters have one name, or the
/// file cannot be written.
template <HasParams M> void save(const std::filesystem::path& file, const M& model, const Metadata& metadata = {}) {
    detail::TensorList tensors("save: " + file.string());
    detail::check_visits(tensors.where(), model);
    for_each_distinct_param(model, [&]<class T>(std::string_view name, const Param<T>& p) {
        tensors.add<T>(std::string(name), detail::shape_text({p.rows(), p.cols()}), static_cast<std::uint64_t>(p.value.size()));
    });
    const std::string json = detail::header_json(tensors, metadata);
    detail::AtomicFile out(file, tensors.where());
    detail::write_header(out, json);
    for_each_distinct_param(model, [&]<class T>(std::string_view, const Param<T>& p) {
        detail::RowMajor<T> rows = p.value;
        detail::swap_little_endian(rows.data(), static_cast<std::size_t>(rows.size()), sizeof(T));
        out.write(rows.data(), static_cast<std::size_t>(rows.size()) * sizeof(T));
    });
    out.commit();
}

/// SavedModel(file).load(model, options).
template <HasParams M> Loaded load(const std::filesystem::path& file, M& model, LoadOptions options = {});

/// With `convert`, F16, BF16, F32 and F64 become the type that is asked for, rounded to the nearest.
struct TensorOptions {
    bool convert = false;
};

/// A safetensors file, of save() or another program, held open: the metadata, to build a model, and the values, to fill it,
/// come from the same file even if another is saved in its place meanwhile. Throws if it cannot be read, or is not a valid one.
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
    /// Of all tensors, in alphabetical order.
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& t : header_.tensors) all.push_back(t.name);
        std::ranges::sort(all);
        return all;
    }
    /// A tensor of any rank; T is float, double or an integer. Throws where there is none of that name, or it has another type
    /// and is not to be converted, or a finite number is too large for T.
    template <detail::Element T> SavedTensor<T> tensor(const std::string& name, TensorOptions options = {}) const {
        const auto found = std::ranges::find(header_.tensors, name, &detail::TensorInfo::name);
        throw_unless(found != header_.tensors.end(), file_.where(), ": there is no tensor ", detail::Quoted{name});
        const detail::Dtype& wanted = *detail::dtype_of<T>();
        const bool floats = detail::is_float(*found->dtype) && detail::is_float(wanted);
        throw_unless(found->dtype == &wanted || (options.convert && floats), file_.where(), ": ", detail::Quoted{name}, " is ",
                     found->kind(), ", not ", wanted.name, floats ? " (.convert turns one into the other)" : "");
        SavedTensor<T> tensor{detail::sizes_of(*found, file_.where()),
                              std::vector<T>(static_cast<std::size_t>(detail::size_of(*found)))};
        detail::read_numbers(file_, header_.data, *found, tensor.values.data());
        return tensor;
    }
    /// Fills a model whose parameters have the names, types and shapes of the file; a column or a row may have one dimension
    /// there. Gradients stay as they are. Throws where the file does not fit, or cannot be read any more; the model is then
    /// unchanged.
    template <HasParams M> Loaded load(M& model, LoadOptions options = {}) const {
        detail::check_visits(file_.where(), model);
        detail::TensorReads reads(file_, header_, "model", std::move(options));
        for_each_distinct_param(
            model, [&]<class T>(std::string_view name, Param<T>& p) { reads.matrix(name, p.value, p.rows(), p.cols(), true); });
        return reads.finish();
    }

private:
    template <HasParams M> friend Loaded load(const std::filesystem::path& file, M& model, LoadOptions options);
    friend Metadata load_metadata(const std::filesystem::path& file);
    SavedModel(const std::filesystem::path& file, const char* what)
        : file_(file, what + (": " + file.string())), header_(detail::read_header(file_)) {}

    detail::InputFile file_;
    detail::SafetensorsHeader header_;
};

template <HasParams M> Loaded load(const std::filesystem::path& file, M& model, LoadOptions options) {
    return SavedModel(file, "load").load(model, std::move(options));
}
/// SavedModel(file).metadata().
inline Metadata load_metadata(const std::filesystem::path& file) { return SavedModel(file, "load_metadata").header_.metadata; }

}  // namespace bptt
