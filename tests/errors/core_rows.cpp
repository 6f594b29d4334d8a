#include "errors/table.hpp"

using namespace bptt;

namespace {

const auto no_room = [](Index) -> Index* { return nullptr; };
const std::vector<Index> six{0, 1, 2, 3, 4, 5};
Layout uneven_layout(World& w) { return w.tokens.layout(); }

}  // namespace

Rows core_rows() {
    return {
        {"Arena::allocate", "align", "Arena: align is 48, not a power of two up to 64",
         [](World&) { Arena().allocate(8, 48); }},
        {"Arena::allocate", "align", "Arena: align is 128, not a power of two", [](World&) { Arena().allocate(8, 128); }},
        {"Arena::allocate", "align", "Arena: align is 0, not a power of two", [](World&) { Arena().allocate(8, 0); }},
        {"Threads", "count", "Threads: count is 0, not positive", [](World&) { Threads(0); }},
        {"throw_unless", "ok, parts", "a is 1, b is 2", [](World&) { throw_unless(false, "a is ", 1, ", b is ", 2); }},

        {"Rng::below", "n", "Rng::below: n is 0, not positive", [](World& w) { w.rng.below(0); }},
        {"random_matrix", "rows", "random_matrix: the shape -1x2 is negative",
         [](World& w) { random_matrix<double>(-1, 2, [&] { return w.rng.uniform(); }); }},
        {"random_matrix", "cols", "random_matrix: the shape 1x-2 is negative",
         [](World& w) { random_matrix<double>(1, -2, [&] { return w.rng.uniform(); }); }},
        {"glorot_uniform", "outputs", "glorot_uniform: the shape -1x2 is negative",
         [](World& w) { glorot_uniform<double>(-1, 2, w.rng); }},
        {"glorot_uniform", "inputs", "glorot_uniform: the shape 1x-2 is negative",
         [](World& w) { glorot_uniform<double>(1, -2, w.rng); }},
        {"orthogonal", "n", "orthogonal: the shape -3x-3 is negative", [](World& w) { orthogonal<double>(-3, w.rng); }},
        {"row_blocks", "count", "row_blocks: count is -1, not 0 or more",
         [](World&) { row_blocks<double>(-1, [] { return Mat<double>(2, 2); }); }},
        {"row_blocks", "make", "row_blocks: block 1 is 2x2, all 3 blocks are 3x1",
         [](World&) { row_blocks<double>(3, [n = Index{0}]() mutable { return ++n, Mat<double>(Mat<double>::Ones(n, n)); }); }},
        {"Param", "rows", "Param: the shape -1x2 is negative", [](World&) { Param<double>(-1, 2); }},
        {"Param", "cols", "Param: the shape 1x-2 is negative", [](World&) { Param<double>(1, -2); }},

        {"Layout::of", "what, batch", "op: batch is 0, not positive", [](World&) { Layout::of("op", 6, 0, {}, no_room); }},
        {"Layout::of", "columns, batch", "op: 7 columns do not divide into a batch of 2",
         [](World&) { Layout::of("op", 7, 2, {}, no_room); }},
        {"Layout::of", "columns", "op: -6 columns do not divide", [](World&) { Layout::of("op", -6, 2, {}, no_room); }},
        {"Layout::of", "lengths", "op: 6 lengths for a batch of 2", [](World&) { Layout::of("op", 6, 2, six, no_room); }},
        {"Layout::of", "lengths", "op: the length of sequence 2 is 2, outside 0..1",
         [](World&) { Layout::of("op", 6, 6, six, no_room); }},
        {"Layout::of", "what, lengths", "op: batch is 0, not positive",
         [](World&) { Layout::of("op", std::span<const Index>(), no_room); }},
        {"Layout::of", "lengths", "op: the length of sequence 1 is -2, negative",
         [](World&) {
             Layout::of("op", std::vector<Index>{3, -2}, no_room);
         }},
        {"Layout::start", "t", "Layout: step 4 of 2 sequences of 3",
         [](World&) {
             Layout{2, 3}.start(4);
         }},
        {"Layout::start", "t", "Layout: step -1 of 2 sequences of 3,1", [](World& w) { uneven_layout(w).start(-1); }},
        {"Layout::start", "t", "Layout: step 4 of 2 sequences of 3,1", [](World& w) { uneven_layout(w).start(4); }},
        {"Layout::width", "t", "Layout: step 3 of 2 sequences of 3,1", [](World& w) { uneven_layout(w).width(3); }},
        {"Layout::width", "t", "Layout: step -1 of 2 sequences of 3,1", [](World& w) { uneven_layout(w).width(-1); }},
        {"Layout::sequence", "place", "Layout: sequence 2 of 2 sequences of 3,1",
         [](World& w) { uneven_layout(w).sequence(2); }},
        {"Layout::place", "sequence", "Layout: sequence -1 of 2 sequences of 3,1",
         [](World& w) { uneven_layout(w).place(-1); }},
        {"Layout::length", "sequence", "Layout: sequence 2 of 2 sequences of 3",
         [](World&) {
             Layout{2, 3}.length(2);
         }},
        {"Layout::order", "", "Layout::order: the lengths of 2 sequences of 3 are equal",
         [](World&) {
             Layout{2, 3}.order();
         }},
        {"check_same_layout", "what, a, b", "op: 2 sequences of 3,1 against 2 sequences of 3; sequence 1 has 1 steps against 3",
         [](World& w) {
             check_same_layout("op", uneven_layout(w), {2, 3});
         }},
        {"check_same_layout", "a, b", "op: 2 sequences of 3 against 3 sequences of 2",
         [](World&) {
             check_same_layout("op", {2, 3}, {3, 2});
         }},

        {"Tokens", "batch", "Tokens: batch is 0, not positive", [](World&) { Tokens(six, 0); }},
        {"Tokens", "ids, batch", "Tokens: 6 columns do not divide into a batch of 4", [](World&) { Tokens(six, 4); }},
        {"Tokens", "lengths", "Tokens: 3 lengths for a batch of 2",
         [](World&) {
             Tokens(six, 2, {1, 2, 3});
         }},
        {"Tokens", "lengths", "Tokens: the length of sequence 1 is 4, outside 0..3",
         [](World&) {
             Tokens(six, 2, {1, 4});
         }},
        {"Tokens::of", "sequences", "Tokens: batch is 0, not positive",
         [](World&) { Tokens::of(std::vector<std::vector<Index>>()); }},
        {"Tokens::assign", "ids", "Tokens::assign: the ids are its own", [](World& w) { w.tokens.assign(w.tokens.ids(), 1); }},
        {"Tokens::assign", "batch", "Tokens: batch is -1, not positive", [](World& w) { w.tokens.assign(six, -1); }},
        {"Tokens::assign", "ids, batch", "Tokens: 6 columns do not divide into a batch of 5",
         [](World& w) { w.tokens.assign(six, 5); }},
        {"Tokens::assign", "lengths", "Tokens: the length of sequence 0 is -1, outside 0..3",
         [](World& w) {
             w.tokens.assign(six, 2, std::vector<Index>{-1, 3});
         }},
    };
}
