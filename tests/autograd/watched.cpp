#include <vector>

#include "bptt/testing/gradcheck_visits.hpp"
#include "catch.hpp"

using namespace bptt;

TEST_CASE("Tape: the parameters that are watched are gathered for as long as somebody asks") {
    Tape<double> tape;
    const Param<double> a(1, 1), b(2, 1);
    tape.watch(a);
    {
        const detail::WatchedParams<double> watched(tape);
        tape.watch(b), tape.watch(a), tape.watch(b);
        CHECK(watched.params == std::vector{&b, &a, &b});
    }
    CHECK(tape.watch(a).rows() == 1);
}
