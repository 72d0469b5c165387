//! How far runs of bytes go, each byte looked at once.
//!
//! A text can hold a possible beginning of a token every few bytes, and all of them may run to the same end. Looking for
//! that end from each would take as many times longer. So the end that was found last is remembered, for each kind of
//! run; beginnings are met in the order of the text, so it is still the right one while they lie before it.

use crate::rules::Alphabet;
use crate::work;

/// What ends a value that is assigned to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// The quote that it began with, or the end of the line.
    Double,
    /// The same.
    Single,
    /// The same.
    Backtick,
    /// White space or the `<` of an end tag.
    Element,
    /// White space, a quote, or what separates settings.
    Bare,
}

impl Until {
    const COUNT: usize = 5;

    /// The kind of value that a quote begins.
    pub(crate) fn quote(byte: u8) -> Option<Self> {
        match byte {
            b'"' => Some(Self::Double),
            b'\'' => Some(Self::Single),
            b'`' => Some(Self::Backtick),
            _ => None,
        }
    }

    /// Whether a byte ends it.
    const fn is_end(self, byte: u8) -> bool {
        match self {
            Self::Double => matches!(byte, b'"' | b'\\' | b'\n' | b'\r'),
            Self::Single => matches!(byte, b'\'' | b'\\' | b'\n' | b'\r'),
            Self::Backtick => matches!(byte, b'`' | b'\\' | b'\n' | b'\r'),
            Self::Element => byte == b'<' || byte.is_ascii_whitespace(),
            Self::Bare => {
                byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'&' | b'<' | b'\\')
            }
        }
    }
}

/// To which alphabets each byte belongs, a bit for each.
static ALPHABETS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut at = 0;
        while at < Alphabet::ALL.len() {
            #[expect(clippy::cast_possible_truncation, reason = "it counts to 255")]
            if Alphabet::ALL[at].has(byte as u8) {
                table[byte] |= 1 << Alphabet::ALL[at] as u32;
            }
            at += 1;
        }
        byte += 1;
    }
    table
};

/// The ends that were found last.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    ends: [Known; Alphabet::ALL.len()],
    untils: [Known; Until::COUNT],
}

/// From some place up to `end` there is one run.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    from: usize,
    end: usize,
}

impl Known {
    /// The end of the run at `from`, found by `look` if it is not known.
    fn end(&mut self, from: usize, look: impl FnOnce() -> usize) -> usize {
        if from < self.from || from > self.end || self.end == 0 {
            *self = Self { from, end: look() };
            work::add(self.end - from);
        }
        self.end
    }
}

impl Runs {
    /// Where the run of an alphabet ends that `from` lies in.
    pub(crate) fn end(&mut self, text: &[u8], alphabet: Alphabet, from: usize) -> usize {
        let bit = 1 << alphabet as u32;
        self.ends[alphabet as usize].end(from, || {
            let rest = text.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| ALPHABETS[usize::from(**byte)] & bit != 0).count()
        })
    }

    /// Where the next byte is that ends a value, at `from` or behind it.
    pub(crate) fn until(&mut self, text: &[u8], until: Until, from: usize) -> usize {
        self.untils[until as usize].end(from, || {
            let rest = text.get(from..).unwrap_or_default();
            from + rest.iter().take_while(|byte| !until.is_end(**byte)).count()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_its_alphabet_does_wherever_one_asks() {
        let text = b"abc-def.ghi";
        let mut runs = Runs::default();
        for (from, url, alnum) in [(0, 7, 3), (2, 7, 3), (3, 7, 3), (4, 7, 7), (7, 7, 7), (8, 11, 11), (11, 11, 11)] {
            assert_eq!(runs.end(text, Alphabet::Url, from), url, "{from}");
            assert_eq!(runs.end(text, Alphabet::Alnum, from), alnum, "{from}");
        }
        assert_eq!(runs.end(text, Alphabet::Alnum, 0), 3, "going back is right too, only slower");
    }

    #[test]
    fn every_byte_is_looked_at_once() {
        let text = "a".repeat(1000);
        let mut known = Known::default();
        let mut looks = 0;
        for from in 0..1000 {
            let end = known.end(from, || {
                looks += 1;
                text.len()
            });
            assert_eq!(end, 1000);
        }
        assert_eq!(looks, 1);
    }
}
