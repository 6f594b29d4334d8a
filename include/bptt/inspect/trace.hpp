#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/core/types.hpp"

namespace bptt {

/// A field of a layer's state, or a gate, over a sequence: units × its steps, in the order of time.
template <class T> struct Signal {
    std::string name;  // "h", "c", "f"; "1.forward.f" where layers nest
    bool is_gate;      // else it is of the state
    Mat<T> values;
};

/// All that a layer did over one sequence.
template <class T> struct Traced {
    std::vector<Signal<T>> signals;

    /// The values of the signal of that name. Throws if there is none.
    const Mat<T>& operator[](std::string_view name) const {
        std::string names;
        for (const auto& s : signals) {
            if (s.name == name) return s.values;
            (names += names.empty() ? "" : ", ") += s.name;
        }
        detail::fail({"Traced: there is no signal \"", name, "\"; there are ", names});
    }
};

}  // namespace bptt
