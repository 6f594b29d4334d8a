#pragma once

#include "bptt/io/pytorch_names.hpp"
#include "bptt/io/tensor_list.hpp"

namespace bptt::detail {

/// Lists a model's parameters as the tensors of a module, and then writes them.
class PytorchWriter {
public:
    explicit PytorchWriter(std::string where) : tensors_(std::move(where)) {}

    const TensorList& tensors() const { return tensors_; }
    void write_to(AtomicFile& out) { out_ = &out; }

    const std::string& where() const { return tensors_.where(); }
    std::string suffix(const std::string&) const { return "_l0"; }

    template <class T> void matrix(const std::string&, const std::string& theirs, const Param<T>& p) {
        add<T>(theirs, {p.rows(), p.cols()}, p.value);
    }
    template <class T> void transposed(const std::string&, const std::string& theirs, const Param<T>& p) {
        add<T>(theirs, {p.cols(), p.rows()}, p.value.transpose());
    }
    /// The second of two vectors is zero, but for bh.
    template <class T> void bias(const std::string&, const std::string&, const std::vector<std::string>& theirs,
                                 const Param<T>& b, const Param<T>* bh = nullptr) {
        add<T>(theirs[0], {b.rows()}, b.value);
        if (theirs.size() == 1) return;
        Mat<T> second = Mat<T>::Zero(b.rows(), 1);
        if (bh) second.bottomRows(bh->rows()) = bh->value;
        add<T>(theirs[1], {b.rows()}, second);
    }

private:
    template <class T> void add(const std::string& name, std::initializer_list<Index> shape, RowMajor<T> values) {
        const auto count = static_cast<std::size_t>(values.size());
        if (!out_) return tensors_.add<T>(name, shape_text(shape), count);
        swap_little_endian(values.data(), count, sizeof(T));
        out_->write(values.data(), count * sizeof(T));
    }

    TensorList tensors_;
    AtomicFile* out_ = nullptr;
};

}  // namespace bptt::detail
