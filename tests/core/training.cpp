#include "bptt/core/training.hpp"

#include <new>

#include "catch.hpp"

using namespace bptt;

TEST_CASE("training: where an exception ends the scope, nothing has been drawn") {
    Rng rng(1), untouched(1);
    const auto draw = [&](bool fails) {
        const detail::UndoDraws undo(&rng);
        rng.next();
        if (fails) throw std::bad_alloc();
    };
    CHECK_THROWS_AS(draw(true), std::bad_alloc);
    CHECK(Rng(rng).next() == untouched.next());
    draw(false);
    CHECK(rng.next() == untouched.next());  // both have drawn once before
    const detail::UndoDraws nobody{std::optional<Training>()};
}

TEST_CASE("training: an exception that is on its way already undoes nothing") {
    struct Draws {
        Rng& rng;
        ~Draws() {
            const detail::UndoDraws undo(&rng);
            rng.next();
        }
    };
    Rng rng(1), other(1);
    try {
        const Draws draws{rng};
        throw 1;
    } catch (int) {
    }
    other.next();
    CHECK(rng.next() == other.next());
}
