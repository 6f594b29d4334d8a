#include "errors/table.hpp"
#include "support/checkpoints.hpp"

using namespace bptt;

namespace {

const std::filesystem::path no_file = "no/such/file";
const std::string broken = "a\n\xff";
const std::vector<std::string> broken_texts{"ab", broken};
const Vocabulary ab("ab"), framed("ab", {.bos = true, .eos = true}), points("ab", Unit::code_point);
const std::vector<Pair> pairs{{"a", "b"}, {"ab", "c"}};
const std::vector<std::string> no_tokens{"", ""};
const std::vector<std::vector<std::string>> no_forms{{"ab"}, {}};
const auto ignored = [](std::string_view) {};

/// Reads a file with this content.
template <class Read> void read_back(std::string_view content, Read read) {
    static const Folder folder;
    read(folder.write("file", content));
}

}  // namespace

Rows text_rows() {
    return {
        {"for_each_symbol", "text, unit", "for_each_symbol: invalid UTF-8 in line 2",
         [](World&) { for_each_symbol(broken, Unit::code_point, ignored); }},
        {"Vocabulary", "text, unit", "Vocabulary: invalid UTF-8 in line 2", [](World&) { Vocabulary(broken, Unit::word); }},
        {"Vocabulary", "texts", "Vocabulary: invalid UTF-8 in line 2 of text 1",
         [](World&) { Vocabulary(broken_texts, {.unit = Unit::code_point}); }},
        {"Vocabulary::of", "symbols", "Vocabulary::of: \"a\" is there twice",
         [](World&) {
             Vocabulary::of({"b", "a", "a"});
         }},
        {"Vocabulary::of", "symbols", "Vocabulary::of: \"a b\" is not one word", [](World&) { Vocabulary::of({"a b"}); }},
        {"Vocabulary::of", "options", "Vocabulary: min_count is 2 without unk",
         [](World&) { Vocabulary::of({"a"}, {.min_count = 2}); }},
        {"Vocabulary", "options", "Vocabulary: min_count is 0, not positive",
         [](World&) { Vocabulary("ab", {.min_count = 0}); }},
        {"Vocabulary", "options", "Vocabulary: min_count is 2 without unk", [](World&) { Vocabulary("ab", {.min_count = 2}); }},
        {"Vocabulary::unk", "", "Vocabulary: it was made without unk", [](World&) { ab.unk(); }},
        {"Vocabulary::bos", "", "Vocabulary: it was made without bos", [](World&) { ab.bos(); }},
        {"Vocabulary::eos", "", "Vocabulary: it was made without eos", [](World&) { ab.eos(); }},
        {"Vocabulary::operator[]", "symbol", "Vocabulary: unknown symbol \"c\"", [](World&) { ab["c"]; }},
        {"Vocabulary::operator[]", "k", "Vocabulary: symbol 2 is outside 0..1", [](World&) { ab[Index{2}]; }},
        {"Vocabulary::operator[]", "k", "Vocabulary: symbol -1 is outside 0..1", [](World&) { ab[Index{-1}]; }},
        {"Vocabulary::encode", "text", "Vocabulary: unknown symbol \"c\"", [](World&) { ab.encode("abc"); }},
        {"Vocabulary::encode", "text", "Vocabulary: invalid UTF-8 in line 1", [](World&) { points.encode("ab\xff"); }},
        {"Vocabulary::batch", "texts", "Vocabulary: unknown symbol \"c\" of text 1",
         [](World&) {
             ab.batch({"ab", "abc"});
         }},
        {"Vocabulary::batch", "texts", "Tokens: batch is 0, not positive", [](World&) { ab.batch({}); }},
        {"Vocabulary::decode", "ids", "Vocabulary: symbol 2 is outside 0..1",
         [](World&) {
             ab.decode({0, 1, 2});
         }},
        {"Vocabulary::deserialize", "text",
         "Vocabulary::deserialize: line 1: \"runes\" is not byte, code_point, word or word_or_line_end",
         [](World&) { Vocabulary::deserialize("runes\n"); }},
        {"Vocabulary::deserialize", "text", "Vocabulary::deserialize: line 3: \"a\" is there twice",
         [](World&) { Vocabulary::deserialize("byte\na\na\n"); }},

        {"read_text", "paths", "read_text: there is no no/such/file", [](World&) { read_text({no_file}); }},
        {"read_text", "path", "read_text: there is no no/such/file", [](World&) { read_text(no_file); }},
        {"read_text", "paths, unit", "read_text: .../file: invalid UTF-8 in line 2",
         [](World&) { read_back(broken, [](const auto& file) { read_text({file}, Unit::word); }); }},
        {"load_text", "path", "load_text: there is no no/such/file", [](World&) { load_text(no_file); }},
        {"load_text", "paths", "load_text: no paths", [](World&) { load_text(std::vector<std::filesystem::path>()); }},
        {"load_text", "paths", "load_text: .../file holds no text",
         [](World&) { read_back("", [](const auto& file) { load_text({file}); }); }},
        {"load_text", "unit", "load_text: .../file: invalid UTF-8 in line 2",
         [](World&) { read_back(broken, [](const auto& file) { load_text(file, Unit::code_point); }); }},
        {"load_text", "options", "Vocabulary: min_count is 2 without unk",
         [](World&) { read_back("ab", [](const auto& file) { load_text(file, {.min_count = 2}); }); }},
        {"load_pairs", "file", "load_pairs: cannot read no/such/file: No such file or directory",
         [](World&) { load_pairs(no_file); }},
        {"load_pairs", "file", "load_pairs: .../file:2: no tab between source and target",
         [](World&) { read_back("a\tb\nab\n", [](const auto& file) { load_pairs(file); }); }},
        {"load_pairs", "file", "load_pairs: .../file:1: an empty source; line 3: an empty target",
         [](World&) { read_back("\tb\n\na\t", [](const auto& file) { load_pairs(file); }); }},
        {"load_pairs", "file", "load_pairs: .../file holds no pairs",
         [](World&) { read_back("\n", [](const auto& file) { load_pairs(file); }); }},
        {"pair_batches", "options", "pair_batches: batch is 0, not positive",
         [](World&) {
             pair_batches({{"a", "b"}}, ab, framed, {.batch = 0});
         }},
        {"pair_batches", "pairs", "pair_batches: no pairs", [](World&) { pair_batches({}, ab, framed); }},
        {"pair_batches", "pairs, target", "pair_batches: the target of pair 1, \"c\": Vocabulary: unknown symbol \"c\"",
         [](World&) { pair_batches(pairs, ab, framed); }},
        {"pair_batches", "pairs, source", "pair_batches: the source of pair 0, \"c\": Vocabulary: unknown symbol \"c\"",
         [](World&) {
             pair_batches({{"c", "b"}}, ab, framed);
         }},
        {"pair_batches", "target", "Vocabulary: it was made without bos",
         [](World&) {
             pair_batches({{"a", "b"}}, ab, ab);
         }},

        {"error_rate", "written, references", "error_rate: written has 2 sequences, references has 0",
         [](World&) { error_rate(broken_texts, std::vector<std::string>()); }},
        {"error_rate", "references", "error_rate: references have no tokens",
         [](World&) { error_rate(broken_texts, no_tokens); }},
        {"error_rate", "references", "error_rate: reference 1 has none that is right",
         [](World&) { error_rate(broken_texts, no_forms); }},
    };
}
