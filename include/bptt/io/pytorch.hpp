#pragma once

#include <set>

#include "bptt/inspect/table.hpp"
#include "bptt/io/pytorch_names.hpp"
#include "bptt/io/safetensors.hpp"

namespace bptt {

namespace detail {

/// The sum of PyTorch's two biases, a and b; that of x and zero has all bits of x.
template <class T> T merged(T a, T b) { return b == 0 ? a : a == 0 ? b : a + b; }

/// Reads the parameters of a model from a module's tensors.
class PytorchReader {
public:
    explicit PytorchReader(TensorReads& reads) : reads_(reads) {}

    /// An nn.LSTMCell has the names of an nn.LSTM without the layer's number.
    std::string suffix(const std::string& path) { return reads_.find(path + "weight_ih") ? "" : "_l0"; }

    template <class T> void matrix(const std::string&, const std::string& theirs, Param<T>& p) {
        if (is_new(theirs, p)) reads_.matrix(theirs, p.value, p.rows(), p.cols(), true);
    }
    template <class T> void transposed(const std::string&, const std::string& theirs, Param<T>& p) {
        if (!is_new(theirs, p)) return;
        reads_.want<T>(theirs, {shape_text({p.cols(), p.rows()})}, [this, &m = p.value](std::shared_ptr<T[]> read) {
            reads_.finally([&m, read] { m = Eigen::Map<const Mat<T>>(read.get(), m.rows(), m.cols()); });
        });
    }
    template <class T>
    void bias(const std::string&, const std::string& weight, const std::string& theirs, Param<T>& p) {
        if (reads_.find(weight) && !reads_.find(theirs))
            reads_.finally([&m = p.value] { m.setZero(); });
        else
            matrix({}, theirs, p);
    }
    /// bh is b where there is no second bias.
    template <class T>
    void biases(const std::string&, const std::string& ih, const std::string& hh, Param<T>& b, Param<T>* bh) {
        std::string weight = ih;
        weight.replace(weight.rfind("bias_ih"), 4, "weight");
        if (reads_.find(weight) && !reads_.find(ih) && !reads_.find(hh)) {
            reads_.finally([&b, bh] { b.value.setZero(), bh->value.setZero(); });
            return;
        }
        const auto first = std::make_shared<std::shared_ptr<T[]>>();
        const std::vector<std::string> shapes{shape_text({b.rows()})};
        reads_.want<T>(ih, shapes, [first](std::shared_ptr<T[]> read) { *first = read; });
        reads_.want<T>(hh, shapes, [this, first, &b, bh](std::shared_ptr<T[]> read) {
            if (!*first) return;  // a partial load() lacks it
            reads_.finally([ih = *first, hh = read, &b, bh] {
                const Index outside = bh == &b ? b.rows() : b.rows() - bh->rows();
                for (Index k = 0; k < b.rows(); ++k) b.value(k) = k < outside ? merged(ih[k], hh[k]) : ih[k];
                for (Index k = outside; k < b.rows(); ++k) bh->value(k - outside) = hh[k];
            });
        });
    }

private:
    /// A tied parameter is read under its first name.
    bool is_new(const std::string& theirs, const Param<auto>& p);

    TensorReads& reads_;
    std::set<const void*> seen_;
};

}  // namespace detail
}  // namespace bptt
