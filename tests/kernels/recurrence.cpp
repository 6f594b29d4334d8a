#include "bptt/kernels/recurrence.hpp"

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "support/fused.hpp"

using namespace bptt;

TEST_CASE("kernels: a small batch of many steps, projected at once, alone and by several threads") {
    for (const Index batch : {1, 2, 5, 9})
        for (const bool ragged : {false, true}) {
            const FusedCase c{3, 5, batch, 130, ragged, ragged, 2};
            check_fused<Rnn<double>>(c, 1e-11, 1);
            check_fused<Gru<double, Reset::after>>(c, 1e-11, 2);
            check_fused<Lstm<double>>(c, 1e-11, 3);
        }
}
