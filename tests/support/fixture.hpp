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

/// Values and gradients of the case against ours. `limit` is in proportion to a tensor's largest element; outputs are of
/// order 1.
class FixtureCheck {
public:
    FixtureCheck(const FixtureCase& c, bool is_float)
        : case_(c), values_(is_float ? 1e-6 : 1e-12), gradients_(is_float ? 1e-5 : 1e-12) {}

    void value(const std::string& name, const bptt::Mat<double>& ours) const { near(name, ours, values_); }
    void gradient(const std::string& name, const bptt::Mat<double>& ours) const { near(name, ours, gradients_); }

private:
    void near(const std::string& name, const bptt::Mat<double>& ours, double limit) const {
        const auto& theirs = case_[name];
        CAPTURE(case_.name, name);
        REQUIRE(bptt::shape(ours) == bptt::shape(theirs));
        CHECK((ours - theirs).cwiseAbs().maxCoeff() <= limit * theirs.cwiseAbs().maxCoeff());
    }

    const FixtureCase& case_;
    double values_, gradients_;
};

/// A stack of the case's depth and sizes, with its parameters, held against its values and gradients.
template <class L> void check_stack(const FixtureCase& c) {
    using T = typename L::Scalar;
    bptt::Rng rng(1);
    bptt::Stacked<L> stack(c.inputs, c.hidden, c.layers, rng);
    for_each_param(stack, [&](std::string_view name, auto& p) { p.value = c[std::string(name)].template cast<T>(); });
    const auto out = run_layer(stack, {c["x"], c.lengths, c.fields("s0."), c["dy"], c.fields("dsT.")});

    const FixtureCheck check(c, std::is_same_v<T, float>);
    check.value("y", out.y);
    check.gradient("dx", out.dx);
    REQUIRE(out.sT.size() == c.fields("sT.").size());
    for (std::size_t k = 0; k < out.sT.size(); ++k) {
        check.value("sT." + std::to_string(k), out.sT[k]);
        check.gradient("d.s0." + std::to_string(k), out.ds0[k]);
    }
    for (const auto& [name, grad] : out.dparams) check.gradient("d." + name, grad);
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
