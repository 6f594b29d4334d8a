#include "bptt/inspect/report.hpp"

#include "bptt/inspect/heatmap.hpp"
#include "catch.hpp"
#include "support/comma_locale.hpp"

using namespace bptt;

namespace {

const std::string dot_svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/></svg>\n";

/// A text of two lines over two signals, and a section of each other kind.
Report tiny_report() {
    const Traced<double> traced{
        {{"0.h", false, Mat<double>{{1, -1, 0, 0.5}, {0, 0, 0, 1}}}, {"0.c", false, Mat<double>{{1234.5, 0, -617.25, 0}}}}};
    Report report("A & B");
    report.text("Reading", {"a", "\n", "a", "b"}, traced, {{"in quotes", {{"0.c", 0, 0.75, -0.5}}, 0.125}},
                {{{"\n", 1}}, {{"a", 0.5f}, {"z", 0.25f}}, {}, {{"a", 0}}});
    report.picture("Looking", dot_svg, "a < b");
    report.sample("Writing", "<b>\n\n c\n");
    report.table("Choosing", {"text", "ln P"}, {{"a", "-1.5"}});
    return report;
}

/// What stands in the page between two texts, the first time.
std::string between(const std::string& page, const std::string& before, const std::string& after) {
    const auto begin = page.find(before);
    REQUIRE(begin != page.npos);
    const auto end = page.find(after, begin + before.size());
    REQUIRE(end != page.npos);
    return page.substr(begin + before.size(), end - begin - before.size());
}

std::size_t count_of(const std::string& page, const std::string& sought) {
    std::size_t count = 0;
    for (auto at = page.find(sought); at != page.npos; at = page.find(sought, at + 1)) ++count;
    return count;
}

/// The data of a page with one text of these symbols.
std::string data_of(const std::vector<std::string>& symbols, const std::string& foreseen = "x") {
    Report report("page");
    report.text("text", symbols, Traced<float>{{{"h", false, Mat<float>::Zero(1, std::ssize(symbols))}}}, {},
                std::vector(symbols.size(), std::vector<Foreseen>{{foreseen, 1}}));
    return between(report.html(), "id=\"section-1-data\">", "</script>");
}

}  // namespace

TEST_CASE("report: the page, byte for byte but for its style and its script") {
    const std::string page = tiny_report().html();
    CHECK(page.starts_with(std::string(detail::report_head) + "<title>A &amp; B</title>\n<style>" + detail::report_style +
                           "</style>\n</head>\n<body>\n"));
    CHECK(between(page, "<body>\n", "<template") == R"html(<header>
<h1>A &amp; B</h1>
<nav aria-label="Contents"><ol>
<li><a href="#section-1">Reading</a></li>
<li><a href="#section-2">Looking</a></li>
<li><a href="#section-3">Writing</a></li>
<li><a href="#section-4">Choosing</a></li>
</ol></nav>
</header>
<main>
<section class="view" id="section-1">
<h2>Reading</h2>
</section>
<section id="section-2">
<h2>Looking</h2>
<figure>
<div class="box scroll picture" tabindex="0" role="region" aria-label="Looking">
<svg xmlns="http://www.w3.org/2000/svg"/></svg>
</div>
<figcaption>a &lt; b</figcaption>
</figure>
</section>
<section id="section-3">
<h2>Writing</h2>
<pre class="box">
&lt;b&gt;

 c
</pre>
</section>
<section id="section-4">
<h2>Choosing</h2>
<div class="box scroll table" tabindex="0" role="region" aria-label="Choosing">
<table>
<tbody>
<tr><th>text</th><th>ln P</th></tr>
<tr><td>a</td><td>-1.5</td></tr>
</tbody>
</table>
</div>
</section>
</main>
)html");
    // A symbol's place is that of its first use.
    const std::string data =
        "</template>\n"
        R"(<script type="application/json" id="section-1-data">{"symbols":["a","↵","b","z"],"ends":[1],)"
        R"("apart":false,"words":false,"text":[0,1,0,2],"signals":[{"name":"0.h","tanh":false,"units":2},)"
        R"({"name":"0.c","tanh":true,"units":1}],"scores":[{"property":"in quotes","shuffled":0.125,)"
        R"("best":[{"signal":1,"unit":0,"chosen":0.75,"held":-0.5}]}],"foreseen":true})"
        "</script>\n<script nonce=\"report\">";
    CHECK(page.find(data) != page.npos);
    // 7F 81 00 40, 00 00 00 7F; 7F 00 81 00 of its tanh. Likeliest: 010000 FFFF; 000000 0080, 030000 0040; nothing; 000000
    // 0000.
    CHECK(between(page, detail::report_script, "</body>") ==
          "</script>\n"
          "<script type=\"text/plain\" id=\"section-1-0\">f4EAQA==AAAAfw==</script>\n"
          "<script type=\"text/plain\" id=\"section-1-1\">fwCBAA==</script>\n"
          "<script type=\"text/plain\" id=\"section-1-foreseen\">"
          "AQAA//////8AAP///wAA////AAD///8AAA=="
          "AAAAAIADAAAAQP///wAA////AAD///8AAA=="
          "////AAD///8AAP///wAA////AAD///8AAA=="
          "AAAAAAD///8AAP///wAA////AAD///8AAA=="
          "</script>\n");
    CHECK(page.ends_with("</body>\n</html>\n"));
    CHECK(tiny_report().html() == page);
}

TEST_CASE("report: a locale with commas changes nothing") {
    const std::string page = tiny_report().html();
    const CommaLocale commas;
    CHECK((tiny_report().html() == page));
}

TEST_CASE("report: hostile texts are data, and nothing of them is markup") {
    const std::vector<std::string> hostile{
        "</script>", "<!--", "<img src=x onerror=alert(1)>", "]]>", "\"\\", "\x01\x7f", "\xff", "\u202e", "\u2028", "🙂",
        "&lt;",      "'"};
    CHECK(between(data_of(hostile), "{\"symbols\":", ",\"ends\"") ==
          R"(["\u003c/script>","\u003c!--","\u003cimg src=x onerror=alert(1)>","]]>","\"\\","␁⟨007F⟩","⟨xFF⟩","⟨202E⟩",)"
          R"("⟨2028⟩","🙂","&lt;","'","x"])");
    for (const std::string& text : hostile) {
        Report report(text), harmless("x");
        const auto add = [&](Report& page, const std::string& words) {
            page.text(words, {words}, Traced<float>{{{words, true, Mat<float>::Zero(1, 1)}}}, {{words, {{words, 0, 0, 0}}, 0}},
                      {{{words, 1}}});
            page.picture(words, dot_svg, words);
            page.sample(words, words);
            page.table(words, {words}, {{words}});
        };
        add(report, text), add(harmless, "x");
        for (const char* markup : {"<", "\"", "'"}) {
            const auto quotes = static_cast<std::size_t>(std::ranges::count(text, '"'));
            INFO(text << " and " << markup);
            // A quote in JSON stands there behind a backslash: of the symbol, the signal and the property.
            CHECK(count_of(report.html(), markup) == count_of(harmless.html(), markup) + (*markup == '"' ? 3 * quotes
                                                                                          : *markup == '\'' && text == "'"
                                                                                              ? 3
                                                                                              : 0));
        }
    }
}

TEST_CASE("report: which symbols end lines, and which stand apart") {
    const auto flags = [](const std::vector<std::string>& symbols, const std::string& foreseen = "x") {
        return between(data_of(symbols, foreseen), "],\"ends\":", ",\"text\"");
    };
    CHECK(flags({"a", "b", "\n"}, "the") == "[2],\"apart\":false,\"words\":false");
    CHECK(flags({"\n", "a"}) == "[0],\"apart\":false,\"words\":false");
    CHECK(flags({"éa", " "}) == "[],\"apart\":true,\"words\":false");
    CHECK(flags({"é", "\xff", "\xe2", ""}) == "[],\"apart\":false,\"words\":false");
    CHECK(flags({"the", "cat"}, " ") == "[],\"apart\":true,\"words\":true");
    CHECK(flags({"a", "ab\n", " c"}) == "[1],\"apart\":true,\"words\":false");
    for (const char* space : {" ", "\t", " a"}) CHECK(count_of(flags({"the", space}), "\"words\":false") == 1);
    CHECK(flags({"the", "cat", "\n"}) == "[2],\"apart\":true,\"words\":true");
}

TEST_CASE("report: a sample keeps its lines") {
    const auto shown = [](const std::string& text) {
        Report report("page");
        report.sample("sample", text);
        return between(report.html(), "<pre class=\"box\">\n", "</pre>");
    };
    CHECK(shown("").empty());
    CHECK(shown("\n") == "\n");
    CHECK(shown("a\nb") == "a\nb");
    CHECK(shown("\n\na\r\n\t\n") == "\n\na␍\n␉\n");
}

TEST_CASE("report: heatmaps are pictures, and a caption may be left out") {
    Report report("page");
    const std::string svg = heatmap(Mat<double>::Ones(1, 1), {"a"}, {"b"});
    report.picture("picture", svg);
    CHECK(count_of(report.html(), svg) == 1);
    CHECK(count_of(report.html(), "<figcaption>") == 0);
}

TEST_CASE("report: what is refused adds nothing, and a page takes 10 MB of text") {
    Report report = tiny_report();
    const std::string page = report.html();
    const std::vector<std::string> symbols{"a"};
    const Traced<double> traced{{{"h", false, Mat<double>{{0}}}}};
    CHECK_THROWS(report.text("text", symbols, traced, {}, {{{"a", 0.25f}, {"b", 0.5f}}}));
    CHECK_THROWS(report.text("text", symbols, traced, {}, {{{"a", 1.5f}}}));
    CHECK_THROWS(report.text("", symbols, traced));
    CHECK_THROWS(report.picture("picture", "<p></p>"));
    CHECK_THROWS(report.table("table", {"a"}, {{"b"}, {}}));
    CHECK_THROWS(report.sample("sample", std::string(10'000'000, 'x')));
    CHECK((report.html() == page));
    report.text("text", symbols, traced);
    CHECK(count_of(report.html(), "\"foreseen\":false}") == 1);

    Report full("page");
    full.sample("sample", std::string(9'999'990, 'x'));
    full.table("table", {"a", "b"}, {{"c", "d"}, {"e", "f"}});
    full.picture("picture", dot_svg, "abc");
    CHECK_THROWS_WITH(full.text("text", symbols, traced),
                      "Report::text: this has 2 bytes of text, the page has 9999999 already; the most is 10000000");
    full.sample("sample", "a");
    CHECK_THROWS_WITH(full.sample("sample", "a"), ContainsSubstring("the page has 10000000 already"));
}
