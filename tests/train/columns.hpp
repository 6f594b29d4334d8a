#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>

#include "bptt/autograd/param.hpp"
#include "support/random.hpp"

template <char A, char B> struct NamedColumns {
    bptt::Param<double> a, b;
    static constexpr char names[] = {A, B};
    static void params(auto& m, auto&& f) {
        f(std::string_view(names, 1), m.a);
        f(std::string_view(names + 1, 1), m.b);
    }
};
using Columns = NamedColumns<'a', 'b'>;
template <class T> struct TiedColumn {
    bptt::Param<T> w;
    static void params(auto& m, auto&& f) {
        f("in", m.w);
        f("out", m.w);
    }
};

inline bptt::Param<double> column(std::initializer_list<double> values) {
    return bptt::Mat<double>(Eigen::Map<const Eigen::VectorXd>(values.begin(), static_cast<bptt::Index>(values.size())));
}
inline Columns random_model(bptt::Rng& rng) {
    auto a = random_mat(3, 2, rng);
    auto b = random_mat(5, 1, rng);
    return {std::move(a), std::move(b)};
}
void random_grads(const auto& model, bptt::Rng& rng, double size = 1) {
    bptt::for_each_param(model, [&](std::string_view, const auto& p) { p.grad = size * random_mat(p.rows(), p.cols(), rng); });
}
