//! What a secret may begin with, looked for in one pass over the text.

use crate::rules::{Form, Rule, TOKENS, Token};
use crate::scan::Scan;
use crate::{command, jwt, pem, token};

/// What begins with some word.
#[derive(Clone, Copy, Debug)]
enum Opener {
    /// A token of the table.
    Token(&'static Rule, Token),
    /// A JSON Web Token: `{"` in base64.
    Jwt,
    /// A private key in PEM.
    Pem,
    /// The name of an option of a command.
    Option,
    /// Credentials given to curl.
    User,
    /// A password in a netrc file.
    Netrc,
}

/// A word, and what begins with it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    word: &'static str,
    /// The first four bytes of the word, and which bits of it they are: most other text is told apart by these alone.
    head: u32,
    mask: u32,
    opener: Opener,
}

impl Entry {
    const fn new(word: &'static str, opener: Opener) -> Self {
        let bytes = word.as_bytes();
        let (mut head, mut mask, mut at) = (0, 0, 0);
        while at < 4 && at < bytes.len() {
            head |= (bytes[at] as u32) << (8 * at);
            mask |= 0xff << (8 * at);
            at += 1;
        }
        Self { word, head, mask, opener }
    }
}

/// The words that are no tokens' prefixes.
const OTHERS: [Entry; 5] = [
    Entry::new("eyJ", Opener::Jwt),
    Entry::new(pem::BEGIN, Opener::Pem),
    Entry::new("--", Opener::Option),
    Entry::new("-u ", Opener::User),
    Entry::new("password ", Opener::Netrc),
];

/// How many words there are.
const COUNT: usize = {
    let mut count = OTHERS.len();
    let mut group = 0;
    while group < TOKENS.len() {
        let mut rule = 0;
        while rule < TOKENS[group].len() {
            if let Form::Token(token) = &TOKENS[group][rule].form {
                count += token.prefixes.len();
            }
            rule += 1;
        }
        group += 1;
    }
    count
};

/// All words, in the order of the table.
static ENTRIES: [Entry; COUNT] = {
    let mut entries = [OTHERS[0]; COUNT];
    let mut count = 0;
    while count < OTHERS.len() {
        entries[count] = OTHERS[count];
        count += 1;
    }
    let mut group = 0;
    while group < TOKENS.len() {
        let mut rule = 0;
        while rule < TOKENS[group].len() {
            if let Form::Token(token) = &TOKENS[group][rule].form {
                let mut prefix = 0;
                while prefix < token.prefixes.len() {
                    let opener = Opener::Token(&TOKENS[group][rule], *token);
                    entries[count] = Entry::new(token.prefixes[prefix], opener);
                    count += 1;
                    prefix += 1;
                }
            }
            rule += 1;
        }
        group += 1;
    }
    entries
};

/// The places of the words in [`ENTRIES`], those that begin with the same byte together, in their order.
static ORDER: [u16; COUNT] = {
    let mut order = [0; COUNT];
    let (mut count, mut byte) = (0, 0);
    while byte < 256 {
        let mut entry = 0;
        while entry < COUNT {
            if ENTRIES[entry].word.as_bytes()[0] as usize == byte {
                #[expect(clippy::cast_possible_truncation, reason = "there are some hundreds")]
                let place = entry as u16;
                order[count] = place;
                count += 1;
            }
            entry += 1;
        }
        byte += 1;
    }
    order
};

/// Where in [`ORDER`] the words begin that begin with a byte, and behind the last byte their end.
static STARTS: [u16; 257] = {
    let mut starts = [0; 257];
    let mut entry = 0;
    while entry < COUNT {
        let mut byte = ENTRIES[entry].word.as_bytes()[0] as usize + 1;
        while byte < 257 {
            starts[byte] += 1;
            byte += 1;
        }
        entry += 1;
    }
    starts
};

/// For each byte, the groups of words that have it at their first, second and third place, a bit for each group. A word is in
/// the group of its first byte. Few positions of ordinary text pass for three bytes in a row, and only those are compared
/// with the words.
static GROUPS: [[u32; 3]; 256] = {
    let mut groups = [[0; 3]; 256];
    let mut entry = 0;
    while entry < COUNT {
        let word = ENTRIES[entry].word.as_bytes();
        let group = 1 << (word[0] % 32);
        groups[word[0] as usize][0] |= group;
        groups[word[1] as usize][1] |= group;
        if word.len() > 2 {
            groups[word[2] as usize][2] |= group;
        } else {
            let mut third = 0;
            while third < 256 {
                groups[third][2] |= group;
                third += 1;
            }
        }
        entry += 1;
    }
    groups
};

/// Finds everything that begins with one of the words.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    let (mut one, mut two) = (0, 0);
    for (at, byte) in text.iter().enumerate() {
        let [first, second, third] = GROUPS[usize::from(*byte)];
        let three = two & third;
        (one, two) = (first, one & second);
        if three != 0 {
            find_at(scan, at - 2);
        }
    }
    // The last two bytes may be the beginning of a word that is not all there yet.
    for at in text.len().saturating_sub(2)..text.len() {
        find_at(scan, at);
    }
}

/// Finds what begins here, if something does.
fn find_at(scan: &mut Scan, at: usize) {
    let rest = &scan.text[at..];
    let free = begins(scan.text, at);
    let first = usize::from(rest[0]);
    let head = match *rest {
        [a, b, c, d, ..] => u32::from_le_bytes([a, b, c, d]),
        _ => rest.iter().rev().fold(0, |head, byte| head << 8 | u32::from(*byte)),
    };
    for place in &ORDER[usize::from(STARTS[first])..usize::from(STARTS[first + 1])] {
        let Entry { word, head: expected, mask, ref opener } = ENTRIES[usize::from(*place)];
        if (head ^ expected) & mask != 0 && rest.len() >= 4 {
            continue;
        }
        let may_begin = match opener {
            // A key or an option may stand right behind anything but one more dash.
            Opener::Pem | Opener::Option => !scan.text[..at].ends_with(b"-"),
            _ => free,
        };
        if !may_begin {
            continue;
        }
        if rest.starts_with(word.as_bytes()) {
            let behind = at + word.len();
            let found = match opener {
                Opener::Token(rule, token) => token::find_at(scan, rule, token, at, behind),
                Opener::Jwt => jwt::find_at(scan, at),
                Opener::Pem => pem::find_at(scan, at),
                Opener::Option => command::option(scan, behind),
                Opener::User => command::user(scan, at, behind),
                Opener::Netrc => command::netrc(scan, at, behind),
            };
            if found {
                return;
            }
        } else if word.as_bytes().starts_with(rest) && opener.is_part() {
            scan.hold(at);
        }
    }
}

impl Opener {
    /// Whether the word belongs to the finding, which then begins with it.
    fn is_part(&self) -> bool {
        match self {
            Self::Token(_, token) => token.whole,
            Self::Jwt | Self::Pem => true,
            Self::Option | Self::User | Self::Netrc => false,
        }
    }
}

/// Whether a token can begin here: no letter, digit or `_` stands before it, unless as part of an escape (`\n`, `%3D`),
/// where JSON or a URL lies in the text as it was sent.
pub(crate) fn begins(text: &[u8], at: usize) -> bool {
    match &text[..at] {
        [.., b'\\', b'n' | b'r' | b't'] | [] => true,
        [.., b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => true,
        [.., before] => !is_word(*before),
    }
}

/// Whether a token can end here: no letter, digit or `_` follows.
pub(crate) fn ends(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(|after| !is_word(*after))
}

/// Whether a byte belongs to a word. A byte of a character beyond ASCII does not: scripts without spaces put a token
/// right beside their letters.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
