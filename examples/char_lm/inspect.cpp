#include "inspect.hpp"

#include <algorithm>
#include <array>
#include <bptt/core/table.hpp>
#include <bptt/inspect/colored_text.hpp>
#include <bptt/inspect/gradient_flow.hpp>
#include <bptt/inspect/saturation.hpp>
#include <bptt/inspect/units.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "../support/marked_text.hpp"
#include "../support/page.hpp"
#include "../support/terminal.hpp"
#include "known.hpp"

namespace char_lm {

namespace {

/// What a model did while it read a text.
struct Reading {
    std::vector<std::string> symbols;  // one after the other they are the text
    Unit unit;
    Traced<float> traced;
};

template <class Cell> Reading read_along(const CharLm<Cell>& model, const Vocabulary& vocabulary, std::span<const Index> ids) {
    Tape<float> tape;
    Reading reading;
    Spelling spelling(vocabulary, "");
    for (const Index id : ids) reading.symbols.push_back(spelling(id));
    reading.unit = vocabulary.unit();
    reading.traced = trace(model.layer, model.embed(tape, Tokens(ids, 1)))[0];
    return reading;
}

/// None for words: what is scored are properties of characters.
std::vector<PropertyScores> scores_of(const Reading& reading) {
    std::vector<PropertyScores> scores;
    if (bptt::detail::is_words(reading.unit)) return scores;
    Rng rng(1);
    for (const TextProperty& property : text_properties(reading.symbols))
        scores.push_back(score_units(reading.traced, property, rng));
    return scores;
}

/// The five likeliest symbols after each of the states h.
template <class Cell>
std::vector<std::vector<Foreseen>> foresee(const CharLm<Cell>& model, const Vocabulary& vocabulary, const Mat<float>& h) {
    Tape<float> tape;
    const Tape<float>::Pause pause(tape);
    std::vector<std::vector<Foreseen>> all;
    std::vector<Index> order(static_cast<std::size_t>(vocabulary.size()));
    for (Index first = 0; first < h.cols(); first += 1000) {
        tape.clear();
        const auto logits = model.head(tape.constant(h.middleCols(first, std::min<Index>(1000, h.cols() - first))));
        const Mat<float> p = softmax(logits).value();
        for (Index k = 0; k < p.cols(); ++k) {
            std::iota(order.begin(), order.end(), Index{0});
            const auto end = order.begin() + std::min<std::ptrdiff_t>(5, std::ssize(order));
            std::partial_sort(order.begin(), end, order.end(), [&](Index a, Index b) { return p(a, k) > p(b, k); });
            auto& likeliest = all.emplace_back();
            std::for_each(order.begin(), end, [&](Index id) { likeliest.push_back({vocabulary[id], p(id, k)}); });
        }
    }
    return all;
}

/// How much of the loss of a symbol arrives at each of 100 steps before it, in the top layer: of up to 50 symbols.
template <class Cell>
GradientFlow flow_back(const CharLm<Cell>& model, const Traced<float>& traced, std::span<const Index> ids) {
    constexpr std::size_t most = 100, windows = 50;
    const std::size_t steps = std::min(most, ids.size() - 1);
    const Index layers = model.layer.depth();
    std::vector<std::vector<Index>> tokens;
    std::vector<Mat<float>> below;
    std::vector<Index> next;
    for (std::size_t at = 0; at + steps < ids.size() && next.size() < windows; at += steps) {
        tokens.emplace_back(ids.begin() + static_cast<std::ptrdiff_t>(at),
                            ids.begin() + static_cast<std::ptrdiff_t>(at + steps));
        next.push_back(ids[at + steps]);
        if (layers > 1)
            below.push_back(
                traced[std::to_string(layers - 2) + ".h"].middleCols(static_cast<Index>(at), static_cast<Index>(steps)));
    }
    Tape<float> tape;
    const auto xs = layers == 1 ? model.embed(tape, Tokens::of(tokens)) : Sequence<float>::of(tape, below);
    const auto loss = [&](const auto& y) { return cross_entropy(model.head(final_state(y.h)), next); };
    return gradient_flow(model.layer.layers.back(), xs, loss);
}

template <class Cell> void show(Report& report, const std::string& title, const CharLm<Cell>& model,
                                const Vocabulary& vocabulary, std::span<const Index> ids, const Reading& reading) {
    const Mat<float>& top = reading.traced[std::to_string(model.layer.depth() - 1) + ".h"];
    report.text(title, reading.symbols, reading.traced, scores_of(reading), foresee(model, vocabulary, top));
    const auto gates = saturation(reading.traced);
    if (!gates.empty())
        report.picture("How often gates are shut and open", saturation_chart(gates),
                       "A point is a unit: the share of this text at which its gate is above 0.9, and below 0.1.");
    if (ids.size() < 2) return;
    const GradientFlow flow = flow_back(model, reading.traced, ids);
    const std::string unit = name_of(reading.unit);
    if (flow["h"].back() > 0)  // there is no loss where all symbols are the same
        report.picture("How far back the gradient goes", chart(panel({flow})),
                       "Of the loss of a " + unit + ", in the states of the top layer before it: over 50 " + unit + "s.");
}

/// "+0.71"
std::string signed_score(double score) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%+.2f", score);
    return text.data();
}

/// The three best units for each property.
void print_scores(const std::vector<PropertyScores>& scores) {
    std::vector<std::vector<std::string>> rows = {{"", "unit", "score", "chosen", "shuffled"}};
    for (const PropertyScores& s : scores) {
        if (s.best.empty()) rows.push_back({s.property, "", "does not change", "", ""});
        for (std::size_t k = 0; k < std::min<std::size_t>(3, s.best.size()); ++k) {
            const UnitScore& unit = s.best[k];
            rows.push_back({k == 0 ? s.property : "", unit.signal + " " + std::to_string(unit.unit),
                            signed_score(unit.held_out), signed_score(unit.chosen),
                            k == 0 ? signed_score(s.shuffled).substr(1) : ""});
        }
    }
    std::printf(
        "Units by how well they follow the text, as correlations: chosen on its first half, scored on its second;\n"
        "shuffled: what a unit scores that is chosen for what stands elsewhere in the text.\n\n%s\n",
        bptt::detail::table(rows, "llrrr").c_str());
}

/// What stands below a symbol where there is no colour.
char mark(double v) { return v >= 0.75 ? '#' : v >= 0.25 ? '+' : v > -0.25 ? ' ' : v > -0.75 ? '-' : '='; }

void print_unit(const InspectRun& o, const Reading& reading) {
    Index layer = 0, unit = 0;
    const char* const end = o.unit->data() + o.unit->size();
    const auto first = std::from_chars(o.unit->data(), end, layer);
    const bool whole = first.ec == std::errc() && first.ptr != end && *first.ptr == '/' && layer >= 0;
    const auto second = std::from_chars(whole ? first.ptr + 1 : end, end, unit);
    throw_unless(whole && second.ec == std::errc() && second.ptr == end && unit >= 0, "--unit ", *o.unit,
                 ": not a layer, a slash and a unit, as 1/37");
    const auto has = [&](const std::string& name) {
        return std::ranges::any_of(reading.traced.signals, [&](const auto& s) { return s.name == name; });
    };
    const std::string name = std::to_string(layer) + '.', signal = name + (!o.field.empty()  ? o.field
                                                                           : has(name + "c") ? "c"
                                                                                             : "h");
    throw_unless(o.from < std::ssize(reading.symbols), "--from ", o.from, ": there are ", reading.symbols.size(), ' ',
                 name_of(reading.unit), 's');
    const auto all = unit_values(reading.traced, signal, unit);
    const std::vector<std::string> symbols(reading.symbols.begin() + o.from, reading.symbols.end());
    const std::vector<double> values(all.begin() + o.from, all.end());
    if (!o.svg.empty()) {
        examples::write_file(o.svg, svg_text(symbols, values));
        return;
    }
    const bool plain = examples::wants_no_color();
    const auto text =
        plain ? examples::marked_text(symbols, [&](std::size_t k) { return mark(values[k]); }) : ansi_text(symbols, values);
    std::printf("%s%s of unit %td: %s\n\n%s\n", bptt::detail::goes_beyond_one(reading.traced[signal]) ? "tanh of " : "",
                signal.c_str(), unit,
                plain ? "below each line # is 0.75 and more, + 0.25, - -0.25 and less, = -0.75" : "red -1, white 0, blue 1",
                text.c_str());
}

}  // namespace

template <class Cell> void add_reading(Report& report, const std::string& title, const CharLm<Cell>& model,
                                       const Vocabulary& vocabulary, std::span<const Index> ids) {
    show(report, title, model, vocabulary, ids, read_along(model, vocabulary, ids));
}
template void add_reading(Report&, const std::string&, const CharLm<Rnn<float>>&, const Vocabulary&, std::span<const Index>);
template void add_reading(Report&, const std::string&, const CharLm<Lstm<float>>&, const Vocabulary&, std::span<const Index>);
template void add_reading(Report&, const std::string&, const CharLm<Gru<float>>&, const Vocabulary&, std::span<const Index>);

void inspect(const InspectRun& o) {
    auto inputs = o.texts;
    inputs.push_back(o.load);
    examples::check_page_target(o.report, inputs);
    examples::check_picture_target(o.svg, inputs);
    examples::check_different({o.report, o.svg});
    examples::with_saved_model(o.load, Setup::of, [&](const Setup& setup, const auto& model) {
        const Vocabulary& vocabulary = setup.vocabulary;
        const std::string unit = name_of(vocabulary.unit());
        throw_unless(o.unit || !o.report.empty() || !bptt::detail::is_words(vocabulary.unit()),
                     "inspect: what units are scored by, as comments and columns, are properties of characters, and this is a "
                     "model of words; --unit and --report show what its units do");
        const auto [ids, unknown, read, symbols] = read_known(vocabulary, o.texts, o.skip_unknown, o.length);
        throw_unless(!ids.empty(), "inspect: the model knows none of the text's ", unit, 's');
        const Reading reading = read_along(model, vocabulary, ids);
        if (!o.report.empty()) {
            Report report(o.load.filename().string() + " reads " + o.texts[0].filename().string());
            show(report, "What it read", model, vocabulary, ids, reading);
            examples::write_page(report, o.report);
        }
        if (o.unit)
            print_unit(o, reading);
        else if (o.report.empty())
            print_scores(scores_of(reading));
        if (read < symbols)
            std::fprintf(stderr, "the first %td of %td %ss; --length takes more\n", read, symbols, unit.c_str());
        if (unknown > 0)
            std::fprintf(stderr, "unknown %ss %s: %td\n", unit.c_str(), o.skip_unknown ? "left out" : "read as <unk>", unknown);
    });
}

}  // namespace char_lm
