// a type's checkpoint\(\) is public, and `static void checkpoint\(auto& m, auto&& f\)`
#include <bptt/io/checkpoint.hpp>

struct Run {
    int step = 0;
    static void checkpoint(auto m, auto&& f) { f("step", m.step); }
};
int main() { bptt::save_checkpoint("run", Run()); }
