#include <limits>

#include "bptt/inspect/report.hpp"
#include "errors/table.hpp"

using namespace bptt;

namespace {

const double no_number = std::numeric_limits<double>::quiet_NaN();
const std::string too_long(10'000'001, 'x');
const Traced<double> traced{{{"h", false, Mat<double>{{0, 1}, {0.5, 0}}}}};

/// A text of two symbols, with scores of a unit.
void add_report(const Traced<double>& of, const std::vector<PropertyScores>& scores = {},
                const std::vector<std::vector<Foreseen>>& foreseen = {}) {
    Report("page").text("text", {"a", "b"}, of, scores, foreseen);
}
void add_report_score(UnitScore score, double shuffled = 0) { add_report(traced, {{"in quotes", {score}, shuffled}}); }

}  // namespace

Rows report_rows() {
    return {
        {"Report", "title", "Report: the title is empty", [](World&) { Report(""); }},
        {"Report::text", "title", "Report::text: title is empty",
         [](World&) {
             Report("page").text("", {"a", "b"}, traced);
         }},
        {"Report::text", "symbols", "Report::text: there are 0 symbols, and traced has 1 signals; both must be positive",
         [](World&) { Report("page").text("text", {}, traced); }},
        {"Report::text", "symbols, traced", "Report::text: \"h\" of traced is 2x2, there are 1 symbols",
         [](World&) { Report("page").text("text", {"a"}, traced); }},
        {"Report::text", "symbols",
         "Report::text: this has 20000002 bytes of text, the page has 0 already; the most is 10000000",
         [](World&) {
             Report("page").text("text", {too_long, ""}, traced);
         }},
        {"Report::text", "traced", "Report::text: there are 2 symbols, and traced has 0 signals; both must be positive",
         [](World&) { add_report({}); }},
        {"Report::text", "traced", "Report::text: \"h\" of traced is 0x2, there are 2 symbols",
         [](World&) {
             add_report({{{"h", false, Mat<double>(0, 2)}}});
         }},
        {"Report::text", "traced", "Report::text: two signals of traced are called \"h\"",
         [](World&) {
             add_report({{traced.signals[0], traced.signals[0]}});
         }},
        {"Report::text", "traced", "Report::text: \"h\" of traced is nan at unit 1, position 0",
         [](World&) {
             add_report({{{"h", false, Mat<double>{{0, 1}, {no_number, 0}}}}});
         }},
        {"Report::text", "scores", "Traced: there is no signal \"c\"; there are h",
         [](World&) {
             add_report_score({"c", 0, 0.5, 0.5});
         }},
        {"Report::text", "scores", "Report::text: a unit of \"in quotes\" in scores is 2, outside 0..1 of \"h\"",
         [](World&) {
             add_report_score({"h", 2, 0.5, 0.5});
         }},
        {"Report::text", "scores", "Report::text: a unit of \"in quotes\" in scores is -1, outside 0..1 of \"h\"",
         [](World&) {
             add_report_score({"h", -1, 0.5, 0.5});
         }},
        {"Report::text", "scores", "Report::text: unit 1 of \"h\" has the scores nan and 0.5 for \"in quotes\" in scores",
         [](World&) {
             add_report_score({"h", 1, no_number, 0.5});
         }},
        {"Report::text", "scores", "Report::text: unit 1 of \"h\" has the scores 0.5 and nan for \"in quotes\" in scores",
         [](World&) {
             add_report_score({"h", 1, 0.5, no_number});
         }},
        {"Report::text", "scores", "Report::text: shuffled is nan for \"in quotes\" in scores",
         [](World&) {
             add_report_score({"h", 1, 0.5, 0.5}, no_number);
         }},
        {"Report::text", "foreseen", "Report::text: foreseen is for 1 positions, there are 2 symbols",
         [](World&) { add_report(traced, {}, {{}}); }},
        {"Report::text", "foreseen", "Report::text: foreseen has 6 symbols at position 1; the most is 5",
         [](World&) {
             add_report(traced, {}, {{}, std::vector<Foreseen>(6, {"a", 0.1f})});
         }},
        {"Report::text", "foreseen",
         "Report::text: a probability of foreseen is 1.5 at position 0, outside 0..1 or larger than the one before it",
         [](World&) {
             add_report(traced, {}, {{{"a", 1.5f}}, {}});
         }},
        {"Report::text", "foreseen", "Report::text: a probability of foreseen is -0.5 at position 0, outside 0..1",
         [](World&) {
             add_report(traced, {}, {{{"a", -0.5f}}, {}});
         }},
        {"Report::text", "foreseen", "Report::text: a probability of foreseen is nan at position 0, outside 0..1",
         [](World&) {
             add_report(traced, {}, {{{"a", std::numeric_limits<float>::quiet_NaN()}}, {}});
         }},
        {"Report::text", "foreseen", "Report::text: a probability of foreseen is 0.5 at position 1, outside 0..1 or larger",
         [](World&) {
             add_report(traced, {}, {{}, {{"a", 0.25f}, {"b", 0.5f}}});
         }},

        {"Report::picture", "title", "Report::picture: title is empty",
         [](World&) { Report("page").picture("", "<svg></svg>"); }},
        {"Report::picture", "svg", "Report::picture: svg is \"<?xml version=\"1.0\"?\"…, no element <svg …>…</svg>",
         [](World&) { Report("page").picture("a", "<?xml version=\"1.0\"?><svg></svg>"); }},
        {"Report::picture", "svg", "Report::picture: svg is \"<svg\"…, no element",
         [](World&) { Report("page").picture("a", "<svg"); }},
        {"Report::picture", "svg", "Report::picture: svg is \"\"…, no element",
         [](World&) { Report("page").picture("a", ""); }},
        {"Report::picture", "caption", "Report::picture: this has 10000001 bytes of text, the page has 0 already",
         [](World&) { Report("page").picture("a", "<svg></svg>", too_long); }},
        {"Report::sample", "title", "Report::sample: title is empty", [](World&) { Report("page").sample("", "a"); }},
        {"Report::sample", "text", "Report::sample: this has 10000001 bytes of text, the page has 0 already",
         [](World&) { Report("page").sample("a", too_long); }},
        {"Report::table", "title", "Report::table: title is empty", [](World&) { Report("page").table("", {"a"}, {{"b"}}); }},
        {"Report::table", "columns, rows", "Report::table: row 1 of rows has 1 cells, there are 2 columns",
         [](World&) {
             Report("page").table("t", {"a", "b"}, {{"1", "2"}, {"3"}});
         }},
        {"Report::table", "columns", "Report::table: there are no columns", [](World&) { Report("page").table("t", {}, {}); }},
    };
}
