#include <bptt/core/tape.hpp>
#include <bptt/ops/arithmetic.hpp>
#include <bptt/ops/reduce.hpp>

int main() {
    bptt::Tape<float> tape;
    const auto x = tape.variable(bptt::Mat<float>::Ones(2, 2));
    bptt::backward(sum(x % x));
    return x.grad()(0, 0) == 2 ? 0 : 1;
}
