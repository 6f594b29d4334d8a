#pragma once

#include "bptt/core/table.hpp"
#include "bptt/io/pytorch_read.hpp"
#include "bptt/io/pytorch_write.hpp"
#include "bptt/io/safetensors.hpp"

namespace bptt {

namespace detail {

/// A line for each parameter: what it is read from, and how.
class PytorchTable {
public:
    explicit PytorchTable(TensorReads& reads) : reads_(reads) {}

    const std::vector<std::vector<std::string>>& rows() const { return rows_; }
    bool names(const TensorInfo& tensor) const { return std::ranges::count(named_, &tensor) > 0; }

    const std::string& where() const { return reads_.file().where(); }
    std::string suffix(const std::string& path) { return PytorchReader(reads_).suffix(path); }

    template <class T> void matrix(const std::string& ours, const std::string& theirs, const Param<T>& p) {
        add(ours, p, {theirs}, vector_shapes(p.rows(), p.cols()), "as it is");
    }
    template <class T> void transposed(const std::string& ours, const std::string& theirs, const Param<T>& p) {
        add(ours, p, {theirs}, {shape_text({p.cols(), p.rows()})}, "transposed");
    }
    template <class T> void bias(const std::string& ours, const std::string& weight, const std::vector<std::string>& theirs,
                                 const Param<T>& b, const Param<T>* bh = nullptr) {
        const char* const how = theirs.size() == 1 ? "as it is"
                                : bh               ? "r, z: their sum; n: the first, and the second in bh"
                                                   : "their sum";
        if (has_no_bias(reads_, weight, theirs))
            rows_.push_back({ours, sizes(b), "", "", "zeros, as there is none (bias=False)"});
        else
            add(ours, b, theirs, {shape_text({b.rows()})}, how);
    }

private:
    static std::string sizes(const auto& p) { return std::to_string(p.rows()) + 'x' + std::to_string(p.cols()); }
    template <class T> void add(const std::string& ours, const Param<T>& p, const std::vector<std::string>& theirs,
                                const std::vector<std::string>& shapes, std::string how) {
        for (std::size_t k = 0; k < theirs.size(); ++k) {
            const TensorInfo* const found = reads_.find(theirs[k]);
            if (found) named_.push_back(found);
            if (found && !reads_.fits(*found, *dtype_of<T>(), shapes))
                how = "does not fit: " + std::string(dtype_of<T>()->name) + ' ' + shapes.front() + " is wanted";
            rows_.push_back({k == 0 ? ours : "", k == 0 ? sizes(p) : "", reads_.file_name(theirs[k]),
                             found ? found->kind() : "missing", found ? how : ""});
            how.clear();
        }
    }

    TensorReads& reads_;
    std::vector<std::vector<std::string>> rows_{{"parameter", "shape", "tensor", "in the file", "read"}};
    std::vector<const TensorInfo*> named_;
};

}  // namespace detail

/// Fills a model from a safetensors file of state_dict() of a PyTorch module that is built as the model is: a struct's members
/// have the names of the module's attributes, or `options.rename` turns ours into theirs, {{"embed", "encoder"}}, or also
/// {{"0.weight_ih_l0", "weight_ih"}}: a name as PyTorch's would be. Lstm, Rnn, Gru<T, Reset::after>, also in Stacked and
/// Bidirectional, are nn.LSTM, nn.RNN and nn.GRU, or, alone, their cells; of their two biases bptt keeps the sum, but for the n
/// of a GRU. Embedding is nn.Embedding, Linear nn.Linear. Any other Param is a parameter of the same name. Biases become zero
/// where the file has none (bias=False) and is not to be partial. What is tied here must be equal there. Throws where the file
/// does not fit; the model is then unchanged.
template <HasParams M> Loaded load_pytorch(const std::filesystem::path& file, M& model, LoadOptions options = {}) {
    const detail::InputFile in(file, "load_pytorch: " + file.string());
    const auto header = detail::read_header(in);
    detail::check_visits(in.where(), model);
    detail::TensorReads reads(in, header, "model", std::move(options));
    detail::PytorchReader reader(reads);
    detail::each_pytorch("", model, reader);
    return reads.finish();
}

/// Writes the file that load_pytorch() reads, for load_state_dict(safetensors.torch.load_file(…)) in PyTorch: the first of two
/// biases has all, the second is zero, but for the n of a GRU. A cell alone is an nn.LSTM of one layer, and a column that is no
/// bias is [n,1]. A file of that name is replaced as by save().
template <HasParams M> void save_pytorch(const std::filesystem::path& file, const M& model) {
    detail::PytorchWriter writer("save_pytorch: " + file.string());
    detail::check_visits(writer.tensors().where(), model);
    detail::each_pytorch("", model, writer);
    const std::string json = detail::header_json(writer.tensors(), {{"format", "pt"}});
    detail::AtomicFile out(file, writer.tensors().where());
    detail::write_header(out, json);
    writer.write_to(out);
    detail::each_pytorch("", model, writer);
    out.commit();
}

/// A table of what load_pytorch(file, model, options) would read from what, and what does not fit; it changes nothing.
template <HasParams M>
std::string explain_pytorch(const std::filesystem::path& file, const M& model, LoadOptions options = {}) {
    const detail::InputFile in(file, "explain_pytorch: " + file.string());
    const auto header = detail::read_header(in);
    detail::TensorReads reads(in, header, "model", std::move(options));
    detail::PytorchTable table(reads);
    detail::each_pytorch("", model, table);
    reads.check_renamed();
    auto rows = table.rows();
    for (const auto& tensor : header.tensors)
        if (!table.names(tensor) && reads.has_prefix(tensor))
            rows.push_back({"", "", tensor.name, tensor.kind(), "not in the model"});
    return detail::table(rows, "lllll");
}

}  // namespace bptt
