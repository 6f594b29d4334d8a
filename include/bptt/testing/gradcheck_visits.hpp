#pragma once

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "bptt/autograd/tape.hpp"
#include "bptt/autograd/visits.hpp"

namespace bptt::detail {

/// While it lives, it gathers the parameters that a tape watches.
template <class T> class WatchedParams {
public:
    std::vector<const Param<T>*> params;

    explicit WatchedParams(Tape<T>& tape) : tape_(tape) { tape.watched_ = &params; }
    ~WatchedParams() { tape_.watched_ = nullptr; }
    WatchedParams(const WatchedParams&) = delete;
    WatchedParams& operator=(const WatchedParams&) = delete;

private:
    Tape<T>& tape_;
};

/// Where a model and its nested ones lie in memory, and what their params() says something of.
class Extent {
public:
    template <HasParams M> explicit Extent(const M& model) { add(model); }

    void operator()(std::string_view, const auto& field) {
        if constexpr (HasParams<decltype(field)>)
            add(field);
        else
            known_.push_back(place_of(field));
    }
    template <class X> void operator()(LeftOut<X> out) { known_.push_back(place_of(out.member)); }

    /// Throws where a parameter lies in one of the models, and its params() neither visits it nor leaves it out.
    template <class T> void refuse_forgotten(const std::vector<const Param<T>*>& used) const {
        for (const Param<T>* const p : used) {
            const auto holds = [&](const Place& place) {
                return !std::less<const void*>()(p, place.begin) && std::less<const void*>()(p, place.end);
            };
            if (std::ranges::any_of(known_, holds)) continue;
            const auto model = std::ranges::find_if(models_.rbegin(), models_.rend(), holds);  // nested ones come last
            throw_unless(model == models_.rend(), "gradcheck: a parameter, ", shape(*p), ", is used, but params() of ",
                         model->type, " does not visit it: it would be neither learned nor saved");
        }
    }

private:
    struct Place {
        const void *begin, *end;
        std::string_view type;
    };
    template <class X> static Place place_of(const X& x) {
        const void* const begin = &x;
        return {begin, static_cast<const char*>(begin) + sizeof x, type_name<X>()};
    }
    template <class M> void add(const M& model) {
        models_.push_back(place_of(model));
        if constexpr (requires { model.visited_as_own(); }) models_.push_back(place_of(model.visited_as_own()));
        M::params(model, *this);
    }

    std::vector<Place> models_, known_;
};

}  // namespace bptt::detail
