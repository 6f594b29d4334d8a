#include "../../examples/char_lm/units.hpp"

#include <string>
#include <vector>

#include "catch.hpp"

using namespace char_lm;

TEST_CASE("loss_text: nats of the unit, bits, and for words the perplexity") {
    CHECK(loss_text(std::numbers::ln2, Unit::byte) == "0.6931 nats per byte (1.0000 bits)");
    CHECK(loss_text(std::numbers::ln2, Unit::code_point) == "0.6931 nats per character (1.0000 bits)");
    CHECK(loss_text(3 * std::numbers::ln2, unit_of("word")) == "2.0794 nats per word (3.0000 bits, perplexity 8.0)");
}

TEST_CASE("Spelling: words are apart, but at line ends and after a space that is there") {
    const auto spelled = [](const Vocabulary& v, const std::string& before, const std::vector<Index>& ids) {
        std::string text = before;
        Spelling spelling(v, before);
        for (const Index id : ids) text += spelling(id);
        return text;
    };
    const Vocabulary words("a bb\n", Unit::word_or_line_end);  // "\n", a, bb
    CHECK(spelled(words, "", {1, 2, 0, 2, 1, 0, 0, 1}) == "a bb\nbb a\n\na");
    CHECK(spelled(words, "x", {1, 2}) == "x a bb");
    CHECK(spelled(words, "x ", {1}) == "x a");
    CHECK(spelled(words, "x", {0, 1}) == "x\na");
    CHECK(spelled(Vocabulary("aé", Unit::code_point), "x", {1, 0}) == "xéa");
}
