#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/core/check.hpp"
#include "bptt/core/members.hpp"

namespace bptt {

/// A weight matrix and its gradient. `backward` adds to the gradient; only `zero_grad` resets it.
template <class T> struct Param {
    Mat<T> value;
    mutable Mat<T> grad;  // mutable, so that backward() can add to the gradients of a const layer

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

/// A member that params() leaves out on purpose.
template <class X> struct LeftOut { const X& member; };
/// f(left_out(m.x)) in params() says that the parameters of x are neither learnt nor saved. Without it, a member that params()
/// forgets is an error.
template <class X> LeftOut<X> left_out(const X& member) { return {member}; }

namespace detail {
struct AnyVisitor {
    void operator()(std::string_view, auto&) const {}
    template <class X> void operator()(LeftOut<X>) const {}
};
}  // namespace detail

/// Whether M's params(m, f) takes m by value, so that whatever is done to the parameters is done to a copy of them.
template <class M>
concept ParamsTakesTheModelByCopy = requires {
    static_cast<void (*)(M, detail::AnyVisitor)>(&M::params);
}
|| requires { static_cast<void (*)(M, detail::AnyVisitor&)>(&M::params); }
|| requires { static_cast<void (*)(M, detail::AnyVisitor &&)>(&M::params); }
|| requires { static_cast<void (*)(M, const detail::AnyVisitor&)>(&M::params); };

/// Anything whose parameters a static `params(auto& m, auto&& f)` visits: f("name", m.field) for each Param and each nested
/// model.
template <class M>
concept HasParams = requires(M& m) {
    std::remove_cvref_t<M>::params(m, detail::AnyVisitor());
}
&&!ParamsTakesTheModelByCopy<std::remove_cvref_t<M>>;

namespace detail {

/// Whether X is or holds parameters: a Param, a model, or several of them.
template <class X> constexpr bool learns() {
    if constexpr (is_param<X> || HasParams<X>)
        return true;
    else if constexpr (std::ranges::range<X>)
        return !std::is_same_v<std::ranges::range_value_t<X>, X> && learns<std::ranges::range_value_t<X>>();
    else
        return false;
}
/// How many members of M have parameters: learns() is true; 0 where the members of M are not known.
template <class M> constexpr std::ptrdiff_t learning_members() {
    if constexpr (member_count<M>() <= most_members)
        return []<class... X>(std::type_identity<std::tuple<X&...>>) {
            return (std::ptrdiff_t{0} + ... + std::ptrdiff_t{learns<std::remove_const_t<X>>()});
        }(std::type_identity<decltype(members(std::declval<M&>()))>());
    else
        return 0;
}
/// Whether a comma-separated list of names is long enough to name all members of M that have parameters.
template <class M> constexpr bool names_all(std::string_view names) {
    return std::ranges::count(names, ',') + 1 >= learning_members<M>();
}

}  // namespace detail

/// Inside a struct, BPTT_PARAMS(embed, lstm, head) defines this params() for at most 16 members. It is a member template, so
/// a local struct cannot have it. An aggregate must name all members that have parameters.
///   static void params(auto& m, auto&& f) { f("embed", m.embed), f("lstm", m.lstm), f("head", m.head); }
#define BPTT_PARAMS(...)                                                                                             \
    static void params(auto& m, auto&& f) {                                                                          \
        static_assert(::bptt::detail::names_all<std::remove_cvref_t<decltype(m)>>(#__VA_ARGS__),                     \
                      "BPTT_PARAMS leaves out a member that has parameters: name it, or write params(m, f) instead " \
                      "and say f(left_out(m.x))");                                                                   \
        BPTT_DETAIL_EXPAND(BPTT_DETAIL_VISIT(__VA_ARGS__))                                                           \
    }
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

/// The dotted path of names that leads to a parameter, in a buffer of fixed size.
class Path {
public:
    std::string_view view() const { return {text_.data(), size_}; }
    /// Appends a name and returns the size before: cut() to that size removes the name.
    std::size_t append(std::string_view part) {
        throw_unless(size_ + part.size() <= text_.size(), "params: the name ", view(), part, " is longer than ", text_.size());
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

/// The visitor that is passed to params(): it calls f(name, param) for each Param, those of nested models included.
template <class F> struct Visitor {
    F& f;
    Path& path;

    void operator()(std::string_view name, auto& field) const {
        const std::size_t above = path.append(name);
        if constexpr (is_param<std::remove_cvref_t<decltype(field)>>) {
            f(path.view(), field);
        } else {
            static_assert(HasParams<decltype(field)>,
                          "params: a field is neither a Param nor has params of its own; of a vector, visit each");
            path.append(".");
            std::remove_cvref_t<decltype(field)>::params(field, *this);
        }
        path.cut(above);
    }
    template <class X> void operator()(LeftOut<X>) const {}
};

}  // namespace detail

/// Calls f(name, param) for every parameter, in the model's own order. The names of nested models are joined with dots
/// ("lstm.Wx"); a name is valid during the call only.
template <HasParams M> void for_each_param(M& model, auto&& f) {
    detail::Path path;
    std::remove_cvref_t<M>::params(model, detail::Visitor<std::remove_reference_t<decltype(f)>>{f, path});
}

namespace detail {
/// Whether a parameter is among the first `earlier` that a model visits.
struct SeenBefore {
    const void* param;
    Index earlier;
    bool found = false;
    void operator()(std::string_view, const auto& p) { found |= earlier-- > 0 && param == static_cast<const void*>(&p); }
};
}  // namespace detail

/// As for_each_param, but a Param that the model visits twice (tied weights) comes once, under its first name.
template <HasParams M> void for_each_distinct_param(M& model, auto&& f) {
    Index earlier = 0;
    for_each_param(model, [&](std::string_view name, auto& p) {
        detail::SeenBefore seen{&p, earlier++};
        for_each_param(std::as_const(model), seen);
        if (!seen.found) f(name, p);
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
