#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "bptt/nets/bidirectional.hpp"
#include "bptt/nets/stacked.hpp"
#include "catch.hpp"
#include "support/layers.hpp"

/// A case of a file in tests/fixtures, as its make.py describes it.
struct FixtureCase {
    std::string name;
    bptt::Index layers = 0, directions = 0, inputs = 0, hidden = 0;
    std::vector<bptt::Index> lengths;
    std::map<std::string, bptt::Mat<double>> tensors;

    const bptt::Mat<double>& operator[](const std::string& tensor) const { return tensors.at(tensor); }
    std::vector<bptt::Mat<double>> fields(const std::string& prefix) const {
        std::vector<bptt::Mat<double>> found;
        while (tensors.contains(prefix + std::to_string(found.size())))
            found.push_back(tensors.at(prefix + std::to_string(found.size())));
        return found;
    }
};

inline std::vector<FixtureCase> read_fixture(const std::string& file) {
    std::ifstream in(std::string(BPTT_FIXTURES) + "/" + file);
    std::vector<FixtureCase> cases;
    for (std::string word; in >> word;) {
        if (word == "case") {
            in >> cases.emplace_back().name;
            continue;
        }
        auto& c = cases.back();
        if (word == "layers") in >> c.layers;
        if (word == "directions") in >> c.directions;
        if (word == "inputs") in >> c.inputs;
        if (word == "hidden") in >> c.hidden;
        if (word == "lengths") {
            std::string line;
            std::getline(in, line);
            std::istringstream numbers(line);
            for (bptt::Index n; numbers >> n;) c.lengths.push_back(n);
        }
        if (word == "tensor") {
            std::string name, number;
            bptt::Index rows = 0, cols = 0;
            in >> name >> rows >> cols;
            auto& m = c.tensors[name];
            m.resize(rows, cols);
            for (bptt::Index r = 0; r < rows; ++r)
                for (bptt::Index k = 0; k < cols; ++k)
                    in >> number, m(r, k) = std::stod(number);  // reads nan, which >> does not
        }
    }
    return cases;
}

/// A case's parameters, as numbers of another type.
void take_params(auto& model, const FixtureCase& c) {
    for_each_param(
        model, [&]<class T>(std::string_view name, bptt::Param<T>& p) { p.value = c[std::string(name)].template cast<T>(); });
}

/// Values and gradients of the case against ours; the limit is in proportion to a tensor's largest element. What we call by
/// another name than the case is in `renamed`.
template <class T>
void check_case(const FixtureCase& c, const LayerOutputs& ours, const std::map<std::string, std::string>& renamed = {}) {
    for (const auto& [name, m] : ours) {
        if (name.starts_with("y.")) continue;  // inside a stack
        const auto& theirs = c[renamed.contains(name) ? renamed.at(name) : name];
        CAPTURE(c.name, name);
        REQUIRE(bptt::shape(m) == bptt::shape(theirs));
        const double limit = !std::is_same_v<T, float> ? 1e-12 : name.starts_with("d") ? 1e-5 : 1e-6;
        CHECK((m - theirs).cwiseAbs().maxCoeff() <= limit * theirs.cwiseAbs().maxCoeff());
    }
}

/// A stack of the case's depth and sizes, with its parameters, held against its values and gradients.
template <class L> void check_stack(const FixtureCase& c) {
    bptt::Rng rng(1);
    bptt::Stacked<L> stack(c.inputs, c.hidden, c.layers, rng);
    take_params(stack, c);
    const auto ours = run_layer(stack, {c["x"], c.lengths, c.fields("s0."), {c["dy"]}, c.fields("dsT.")});
    CHECK(ours.contains("sT." + std::to_string(c.fields("sT.").size() - 1)));
    check_case<typename L::Scalar>(c, ours);
}

/// Every case of `file`, for a cell of doubles and the same of floats.
template <class Double, class Float> void check_fixture(const std::string& file, std::size_t count) {
    const auto cases = read_fixture(file);
    REQUIRE(cases.size() == count);
    for (const FixtureCase& c : cases) {
        if (c.directions == 1) {
            check_stack<Double>(c);
            check_stack<Float>(c);
        } else {
            check_stack<bptt::Bidirectional<Double>>(c);
            check_stack<bptt::Bidirectional<Float>>(c);
        }
    }
}
