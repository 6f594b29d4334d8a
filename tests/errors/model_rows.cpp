#include "errors/table.hpp"

using namespace bptt;

namespace {

using Plain = EncoderDecoder<Gru<double>>;
using Attentive = AttentionEncoderDecoder<Gru<double>>;

const Tokens unknown({1, 6}, 2), words({1, 2}, 2), beyond({1, 5}, 2), three({1, 2, 3}, 3);
constexpr Index zero[] = {0}, both[] = {0, 1}, third[] = {0, 2}, fifth[] = {5, 0};

/// A step of a model that has read w.tokens; the state has so many columns.
template <class Model>
void step(const Model& model, World& w, std::span<const Index> previous, std::span<const Index> sources) {
    const auto writer = model.read(w.tokens);
    auto s = writer.start();
    writer.step(previous, sources, s);
}
/// What the model keeps of w.tokens.
auto stored(const auto& model, World& w) { return model.store(w.tape, w.tokens); }

}  // namespace

Rows model_rows() {
    return {
        {"EncoderDecoder", "n", "EncoderDecoder: sources is 6, targets is 0, features is 3, units is 4; all must be positive",
         [](World& w) {
             Plain({6, 0, 3, 4}, w.rng);
         }},
        {"AttentionEncoderDecoder", "n", "AttentionEncoderDecoder: sources is 6, targets is 5, features is 3, units is -1",
         [](World& w) {
             Attentive({6, 5, 3, -1}, w.rng);
         }},
        {"EncoderDecoder::operator()", "sources", "EncoderDecoder: sources: token 6 is outside 0..5 of 2 sequences of 1",
         [](World& w) { w.layers.plain(w.tape, unknown, words); }},
        {"EncoderDecoder::operator()", "words", "EncoderDecoder: words: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { w.layers.plain(w.tape, w.tokens, beyond); }},
        {"EncoderDecoder::operator()", "sources, words",
         "EncoderDecoder: sources are 2 sequences of 3,1, words are 3 sequences of 1",
         [](World& w) { w.layers.plain(w.tape, w.tokens, three); }},
        {"EncoderDecoder::encode", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.encode(w.tape, unknown); }},
        {"EncoderDecoder::store", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.store(w.tape, unknown); }},
        {"EncoderDecoder::read", "sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.plain.read(unknown); }},
        {"EncoderDecoder::read", "sources", "EncoderDecoder: sources: the tokens are a batch of no sequences",
         [](World& w) { w.layers.plain.read(Tokens()); }},
        {"EncoderDecoder::step", "word", "Gru: x is 2x2, Wx is 12x3",
         [](World& w) { w.layers.plain.step(w.var(2, 2), stored(w.layers.plain, w), both, {w.var(4, 2)}); }},
        {"EncoderDecoder::step", "s", "Gru: h of the state is 4x1, not 4x2; x is 3x2",
         [](World& w) { w.layers.plain.step(w.var(3, 2), stored(w.layers.plain, w), both, {w.var(4, 1)}); }},

        {"AttentionEncoderDecoder::operator()", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive(w.tape, unknown, words); }},
        {"AttentionEncoderDecoder::operator()", "words", "AttentionEncoderDecoder: words: token 5 is outside 0..4",
         [](World& w) { w.layers.attentive(w.tape, w.tokens, beyond); }},
        {"AttentionEncoderDecoder::operator()", "sources, words",
         "AttentionEncoderDecoder: sources are 2 sequences of 3,1, words are 3 sequences of 1",
         [](World& w) { w.layers.attentive(w.tape, w.tokens, three); }},
        {"AttentionEncoderDecoder::encode", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.encode(w.tape, unknown); }},
        {"AttentionEncoderDecoder::store", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.store(w.tape, unknown); }},
        {"AttentionEncoderDecoder::read", "sources", "AttentionEncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { w.layers.attentive.read(unknown); }},
        {"AttentionEncoderDecoder::step", "sources, read", "BahdanauAttention: source 2 of 2",
         [](World& w) {
             const auto read = stored(w.layers.attentive, w);
             w.layers.attentive.step(w.var(3, 2), read, third, lift(w.tape, read.start));
         }},
        {"AttentionEncoderDecoder::step", "word, s", "AttentionDecoder: y is 3x1, h of the state is 4x2",
         [](World& w) {
             const auto read = stored(w.layers.attentive, w);
             w.layers.attentive.step(w.var(3, 1), read, both, lift(w.tape, read.start));
         }},

        {"SourceWriter", "model, sources", "EncoderDecoder: sources: token 6 is outside 0..5",
         [](World& w) { SourceWriter(w.layers.plain, unknown); }},
        {"SourceWriter::source_length", "j", "SourceWriter: source 2 of 2",
         [](World& w) { w.layers.plain.read(w.tokens).source_length(2); }},
        {"SourceWriter::source_length", "j", "SourceWriter: source -1 of 2",
         [](World& w) { w.layers.attentive.read(w.tokens).source_length(-1); }},
        {"SourceWriter::step", "previous", "SourceWriter: token 5 is outside 0..4 of 2 sequences of 1",
         [](World& w) { step(w.layers.plain, w, fifth, both); }},
        {"SourceWriter::step", "sources", "SourceWriter: source 2 of 2",
         [](World& w) { step(w.layers.plain, w, both, third); }},
        {"SourceWriter::step", "previous, sources", "SourceWriter: there are 2 tokens, 1 sources",
         [](World& w) { step(w.layers.plain, w, both, zero); }},
        {"SourceWriter::step", "s", "Gru: h of the state is 4x2, not 4x1; x is 3x1",
         [](World& w) { step(w.layers.plain, w, zero, zero); }},
        {"SourceWriter::step", "s", "AttentionDecoder: y is 3x1, h of the state is 4x2",
         [](World& w) { step(w.layers.attentive, w, zero, zero); }},
    };
}
