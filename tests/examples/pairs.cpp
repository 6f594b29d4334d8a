#include "../../examples/caption/pairs.hpp"

#include <cmath>
#include <map>
#include <set>
#include <string>

#include "catch.hpp"
#include "support/folder.hpp"
#include "support/idx.hpp"

using namespace caption;

TEST_CASE("caption: two real pictures in one are where the sentence says, of the right part, and of a pair of its kind") {
    const Folder folder;
    folder.write("names.txt", "coat bag\n");
    folder.write("train-images-idx3-ubyte", idx({3, 2, 1}, "\x01\x02\xfa\xfb\xfc\xfd"));
    folder.write("train-labels-idx1-ubyte", idx({3}, {0, 1, 0}));
    folder.write("t10k-images-idx3-ubyte", idx({3, 2, 1}, "\x03\x04\xfe\xff\x05\x06"));
    folder.write("t10k-labels-idx1-ubyte", idx({3}, {0, 1, 1}));
    const Pairs pairs(folder.top());
    const std::map<Index, std::string> learned = {{1, "a dark coat"}, {0xfa, "a bright bag"}, {0xfc, "a bright coat"}};
    const std::map<Index, std::string> others = {{3, "a dark coat"}, {0xfe, "a bright bag"}, {5, "a dark bag"}};
    const std::set<std::string> held_out = {"a dark coat", "a bright bag"};

    Rng rng(1);
    std::set<std::pair<Index, Index>> places;
    for (int k = 0; k < 300; ++k) {
        const auto part = static_cast<Part>(k % 3);
        const auto& names = part == Part::learned ? learned : others;
        const auto [picture, caption] = pairs.draw(part, rng);
        const Mat<float> cells = pairs.grid().patches(picture);
        std::vector<Index> filled;
        std::vector<std::string> said;
        for (Index p = 0; p < 4; ++p) {
            if (cells(0, p) == 0) continue;
            filled.push_back(p);
            said.push_back(names.at(std::lround(255 * cells(0, p))));
            CHECK(std::lround(255 * cells(1, p)) == std::lround(255 * cells(0, p)) + 1);  // its second row
        }
        REQUIRE(filled.size() == 2);
        places.emplace(filled[0], filled[1]);
        CHECK(caption == said[0] + (filled[1] == filled[0] + 1 ? " left of " : " above ") + said[1]);
        CHECK((std::set<std::string>(said.begin(), said.end()) == held_out) == (part == Part::held_out));
    }
    CHECK(places == std::set<std::pair<Index, Index>>{{0, 1}, {2, 3}, {0, 2}, {1, 3}});
}
