//! Counts the bytes that are looked at beside the one pass, for the test that their number is linear in the text.

#[cfg(test)]
thread_local! {
    static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Says that some bytes were looked at. Costs nothing but in this crate's own tests.
#[cfg_attr(not(test), expect(clippy::missing_const_for_fn, reason = "it counts in tests"))]
pub(crate) fn looked_at(bytes: usize) {
    #[cfg(test)]
    LOOKED_AT.with(|count| count.set(count.get() + bytes));
    #[cfg(not(test))]
    let _ = bytes;
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use guardhouse_guard::{TextGuard as _, testing};

    use super::*;
    use crate::HiddenText;

    /// What an attacker repeats: openers without an end, ends without an opener, all that makes a search begin.
    const UNITS: &[&str] = &[
        "<",
        "<a ",
        "<a b='",
        "<a b='<a b=\"",
        "<a <a <a <a <a <a ",
        "<b hidden>",
        "<b hidden>one two three ",
        "<b hidden></c>",
        "<p hidden>a b </q>",
        "<div hidden><div>",
        "<b style='",
        "<b style=color:#fff>",
        "<img alt='a b c '>",
        "</",
        "<!--",
        "<!-- a b c d ",
        "-->",
        "[",
        "![",
        "![a ",
        "![a ]b ",
        "[a](b ",
        "](a (",
        "](a \"",
        "](a 'b](a \"",
        "[a]: # (\n",
        "[a]: # (x\n\n",
        "\n[",
        "\u{202B}",
        "\u{202B}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "\u{2067}a\u{2069}",
        "\u{2069}",
        "\u{202D}1",
        "\u{1B}",
        "\u{1B}[",
        "\u{1B}[8m",
        "\u{1B}[8mab ",
        "\u{1B}[8m\u{1B}[1m",
        "\u{1B}]",
        "\u{1B}]0;a b c d ",
        "\u{1B}[2K",
        "1 \u{1B}[2K",
        "ab cd ef gh \u{1B}[2K",
        "1 \u{1B}[2J",
        "a\r",
        "ab cd ef gh\r",
        "\r",
        "\u{8}",
        "ab \u{8}",
        "i\u{AD}",
        "\u{AD}",
        "\u{200B}",
        "a\u{200B}",
        "\u{2062}",
        "\u{E0041}",
        "\u{1F3F4}\u{E0067}",
        "\u{FE0F}",
        "a\u{FE00}",
    ];

    /// The bytes that are looked at for this unit, again and again.
    fn effort(unit: &str, bytes: usize) -> usize {
        let guard = testing::configure::<HiddenText>("").unwrap();
        let item = testing::item(&unit.repeat(bytes / unit.len() + 1));
        LOOKED_AT.set(0);
        guard.inspect(&item).unwrap();
        LOOKED_AT.get()
    }

    #[test]
    fn the_effort_is_linear_in_the_text_whatever_is_repeated() {
        for unit in UNITS {
            let (short, long) = (effort(unit, 32 << 10), effort(unit, 256 << 10));
            assert!(long <= 9 * short + (64 << 10), "{unit:?}: {short} bytes, then {long}");
            assert!(long <= 100 * (256 << 10), "{unit:?}: {long} bytes");
        }
    }
}
