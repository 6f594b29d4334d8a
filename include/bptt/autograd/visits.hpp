#pragma once

#include <algorithm>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bptt/autograd/param.hpp"

namespace bptt::detail {

/// The name of a type, as the compiler writes it.
template <class Named> std::string_view type_name() {
    const std::string_view all = __PRETTY_FUNCTION__, before = "Named = ";
    const std::size_t begin = all.find(before) + before.size();
    return all.substr(begin, all.find_first_of(";]", begin) - begin);
}

/// Throws if a member of the model, or of a nested model, has parameters, but params() visits none of them and left_out() does
/// not name the member. It checks only structs whose members are known: see core/members.hpp.
template <HasParams M> void check_visits(std::string_view what, const M& model);

/// The addresses of everything that the params() of one struct visits.
class Visited {
public:
    explicit Visited(std::string_view what) : what_(what) {}

    void operator()(std::string_view, const auto& field) {
        places_.push_back(&field);
        if constexpr (HasParams<decltype(field)>) {
            for_each_param(field, [this](std::string_view, const auto& p) { places_.push_back(&p); });
            check_visits(what_, field);
        }
    }
    template <class X> void operator()(LeftOut<X> out) { places_.push_back(&out.member); }

    template <class X> bool holds(const X& member) const {
        if (std::ranges::find(places_, static_cast<const void*>(&member)) != places_.end()) return true;
        if constexpr (HasParams<X>) {
            bool found = false, empty = true;
            for_each_param(member, [&](std::string_view, const auto& p) { found |= holds(p), empty = false; });
            return found || empty;
        } else if constexpr (!is_param<X>) {
            return std::ranges::all_of(member, [this](const auto& element) { return this->holds(element); });
        }
        return false;
    }

private:
    std::string_view what_;
    std::vector<const void*> places_;
};

template <HasParams M> void check_visits(std::string_view what, const M& model) {
    Visited visited(what);
    M::params(model, visited);
    if constexpr (learning_members<M>() > 0)
        std::apply(
            [&, k = 0](const auto&... member) mutable {
                const auto must_hold = [&]<class X>(const X& x) {
                    ++k;
                    if constexpr (learns<X>())
                        throw_unless(visited.holds(x), what, ": params() of ", type_name<M>(), " does not visit its member ", k,
                                     " of ", sizeof...(member), ", which has parameters; visit it, or say f(left_out(m.x))");
                };
                (must_hold(member), ...);
            },
            members(model));
}

}  // namespace bptt::detail
