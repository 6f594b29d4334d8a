#include <limits>
#include <numbers>

#include "bptt/kernels/softmax.hpp"
#include "catch.hpp"

using namespace bptt;

TEMPLATE_TEST_CASE("softmax kernel: what is below the smallest normal number is zero, from there on", "", float, double) {
    using T = TestType;
    const T lowest = (std::numeric_limits<T>::min_exponent - 1) * std::numbers::ln2_v<T>;  // ln of the smallest normal number
    for (const T below : {T(0.1), T(0.6), T(1), T(50)}) {
        const T x[] = {0, lowest - below};
        T y[2];
        kernels::softmax(x, 2, T(1), y);
        CHECK(y[0] == 1);
        CHECK(y[1] == 0);
    }
    const T x[] = {0, lowest + T(0.1)};
    T y[2];
    kernels::softmax(x, 2, T(1), y);
    CHECK(y[1] >= std::numeric_limits<T>::min());
}
