#include <bptt/autograd/tape.hpp>
#include <bptt/ops/arithmetic.hpp>
#include <bptt/ops/reduce.hpp>
#ifdef WITH_IO
#include <bptt/io/safetensors.hpp>
#endif
#ifdef WITH_ONNX
#include <bptt/io/onnx.hpp>
#endif

struct Model {
    bptt::Param<float> w{1, 1};
    static void params(auto& m, auto&& f) { f("w", m.w); }
};

int main() {
    bptt::Tape<float> tape;
    Model model;
    const auto x = tape.variable(bptt::Mat<float>::Ones(2, 2));
    bptt::backward(sum(x % x));
    model.w.value(0, 0) = x.grad()(0, 0);
#ifdef WITH_IO
    bptt::save("program.safetensors", model);
    model = {};
    bptt::load("program.safetensors", model);
#endif
#ifdef WITH_ONNX
    bptt::OnnxGraph graph;
    graph.output(graph.sequence("x", 2), "y");
    graph.save("program.onnx");
#endif
    return model.w.value(0, 0) == 2 ? 0 : 1;
}
