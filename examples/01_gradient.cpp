// A tape, a gradient, and the check that it is right.
//
// For y = sum(tanh(W x)) the chain rule gives dy/dW = (1 - tanh²(W x)) xᵀ. The tape finds the same.
#include <bptt/bptt.hpp>
#include <cstdlib>
#include <iostream>

using namespace bptt;

int main() {
    Mat<double> w(2, 3), x(3, 1);
    w << 0.1, 0.2, 0.3,  //
        -0.4, 0.5, -0.6;
    x << 1, 2, 3;

    Tape<double> tape;
    const Var<double> W = tape.variable(w);  // a leaf: gradients flow into it
    const Var<double> X = tape.constant(x);  // and not into this
    const Var<double> y = sum(tanh(W * X));
    backward(y);

    std::cout << "y = " << y.item() << "\n\ndy/dW on the tape:\n" << W.grad() << "\n";

    const Mat<double> h = (w * x).array().tanh();
    const Mat<double> by_hand = (1 - h.array().square()).matrix() * x.transpose();
    std::cout << "\ndy/dW by the chain rule:\n" << by_hand << "\n";

    // gradcheck compares with differences, element by element; it takes any function of Vars.
    const GradcheckResult result = gradcheck([](auto a, auto b) { return tanh(a * b); }, w, x);
    std::cout << "\nworst element: " << result << "\n";
    return result && W.grad().isApprox(by_hand, 1e-14) ? EXIT_SUCCESS : EXIT_FAILURE;
}
