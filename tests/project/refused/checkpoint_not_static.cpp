// a type's checkpoint\(\) is public, and `static void checkpoint\(auto& m, auto&& f\)`
#include <bptt/bptt.hpp>
#include <bptt/io/checkpoint.hpp>

struct Run {
    bptt::Linear<float> head;
    int step = 0;
    BPTT_PARAMS(head)
    void checkpoint(auto& m, auto&& f) { f("head", m.head), f("step", m.step); }
};
void save(const Run& run) { bptt::save_checkpoint("run", run); }
