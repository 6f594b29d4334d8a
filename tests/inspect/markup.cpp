#include "bptt/inspect/markup.hpp"

#include "catch.hpp"
#include "support/comma_locale.hpp"

using bptt::detail::markup;
using bptt::detail::visible;

TEST_CASE("visible: what can be seen stays, in every script") {
    for (const char* text :
         {"", "plain text", "é", "שלום", "𝄞", "日本", "\xef\xbf\xbd", "\xef\xbf\xbc", "\xc2\xa0", "\xf3\xa0\x82\x80"})
        CHECK(visible(text) == text);
}

TEST_CASE("visible: controls become pictures, others their numbers") {
    CHECK(visible(std::string("\0\t\n\x1f", 4)) == "␀␉␊␟");
    CHECK(visible("a\x7f") == "a⟨007F⟩");
    CHECK(visible("\xc2\x80\xc2\x9f\xc2\xad") == "⟨0080⟩⟨009F⟩⟨00AD⟩");
    CHECK(visible("\u061c\u180e\u200b\u200f\u2028\u202e\u2060\u206f\ufeff\ufff9\ufffe\uffff") ==
          "⟨061C⟩⟨180E⟩⟨200B⟩⟨200F⟩⟨2028⟩⟨202E⟩⟨2060⟩⟨206F⟩⟨FEFF⟩⟨FFF9⟩⟨FFFE⟩⟨FFFF⟩");
    CHECK(visible("\U000e0000\U000e007f") == "⟨E0000⟩⟨E007F⟩");
}

TEST_CASE("visible: the neighbours of what is not seen stay") {
    for (const char* text :
         {" ", "~", "\xc2\xa0", "\xc2\xac", "\xc2\xae", "\xd8\x9b", "\xd8\x9d", "\xe1\xa0\x8d", "\xe1\xa0\x8f", "\u200a",
          "\u2010", "\u2027", "\u202f", "\u205f", "\u2070", "\ufefe", "\uff00", "\ufff8", "\U00010000"})
        CHECK(visible(text) == text);
}

TEST_CASE("visible: bytes that are not UTF-8, each for itself") {
    CHECK(visible("\xff") == "⟨xFF⟩");
    CHECK(visible("a\xe2\x82z") == "a⟨xE2⟩⟨x82⟩z");
    CHECK(visible("\xed\xa0\x80") == "⟨xED⟩⟨xA0⟩⟨x80⟩");  // a surrogate
    CHECK(visible("\xc0\x8a") == "⟨xC0⟩⟨x8A⟩");           // an overlong new line
}

TEST_CASE("markup: nothing of a text is markup, in an element or in an attribute") {
    CHECK(markup("<script>&\"'\n</script>") == "&lt;script&gt;&amp;&quot;&#39;␊&lt;/script&gt;");
    CHECK(markup("\u202e]]>é") == "⟨202E⟩]]&gt;é");
}

TEST_CASE("tint: from white to a color, each part by itself") {
    CHECK(bptt::detail::tint({8, 48, 107}, 0) == "#ffffff");
    CHECK(bptt::detail::tint({8, 48, 107}, 1) == "#08306b");
    CHECK(bptt::detail::tint({55, 155, 255}, 0.5) == "#9bcdff");
}

TEST_CASE("shown_symbol: the end of a line, a tab and nothing are seen") {
    CHECK(bptt::detail::shown_symbol("\n") == "↵");
    CHECK(bptt::detail::shown_symbol("\t") == "⇥");
    CHECK(bptt::detail::shown_symbol("") == "⟨⟩");
    CHECK(bptt::detail::shown_symbol("\n\n") == "␊␊");
    CHECK(bptt::detail::shown_symbol(" ") == " ");
}

TEST_CASE("classic_stream: numbers with a point, in any locale") {
    const CommaLocale commas;
    auto text = bptt::detail::classic_stream();
    text << 1234.5;
    CHECK(text.str() == "1234.5");
}
