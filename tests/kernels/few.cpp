#include "bptt/kernels/few.hpp"

#include <algorithm>
#include <vector>

#include "bptt/kernels/gemm.hpp"
#include "catch.hpp"
#include "support/random.hpp"

namespace bptt::kernels {

TEMPLATE_TEST_CASE("few: some columns of a product are the same numbers as among many", "", float, double) {
    using M = Mat<TestType>;
    constexpr Index size = Packet<TestType>::size, many = 2 * widest + 9;
    static_assert(many > detail::most_unpacked && many > detail::few);
    Rng rng(1);
    const auto random = [&](Index r, Index c) -> M { return random_mat(r, c, rng).template cast<TestType>(); };
    std::vector<TestType> scratch(static_cast<std::size_t>(packing_scratch<TestType>));
    // Less than a packet, one, panels of all heights, several panels at once.
    for (const Index rows : {(std::max)(Index{1}, size - 1), size, 2 * size + 1, 4 * size, 7 * size, 13 * size - 1, 25 * size})
        for (const Index depth : {Index{1}, Index{9}, deepest + 3})
            for (const bool add : {false, true}) {
                const M A = random(rows + 2, depth), B = random(depth + 1, many), before = random(rows + 3, many);
                std::vector<TestType> packed(static_cast<std::size_t>(packed_size<TestType>(rows, depth)));
                pack(A.data(), 1, rows + 2, rows, depth, packed.data());
                M expected = before;
                multiply(packed.data(), rows, depth, B.data(), depth + 1, many, expected.data(), rows + 3, add);
                for (Index columns = 1; columns <= 8; ++columns) {
                    CAPTURE(rows, depth, columns, add);
                    const Index first = columns % 3, after = many - first - columns;
                    M few = before;
                    TestType* const c = few.col(first).data();
                    const TestType* const b = B.col(first).data();
                    multiply(packed.data(), rows, depth, b, depth + 1, columns, c, rows + 3, add);
                    CHECK(few.middleCols(first, columns) == expected.middleCols(first, columns));
                    few = before;
                    multiply_while_packing(A.data(), rows + 2, rows, depth, b, depth + 1, columns, c, rows + 3, add,
                                           scratch.data());
                    CHECK(few.middleCols(first, columns) == expected.middleCols(first, columns));
                    CHECK(few.rightCols(after) == before.rightCols(after));
                }
            }
}

TEST_CASE("few: enough sums are kept going, and not more than there are registers") {
    for (int columns = 1; columns <= detail::few; ++columns) {
        const int panels = detail::panels_at_once(columns), sums = panels * register_block.packets * columns;
        CHECK(panels > 1);
        CHECK(sums + columns < register_count);  // and their numbers of B
    }
    CHECK(detail::panels_at_once(detail::few + 1) == 1);
    if (register_count >= 16) CHECK(detail::panels_at_once(1) == 4);
}

}  // namespace bptt::kernels
