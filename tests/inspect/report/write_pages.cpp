// write_pages FOLDER: writes the reports that browser.mjs and fuzz.mjs read: small.html, of known values; large.html, of 20,000
// positions × 512 units; and hostile.html and fuzz*.html, whose texts are hostile, each beside NAME.harmless.html, of the same
// shape. NAME.txt is what is to be read on one: a section a line, its kind and its texts with tabs between.
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "bptt/core/random.hpp"
#include "bptt/inspect/heatmap.hpp"
#include "bptt/inspect/report.hpp"

using namespace bptt;
using Texts = std::vector<std::string>;

namespace {

/// A picture with the page's own names.
const std::string dot =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"view\" id=\"section-1\" width=\"9\" height=\"9\">"
    "<circle class=\"text\" id=\"section-5-data\" r=\"4\"/></svg>";

void write(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    if (!(out << text) || !out.flush()) throw std::runtime_error("cannot write " + file);
}

/// Values that browser.mjs knows, too.
void write_small(const std::string& file) {
    const Traced<double> traced{{{"0.h", false, Mat<double>{{1, -1, 0, 0.5, -0.25}, {0, 0, 0, 1, 0}}},
                                 {"0.c", false, Mat<double>{{4, -1, 0, 0.5, -2}, {0, 0, 0, 0, 0}}},
                                 {"0.f", true, Mat<double>{{1, 0, 0.5, 0.25, 0.75}, {1, 1, 1, 1, 1}}},
                                 {"1.h", false, Mat<double>{{-1, -0.5, 0, 0.5, 1}}}}};
    const std::vector<PropertyScores> scores{{"after a line", {{"0.h", 1, 0.75, 0.5}, {"1.h", 0, -0.5, -0.25}}, 0.125}};
    const std::vector<std::vector<Foreseen>> foreseen{
        {{"b", 0.5f}, {"a", 0.25f}, {"\n", 0.125f}, {"z", 0.0625f}, {"y", 0.03125f}},
        {{"z", 1.0f}},
        {},
        {{"d", 0.75f}},
        {{"a", 1}}};
    Report report("A small network");
    report.text("Letters", {"a", "b", "\n", "c", "d"}, traced, scores, foreseen);
    report.text("Words", {"the", "cat", "sat", "at"}, Traced<float>{{{"h", false, Mat<float>{{1, 0, -1, 0}}}}});
    report.picture("An alignment", heatmap(Mat<double>::Constant(2, 60, 0.5), {"a", "b"}, Texts(60, "c")), "of nothing");
    report.sample("After 10 steps", "thhe\n  caat\n");
    report.table("Beams", {"text", "ln P"}, {{"the cat", "-1.5"}, {"a cat", "-2"}});
    write(file, report.html());
}

void write_large(const std::string& file) {
    constexpr Index units = 512, positions = 20'000;
    Rng rng(1);
    Texts symbols;
    for (Index k = 0; k < positions; ++k)
        symbols.emplace_back(1, rng.below(40) == 0 ? '\n' : static_cast<char>('a' + rng.below(26)));
    Traced<float> traced;
    for (const char* name : {"0.i", "0.f", "0.g", "0.o", "0.c", "0.h"}) {
        Mat<float> values(units, positions);
        for (float& v : values.reshaped()) v = static_cast<float>(rng.uniform(-1, 1));
        traced.signals.push_back({name, false, std::move(values)});
    }
    Report report("A large network");
    report.text("Text", symbols, traced, {{"nothing", {{"0.c", 37, 0.1, 0.1}, {"0.h", 500, 0.1, 0.1}}, 0.1}},
                std::vector(symbols.size(), std::vector<Foreseen>(5, {"a", 0.2f})));
    write(file, report.html());
}

/// Sections of all kinds, until the texts are used up: a page, and what is to be read on it.
void write_texts(const std::string& base, const Texts& texts) {
    std::size_t used = 0;
    const auto next = [&] { return used < texts.size() ? texts[used++] : "x"; };
    std::string expected;
    const auto expect = [&](const std::string& shown) { (expected += '\t') += shown; };
    const auto expected_next = [&] {
        const std::string text = next();
        expect(detail::visible(text));
        return text;
    };
    Report report("page " + texts[0]);
    expected = "page\t" + detail::visible("page " + texts[0]) + '\n';
    for (int section = 0; used < texts.size(); ++section) {
        const std::array kinds{"text", "picture", "sample", "table"};
        const std::size_t kind = static_cast<std::size_t>(section) % kinds.size();
        const std::string title = std::to_string(section) + ' ' + next();
        expected += kinds[kind];
        expect(detail::visible(title));
        if (kind == 0) {
            const std::string signal = expected_next(), property = expected_next(), likely = next();
            expect(detail::shown_symbol(likely));
            Texts symbols(12);
            std::string shown;
            for (auto& symbol : symbols) shown += detail::shown_symbol(symbol = next());
            expect(shown);
            report.text(title, symbols, Traced<float>{{{signal, false, Mat<float>::Constant(1, 12, 0.5f)}}},
                        {{property, {{signal, 0, 0.5, 0.5}}, 0}}, std::vector(12, std::vector<Foreseen>{{likely, 0.5f}}));
        } else if (kind == 1) {
            report.picture(title, dot, "caption " + expected_next());
        } else if (kind == 2) {
            const std::string text = next();
            std::istringstream lines(text + '\n');
            for (std::string line; std::getline(lines, line);) expect(detail::visible(line));
            report.sample(title, text);
        } else {
            const auto two = [&] { return Texts{expected_next(), expected_next()}; };
            const Texts columns = two(), first = two(), second = two();
            report.table(title, columns, {first, second});
        }
        expected += '\n';
    }
    write(base + ".html", report.html());
    write(base + ".txt", expected);
}

/// NAME.html of hostile texts, and NAME.harmless.html of the same shape: what ends a line does so on both.
void write_hostile(const std::string& base, Texts texts) {
    write_texts(base, texts);
    for (auto& text : texts) text = text.ends_with('\n') ? "x\n" : "x";
    write_texts(base + ".harmless", texts);
}

const Texts pieces{"</script>",
                   "<script>window.hacked=1</script>",
                   "</script ><img src=x onerror=window.hacked=1>",
                   "<!--",
                   "-->",
                   "<!--<script>",
                   "]]>",
                   "<![CDATA[",
                   "</title>",
                   "</style>",
                   "</template>",
                   "</textarea>",
                   "</pre>",
                   "</svg>",
                   "<svg onload=window.hacked=1>",
                   "\" onmouseover=\"window.hacked=1",
                   "' onfocus='window.hacked=1",
                   "&lt;",
                   "&#60;b>",
                   "&amp",
                   "\\",
                   "\\u003c",
                   "\"",
                   "'",
                   "`${window.hacked=1}`",
                   "<?php",
                   "</",
                   "<",
                   ">",
                   "&",
                   "\n",
                   "\r\n",
                   "\t",
                   " ",
                   std::string("\0", 1),
                   "\x0b\x1b[31m",
                   "\x7f",
                   "\xc2\x85",
                   "\xe2\x80\xa8",
                   "\xe2\x80\xa9",
                   "\xe2\x80\xaeright to left",
                   "\xe2\x81\xa6\xe2\x80\x8f",
                   "\xd7\xa9\xd7\x9c",
                   "\xef\xbb\xbf",
                   "\xef\xbf\xbf",
                   "\xf0\x9f\x99\x82",
                   "\xf3\xa0\x81\x81",
                   "e\xcc\x81",
                   "\xff",
                   "\xc3",
                   "\xed\xa0\x80",
                   "\xf4\x90\x80\x80",
                   "x"};

/// Up to eight pieces and random bytes.
std::string random_text(Rng& rng) {
    std::string text;
    for (Index k = rng.below(9); k > 0; --k)
        if (rng.below(4) == 0)
            text += static_cast<char>(rng.below(256));
        else
            text += pieces[static_cast<std::size_t>(rng.below(std::ssize(pieces)))];
    return text;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 2) throw std::runtime_error("write_pages FOLDER");
    const std::string folder = std::string(argv[1]) + '/';
    std::filesystem::create_directories(folder);
    write_small(folder + "small.html");
    write_large(folder + "large.html");
    write_hostile(folder + "hostile", pieces);
    constexpr std::size_t pages = 20, texts = 500;
    for (std::size_t page = 0; page < pages; ++page) {
        Rng rng(page);
        Texts all(texts);
        for (auto& text : all) text = random_text(rng);
        write_hostile(folder + "fuzz" + std::to_string(page), all);
    }
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
