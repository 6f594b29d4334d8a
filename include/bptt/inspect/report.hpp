#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bptt/core/check.hpp"
#include "bptt/inspect/markup.hpp"
#include "bptt/inspect/report_data.hpp"
#include "bptt/inspect/report_foresight.hpp"
#include "bptt/inspect/report_style.hpp"
#include "bptt/inspect/report_text.hpp"
#include "bptt/inspect/report_units.hpp"
#include "bptt/inspect/report_view.hpp"
#include "bptt/inspect/trace.hpp"
#include "bptt/inspect/units.hpp"

namespace bptt {

/// A page that shows what a network does: one file of HTML, which asks for nothing but itself. What is added stands in that
/// order, each under its title. Every text may have any bytes: what is not seen is shown, and nothing is taken for markup. What
/// is refused adds nothing: an empty title, or text beyond 10 MB.
class Report {
public:
    explicit Report(std::string title) : title_(std::move(title)) {
        throw_unless(!title_.empty(), "Report: the title is empty");
    }

    /// A text, coloured by what one unit did at each symbol: −1 is red, +1 blue; where a signal goes beyond ±1, its tanh. The
    /// signals of `traced` are units × symbols; the page has their values to within 1/254. The
    /// scores become buttons that choose their units. `foreseen` is empty or has, for each symbol, what the network held
    /// likeliest to come after it: up to five, likeliest first. Where some symbols have several characters and none has white
    /// space, they are taken for words. Throws unless sizes agree, values are finite and scores are of units that were traced.
    template <class T> void text(std::string_view title, const std::vector<std::string>& symbols, const Traced<T>& traced,
                                 const std::vector<PropertyScores>& scores = {},
                                 const std::vector<std::vector<Foreseen>>& foreseen = {}) {
        detail::check_signals(traced, symbols.size());
        detail::check_scores(scores, traced);
        detail::check_foreseen(foreseen, symbols.size());
        const std::string id = "section-" + std::to_string(sections_.size() + 1);
        detail::ReportSymbols known;
        const std::string places = detail::json_array(symbols, [&](const auto& s) { return std::to_string(known.place(s)); });
        const std::string ends = known.ends(), apart = known.are_long() ? "true" : "false",
                          words = known.are_words() ? "true" : "false";
        std::string values;
        for (std::size_t k = 0; k < traced.signals.size(); ++k)
            values +=
                detail::data_block("text/plain", id + '-' + std::to_string(k), detail::report_values(traced.signals[k].values));
        if (!foreseen.empty())
            values += detail::data_block("text/plain", id + "-foreseen", detail::encode_foreseen(foreseen, known));
        const std::string data = detail::json_object({{"symbols", known.shown()},
                                                      {"ends", ends},
                                                      {"apart", apart},
                                                      {"words", words},
                                                      {"text", places},
                                                      {"signals", detail::json_signals(traced)},
                                                      {"scores", detail::json_scores(scores, traced)},
                                                      {"foreseen", foreseen.empty() ? "false" : "true"}});
        add("text", {std::string(title), "", detail::data_block("application/json", id + "-data", data), std::move(values)},
            size(symbols) + size(known.all()));
    }

    /// An SVG element, as heatmap() and chart() make them, which becomes a part of the page as it is.
    void picture(std::string_view title, std::string_view svg, std::string_view caption = "") {
        const auto end = svg.find_last_not_of(" \n") + 1;
        throw_unless(svg.starts_with("<svg") && svg.substr(0, end).ends_with("</svg>"), "Report::picture: svg is \"",
                     detail::visible(svg.substr(0, 20)), "\"…, no element <svg …>…</svg>");
        std::string content = scrolled(title, "picture", svg);
        if (!caption.empty()) ((content += "<figcaption>") += detail::markup(caption)) += "</figcaption>\n";
        add("picture", {std::string(title), "<figure>\n" + content + "</figure>\n", "", ""}, caption.size());
    }

    /// What a network wrote, in its lines.
    void sample(std::string_view title, std::string_view text) {
        std::string lines;
        for (std::size_t at = 0, end = 0; end != text.npos; at = end + 1) {
            end = text.find('\n', at);
            lines += detail::markup(text.substr(at, end - at));
            if (end != text.npos) lines += '\n';
        }
        add("sample", {std::string(title), "<pre class=\"box\">\n" + lines + "</pre>\n", "", ""}, text.size());
    }

    /// Rows under the columns' names. Throws unless each row has a cell for each column.
    void table(std::string_view title, const std::vector<std::string>& columns,
               const std::vector<std::vector<std::string>>& rows) {
        throw_unless(!columns.empty(), "Report::table: there are no columns");
        const auto row = [](const std::vector<std::string>& cells, const std::string& tag) {
            std::string out = "<tr>";
            for (const auto& cell : cells) out += "<" + tag + ">" + detail::markup(cell) + "</" + tag + ">";
            return out + "</tr>\n";
        };
        std::string all = row(columns, "th");
        std::size_t bytes = size(columns);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            throw_unless(rows[k].size() == columns.size(), "Report::table: row ", k, " of rows has ", rows[k].size(),
                         " cells, there are ", columns.size(), " columns");
            all += row(rows[k], "td");
            bytes += size(rows[k]);
        }
        add("table",
            {std::string(title), scrolled(title, "table", "<table>\n<tbody>\n" + all + "</tbody>\n</table>\n"), "", ""}, bytes);
    }

    /// The page. Of the same additions it is the same text, in any locale.
    std::string html() const {
        std::string contents, sections, data, values;
        for (std::size_t k = 0; k < sections_.size(); ++k) {
            const Section& s = sections_[k];
            const std::string id = "section-" + std::to_string(k + 1), title = detail::markup(s.title);
            contents += "<li><a href=\"#" + id + "\">" + title + "</a></li>\n";
            sections += (s.data.empty() ? "<section id=\"" : "<section class=\"view\" id=\"") + id + "\">\n<h2>" + title +
                        "</h2>\n" + s.content + "</section>\n";
            data += s.data;
            values += s.values;
        }
        // The script lays out the texts as soon as it is read; what units did comes after it, as it may be long.
        const std::string title = detail::markup(title_);
        return std::string(detail::report_head) + "<title>" + title + "</title>\n<style>" + detail::report_style +
               "</style>\n</head>\n<body>\n<header>\n<h1>" + title + "</h1>\n<nav aria-label=\"Contents\"><ol>\n" + contents +
               "</ol></nav>\n</header>\n<main>\n" + sections + "</main>\n" + detail::report_view + data +
               "<script nonce=\"report\">" + detail::report_text + detail::report_script + "</script>\n" + values +
               "</body>\n</html>\n";
    }

private:
    /// A text's has data and values, another one content.
    struct Section {
        std::string title, content, data, values;
    };

    static std::size_t size(const std::vector<std::string>& texts) {
        std::size_t bytes = 0;
        for (const auto& text : texts) bytes += text.size();
        return bytes;
    }

    /// What is too wide for the page scrolls by itself.
    static std::string scrolled(std::string_view title, const char* kind, std::string_view content) {
        const std::string label = detail::markup(title);
        return "<div class=\"box scroll " + std::string(kind) + "\" tabindex=\"0\" role=\"region\" aria-label=\"" + label +
               "\">\n" + std::string(content) + "</div>\n";
    }

    void add(const char* function, Section section, std::size_t bytes) {
        constexpr std::size_t most = 10'000'000;
        throw_unless(!section.title.empty(), "Report::", function, ": title is empty");
        throw_unless(bytes <= most - bytes_, "Report::", function, ": this has ", bytes, " bytes of text, the page has ",
                     bytes_, " already; the most is ", most);
        sections_.push_back(std::move(section));
        bytes_ += bytes;
    }

    std::string title_;
    std::vector<Section> sections_;
    std::size_t bytes_ = 0;
};

}  // namespace bptt
