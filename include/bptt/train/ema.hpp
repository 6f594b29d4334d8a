#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/train/moments.hpp"

namespace bptt {

struct EmaOptions {
    double decay = 0.999;
};

/// An exponential moving average of a model's parameters: a = decay a + (1 − decay) p, from a = p at the first update. Averaged
/// weights often validate better than the last ones: `Model best = model; ema.copy_to(best);`. One Ema serves one model.
template <class T> class Ema {
public:
    EmaOptions options;

    explicit Ema(EmaOptions o = {}) : options(o) { check_options(); }

    /// Takes the parameters in, as they are after a step. If names or shapes do not fit, or a parameter is not finite, it
    /// throws before anything changes.
    template <HasParams M> void update(const M& model) {
        check_options();
        averages_.add(averages_.missing("Ema", model, [](std::string_view name, const Param<T>& p, const auto&) {
            throw_unless((p.value.array() * T(0)).sum() == 0, "Ema: ", name, " is not finite");
        }));
        const T keep = static_cast<T>(options.decay);  // of zeros, the first time
        const T rest = updates_++ == 0 ? T(1) : static_cast<T>(1 - options.decay);
        for_each_distinct_param(model, [&](std::string_view name, const Param<T>& p) {
            averages_.update(name, [&](Mat<T>& a) { a = keep * a + rest * p.value; });
        });
    }
    std::int64_t updates() const { return updates_; }

    /// Sets the model's parameters to their averages. Throws, and changes nothing, unless it has the averaged parameters.
    template <HasParams M> void copy_to(M& model) const {
        static_assert(!std::is_const_v<M>, "Ema: copy_to changes the model: pass one that is not const");
        std::size_t met = 0;
        const NamedMatrices<T>& all = averages_[0];
        for_each_distinct_param(model, [&](std::string_view name, const Param<T>& p) {
            const auto known = all.find(name);
            throw_unless(known != all.end(), "Ema: ", name, " has no average");
            throw_unless(shape(known->second) == shape(p.value), "Ema: ", name, " is ", shape(p.value), ", its average is ",
                         shape(known->second));
            ++met;
        });
        throw_unless(met == all.size(), "Ema: the model has ", met, " parameters, there are averages of ", all.size());
        for_each_distinct_param(model, [&](std::string_view name, Param<T>& p) { p.value = all.find(name)->second; });
    }

    static void checkpoint(auto& m, auto&& f) {
        f("updates", m.updates_), f("decay", m.options.decay);
        Averages::checkpoint(m.averages_, {"average"}, f);
    }

private:
    using Averages = detail::Moments<T, 1>;

    void check_options() const {
        throw_unless(options.decay >= 0 && options.decay < 1, "Ema: decay is ", options.decay, ", not at least 0 and below 1");
    }

    Averages averages_;
    std::int64_t updates_ = 0;
};

}  // namespace bptt
