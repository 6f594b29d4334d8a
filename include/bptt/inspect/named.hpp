#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bptt/core/check.hpp"

namespace bptt::detail {

/// The one of `all` that has this name. Throws, with the names that there are, if none has: "where: there is no what …".
template <class X> const X& find_named(const char* where, const char* what, const std::vector<X>& all, std::string X::*name_of,
                                       std::string_view name) {
    std::string names;
    for (const X& x : all) {
        if (x.*name_of == name) return x;
        (names += names.empty() ? "" : ", ") += x.*name_of;
    }
    fail({where, ": there is no ", what, " \"", name, "\"; there are ", names});
}

}  // namespace bptt::detail
