// A model of live_audio without exceptions, run-time types, a heap or files: an LSTM reads samples, a head says what to add.
#include "effect.hpp"

#include <bptt/live/fixed.hpp>

#include "weights.hpp"  // of export_header

namespace {

using namespace bptt::live;

constexpr auto lstm = packed<Lstm<Peephole::none>>(weights::lstm_Wx, weights::lstm_Wh, weights::lstm_b);
constexpr auto head = packed(weights::head_W, weights::head_b);

Runner<lstm> run_lstm;
Runner<head> run_head;

}  // namespace

const unsigned effect_constants = sizeof lstm + sizeof head, effect_memory = sizeof run_lstm + sizeof run_head;

void effect_process(const float* in, float* out, unsigned n) {
    for (unsigned k = 0; k < n; ++k) {
        const float x = in[k];
        out[k] = x + *run_head.step(run_lstm.step(x));
    }
}
void effect_reset(void) {
    run_lstm.reset();
    run_head.reset();
}
