#pragma once

#include <map>

#include "bptt/io/pytorch_names.hpp"
#include "bptt/io/tensor_reads.hpp"

namespace bptt::detail {

/// The sum, but of x and zero all bits of x: -0 stays -0.
template <class T> T merged(T a, T b) { return b == 0 ? a : a == 0 ? b : a + b; }

/// Whether the module of a weight has bias=False: a partial file may also just lack the biases.
inline bool has_no_bias(TensorReads& reads, const std::string& weight, const std::vector<std::string>& biases) {
    return !reads.options().partial && reads.find(weight) &&
           std::ranges::none_of(biases, [&](const std::string& name) { return reads.find(name); });
}

/// Reads a model's parameters from the tensors of a module.
class PytorchReader {
public:
    explicit PytorchReader(TensorReads& reads) : reads_(reads) {}

    const std::string& where() const { return reads_.file().where(); }
    /// The tensors of an nn.LSTMCell are called as those of an nn.LSTM, without the layer's number.
    std::string suffix(const std::string& path) { return reads_.find(path + "weight_ih") ? "" : "_l0"; }

    template <class T> void matrix(const std::string&, const std::string& theirs, Param<T>& p) {
        read<T>(p, theirs, vector_shapes(p.rows(), p.cols()), [this, &m = p.value](std::shared_ptr<T[]> numbers) {
            reads_.finally([&m, numbers] { m = Eigen::Map<const RowMajor<T>>(numbers.get(), m.rows(), m.cols()); });
        });
    }
    template <class T> void transposed(const std::string&, const std::string& theirs, Param<T>& p) {
        read<T>(p, theirs, {shape_text({p.cols(), p.rows()})}, [this, &m = p.value](std::shared_ptr<T[]> numbers) {
            reads_.finally([&m, numbers] { m = Eigen::Map<const Mat<T>>(numbers.get(), m.rows(), m.cols()); });
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
        for (std::size_t k = 0; k < theirs.size(); ++k)
            read<T>(
                b, theirs[k], {shape_text({b.rows()})},
                [this, found, &b, bh, count = theirs.size()](std::shared_ptr<T[]> numbers) {
                    found->push_back(numbers);
                    if (found->size() == count) reads_.finally([found, &b, bh] { add_up(*found, b, bh); });
                },
                k);
    }

private:
    /// The k-th tensor of a parameter. One that is tied is read under its first name; under another it must be the same.
    template <class T, class Take>
    void read(const Param<T>& p, const std::string& theirs, std::vector<std::string> shapes, Take take, std::size_t k = 0) {
        const auto [at, is_new] =
            firsts_.try_emplace({&p, k}, std::make_shared<std::pair<std::string, std::shared_ptr<T[]>>>());
        const auto first = std::static_pointer_cast<std::pair<std::string, std::shared_ptr<T[]>>>(at->second);
        if (is_new) {
            first->first = theirs;
            reads_.want<T>(theirs, std::move(shapes), [first, take](std::shared_ptr<T[]> numbers) {
                first->second = numbers;
                take(numbers);
            });
        } else if (const TensorInfo* const tensor = reads_.find(theirs)) {
            const auto count = static_cast<std::size_t>(size_of(*tensor));
            reads_.want<T>(theirs, std::move(shapes), [this, first, theirs, count, take](std::shared_ptr<T[]> numbers) {
                if (!first->second) return take(numbers);  // a partial file lacks the first name
                throw_unless(std::equal(numbers.get(), numbers.get() + count, first->second.get()), where(), ": ",
                             Quoted{theirs}, " differs from ", Quoted{first->first}, ", which the model has tied to it");
            });
        }
    }
    template <class T> static void add_up(const std::vector<std::shared_ptr<T[]>>& vectors, Param<T>& b, Param<T>* bh) {
        const Index added = bh ? b.rows() - bh->rows() : b.rows();
        for (Index k = 0; k < b.rows(); ++k)
            b.value(k) = vectors.size() == 2 && k < added ? merged(vectors[0][k], vectors[1][k]) : vectors[0][k];
        for (Index k = added; k < b.rows(); ++k) bh->value(k - added) = vectors[1][k];
    }

    TensorReads& reads_;
    std::map<std::pair<const void*, std::size_t>, std::shared_ptr<void>> firsts_;  // names and numbers
};

}  // namespace bptt::detail
