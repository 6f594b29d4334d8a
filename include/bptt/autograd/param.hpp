#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/core/check.hpp"

namespace bptt {

/// A weight matrix and its gradient. `backward` adds to the gradient; only `zero_grad` resets it.
template <class T> struct Param {
    Mat<T> value;
    mutable Mat<T> grad;  // so that layers are const while they compute

    Param() = default;
    /// Zeros.
    Param(Index rows, Index cols) {
        detail::check_shape("Param", {rows, cols});
        value.setZero(rows, cols);
        grad.setZero(rows, cols);
    }
    Param(Mat<T> v) : value(std::move(v)), grad(Mat<T>::Zero(value.rows(), value.cols())) {}

    Index rows() const { return value.rows(); }
    Index cols() const { return value.cols(); }

    /// Sets the gradient to zeros of the value's shape.
    void zero_grad() const {
        if (shape(grad) == shape(value))
            grad.setZero();
        else
            grad = Mat<T>(Mat<T>::Zero(rows(), cols()));  // Eigen's resize() leaves a dangling pointer where memory is short
    }
};

template <class P> inline constexpr bool is_param = false;
template <class T> inline constexpr bool is_param<Param<T>> = true;

/// Anything whose parameters a static `params(model, f)` visits: f("name", field) for each Param and each nested model.
template <class M>
concept HasParams = requires(M& m) {
    std::remove_cvref_t<M>::params(m, [](std::string_view, auto&) {});
};

/// Inside a struct, BPTT_PARAMS(embed, lstm, head) is the visitor of these members, at most 16. It is a template, which a
/// struct inside a function cannot have.
///   static void params(auto& m, auto&& f) { f("embed", m.embed), f("lstm", m.lstm), f("head", m.head); }
#define BPTT_PARAMS(...) \
    static void params(auto& m, auto&& f) { BPTT_DETAIL_EXPAND(BPTT_DETAIL_VISIT(__VA_ARGS__)) }
#define BPTT_DETAIL_VISIT(name, ...) \
    f(#name, m.name);                \
    __VA_OPT__(BPTT_DETAIL_AGAIN BPTT_DETAIL_NO_ARGUMENTS(__VA_ARGS__))
#define BPTT_DETAIL_NO_ARGUMENTS ()
#define BPTT_DETAIL_AGAIN() BPTT_DETAIL_VISIT
#define BPTT_DETAIL_EXPAND(...) \
    BPTT_DETAIL_EXPAND_4(BPTT_DETAIL_EXPAND_4(BPTT_DETAIL_EXPAND_4(BPTT_DETAIL_EXPAND_4(__VA_ARGS__))))
#define BPTT_DETAIL_EXPAND_4(...) \
    BPTT_DETAIL_EXPAND_1(BPTT_DETAIL_EXPAND_1(BPTT_DETAIL_EXPAND_1(BPTT_DETAIL_EXPAND_1(__VA_ARGS__))))
#define BPTT_DETAIL_EXPAND_1(...) __VA_ARGS__

namespace detail {

/// The names above a parameter, joined with dots, in place.
class Path {
public:
    std::string_view view() const { return {text_.data(), size_}; }
    /// Adds a name; returns what to cut() the path to, so that it is as long as it was.
    std::size_t append(std::string_view part) {
        throw_unless(size_ + part.size() < text_.size(), "params: the name ", view(), part, " is longer than ", text_.size());
        const std::size_t above = size_;
        part.copy(text_.data() + size_, part.size());
        size_ += part.size();
        return above;
    }
    void cut(std::size_t size) { size_ = size; }

private:
    std::array<char, 256> text_;
    std::size_t size_ = 0;
};

void visit_params(auto& model, auto& f, Path& path) {
    std::remove_cvref_t<decltype(model)>::params(model, [&](std::string_view name, auto& field) {
        const std::size_t above = path.append(name);
        if constexpr (is_param<std::remove_cvref_t<decltype(field)>>) {
            f(path.view(), field);
        } else {
            static_assert(HasParams<decltype(field)>, "params: a field is neither a Param nor has params of its own");
            path.append(".");
            visit_params(field, f, path);
        }
        path.cut(above);
    });
}

}  // namespace detail

/// f(name, param) for every parameter in the model's own order. Names of nested parts join with dots ("lstm.Wx");
/// a name is valid during the call only.
template <HasParams M> void for_each_param(M& model, auto&& f) {
    detail::Path path;
    detail::visit_params(model, f, path);
}

/// As for_each_param, but a Param that the model visits twice (tied weights) comes once, under its first name.
template <HasParams M> void for_each_distinct_param(M& model, auto&& f) {
    Index at = 0;
    for_each_param(model, [&](std::string_view name, auto& p) {
        Index k = 0;
        bool seen = false;
        for_each_param(model, [&](std::string_view, auto& q) {
            seen |= k++ < at && static_cast<const void*>(&q) == static_cast<const void*>(&p);
        });
        ++at;
        if (!seen) f(name, p);
    });
}

/// Sets every gradient to zero.
template <HasParams M> void zero_grad(const M& model) {
    for_each_param(model, [](std::string_view, const auto& p) { p.zero_grad(); });
}

/// How many numbers the model learns; tied parameters count once.
template <HasParams M> Index parameter_count(const M& model) {
    Index n = 0;
    for_each_distinct_param(model, [&](std::string_view, const auto& p) { n += p.value.size(); });
    return n;
}

}  // namespace bptt
