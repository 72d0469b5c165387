//! What is looked for: every rule, with the source of what it knows.
//!
//! A rule's id is stable: bundles switch rules off by it, and records name it. Severity is how much the form hides and how
//! little else it is good for; confidence is how seldom something innocent has it.

use guardhouse_guard::Severity;

/// The category of invisible characters that carry or hide content.
pub(crate) const TEXT: &str = "hidden-text";
/// The category of text that markup or a terminal does not show.
pub(crate) const MARKUP: &str = "hidden-markup";
/// The category of comments.
pub(crate) const COMMENT: &str = "hidden-comment";

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// The category of its findings.
    pub(crate) category: &'static str,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
    /// Where the form is described, or how else it is known.
    #[expect(dead_code, reason = "for the reader of the table")]
    source: &'static str,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// How sure a match is, in percent.
    pub(crate) confidence: u8,
}

/// Declares the rules, and a list of them all.
macro_rules! rules {
    ($($name:ident: $id:literal, $category:ident, $severity:ident, $confidence:literal, $what:literal, $source:literal;)+) => {
        $(
            #[doc = $what]
            pub(crate) static $name: Rule = Rule {
                id: $id,
                category: $category,
                what: $what,
                source: $source,
                severity: Severity::$severity,
                confidence: $confidence,
            };
        )+

        /// All of them.
        static ALL: &[&Rule] = &[$(&$name),+];
    };
}

rules! {
    TAGS: "tag-characters", TEXT, High, 99,
        "tag characters, which spell ASCII that nobody sees",
        "Unicode 16 section 23.9, block Tags; left alone: emoji_tag_sequence of UTS #51 ED-14a, for flags (Annex C)";
    VARIATION_RUN: "variation-run", TEXT, High, 95,
        "several variation selectors in a row, which can carry any bytes",
        "Unicode 16 section 23.4: a selector follows a base, and one at most";
    VARIATION: "variation-selector", TEXT, Low, 80,
        "a variation selector behind a character that has no variants",
        "StandardizedVariants.txt, emoji-variation-sequences.txt, UTS #37";
    ZERO_WIDTH_DATA: "zero-width-data", TEXT, High, 95,
        "a long run of different zero-width characters, which can spell bytes",
        "DerivedCoreProperties.txt, Default_Ignorable_Code_Point; eight signs of two kinds make a byte";
    ZERO_WIDTH_RUN: "zero-width-run", TEXT, Low, 75,
        "several zero-width characters in a row",
        "DerivedCoreProperties.txt, Default_Ignorable_Code_Point";
    ZERO_WIDTH_IN_WORD: "zero-width-in-word", TEXT, Medium, 80,
        "a zero-width character inside a word of a script that has no use for it",
        "UTS #39 section 3.1.1 and RFC 5892 appendix A for joiners; UAX #14 class ZW for spaces";
    INVISIBLE: "invisible-character", TEXT, Medium, 85,
        "an invisible character away from the script that it belongs to",
        "DerivedCoreProperties.txt, Default_Ignorable_Code_Point; Unicode 16 section 23.3 for the deprecated ones";
    SOFT_HYPHENS: "soft-hyphens", TEXT, Medium, 85,
        "soft hyphens between single letters, which no hyphenation puts there",
        "UAX #14 section 5.4; hyphenation leaves two letters and more";
    BIDI_OVERRIDE: "bidi-override", TEXT, High, 95,
        "a bidirectional override, which shows text in another order than it is read",
        "UAX #9 section 2.2; Boucher and Anderson, Trojan Source, 2021 (CVE-2021-42574)";
    BIDI_UNBALANCED: "bidi-unbalanced", TEXT, Medium, 85,
        "a bidirectional embedding or isolate that its line does not close",
        "UAX #9 sections 2.1 and 2.4; UTS #55 section 4.1";
    BIDI_NEEDLESS: "bidi-without-rtl", TEXT, Low, 70,
        "a bidirectional embedding or isolate without any right-to-left letter",
        "UAX #9 sections 2.1 and 2.4";
    ANSI_CONCEAL: "ansi-conceal", MARKUP, High, 95,
        "text that a terminal conceals",
        "ECMA-48 section 8.3.117: SGR 8, or foreground and background of one colour";
    TERMINAL_STRING: "terminal-string", MARKUP, Medium, 85,
        "prose in a control string, which a terminal swallows",
        "ECMA-48 section 5.6: OSC, DCS, SOS, PM, APC; OSC 8 hyperlinks among them";
    TERMINAL_OVERWRITE: "terminal-overwrite", MARKUP, Low, 60,
        "a control that erases or overwrites the words before it on a terminal",
        "ECMA-48 sections 8.3.5, 8.3.15, 8.3.39 and 8.3.41: BS, CR, ED, EL";
    INVISIBLE_ELEMENT: "invisible-element", MARKUP, Medium, 85,
        "an element that is on the page and cannot be seen",
        "CSS Fonts 4 section 2.5, CSS Color 4, CSS Positioned Layout 3, CSS Masking 1, CSS Transforms 1";
    HIDDEN_ELEMENT: "hidden-element", MARKUP, Low, 75,
        "an element that the page does not show until a script does",
        "HTML section 6.1; CSS Display 3 section 2, CSS Display 4 section 4, CSS Color 4 section 4, CSS Overflow 3";
    WHITE_TEXT: "white-text", MARKUP, Low, 50,
        "white text on a background that its element does not say",
        "HTML section 15.3.4 for `font`; CSS Color 4";
    UNRENDERED: "unrendered-element", MARKUP, Info, 60,
        "prose in an element that a browser with scripts does not render",
        "HTML sections 4.12.2, 4.12.3 and 15.3.1: `noscript`, `template`, `noembed`, `noframes`";
    ATTRIBUTE_PROSE: "attribute-prose", MARKUP, Info, 60,
        "long prose in an attribute or a link's title",
        "HTML sections 4.8.4.4, 6.10.1; WAI-ARIA 1.2 section 6.7; CommonMark 0.31 sections 6.3 and 6.4";
    HTML_COMMENT: "html-comment", COMMENT, Info, 80,
        "prose in an HTML comment",
        "HTML section 13.1.6";
    MARKDOWN_COMMENT: "markdown-comment", COMMENT, Info, 85,
        "prose in a link reference definition that nothing can refer to",
        "CommonMark 0.31 section 4.7";
}

/// The rule with an id.
pub(crate) fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_confidences_are_percent() {
        let mut ids = HashSet::new();
        for rule in ALL {
            assert!(ids.insert(rule.id), "{}", rule.id);
            assert!(rule.confidence <= 100, "{}", rule.id);
        }
    }
}
