#include <algorithm>
#include <vector>

#include "bptt/kernels/pack.hpp"
#include "catch.hpp"

namespace bptt::kernels {

TEMPLATE_TEST_CASE("pack: panels follow each other and are whole, but the last one or two", "", float, double) {
    constexpr Index size = Packet<TestType>::size, whole = register_block.packets;
    for (Index rows = 1; rows <= 9 * panel<TestType> + 1; ++rows) {
        CAPTURE(rows);
        Index end = 0, panels = 0, whole_ones = 0, packets_before = whole;
        detail::for_each_panel<TestType>(rows, [&](auto n, Index i, Index height) {
            constexpr Index packets = n;
            CHECK(i == end);
            CHECK(height > (packets - 1) * size);
            CHECK(height <= packets * size);
            CHECK(packets <= packets_before);
            if (whole == 3) CHECK((packets > 1 || rows <= size));  // one packet keeps few pipelines busy
            end = i + height, packets_before = packets;
            ++panels, whole_ones += packets == whole;
        });
        CHECK(end == rows);
        CHECK(whole_ones == detail::whole_panels<TestType>(rows));
        CHECK(panels - whole_ones <= 2);
    }
}

TEMPLATE_TEST_CASE("pack: a stack is as many panels as are left, four, two or one", "", float, double) {
    constexpr Index size = Packet<TestType>::size, whole = register_block.packets;
    for (Index rows = 1; rows <= 9 * panel<TestType> + 1; ++rows) {
        CAPTURE(rows);
        Index end = 0, panels_done = 0, before = 4;
        detail::for_each_stack<TestType, 4>(rows, [&](auto packets, auto panels, Index i, Index height) {
            CHECK(i == end);
            CHECK(height > (panels * packets - 1) * size);
            CHECK(height <= panels * packets * size);
            if (packets == whole) {
                const Index left = detail::whole_panels<TestType>(rows) - panels_done;
                CHECK(panels == (left >= 4 ? 4 : left >= 2 ? 2 : 1));
                CHECK(panels <= before);
                before = panels;
            }
            end = i + height, panels_done += panels;
        });
        CHECK(end == rows);
    }
}

TEST_CASE("pack: the rows that a panel has too many are zeros in every column") {
    const std::vector<float> a(35 * 3, 1.0f);
    for (const bool transposed : {false, true}) {
        std::vector<float> out(static_cast<std::size_t>(packed_size<float>(35, 3)), 9.0f);
        pack(a.data(), transposed ? 3 : 1, transposed ? 1 : 35, 35, 3, out.data());
        CHECK(std::count(out.begin(), out.end(), 1.0f) == 35 * 3);
        CHECK(std::count(out.begin(), out.end(), 0.0f) == static_cast<Index>(out.size()) - 35 * 3);
    }
}

}  // namespace bptt::kernels
