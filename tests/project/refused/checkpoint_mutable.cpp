// the whole may be a function `\[&\]\(auto&& f\)` that is not mutable
#include <bptt/io/checkpoint.hpp>

int main() {
    int step = 0;
    bptt::load_checkpoint("run", [step](auto&& f) mutable { f("step", step); });
}
