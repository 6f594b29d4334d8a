// A training that is stopped after any step and goes on in a new process ends with the same bits as one that was not stopped.
//   resume                              every optimiser, stopped after each of 60 steps; and what happens where a part is left
//   out resume OPTIMISER FOLDER             trains from the start, saving each step, and at the end resume OPTIMISER FOLDER
//   STEP [PART] goes on from a saved step, PART left out, and saves the end
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bptt/bptt.hpp"
#include "bptt/io/checkpoint.hpp"

using namespace bptt;

namespace {

constexpr Index steps = 60, classes = 5;

struct Model {
    Embedding<float> embed;
    Stacked<Lstm<float>> rnn;
    Linear<float> head;
    BPTT_PARAMS(embed, rnn, head)
};

struct Data {
    std::vector<Index> ids;
    std::vector<Pair> pairs;
    Data() {
        Rng rng(3);
        for (Index k = 0; k < 90; ++k) ids.push_back(rng.below(classes));
        for (Index k = 0; k < 20; ++k)
            pairs.push_back({std::string(static_cast<std::size_t>(1 + k % 3), static_cast<char>('a' + k % 5)), "x"});
    }
};

template <class Optimizer> struct Run {
    Rng rng{7}, order{8}, epoch_order{8};  // epoch_order: as order was before the epoch's shuffle
    Model model{{classes, 4, rng}, {4, 6, 2, rng, {.dropout = 0.3}}, {6, classes, rng}};
    Optimizer optimizer;
    Ema<float> ema{{.decay = 0.9}};
    Best best;
    Plateau plateau{{.factor = 0.7, .patience = 3}};
    decltype(zero_state(model.rnn, 3)) carry = zero_state(model.rnn, 3);
    double rate = 0.02;
    std::int64_t step = 0, place = 0;  // place: windows done in this epoch
    std::vector<double> losses;
    std::string note;

    static void checkpoint(auto& m, auto&& f) {
        f("rng", m.rng), f("order", m.order), f("epoch_order", m.epoch_order), f("model", m.model), f("optimizer", m.optimizer);
        f("ema", m.ema), f("best", m.best), f("plateau", m.plateau), f("carry", m.carry), f("rate", m.rate), f("step", m.step);
        f("place", m.place), f("losses", m.losses), f("note", m.note);
    }

    void train(const Data& data, int threads, const std::string& folder) {
        Threads pool(threads);
        Tape<float> tape(pool);
        const auto all = windows(data.ids, {.batch = 3, .steps = 5, .stride = 4});
        auto pairs = pair_batches(data.pairs, Vocabulary("abcde"), Vocabulary("x", {.bos = true, .eos = true}), {.batch = 3});
        while (step < steps) {
            if (place == all.size()) {
                place = 0;
                epoch_order = order;
            }
            order = epoch_order;
            pairs.shuffle(order);
            const auto rest = pairs.from(place);
            auto pair = rest.begin();
            for (const Window& window : all.from(place)) {
                one_step(tape, window, *pair);
                ++pair, ++place, ++step;
                if (!folder.empty()) save_checkpoint(folder + "/" + std::to_string(step), *this);
                if (step == steps) break;
            }
        }
    }

private:
    void one_step(Tape<float>& tape, const Window& window, const PairBatch& pair) {
        tape.clear();
        if (window.first) carry = zero_state(model.rnn, 3);
        const auto y = unroll(model.rnn, model.embed(tape, window.inputs), carry, Training{rng});
        const auto seen = unroll(model.rnn, model.embed(tape, pair.sources), Training{rng});
        const std::vector<Index> kinds(static_cast<std::size_t>(pair.sources.layout().batch), step % classes);
        const auto loss =
            cross_entropy(model.head(y.h), window.targets) + cross_entropy(model.head(final_state(seen).back().h), kinds);
        zero_grad(model), backward(loss);
        clip_grad_norm(model, 1);
        const auto t = optimizer.steps();
        optimizer.options.rate = rate * schedule::warm_up(t, 10) * schedule::cosine(t - 10, {.rate = 1, .steps = 70});
        optimizer.step(model);
        ema.update(model);
        carry = values(state_at(y, window.stride));
        losses.push_back(loss.item());
        const double noise = std::fmod(1000.0 * losses.back(), 1.0);  // a validation that is good at any time
        if (best.improved(noise)) note = "best at " + std::to_string(step);
        rate = plateau(rate, noise);
    }
};

std::string bytes(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

template <class Optimizer> void run(const std::string& folder, const std::string& from, const std::string& without) {
    Run<Optimizer> all;
    if (from.empty()) return all.train(Data(), 1, folder);
    std::shared_ptr<void> other;  // what is restored in place of the part that is left out
    load_checkpoint(folder + "/" + from, [&](auto&& f) {
        Run<Optimizer>::checkpoint(all, [&]<class Part>(std::string_view name, Part& part) {
            if (name != without) return f(name, part);
            const auto copy = std::make_shared<Part>(part);
            other = copy;
            f(name, *copy);
        });
    });
    all.train(Data(), 2, "");
    save_checkpoint(folder + "/resumed", all);
}

constexpr std::array optimisers = {"Sgd", "Adagrad", "RmsProp", "Adam", "AdamW"};
constexpr std::array parts = {"rng",   "epoch_order", "model", "optimizer", "ema",    "best", "plateau",
                              "carry", "rate",        "step",  "place",     "losses", "note"};

void run(const std::string& optimiser, const std::string& folder, const std::string& from, const std::string& without) {
    if (optimiser == "Sgd") return run<Sgd<float>>(folder, from, without);
    if (optimiser == "Adagrad") return run<Adagrad<float>>(folder, from, without);
    if (optimiser == "RmsProp") return run<RmsProp<float>>(folder, from, without);
    if (optimiser == "Adam") return run<Adam<float>>(folder, from, without);
    if (optimiser == "AdamW") return run<AdamW<float>>(folder, from, without);
    throw std::invalid_argument("no optimiser " + optimiser);
}

void in_new_process(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command + " failed");
}

}  // namespace

int main(int count, char** words) {
    if (count > 2) {
        run(words[1], words[2], count > 3 ? words[3] : "", count > 4 ? words[4] : "");
        return 0;
    }
    int wrong = 0;
    for (const std::string optimiser : optimisers) {
        const std::string folder = "resume_" + optimiser,
                          command = '"' + std::string(words[0]) + "\" " + optimiser + ' ' + folder;
        std::filesystem::create_directories(folder);
        in_new_process(command);
        const auto resumed_equals = [&](Index step, const std::string& without) {
            in_new_process(command + ' ' + std::to_string(step) + ' ' + without);
            return bytes(folder + "/resumed") == bytes(folder + '/' + std::to_string(steps));
        };
        for (Index k = 1; k <= steps; ++k)
            if (!resumed_equals(k, "")) ++wrong, std::cout << optimiser << " stopped after step " << k << " ends otherwise\n";
        for (const char* part : parts)
            if (resumed_equals(31, part)) ++wrong, std::cout << optimiser << " without " << part << " ends the same\n";
        std::filesystem::remove_all(folder);
    }
    std::cout << (wrong ? "wrong\n" : "the same bits after every step\n");
    return wrong ? 1 : 0;
}
