#include "bptt/inspect/saturation.hpp"

#include <cmath>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "catch.hpp"
#include "support/captures.hpp"

using namespace bptt;

TEST_CASE("saturation: the shares below 0.1 and above 0.9 of each unit of each gate, over all steps of all sequences") {
    const auto one = [](const Mat<float>& f) {
        return Traced<float>{{{"h", false, Mat<float>::Zero(2, f.cols())}, {"f", true, f}, {"g", true, -f}}};
    };
    const std::vector<Traced<float>> batch = {one(Mat<float>{{0, 0.09f, 0.1f}, {0.9f, 0.91f, 1}}), one(Mat<float>(2, 0)),
                                              one(Mat<float>{{0.5f}, {0.95f}})};
    const auto all = saturation(batch);
    REQUIRE(all.size() == 1);
    CHECK(all[0].gate == "f");
    CHECK(all[0].below == std::vector{0.5, 0.0});
    CHECK(all[0].above == std::vector{0.0, 0.75});
}

TEST_CASE("saturation: the gates of a cell, and not its candidate") {
    Rng rng(1);
    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, {Mat<double>::Random(2, 30) * 9});
    const auto gates = [&](const auto& cell) {
        std::vector<std::string> names;
        for (const auto& s : saturation(trace(cell, xs))) names.push_back(s.gate);
        return names;
    };
    CHECK(gates(Stacked<Lstm<double>>(2, 3, 2, rng)) == std::vector<std::string>{"0.i", "0.f", "0.o", "1.i", "1.f", "1.o"});
    const Gru<double> gru(2, 3, rng);
    CHECK(gates(gru) == std::vector<std::string>{"r", "u"});
}

TEST_CASE("saturation: a candidate is none, even where it lies in 0..1") {
    Rng rng(2);
    Lstm<double> lstm(1, 1, rng);
    lstm.b.value.setConstant(1);
    Gru<double> gru(1, 1, rng);
    gru.b.value.setConstant(1);
    Tape<double> tape;
    const auto xs = Sequence<double>::of(tape, {Mat<double>::Constant(1, 4, 0.1)});
    const auto l = trace(lstm, xs), g = trace(gru, xs);
    REQUIRE((l[0]["g"].minCoeff() >= 0 && g[0]["n"].minCoeff() >= 0));
    CHECK((saturation(l).size() == 3 && saturation(g).size() == 2));
}

TEST_CASE("saturation: sequences of unlike layers, and what is not finite, are refused") {
    const auto f = [](const Mat<float>& values) { return Traced<float>{{{"f", true, values}}}; };
    CHECK_THROWS_WITH(saturation(std::vector{f(Mat<float>::Zero(2, 3)), f(Mat<float>::Zero(1, 3))}),
                      "saturation: f is 2x3 in one sequence and 1x3 in another");
    CHECK_THROWS_WITH(saturation(f(Mat<float>::Constant(1, 1, std::nanf("")))), "saturation: f is not finite");
}

TEST_CASE("saturation: it needs a step") {
    CHECK_THROWS_WITH(saturation(std::vector<Traced<float>>{}), "saturation: there are no sequences");
    CHECK_THROWS_WITH(saturation(Traced<float>{{{"f", true, Mat<float>(2, 0)}}}), "saturation: the sequences have no steps");
    CHECK(saturation(Traced<float>{}).empty());
}

TEST_CASE("saturation_chart: a panel for each gate, and in it the layers that have it") {
    const auto svg = saturation_chart({{"0.i", {0, 1}, {1, 0}}, {"0.f", {0.5}, {0.5}}, {"1.f", {0.25}, {0.75}}});
    const auto count = [&](const std::string& what) {
        std::size_t n = 0;
        for (auto at = svg.find(what); at != svg.npos; at = svg.find(what, at + 1)) ++n;
        return n;
    };
    CHECK((count(">i<") == 1 && count(">f<") == 1 && count(">share above 0.9<") == 2));
    CHECK((count(">layer 0</text>") == 2 && count(">layer 1</text>") == 1));
    const auto alone = saturation_chart({{"z", {0.5}, {0.5}}});
    CHECK((alone.find(">z<") != alone.npos && alone.find("layer") == alone.npos));
}

TEST_CASE("saturation_chart: up to three panels stand side by side") {
    const auto widths = [](std::vector<Saturation> gates) {
        return captures(saturation_chart(gates), "<rect x=\"[0-9.]+\" y=\"[0-9.]+\" width=\"([0-9.]+)\"");
    };
    std::vector<Saturation> gates;
    std::vector<std::vector<std::string>> of;
    for (const char* name : {"i", "f", "o", "z"}) {
        gates.push_back({name, {0.5}, {0.5}});
        of.push_back(widths(gates));
        CHECK(of.back().size() == gates.size());
    }
    CHECK((std::stod(of[0][0]) > std::stod(of[1][0]) && std::stod(of[1][0]) > std::stod(of[2][0])));
    CHECK(of[3][0] == of[2][0]);
}
