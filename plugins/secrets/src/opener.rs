//! What a secret may begin with, looked for in one pass over the text.

use crate::pairs::Pairs;
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
    opener: Opener,
}

/// The words that are no tokens' prefixes.
const OTHERS: [Entry; 5] = [
    Entry { word: "eyJ", opener: Opener::Jwt },
    Entry { word: pem::BEGIN, opener: Opener::Pem },
    Entry { word: "--", opener: Opener::Option },
    Entry { word: "-u ", opener: Opener::User },
    Entry { word: "password ", opener: Opener::Netrc },
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
                    entries[count] = Entry { word: token.prefixes[prefix], opener };
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

/// Which bytes the words have at their first and second place, and at their second and third. Few positions of ordinary
/// text pass both, and only those are compared with the words.
static FIRST: Pairs = pairs(0);
static SECOND: Pairs = pairs(1);

const fn pairs(at: usize) -> Pairs {
    let mut pairs = Pairs::none();
    let mut entry = 0;
    while entry < COUNT {
        pairs = pairs.with(ENTRIES[entry].word, at);
        entry += 1;
    }
    pairs
}

/// Finds everything that begins with one of the words.
pub(crate) fn find(scan: &mut Scan) {
    let text = scan.text;
    for (at, bytes) in text.windows(3).enumerate() {
        if FIRST.has(bytes[0], bytes[1]) && SECOND.has(bytes[1], bytes[2]) {
            find_at(scan, at);
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
    for place in &ORDER[usize::from(STARTS[first])..usize::from(STARTS[first + 1])] {
        let Entry { word, opener } = ENTRIES[usize::from(*place)];
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
                Opener::Token(rule, ref token) => token::find_at(scan, rule, token, at, behind),
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
    fn is_part(self) -> bool {
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
