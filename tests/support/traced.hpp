#pragma once

#include "bptt/inspect/trace.hpp"

using Names = std::vector<std::string>;
template <class T> Names names_of(const bptt::Traced<T>& traced) {
    Names names;
    for (const auto& s : traced.signals) names.push_back(s.name + (s.is_gate ? " (gate)" : ""));
    return names;
}
