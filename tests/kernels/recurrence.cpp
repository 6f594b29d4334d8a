#include "bptt/kernels/recurrence.hpp"

#include <optional>

#include "bptt/cells/gru.hpp"
#include "bptt/cells/lstm.hpp"
#include "bptt/cells/rnn.hpp"
#include "bptt/cells/unroll.hpp"
#include "bptt/ops/activation.hpp"
#include "bptt/ops/lookup.hpp"
#include "bptt/ops/reduce.hpp"
#include "support/fused.hpp"

using namespace bptt;

namespace {

using Kernel = kernels::Rnn<float, kernels::Tanh>;
struct NoMemory : Kernel {
    static void memory() {}
};
struct NoBackward : Kernel {
    static void backward(int);
};
struct NoPacking : Kernel {
    static int pack(Index, const float*, const kernels::ExtraParams<const float*>&, float*);
};
static_assert(kernels::RecurrentKernel<Kernel>);
static_assert(!kernels::RecurrentKernel<NoMemory> && !kernels::RecurrentKernel<NoBackward> &&
              !kernels::RecurrentKernel<NoPacking> && !kernels::RecurrentKernel<int>);

/// From columns of features and from tokens.
template <class C> void check_paused() {
    using T = typename C::Scalar;
    for (const Index batch : {1, 5, 13, 40})
        for (const bool ragged : {false, true})
            for (const int threads : {1, 3}) {
                FusedRun<C> it({7, 18, batch, batch < 6 ? 150 : 11, ragged, ragged == (batch > 6), threads});
                std::vector<std::vector<Index>> ids;
                Rng rng(9);
                for (const Index n : it.in.lengths) ids.push_back(random_ids(n, 7, rng));
                const Tokens tokens = Tokens::of(ids);
                const auto by_tokens = [&](const C& cell, const Sequence<T>& other, const auto& s0) {
                    const auto xs = one_hot(other.all.tape(), tokens, 7);
                    return unroll(cell, other.reversed ? reversed(xs) : xs, s0);
                };
                CAPTURE(it.in);
                for (const AnyLayer<T>& layer : {any_layer(it.cell, by_unroll), any_layer(it.cell, by_tokens)}) {
                    it.in.paused = false;
                    const auto recorded = run_any<T>(layer, {}, it.in);
                    it.in.paused = true;
                    check_near(recorded, run_any<T>(layer, {}, it.in), 0);
                }
            }
}

}  // namespace

TEST_CASE("kernels: a small batch of many steps, projected at once, alone and by several threads") {
    for (const Index batch : {1, 5, 9})
        for (const bool ragged : {false, true}) {
            const FusedCase c{3, 5, batch, 130, ragged, ragged, 2};
            check_fused<Rnn<double>>(c, 1e-11);
            check_fused<Gru<double, Reset::after>>(c, 1e-11);
            check_fused<Lstm<double>>(c, 1e-11);
        }
}

TEMPLATE_TEST_CASE("kernels: paused and recording the values are the same bits", "", Rnn<float>, Gru<float>,
                   (Gru<double, Reset::after>), Lstm<float>, (Lstm<double, Peephole::current>), (Lstm<float, Peephole::full>)) {
    check_paused<TestType>();
}

TEST_CASE("kernels: a paused tape holds the outputs and the room of one step, or of a chunk of a small batch") {
    Rng rng(1);
    constexpr Index units = 32, features = 16;
    const Lstm<float> cell(features, units, rng);
    const auto held = [&](Index batch, Index steps, bool paused) {  // beside the input and the outputs, in numbers
        Tape<float> tape;
        std::optional<Tape<float>::Pause> pause;
        if (paused) pause.emplace(tape);
        tape.buffer<float>((features + 2 * units) * batch * steps + (1 << 18));  // so that all of it is one block
        tape.clear();
        const auto x = tape.constant(Mat<float>::Ones(features, batch * steps));
        const auto block = tape.capacity();
        unroll(cell, sequence(x, batch), lift(tape, zero_state(cell, batch)));
        return static_cast<Index>((tape.capacity() - block) / sizeof(float));
    };
    CHECK(held(20, 500, true) == held(20, 5, true));
    CHECK(held(1, 2000, true) == held(1, 1000, true));
    CHECK(held(1, 2000, true) < 50000);
    CHECK(held(20, 500, false) > 4 * units * 20 * 500);
}

TEST_CASE("kernels: a table that needs no gradient") {
    Rng rng(2);
    const Rnn<double> cell(3, 6, rng);
    const Mat<double> table = random_mat(6, 4, rng);
    const Index tokens[] = {3, 0, 3, 1};
    const auto run = [&](bool tracked) {
        cell.Wh.zero_grad(), cell.b.zero_grad();
        Tape<double> tape;
        const auto x = tracked ? tape.variable(table) : tape.constant(table);
        const Layout layout{2, 2};
        const auto y = detail::unroll_fused(cell, detail::TableInput<double>{.table = x, .tokens = tokens}, &layout, false,
                                            lift(tape, zero_state(cell, 2)));
        backward(sum(square(y.h.all)));
        return std::pair(cell.Wh.grad, cell.b.grad);
    };
    CHECK(run(false) == run(true));
    CHECK(run(false).second.norm() > 0);
}
