#include "bptt/core/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "bptt/core/init.hpp"
#include "catch.hpp"

using namespace bptt;

namespace {

/// The first of each, drawn with generators of their own.
struct Golden {
    std::uint64_t seed;
    std::array<std::uint64_t, 4> next;
    std::array<double, 4> uniform, within, normal;  // within -0.3..0.4
    std::array<Index, 8> below_10;
    std::array<Index, 2> below_2_to_62_and_1;  // a quarter of all bits are drawn anew
    std::vector<int> shuffled;                 // 0, 1, …, 7
};
const Golden golden[] = {{0u,
                          {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec},
                          {0x1.c4415072f63b9p-1, 0x1.b9e279aa86e58p-2, 0x1.b1174620025p-6, 0x1.f1177150e499p-1},
                          {0x1.45f50a3a8becfp-2, 0x1.0f442ee269ebap-9, -0x1.204094ee997fbp-2, 0x1.84ba6b7140096p-2},
                          {-0x1.e247d108691cfp+0, 0x1.d2241bf902964p-3, -0x1.c581393a15295p-3, 0x1.55aeaef334755p-4},
                          {5, 0, 9, 4, 7, 0, 3, 0},
                          {2459150361376443820, 3348600503766967795},
                          {2, 5, 0, 3, 4, 6, 1, 7}},
                         {1u,
                          {0x910a2dec89025cc1, 0xbeeb8da1658eec67, 0xf893a2eefb32555e, 0x71c18690ee42c90b},
                          {0x1.22145bd91204bp-1, 0x1.7dd71b42cb1ddp-1, 0x1.f12745ddf664ap-1, 0x1.c7061a43b90b2p-2},
                          {0x1.8ba5358c64e7p-4, 0x1.c6c0b2bb0586ap-3, 0x1.84d095038c267p-2, 0x1.6a224c53642c1p-7},
                          {-0x1.18b7c84d5c3b6p-5, -0x1.4002362ce87bdp+1, 0x1.674facc896de5p-4, -0x1.0379279a48e07p+1},
                          {5, 9, 0, 5, 1, 8, 5, 3},
                          {1227844342346046655, 4533873174211652709},
                          {4, 3, 2, 7, 5, 6, 0, 1}},
                         {42u,
                          {0xbdd732262feb6e95, 0x28efe333b266f103, 0x47526757130f9f52, 0x581ce1ff0e4ae394},
                          {0x1.7bae644c5fd6dp-1, 0x1.477f199d93378p-3, 0x1.1d499d5c4c3e6p-2, 0x1.607387fc392b8p-2},
                          {0x1.c0b518d5d9264p-3, -0x1.812707ab4c25fp-3, -0x1.adfeadca5db7cp-4, -0x1.e3df6ce1f30c7p-5},
                          {0x1.c3b620ee5015bp-1, -0x1.cdab96fe79013p-2, 0x1.81bf069d25a44p-3, 0x1.c1b680ea2bc5dp-3},
                          {3, 1, 8, 4, 0, 2, 5, 8},
                          {4456085495900499603, 527597730035375953},
                          {3, 1, 6, 2, 4, 0, 7, 5}},
                         {18446744073709551615u,
                          {0xe4d971771b652c20, 0xe99ff867dbf682c9, 0x382ff84cb27281e9, 0x6d1db36ccba982d2},
                          {0x1.c9b2e2ee36ca5p-1, 0x1.d33ff0cfb7edp-1, 0x1.c17fc2659394p-3, 0x1.b476cdb32ea6p-2},
                          {0x1.4d940a80b31b3p-2, 0x1.5af31def9b189p-2, -0x1.2bc02b1f4be53p-3, -0x1.acd668f8f2357p-10},
                          {0x1.ce90bb8312787p+0, -0x1.426a096ddcd5ep-1, 0x1.6a04ddde69877p-1, -0x1.5fa97dc84101p-6},
                          {6, 9, 1, 2, 6, 5, 5, 6},
                          {2655278211686280221, 2999389001807725254},
                          {7, 3, 5, 4, 2, 6, 1, 0}}};

}  // namespace

// log and cos of normal() are the C library's: where one rounds them otherwise, the last bit may differ.
TEST_CASE("random: golden values, equal on every compiler") {
    for (const Golden& g : golden) {
        CAPTURE(g.seed);
        const auto each = [&](const auto& expected, auto draw) {
            Rng rng(g.seed);
            for (const auto x : expected) CHECK(draw(rng) == x);
        };
        each(g.next, [](Rng& rng) { return rng.next(); });
        each(g.uniform, [](Rng& rng) { return rng.uniform(); });
        each(g.within, [](Rng& rng) { return rng.uniform(-0.3, 0.4); });
        each(g.normal, [](Rng& rng) { return rng.normal(); });
        each(g.below_10, [](Rng& rng) { return rng.below(10); });
        each(g.below_2_to_62_and_1, [](Rng& rng) { return rng.below((Index{1} << 62) + 1); });
        std::vector<int> all{0, 1, 2, 3, 4, 5, 6, 7};
        Rng rng(g.seed);
        shuffle(all, rng);
        CHECK(all == g.shuffled);
    }
}

TEST_CASE("random: below() draws anew below the remainder of all bits, and only there") {
    Rng rng(42);
    rng.next(), rng.next();
    constexpr std::uint64_t third = 0x47526757130f9f52;  // of the golden values
    constexpr std::uint64_t n = (0 - third) / 2;         // 2⁶⁴ mod n is `third`
    static_assert(third < n && n < std::uint64_t{1} << 63);
    CHECK(rng.below(static_cast<Index>(n)) == static_cast<Index>(third));
}

TEST_CASE("random: uniform and normal have their moments, below() its range") {
    Rng rng(7);
    constexpr int n = 200000;
    double sum = 0, squares = 0, normal = 0, normal_squares = 0;
    int outside = 0;
    std::array<int, 7> counts{};
    for (int k = 0; k < n; ++k) {
        const double u = rng.uniform(), z = rng.normal();
        outside += u < 0 || u >= 1 ? 1 : 0;
        sum += u, squares += u * u, normal += z, normal_squares += z * z;
        ++counts[static_cast<std::size_t>(rng.below(7))];
    }
    CHECK(outside == 0);
    // within 4 standard errors
    CHECK_THAT(sum / n, WithinAbs(0.5, 4 * std::sqrt(1.0 / 12 / n)));
    CHECK_THAT(squares / n, WithinAbs(1.0 / 3, 4 * std::sqrt(4.0 / 45 / n)));
    CHECK_THAT(normal / n, WithinAbs(0, 4 * std::sqrt(1.0 / n)));
    CHECK_THAT(normal_squares / n, WithinAbs(1, 4 * std::sqrt(2.0 / n)));
    for (int c : counts) CHECK_THAT(c / double{n}, WithinAbs(1.0 / 7, 4 * std::sqrt(6.0 / 49 / n)));
}

TEST_CASE("shuffle: every order is as likely as any other, and nothing is lost") {
    Rng rng(7);
    std::map<std::vector<int>, double> count;
    for (int k = 0; k < 60'000; ++k) {
        std::vector<int> all{1, 2, 3};
        shuffle(all, rng);
        ++count[all];
    }
    CHECK(count.size() == 6);
    for (const auto& [order, times] : count) CHECK_THAT(times / 60'000, WithinAbs(1.0 / 6, 4 * std::sqrt(5.0 / 36 / 60'000)));
    std::vector<int> none;
    shuffle(none, rng);
    CHECK(none.empty());
}

TEST_CASE("shuffle: draws once for each but the last") {
    for (const int n : {0, 1, 2, 5}) {
        std::vector<int> all(static_cast<std::size_t>(n));
        Rng rng(7), other(7);
        shuffle(all, rng);
        for (int k = 1; k < n; ++k) other.next();
        CHECK(rng.next() == other.next());
    }
}

TEST_CASE("Rng::zeros: initialisers draw zeros, all else throws") {
    Rng rng = Rng::zeros();
    CHECK(rng.draws_zeros());
    CHECK(!Rng(0).draws_zeros());
    CHECK(rng.uniform(1, 2) == 0);
    CHECK(rng.normal() == 0);
    const char* const none = "Rng: Rng::zeros() has no random numbers; it is for a model that load() fills";
    CHECK_THROWS_WITH(rng.next(), none);
    CHECK_THROWS_WITH(rng.uniform(), none);
    CHECK_THROWS_WITH(rng.below(3), none);
    CHECK(glorot_uniform<float>(2, 3, rng) == Mat<float>::Zero(2, 3));
    CHECK(orthogonal<float>(3, rng) == Mat<float>::Zero(3, 3));
}
