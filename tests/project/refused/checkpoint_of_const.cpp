// load_checkpoint: a part of the run is const; a function captures by reference
#include <bptt/io/checkpoint.hpp>

int main() {
    int step = 0;
    bptt::load_checkpoint("run", [=](auto&& f) { f("step", step); });
}
