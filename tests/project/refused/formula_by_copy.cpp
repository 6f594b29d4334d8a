// a formula's update takes p and the moments by reference, auto&
#include <bptt/bptt.hpp>

struct Formula {
    using Scalar = float;
    struct Options {
        double rate = 1;
    };
    static constexpr const char* name = "Formula";
    static constexpr std::array<const char*, 1> moments = {"v"};
    static void visit(auto& o, auto&& f) { f("rate", o.rate, bptt::OptionRange::positive); }
    static auto update(const Options& o, double) {
        return [rate = float(o.rate)](auto& p, auto g, auto v) { v = v + g, p = p - rate * v; };
    }
};
void step(bptt::Linear<float>& model) { bptt::Optimizer<Formula>().step(model); }
