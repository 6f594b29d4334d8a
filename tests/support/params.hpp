#pragma once

#include <string>
#include <utility>
#include <vector>

#include "bptt/autograd/param.hpp"
#include "support/random.hpp"

/// Random numbers within ±size for every parameter, biases included.
template <bptt::HasParams M> void randomise(M& model, bptt::Rng& rng, double size = 1) {
    bptt::for_each_param(model, [&]<class T>(std::string_view, bptt::Param<T>& p) {
        p.value = random_mat(p.rows(), p.cols(), rng, -size, size).template cast<T>();
    });
}

/// The names of all parameters, a space after each.
template <bptt::HasParams M> std::string names_of(const M& model) {
    std::string names;
    bptt::for_each_param(model, [&](std::string_view name, const auto&) { names.append(name) += ' '; });
    return names;
}

template <class T> using NamedParams = std::vector<std::pair<std::string, bptt::Param<T>*>>;
template <class T = double> NamedParams<T> params_of(bptt::HasParams auto& model) {
    NamedParams<T> params;
    bptt::for_each_param(model, [&](std::string_view name, bptt::Param<T>& p) { params.emplace_back(name, &p); });
    return params;
}
/// The parameters of a model whose type is forgotten, so that what is done with them is compiled once.
struct AnyModel {
    NamedParams<double> all;
    static void params(auto& m, auto&& f) {
        for (const auto& [name, p] : m.all) f(name, *p);
    }
};
