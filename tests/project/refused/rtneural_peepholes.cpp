// RTNeural has Lstm without peepholes
#include "bptt/bptt.hpp"
#include "bptt/io/rtneural.hpp"

int main() {
    bptt::Rng rng(1);
    bptt::save_rtneural("file.json", bptt::Lstm<float, bptt::Peephole::full>(1, 2, rng));
}
