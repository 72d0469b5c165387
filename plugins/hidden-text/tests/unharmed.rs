//! What the guard leaves alone: the ordinary uses of what can also hide.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use guard_hidden_text::HiddenText;
use guardhouse_guard::testing;

/// No finding in any of these.
fn unharmed(texts: &[&str]) {
    for text in texts {
        let found = testing::inspect::<HiddenText>("", text).unwrap();
        assert_eq!(found, [], "{text}");
    }
}

#[test]
fn emoji_of_every_kind() {
    unharmed(&[
        "a family \u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}, a couple \u{1F469}\u{200D}\u{2764}\u{FE0F}\u{200D}\u{1F48B}\u{200D}\u{1F468}",
        "a flag \u{1F1E9}\u{1F1EA}, a rainbow \u{1F3F3}\u{FE0F}\u{200D}\u{1F308}, a pirate \u{1F3F4}\u{200D}\u{2620}\u{FE0F}",
        "Scotland \u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}, England \u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        "Wales \u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F} Texas \u{1F3F4}\u{E0075}\u{E0073}\u{E0074}\u{E0078}\u{E007F}",
        "keycaps 1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3} *\u{FE0F}\u{20E3}",
        "skin \u{1F44B}\u{1F3FD} and hair \u{1F469}\u{1F3FF}\u{200D}\u{1F9B0}, a runner \u{1F3C3}\u{1F3FB}\u{200D}\u{2642}\u{FE0F}\u{200D}\u{27A1}\u{FE0F}",
        "text style \u{2764}\u{FE0E} \u{2139}\u{FE0F} \u{24C2}\u{FE0F} \u{A9}\u{FE0F} \u{3297}\u{FE0F} \u{1F170}\u{FE0F}",
        "an anchor (#\u{FE0F}-installation) (#first-\u{FE0F}-second), twice \u{2764}\u{FE0F}\u{FE0F}",
    ]);
}

#[test]
fn scripts_that_join_and_scripts_without_spaces() {
    unharmed(&[
        "می\u{200C}خواهم نامه\u{200C}ای بنویسم، PDF\u{200C}ها",
        "क्\u{200D}ष और क्\u{200C}ष, बल्\u{200D}ब",
        "അവന്\u{200D} പറഞ്ഞു, ശ്\u{200C}രീ",
        "ශ්\u{200D}රී ලංකා",
        "র\u{200D}্যাব",
        "ᠮᠣᠩᠭᠣᠯ\u{180E}ᠠ ᠪᠠ\u{180B}",
        "ภาษา\u{200B}ไทย\u{200B}ไม่มี\u{200B}ช่องว่าง",
        "ភាសា\u{200B}ខ្មែរ\u{200B}គ្មាន",
        "今日は\u{200B}天気が\u{200B}良い、葛\u{E0100}飾区と辻\u{E0101}",
        "中文，\u{FE00}标点。\u{FE01}",
        "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1160}\u{11A8}",
        "⠓⠑⠇⠇⠕\u{2800}\u{2800}⠺⠕⠗⠇⠙ \u{2800}\u{2800}\u{2800}\u{2800}",
    ]);
}

#[test]
fn text_from_right_to_left() {
    unharmed(&[
        "הקובץ README.md\u{200F} נמצא ב-\u{200E}GitHub\u{200E}.",
        "اكتب \u{2066}C++\u{2069}\u{200F} ثم \u{202A}foo.bar()\u{202C} هنا",
        "The title \u{2067}مرحبا بالعالم\u{2069} is Arabic, \u{202B}שלום עולם\u{202C} is Hebrew.",
        "call \u{202D}+972 50-123-4567\u{202C}",
        "Welcome, \u{2068}Anna\u{2069}! You have \u{2068}3\u{2069} messages.",
        "\u{061C}٪50 خصم",
    ]);
}

#[test]
fn zero_width_characters_where_they_belong() {
    unharmed(&[
        "\u{FEFF}name,value\n1,2\n",
        "by @\u{200B}someone in owner/\u{200B}repo",
        "Donau\u{AD}dampf\u{AD}schiff\u{AD}fahrts\u{AD}ge\u{AD}sell\u{AD}schaft, cre\u{AD}í\u{AD}a\u{AD}mos",
        "10\u{2060}km, \u{2060}— f\u{2061}(x) = 2\u{2062}π\u{2062}r, sin\u{2061}x",
        "News of the week\u{A0}\u{200C}\u{200B}\u{200D}\u{200E}\u{200F}\u{FEFF}\u{A0}\u{200C}\u{200B}\u{200D}\u{200E}\u{200F}\u{FEFF} ",
        "Sale! \u{2007}\u{FEFF}\u{34F} \u{2007}\u{FEFF}\u{34F} \u{34F} \u{200C} \u{34F} \u{200C} ",
    ]);
}

#[test]
fn what_programs_print_on_terminals() {
    unharmed(&[
        "\u{1B}[1m\u{1B}[31merror\u{1B}[0m: \u{1B}[38;5;8mcannot find value\u{1B}[39m\u{1B}[49m in this scope\r\n",
        "Receiving objects:  45% (9/20)\rReceiving objects: 100% (20/20), done.\n",
        "\u{1B}]0;user@host: ~/project\u{7}$ ls",
        "\u{1B}]8;;https://example.org/guide\u{1B}\\the guide\u{1B}]8;;\u{1B}\\",
        "N\u{8}NA\u{8}AM\u{8}ME\u{8}E and _\u{8}f_\u{8}i_\u{8}l_\u{8}e",
        "working 10%\u{8}\u{8}\u{8}20%\u{8}\u{8}\u{8}30%",
        "a line of an old Mac is here\rand another line of the same old file\rand so on it goes to the end\r",
        "\u{1B}[2J\u{1B}[H\u{1B}[3J",
        "one line\r\nand the next line of it\r\n",
    ]);
}

#[test]
fn ordinary_markup() {
    unharmed(&[
        "<!DOCTYPE html><html><head><title>A page</title></head><body><h1>Hello</h1><p style='color:#333'>All of this is seen.</p></body></html>",
        "<div hidden></div><span hidden>12</span><i style='display:none'>Loading</i>",
        "<a class=btn style='background:#06c;color:#fff'>Press this button to go on</a>",
        "<button aria-hidden=\"true\">this text is on the screen</button>",
        "<details><summary>More</summary>A person can open this and read it.</details>",
        "<noscript>You need to enable JavaScript to run this app.</noscript>",
        "<input type=\"hidden\" name=\"csrf\" value=\"k3J9xQ7vX2mP9sLbT4nRwZ8cYdF1hJgA\">",
        "<svg><path style=\"display:none\" d=\"M0 0\"/><text>three words here</text></svg>",
        "<img src=\"a.png\" alt=\"A chart of the sales of each month\">",
        "<div hidden=\"until-found\">A search in the page finds this text</div>",
        "if a <b && c> d { let x: Vec<Hidden> = one.two.three; }",
        "for (let i=0;i<n;i++) { style = 'display:none'; visible words here }",
    ]);
}

#[test]
fn readmes() {
    unharmed(&[
        "# Title\n<!-- toc -->\n<!-- tocstop -->\n<!-- prettier-ignore-start -->\n<!-- markdownlint-disable MD033 -->\n",
        "[![Build](https://img.shields.io/badge/a-b-green.svg \"Build status\")](https://example.org)\n",
        "[1]: https://example.org \"The title of a page\"\n[docs]: #docs\n[x]: #\n",
        "See [the guide](guide.md 'Guide') and ![a screenshot of the page](shot.png).\n- [ ] a task\n- [x] done\n",
        "[//]: # (badges)\n[a](b) [c] text [d][e]\n",
        "let x = items[0](1, \"two\"); y = [1, 2](3)",
        "<!--[if lt IE 9]><script src=\"x.js\"></script><![endif]-->",
    ]);
}

#[test]
fn what_the_host_puts_in_the_place_of_a_finding() {
    unharmed(&[
        "[redacted:hidden-text] [redacted:hidden-markup] [redacted:hidden-comment] <EMAIL_1> and <CARD_12> here, too",
    ]);
}

#[test]
fn a_licence_in_a_comment_is_only_worth_knowing() {
    let text = "<!--\n  Licensed under the Apache License, Version 2.0\n-->\n# Title";
    let found = testing::inspect::<HiddenText>("", text).unwrap();
    assert_eq!((found.len(), found[0].severity, found[0].category.as_str()), (1, 0, "hidden-comment"));
}
