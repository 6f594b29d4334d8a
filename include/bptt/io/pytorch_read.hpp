#pragma once

#include <set>

#include "bptt/io/pytorch_names.hpp"
#include "bptt/io/tensor_reads.hpp"

namespace bptt::detail {

/// The sum, but of x and zero all bits of x: -0 stays -0.
template <class T> T merged(T a, T b) { return b == 0 ? a : a == 0 ? b : a + b; }

/// Whether the module of a weight has bias=False.
inline bool has_no_bias(TensorReads& reads, const std::string& weight, const std::vector<std::string>& biases) {
    return reads.find(weight) && std::ranges::none_of(biases, [&](const std::string& name) { return reads.find(name); });
}

/// Reads a model's parameters from the tensors of a module.
class PytorchReader {
public:
    explicit PytorchReader(TensorReads& reads) : reads_(reads) {}

    /// The tensors of an nn.LSTMCell are called as those of an nn.LSTM, without the layer's number.
    std::string suffix(const std::string& path) { return reads_.find(path + "weight_ih") ? "" : "_l0"; }

    template <class T> void matrix(const std::string&, const std::string& theirs, Param<T>& p) {
        if (seen_.insert(&p).second)
            reads_.matrix(theirs, p.value, p.rows(), p.cols(), true);
        else if (reads_.find(theirs))  // tied: the first name has been read
            reads_.want<T>(theirs, {shape_text({p.rows(), p.cols()})}, [](std::shared_ptr<T[]>) {});
    }
    template <class T> void transposed(const std::string&, const std::string& theirs, Param<T>& p) {
        reads_.want<T>(theirs, {shape_text({p.cols(), p.rows()})}, [this, &m = p.value](std::shared_ptr<T[]> read) {
            reads_.finally([&m, read] { m = Eigen::Map<const Mat<T>>(read.get(), m.rows(), m.cols()); });
        });
    }
    template <class T> void bias(const std::string&, const std::string& weight, const std::vector<std::string>& theirs,
                                 Param<T>& b, Param<T>* bh = nullptr) {
        if (has_no_bias(reads_, weight, theirs)) {
            reads_.finally([&b, bh] {
                b.value.setZero();
                if (bh) bh->value.setZero();
            });
            return;
        }
        const auto found = std::make_shared<std::vector<std::shared_ptr<T[]>>>();
        for (const std::string& name : theirs)
            reads_.want<T>(name, {shape_text({b.rows()})},
                           [this, found, &b, bh, count = theirs.size()](std::shared_ptr<T[]> read) {
                               found->push_back(read);
                               if (found->size() == count) reads_.finally([found, &b, bh] { add_up(*found, b, bh); });
                           });
    }

private:
    template <class T> static void add_up(const std::vector<std::shared_ptr<T[]>>& vectors, Param<T>& b, Param<T>* bh) {
        const Index added = bh ? b.rows() - bh->rows() : b.rows();
        for (Index k = 0; k < b.rows(); ++k)
            b.value(k) = vectors.size() == 2 && k < added ? merged(vectors[0][k], vectors[1][k]) : vectors[0][k];
        for (Index k = added; k < b.rows(); ++k) bh->value(k - added) = vectors[1][k];
    }

    TensorReads& reads_;
    std::set<const void*> seen_;
};

}  // namespace bptt::detail
