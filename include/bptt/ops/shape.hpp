#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <utility>

#include "bptt/autograd/record.hpp"

namespace bptt {

/// Rows [first, first + count) of x.
template <class T> Var<T> rows(Var<T> x, Index first, Index count) {
    throw_unless(first >= 0 && count >= 0 && count <= x.rows() - first, "rows: ", count, " rows from ", first, " on, x is ",
                 shape(x));
    return record({x}, x.value().middleRows(first, count), [x, first, count](Var<T> y) {
        x.accumulate_into([&](auto dx) { dx.middleRows(first, count) += y.grad(); });
    });
}

/// Columns [first, first + count) of x: a view, not a copy.
template <class T> Var<T> cols(Var<T> x, Index first, Index count) {
    throw_unless(first >= 0 && count >= 0 && count <= x.cols() - first, "cols: ", count, " columns from ", first, " on, x is ",
                 shape(x));
    return x.tape().view(x, first * x.rows(), x.rows(), count);
}

/// N blocks of rows, top to bottom, equally high.
template <std::size_t N, class T> std::array<Var<T>, N> split(Var<T> x) {
    constexpr auto n = static_cast<Index>(N);
    throw_unless(x.rows() % n == 0, "split: x is ", shape(x), ", its rows do not divide by ", n);
    std::array<Var<T>, N> blocks;
    for (Index k = 0; k < n; ++k) blocks[static_cast<std::size_t>(k)] = rows(x, k * (x.rows() / n), x.rows() / n);
    return blocks;
}

/// The same numbers in column-major order, rows×cols: a view, not a copy.
template <class T> Var<T> reshape(Var<T> x, Index rows, Index cols) {
    const bool fits = x.size() == 0 ? rows == 0 || cols == 0 : rows > 0 && x.size() % rows == 0 && x.size() / rows == cols;
    throw_unless(rows >= 0 && cols >= 0 && fits, "reshape: x is ", shape(x), ", the new shape ", detail::Shape{rows, cols});
    return x.tape().view(x, 0, rows, cols);
}

/// y = xᵀ      dx += dyᵀ
template <class T> Var<T> transpose(Var<T> x) {
    return record({x}, x.value().transpose(), [x](Var<T> y) { x.accumulate(y.grad().transpose()); });
}

namespace detail {

/// The parts one after the other; block(m, first, count) are the rows or columns of m that one part fills.
template <class T, class Block>
Var<T> concat(std::span<const Var<T>> parts, Shape whole, Index (Var<T>::*extent)() const, Block block) {
    const auto each = [kept = parts[0].tape().keep(parts), extent](auto f) {
        for (Index at = 0; const Var<T>& p : kept) f(p, std::exchange(at, at + (p.*extent)()), (p.*extent)());
    };
    return record(
        parts, whole.rows, whole.cols, [&](auto y) { each([&](Var<T> p, Index at, Index n) { block(y, at, n) = p.value(); }); },
        [each, block](Var<T> y) { each([&](Var<T> p, Index at, Index n) { p.accumulate(block(y.grad(), at, n)); }); });
}

}  // namespace detail

/// All parts on top of each other; they have equally many columns.
template <class T> Var<T> concat_rows(std::span<const Var<T>> parts) {
    throw_unless(!parts.empty(), "concat_rows: no parts");
    detail::Shape whole{0, parts[0].cols()};
    for (const Var<T>& p : parts) {
        throw_unless(p.cols() == whole.cols, "concat_rows: the first part is ", shape(parts[0]), ", another ", shape(p));
        detail::check_same_tape("concat_rows", parts[0], p);
        detail::check_known_order("concat_rows", parts[0].layout(), p.layout());
        whole.rows += p.rows();
    }
    return detail::concat(parts, whole, &Var<T>::rows, [](auto m, Index at, Index n) { return m.middleRows(at, n); });
}
template <class T> Var<T> concat_rows(std::initializer_list<Var<T>> parts) {
    return concat_rows(std::span<const Var<T>>(parts));
}

/// All parts side by side; they have equally many rows.
template <class T> Var<T> concat_cols(std::span<const Var<T>> parts) {
    throw_unless(!parts.empty(), "concat_cols: no parts");
    detail::Shape whole{parts[0].rows(), 0};
    for (const Var<T>& p : parts) {
        throw_unless(p.rows() == whole.rows, "concat_cols: the first part is ", shape(parts[0]), ", another ", shape(p));
        detail::check_same_tape("concat_cols", parts[0], p);
        whole.cols += p.cols();
    }
    return detail::concat(parts, whole, &Var<T>::cols, [](auto m, Index at, Index n) { return m.middleCols(at, n); });
}
template <class T> Var<T> concat_cols(std::initializer_list<Var<T>> parts) {
    return concat_cols(std::span<const Var<T>>(parts));
}

}  // namespace bptt
