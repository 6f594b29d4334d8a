#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/autograd/visits.hpp"
#include "bptt/core/checkpoint.hpp"

namespace bptt {

/// Matrices by name.
template <class T> using NamedMatrices = std::map<std::string, Mat<T>, std::less<>>;

namespace detail {

/// What is remembered of each parameter of one model: `count` matrices of its shape, zero at first, by its name.
template <class T, std::size_t count> class Moments {
public:
    using Matrices = std::array<NamedMatrices<T>, count>;
    /// The parameter and its first number, as the last step left them: place is null where there was none.
    struct Met {
        std::int64_t visit = 0;  // the last call of missing() that met it
        const void* place = nullptr;
        T value = 0;
    };

    /// Zeros for what the model has and these do not. Throws, and nothing has changed, unless look(parameter's name,
    /// parameter, Met) passes for all parameters, and names and shapes are those of the one model. `who` is named in errors.
    template <class M, class Check> Matrices missing(const char* who, const M& model, Check look) {
        if (visits_ == 0) check_visits(who, model);
        Matrices fresh;
        ++visits_;
        for_each_distinct_param(model, [&](std::string_view name, const auto& p) {
            static_assert(std::is_same_v<decltype(p), const Param<T>&>, "its scalar is not the model's");
            Met& met = met_of(name);
            look(name, p, std::as_const(met));
            throw_unless(std::exchange(met.visit, visits_) != visits_, who, ": two parameters are named ", name);
            for (std::size_t k = 0; k < count; ++k) {
                const auto known = matrices_[k].find(name);
                if (known == matrices_[k].end())
                    fresh[k].emplace(name, Mat<T>::Zero(p.rows(), p.cols()));
                else
                    throw_unless(shape(known->second) == shape(p.value), who, ": ", name, " is ", shape(p.value), ", it was ",
                                 shape(known->second), "; one ", who, " serves one model");
            }
        });
        for (const auto& all : matrices_)
            for (const auto& [name, m] : all)
                throw_unless(met_of(name).visit == visits_, who, ": the model has no ", name, " any more; one ", who,
                             " serves one model");
        return fresh;
    }
    void add(Matrices fresh) {
        for (std::size_t k = 0; k < count; ++k) matrices_[k].merge(fresh[k]);
    }

    /// f(matrices…) of a parameter that was added.
    template <class F> void update(std::string_view name, F f) {
        std::apply([&](auto&... all) { f(all.find(name)->second...); }, matrices_);
    }
    void stepped(std::string_view name, const void* place, T value) {
        Met& met = met_of(name);
        met.place = place;
        met.value = value;
    }
    const NamedMatrices<T>& operator[](std::size_t k) const { return matrices_[k]; }

    /// The matrices under these names.
    static void checkpoint(auto& m, const std::array<const char*, count>& names, auto&& f) {
        for (std::size_t k = 0; k < count; ++k) f(names[k], m.matrices_[k]);
        f(made_anew(m.met_));
    }

private:
    Met& met_of(std::string_view name) {
        const auto known = met_.find(name);
        return known != met_.end() ? known->second : met_.emplace(name, Met{}).first->second;
    }

    Matrices matrices_;
    std::map<std::string, Met, std::less<>> met_;
    std::int64_t visits_ = 0;
};

}  // namespace detail
}  // namespace bptt
