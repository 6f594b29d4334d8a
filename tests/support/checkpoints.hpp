#pragma once

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bptt/autograd/param.hpp"
#include "support/folder.hpp"

inline std::string read_bytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Two parameters, 24 bytes.
struct TwoParams {
    bptt::Param<float> a{2, 2}, b{1, 2};
    static void params(auto& m, auto&& f) {
        f("a", m.a);
        f("b", m.b);
    }
};
/// TwoParams of numbers that begin with `first`.
inline TwoParams two_from(float first) {
    TwoParams m;
    m.a.value << first, first + 1, first + 2, first + 3;
    m.b.value << first + 4, first + 5;
    return m;
}

/// Parameters called p0, p1, ...
struct Many {
    std::vector<bptt::Param<float>> all;
    static void params(auto& m, auto&& f) {
        for (std::size_t k = 0; k < m.all.size(); ++k) f("p" + std::to_string(k), m.all[k]);
    }
};

/// All bits of a model's values and gradients, column by column.
template <class M> std::string bits(const M& model) {
    std::string all;
    bptt::for_each_param(model, [&](std::string_view, const auto& p) {
        for (const auto* m : std::array{&p.value, &std::as_const(p.grad)})
            all.append(reinterpret_cast<const char*>(m->data()), static_cast<std::size_t>(m->size()) * sizeof *m->data());
    });
    return all;
}

/// A file of that header and that many bytes of data.
inline std::string safetensors(const std::string& json, std::size_t data = 24) {
    const std::uint64_t length = json.size();
    std::string file(sizeof length, ' ');
    std::memcpy(file.data(), &length, sizeof length);
    return file + json + std::string(data, '\1');
}
