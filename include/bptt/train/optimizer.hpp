#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "bptt/kernels/gates.hpp"
#include "bptt/train/moments.hpp"

namespace bptt {

/// What an option of an optimiser may be.
enum class OptionRange { any, not_negative, positive, below_one };

namespace detail {

template <class T> void check_option(const char* optimizer, const char* option, T value, OptionRange range) {
    const auto expect = [&](bool ok, const char* what) {
        throw_unless(ok && std::isfinite(value), optimizer, ": ", option, " is ", value, ", not ", what);
    };
    if (range == OptionRange::not_negative) expect(value >= 0, "finite and 0 or more");
    if (range == OptionRange::positive) expect(value > 0, "finite and above 0");
    if (range == OptionRange::below_one) expect(value >= 0 && value < 1, "at least 0 and below 1");
}

}  // namespace detail

/// An optimiser is its formula; this is what all have in common. One optimiser serves one model; `options` may change between
/// steps, as a learning-rate schedule does. A formula has:
///   - Scalar, name, and Options, an aggregate of numbers;
///   - moments: what it remembers of each parameter, named matrices of the parameter's shape, zero at first;
///   - visit(options, f), which calls f(name, option, range) for each of them;
///   - update(options, t): a function of packets (p, g, moments…), the parameter, its gradient and what is remembered, which
///     changes p and the moments by + - * / and the functions of kernels/packet.hpp; t is the step, from 1.
template <class Formula> class Optimizer {
public:
    using Scalar = typename Formula::Scalar;
    using Options = typename Formula::Options;

    Options options;

    explicit Optimizer(Options o = {}) : options(o) { check_options(); }

    /// Steps every parameter once, a tied one too. If an option is out of its range, names or shapes do not fit, or a gradient
    /// is not finite, it throws before anything changes.
    template <class M> void step(M& model) {
        static_assert(HasParams<M>, "an optimiser steps a model: a type with `static void params(auto& m, auto&& f)`");
        static_assert(!std::is_const_v<M>, "an optimiser's step changes the model: pass one that is not const");
        check_options();
        prepare(model);
        const auto update = Formula::update(options, static_cast<double>(++steps_));
        static_assert(takes_references<decltype(update)>(std::make_index_sequence<Formula::moments.size()>()),
                      "a formula's update takes p and the moments by reference, auto&");
        for_each_distinct_param(model, [&](std::string_view name, Param<Scalar>& p) {
            moments_.update(name, [&](auto&... m) { update_packets(update, p.value, p.grad, m...); });
            moments_.stepped(name, &p, first_of(p));
        });
    }
    /// How many there were: schedules are functions of it.
    std::int64_t steps() const { return steps_; }

    static void checkpoint(auto& m, auto&& f) {
        f(std::string(Formula::name) + ".steps", m.steps_);  // another formula does not go on with these moments
        Formula::visit(m.options, [&](const char* option, auto& value, OptionRange) { f(option, value); });
        Moments::checkpoint(m.moments_, Formula::moments, f);
    }

private:
    using Moments = detail::Moments<Scalar, Formula::moments.size()>;

    void check_options() const {
        std::size_t named = 0;
        Formula::visit(options, [&](const char* option, auto value, OptionRange range) {
            detail::check_option(Formula::name, option, static_cast<Scalar>(value), range);
            ++named;
        });
        constexpr std::size_t all = detail::member_count<Options>();
        throw_unless(named == all || all == detail::unknown_members, Formula::name, ": visit() names ", named, " of ", all,
                     " options");
    }
    /// Whether update(p, gradient, moments…) can't be called with a copy of p or of one of the moments.
    template <class Update, std::size_t... k> static constexpr bool takes_references(std::index_sequence<k...>) {
        using P = kernels::Packet<Scalar>;
        const auto takes_copy = []<std::size_t copied>(std::integral_constant<std::size_t, copied>) {
            return std::invocable<const Update&, P&, P, std::conditional_t<k == copied, P, P&>...>;
        };
        return !std::invocable<const Update&, P, P, std::conditional_t<k + 1 == 0, P, P&>...> &&
               !(takes_copy(std::integral_constant<std::size_t, k>()) || ...);
    }
    static Scalar first_of(const Param<Scalar>& p) { return p.value.size() > 0 ? p.value.data()[0] : Scalar(0); }

    void prepare(const auto& model) {
        std::string other;  // a parameter of another model
        auto fresh =
            moments_.missing(Formula::name, model, [&](std::string_view name, const Param<Scalar>& p, const auto& met) {
                throw_unless(shape(p.grad) == shape(p.value), Formula::name, ": ", name, " is ", shape(p.value),
                             ", its gradient is ", shape(p.grad));
                throw_unless((p.grad.array() * Scalar(0)).sum() == 0, Formula::name, ": the gradient of ", name,
                             " is not finite");
                if (met.place && met.place != &p && met.value != first_of(p)) other = name;
            });
        throw_unless(other.empty(), Formula::name, ": ", other,
                     " is neither the parameter of the last step nor has its value; one ", Formula::name, " serves one model");
        moments_.add(std::move(fresh));
    }

    static void update_packets(const auto& update, Mat<Scalar>& value, const Mat<Scalar>& gradient, auto&... moments) {
        kernels::each_packet<Scalar>(value.size(), [&](Index k, auto lanes) {
            const auto update_loaded = [&](auto p, auto... m) {
                update(p, lanes.load(gradient.data() + k), m...);
                lanes.store(value.data() + k, p);
                (lanes.store(moments.data() + k, m), ...);
            };
            update_loaded(lanes.load(value.data() + k), lanes.load(moments.data() + k)...);
        });
    }

    Moments moments_;
    std::int64_t steps_ = 0;
};

}  // namespace bptt
