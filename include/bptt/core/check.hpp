#pragma once

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <locale>
#include <ostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "bptt/core/types.hpp"

namespace bptt {

namespace detail {

struct Shape {
    Index rows, cols;
    friend bool operator==(Shape, Shape) = default;
    friend std::ostream& operator<<(std::ostream& out, Shape s) { return out << s.rows << 'x' << s.cols; }
};

/// A part of a message: any value that an std::ostream prints. It refers to the value.
class Part {
    const void* value_;
    void (*print_)(std::ostream&, const void*);

public:
    template <class T> Part(const T& x)
        : value_(&x), print_([](std::ostream& out, const void* p) { out << *static_cast<const T*>(p); }) {}
    Part(const char* text)
        : value_(text), print_([](std::ostream& out, const void* p) { out << static_cast<const char*>(p); }) {}
    friend std::ostream& operator<<(std::ostream& out, Part part) { return part.print_(out, part.value_), out; }
};

// It is no template of the parts' types: each of the library's two hundred checks would be a function of its own.
[[noreturn, gnu::cold, gnu::noinline]] inline void fail(std::initializer_list<Part> parts) {
    std::ostringstream message;
    message.imbue(std::locale::classic());
    for (const Part part : parts) message << part;
    throw std::invalid_argument(message.str());
}

}  // namespace detail

/// The shape of anything with rows() and cols(); it prints as 4x3.
detail::Shape shape(const auto& m) { return {m.rows(), m.cols()}; }

/// Throws std::invalid_argument, with `parts` printed one after the other, unless `ok`.
template <class... Parts> void throw_unless(bool ok, const Parts&... parts) {
    if (!ok) [[unlikely]]
        detail::fail({parts...});
}

namespace detail {
/// Throws if the number of rows or columns with which something is made is negative.
inline void check_shape(const char* what, Shape s) {
    throw_unless(s.rows >= 0 && s.cols >= 0, what, ": the shape ", s, " is negative");
}
/// Throws unless both sizes that a cell's constructor was given are positive.
inline void check_sizes(const char* cell, Index inputs, Index units) {
    throw_unless(inputs > 0 && units > 0, cell, ": inputs is ", inputs, ", units is ", units, "; both must be positive");
}
/// Throws if a value is not finite, with its place after `what`, the function and the name of the values.
template <class Derived> void check_finite(const Eigen::DenseBase<Derived>& values, const auto&... what) {
    if (values.allFinite()) return;
    for (Index i = 0; i < values.rows(); ++i)
        for (Index j = 0; j < values.cols(); ++j)
            throw_unless(std::isfinite(values(i, j)), what..., "row ", i, ", column ", j, " is ", values(i, j), ", not finite");
}
/// Throws unless sequences have as many rows each and finite values; `function` takes them, `what` is one of them.
template <class T> void check_sequences(const char* function, const char* what, const std::vector<Mat<T>>& all) {
    for (std::size_t k = 0; k < all.size(); ++k) {
        throw_unless(all[k].rows() == all[0].rows(), function, ": ", what, " 0 is ", shape(all[0]), ", ", what, ' ', k, " is ",
                     shape(all[k]));
        check_finite(all[k], function, ": ", what, ' ', k, ": ");
    }
}
}  // namespace detail

}  // namespace bptt
