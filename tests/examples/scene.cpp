#include "../../examples/caption/scene.hpp"

#include <string>

#include "catch.hpp"

using namespace caption;

TEST_CASE("caption: the upper shape comes first, or the left one") {
    const Shape circle{.kind = 0, .color = 0, .large = false, .row = 0, .column = 1, .y = 3, .x = 11};
    const Shape square{.kind = 1, .color = 2, .large = true, .row = 2, .column = 0, .y = 19, .x = 3};
    CHECK(Scene{circle, square}.caption() == "a small red circle above a large blue square");
    Shape lower = circle;
    lower.row = 2;
    CHECK(Scene{square, lower}.caption() == "a large blue square left of a small red circle");
    Rng rng(1);
    for (int k = 0; k < 500; ++k) {
        const auto [a, b] = draw_scene(false, rng);
        const Index down = b.row - a.row, right = b.column - a.column;
        CHECK((down > std::abs(right) || right > std::abs(down)));
        CHECK(std::max(std::abs(a.y - b.y), std::abs(a.x - b.x)) > a.radius() + b.radius());
    }
}

TEST_CASE("caption: each look misses three partners, in whichever order, and only what is held out has them") {
    const auto shape = [](Index look) {
        return Shape{.kind = look / 6, .color = look % 6, .large = false, .row = 0, .column = 0, .y = 0, .x = 0};
    };
    for (Index a = 0; a < 24; ++a) {
        Index missed = 0;
        for (Index b = 0; b < 24; ++b) {
            missed += Scene{shape(a), shape(b)}.is_held_out();
            CHECK(Scene{shape(a), shape(b)}.is_held_out() == Scene{shape(b), shape(a)}.is_held_out());
        }
        CHECK(missed == 3);
    }
    Rng rng(2);
    for (int k = 0; k < 500; ++k) CHECK(draw_scene(k % 2 == 0, rng).is_held_out() == (k % 2 == 0));
}

TEST_CASE("caption: shapes as they are drawn") {
    const auto drawn = [](Index kind) {
        const Shape shape{.kind = kind, .color = 0, .large = true, .row = 0, .column = 0, .y = 3, .x = 3};
        std::string rows;
        for (Index y = 0; y < 7; ++y, rows += '\n')
            for (Index x = 0; x < 7; ++x) rows += shape.covers(y, x) ? '#' : '.';
        return rows;
    };
    CHECK(drawn(0) == "..###..\n.#####.\n#######\n#######\n#######\n.#####.\n..###..\n");
    CHECK(drawn(1) == "#######\n#######\n#######\n#######\n#######\n#######\n#######\n");
    CHECK(drawn(2) == "...#...\n...#...\n..###..\n..###..\n.#####.\n.#####.\n#######\n");
    CHECK(drawn(3) == "...#...\n...#...\n...#...\n#######\n...#...\n...#...\n...#...\n");
}

TEST_CASE("caption: patches are the cells of a picture, and say where they are") {
    Mat<float> picture(drawn_grid.numbers(), 1);
    for (Index k = 0; k < picture.size(); ++k) picture(k, 0) = static_cast<float>(k);
    const Mat<float> cut = drawn_grid.patches(picture);
    REQUIRE(cut.cols() == 9);
    for (Index p = 0; p < 9; ++p) {
        CHECK(cut(0, p) == static_cast<float>(3 * ((p / 3) * 8 * side + (p % 3) * 8)));
        CHECK(cut(3 * (7 * 8 + 5) + 2, p) == static_cast<float>(3 * ((p / 3 * 8 + 7) * side + p % 3 * 8 + 5) + 2));
        CHECK(cut.col(p).tail(9).sum() == 1);
        CHECK(cut(3 * 64 + p, p) == 1);
    }
}
