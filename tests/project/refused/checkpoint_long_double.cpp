// a checkpoint keeps numbers, enums, strings
#include <bptt/io/checkpoint.hpp>

int main() {
    long double x = 0;
    bptt::save_checkpoint("run", [&](auto&& f) { f("x", x); });
}
