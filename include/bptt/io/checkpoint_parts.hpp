#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include "bptt/autograd/visits.hpp"
#include "bptt/core/checkpoint.hpp"
#include "bptt/io/tensor_list.hpp"
#include "bptt/sequence/fields.hpp"
#include "bptt/train/moments.hpp"

namespace bptt::detail {

template <class T>
concept NumberOrEnum = Number<T> || std::is_enum_v<T>;
template <NumberOrEnum T> auto as_number(T x) {
    if constexpr (std::is_enum_v<T>)
        return static_cast<std::underlying_type_t<T>>(x);
    else
        return x;
}

template <class F> struct PartVisitor;

/// Calls f(name, leaf) for all that a checkpoint keeps of a part, and f.model(name, model); `name` is empty for the whole.
template <class X, class F> void each_leaf(const std::string& name, X& x, F& f) {
    using Value = std::remove_const_t<X>;
    const PartVisitor<F> nested{name, f};
    static_assert(HasCheckpoint<Value> || !names_checkpoint<Value>(),
                  "a type's checkpoint() is public, and `static void checkpoint(auto& m, auto&& f)`");
    constexpr bool may_change = !std::is_const_v<X> || !F::restores;
    if constexpr (HasCheckpoint<Value>) {
        Value::checkpoint(x, nested);
    } else if constexpr (HasParams<Value>) {
        static_assert(may_change, "load_checkpoint: a model of the run is const");
        check_visits(f.where(), x);
        for_each_distinct_param(x, [&](std::string_view own, auto& p) { f.parameter(nested.joined(own), p); });
    } else if constexpr (is_param<Value>) {
        static_assert(may_change, "load_checkpoint: a parameter of the run is const");
        f.parameter(name, x);
    } else if constexpr (StateOver<Value, Mat>) {
        static_assert(may_change, "load_checkpoint: a state of the run is const");
        for_each_named_field(x, [&](const std::string& own, auto& m) { f(nested.joined(own), m); });
    } else if constexpr (requires(Value & part) { f(name, part); }) {
        static_assert(may_change, "load_checkpoint: a part of the run is const; a function captures by reference, [&]");
        f(name, x);
    } else {
        static_assert(
            std::invocable<X&, const PartVisitor<F>&>,
            "a checkpoint keeps numbers, enums, strings, vectors of numbers, matrices, states of them, models, what has "
            "a `static void checkpoint(auto& m, auto&& f)`, and the whole may be a function `[&](auto&& f)` that is not "
            "mutable; of several layers or strings each has a name");
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
    static constexpr bool restores = false;

    explicit SavedParts(std::string where) : tensors_(std::move(where)) {}

    const std::string& where() const { return tensors_.where(); }
    const TensorList& tensors() const { return tensors_; }
    const std::vector<std::byte>& data() const { return data_; }
    const Metadata& texts() const { return texts_; }

    template <class T> void operator()(const std::string& name, const Mat<T>& m) {
        const RowMajor<T> rows = m;
        add(name, shape_text({m.rows(), m.cols()}), rows.data(), static_cast<std::size_t>(m.size()));
    }
    template <class T> void parameter(const std::string& name, const Param<T>& p) { (*this)(name, p.value); }
    template <class T> void operator()(const std::string& name, const NamedMatrices<T>& all) {
        const std::size_t first = tensors_.all().size();
        for (const auto& [own, m] : all) (*this)(name + '.' + own, m);
        maps_.push_back({name + '.', first, tensors_.all().size()});
    }
    template <NumberOrEnum T> void operator()(const std::string& name, const T& x) {
        const auto number = as_number(x);
        add(name, shape_text({}), &number, 1);
    }
    template <Element T> void operator()(const std::string& name, const std::vector<T>& all) {
        add(name, shape_text({std::ssize(all)}), all.data(), all.size());
    }
    void operator()(const std::string& name, const std::string& text) {
        check_name(name, where());
        throw_unless(!name.starts_with("bptt."), where(), ": no string can be called ", Quoted{name});
        throw_unless(texts_.emplace(name, text).second, where(), ": two strings are called ", Quoted{name});
    }
    template <class X> void operator()(MadeAnew<X>) {}

    /// Throws where a part has a name that would be taken for one of NamedMatrices'.
    void check_maps() const {
        for (const Map& map : maps_)
            for (std::size_t k = 0; k < tensors_.all().size(); ++k)
                throw_unless(!tensors_.all()[k].name.starts_with(map.begins) || (k >= map.first && k < map.end), where(),
                             ": nothing else can be called ", Quoted{tensors_.all()[k].name},
                             ", which begins as the matrices of ", Quoted{map.begins});
    }

private:
    struct Map {
        std::string begins;
        std::size_t first, end;  // of the tensors
    };
    template <Number T> void add(const std::string& name, std::string shape, const T* numbers, std::size_t count) {
        tensors_.add<T>(name, std::move(shape), count);
        const std::size_t begin = data_.size();
        const auto* const bytes = reinterpret_cast<const std::byte*>(numbers);
        data_.insert(data_.end(), bytes, bytes + count * sizeof(T));
        swap_little_endian(data_.data() + begin, count, sizeof(T));
    }

    TensorList tensors_;
    std::vector<std::byte> data_;
    std::vector<Map> maps_;
    Metadata texts_;
};

}  // namespace bptt::detail
