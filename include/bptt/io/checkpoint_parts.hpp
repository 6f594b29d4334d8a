#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "bptt/core/checkpoint.hpp"
#include "bptt/io/safetensors_model.hpp"
#include "bptt/sequence/fields.hpp"
#include "bptt/train/moments.hpp"

namespace bptt::detail {

template <class T>
concept Number = std::is_arithmetic_v<T>;

template <Number T> const Dtype* dtype_of() {
    std::string name = std::is_same_v<T, bool> ? "BOOL" : std::is_floating_point_v<T> ? "F" : std::is_signed_v<T> ? "I" : "U";
    if (name != "BOOL") name += std::to_string(8 * sizeof(T));
    return std::ranges::find(dtypes, name, &Dtype::name);
}
inline std::string shape_text(Index rows, Index cols) { return '[' + std::to_string(rows) + ',' + std::to_string(cols) + ']'; }

template <class F> struct PartVisitor;

/// Calls f(name, leaf) for all that a checkpoint keeps of a part, and f.model(name, model); `name` is empty for the whole.
template <class X, class F> void each_leaf(const std::string& name, X& x, F& f) {
    using Value = std::remove_const_t<X>;
    const PartVisitor<F> nested{name, f};
    if constexpr (HasCheckpoint<Value>) {
        Value::checkpoint(x, nested);
    } else if constexpr (is_param<Value>) {
        f.parameter(name, x);
    } else if constexpr (HasParams<Value>) {
        check_visits(f.where(), x);
        for_each_distinct_param(x, [&](std::string_view own, auto& p) { f.parameter(nested.joined(own), p); });
    } else if constexpr (StateOver<Value, Mat>) {
        for_each_named_field(x, [&](const std::string& own, auto& m) { f(nested.joined(own), m); });
    } else if constexpr (requires { f(name, x); }) {
        f(name, x);
    } else {
        static_assert(
            std::invocable<X&, const PartVisitor<F>&>,
            "a checkpoint keeps numbers, strings, vectors of numbers, matrices, states of them, models, and what has a "
            "`static void checkpoint(auto& m, auto&& f)`");
        x(nested);
    }
}

template <class F> struct PartVisitor {
    const std::string& name;
    F& f;

    std::string joined(std::string_view own) const { return name.empty() ? std::string(own) : name + '.' + std::string(own); }
    void operator()(std::string_view own, auto& part) const { each_leaf(joined(own), part, f); }
    template <class X> void operator()(MadeAnew<X> part) const { f(part); }
};

/// What is saved: tensors with their bytes, and strings. It copies them, as a part may be a variable of a checkpoint().
class SavedParts {
public:
    explicit SavedParts(const std::string& where) : where_(where) {}

    const std::string& where() const { return where_; }
    const std::vector<TensorInfo>& tensors() const { return tensors_; }
    const std::vector<std::byte>& data() const { return data_; }
    const Metadata& texts() const { return texts_; }

    template <class T> void operator()(const std::string& name, const Mat<T>& m) {
        const RowMajor<T> rows = m;
        add(name, shape_text(m.rows(), m.cols()), rows.data(), static_cast<std::size_t>(m.size()));
    }
    template <class T> void parameter(const std::string& name, const Param<T>& p) { (*this)(name, p.value); }
    template <class T> void operator()(const std::string& name, const NamedMatrices<T>& all) {
        for (const auto& [own, m] : all) (*this)(name + '.' + own, m);
    }
    template <Number T> void operator()(const std::string& name, const T& x) { add(name, "[]", &x, 1); }
    template <Number T>
    requires(!std::is_same_v<T, bool>) void operator()(const std::string& name, const std::vector<T>& all) {
        add(name, '[' + std::to_string(all.size()) + ']', all.data(), all.size());
    }
    void operator()(const std::string& name, const std::string& text) {
        check_name(name);
        throw_unless(texts_.emplace(name, text).second, where_, ": two strings are called ", Quoted{name});
    }
    template <class X> void operator()(MadeAnew<X>) {}

private:
    void check_name(const std::string& name) const {
        throw_unless(!name.empty() && name != "__metadata__" && !name.starts_with("bptt.") && name.find('\0') == name.npos,
                     where_, ": nothing can be called ", Quoted{name});
    }
    template <Number T> void add(const std::string& name, std::string shape, const T* numbers, std::size_t count) {
        check_name(name);
        throw_unless(std::ranges::find(tensors_, name, &TensorInfo::name) == tensors_.end(), where_, ": two parts are called ",
                     Quoted{name});
        const std::size_t begin = data_.size();
        const auto* const bytes = reinterpret_cast<const std::byte*>(numbers);
        data_.insert(data_.end(), bytes, bytes + count * sizeof(T));
        swap_little_endian(data_.data() + begin, count, sizeof(T));
        tensors_.push_back({name, std::move(shape), dtype_of<T>(), begin, data_.size()});
    }

    const std::string& where_;
    std::vector<TensorInfo> tensors_;
    std::vector<std::byte> data_;
    Metadata texts_;
};

}  // namespace bptt::detail
