//! The one pass over a text: every digit and every `@` is where something may be.

use std::ops::Range;

use crate::card::{self, Card};
use crate::config::Settings;
use crate::hit::Hit;
use crate::near::Nearby;
use crate::rule::{Kind, Rule, Sure};
use crate::text::{Joiner, Text};
use crate::written::{Prefix, Written};
use crate::{birth, email, iban, network, phone, wallet};

/// Bytes of the longest word of letters and digits in which anything is looked for.
const LONGEST_WORD: usize = 64;

/// Bytes of the shortest word that is something without another one joined to it: the number of a passport has seven.
const SHORTEST: usize = 6;

/// Bytes that are looked at together for digits and `@`.
const BLOCK: usize = 32;

/// Finds all there may be in a text; what overlaps is not yet decided.
pub(crate) fn scan(text: &Text, settings: &Settings) -> Vec<Hit> {
    let mut scan = Scan { text, settings, hits: Vec::new() };
    let (mut at, mut done) = (0, 0);
    while let Some(mark) = next_mark(text.bytes(), at) {
        at = mark + 1;
        if text.bytes()[mark] == b'@' {
            scan.email(mark);
        } else if mark >= done {
            done = scan.word(mark);
            // Whatever stands in a word was looked for with its first digit.
            at = done.max(at);
        }
    }
    let Scan { mut hits, .. } = scan;
    hits.retain(|hit| !settings.is_allowed(hit, text.bytes()));
    hits
}

/// Where the earliest thing may begin whose first digit, or first word with a digit, begins at `start`.
pub(crate) fn lead(text: &Text, start: usize) -> usize {
    let signs = text.behind(start, 3).iter().rev().take_while(|byte| matches!(byte, b'(' | b'+')).count();
    let run = colon_run(text, start);
    let word = letters_before(text, start).or_else(|| birth::month_before(text, start)).unwrap_or(start);
    (start - signs).min(run).min(word)
}

/// The next digit or `@` from `at` on.
fn next_mark(bytes: &[u8], mut at: usize) -> Option<usize> {
    // Free of branches, so that it becomes vector instructions.
    while let Some(block) = bytes.get(at..at + BLOCK) {
        if block.iter().fold(false, |found, byte| found | is_mark(*byte)) {
            break;
        }
        at += BLOCK;
    }
    bytes[at..].iter().position(|byte| is_mark(*byte)).map(|found| at + found)
}

/// Whether a byte is a digit or `@`.
const fn is_mark(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10 || byte == b'@'
}

/// Where the run of hexadecimal digits, colons and dots begins that ends at `end`; `end` where it is too long.
fn colon_run(text: &Text, end: usize) -> usize {
    if !matches!(text.before(end), b':' | b'.') {
        return end;
    }
    let behind = text.behind(end, network::LONGEST + 1);
    let run = behind.iter().rev().take_while(|byte| network::is_colon_run(**byte)).count();
    if run > network::LONGEST { end } else { end - run }
}

/// Where one or two capitals begin that a joiner separates from `start`: `AB 12 34 56 C`, `X-1234567-L`.
fn letters_before(text: &Text, start: usize) -> Option<usize> {
    let (Joiner::Space | Joiner::Hyphen, length) = text.joiner_before(start)? else { return None };
    let behind = text.behind(start - length, 3);
    let letters = behind.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is_capital = behind.iter().rev().take(letters).all(u8::is_ascii_uppercase);
    (is_capital && (1..=2).contains(&letters)).then(|| start - length - letters)
}

/// Whether something of more than one word may begin with the word that ends at `end`, before the byte `next`. The most
/// frequent words with digits are those with which nothing begins, and this is the quickest way to tell.
fn goes_on(text: &Text, end: usize, next: u8, may_be_day: bool) -> bool {
    let beyond = text.at(end + 1);
    match next {
        // Small letters behind a day may be a month's.
        b' ' => {
            beyond.is_ascii_digit()
                || beyond.is_ascii_uppercase()
                || beyond == b'('
                || may_be_day && beyond.is_ascii_lowercase()
        }
        b',' => may_be_day && beyond == b' ',
        b'.' => beyond.is_ascii_alphanumeric() || may_be_day && beyond == b' ',
        b'-' | b'/' | b'+' => beyond.is_ascii_alphanumeric() || beyond == b'(',
        b':' => beyond.is_ascii_hexdigit() || beyond == b':',
        b'(' => beyond.is_ascii_digit(),
        b')' | 0xc2 | 0xe2 => true,
        _ => false,
    }
}

/// How what stands in front of a number bears on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// Not at all.
    Free,
    /// It is a number too, with a space between: perhaps a part of this one.
    Number,
    /// The number goes on there, or is a price, a part of a name, an escape.
    Joined,
}

/// How what stands in front of `start` bears on a number there.
fn left(text: &Text, start: usize) -> Left {
    let price = matches!(text.behind(start, 3), [.., 0xc2, 0xa3 | 0xa5] | [0xe2, 0x82, 0xac]);
    let before = text.before(start);
    if price || before.is_ascii_alphanumeric() || matches!(before, b'_' | b'$' | b'%' | b'\\' | b'@') {
        return Left::Joined;
    }
    let Some((joiner, length)) = text.joiner_before(start) else { return Left::Free };
    let beyond = text.before(start - length);
    match joiner {
        Joiner::Space if beyond.is_ascii_digit() => Left::Number,
        Joiner::Slash | Joiner::Dot if beyond.is_ascii_digit() => Left::Joined,
        Joiner::Hyphen | Joiner::Plus if beyond.is_ascii_alphanumeric() => Left::Joined,
        _ => Left::Free,
    }
}

/// Whether a number may end at `end`; one `with_spaces` does not where another number stands behind a space.
fn right_is_free(text: &Text, end: usize, with_spaces: bool) -> bool {
    if matches!(text.at(end), b'_' | b'@' | b'%') {
        return false;
    }
    let Some((joiner, length)) = text.joiner(end) else { return true };
    let beyond = text.at(end + length);
    match joiner {
        Joiner::Space => !with_spaces || !beyond.is_ascii_digit(),
        Joiner::Slash | Joiner::Dot => !beyond.is_ascii_digit(),
        Joiner::Hyphen | Joiner::Plus => !beyond.is_ascii_alphanumeric(),
    }
}

/// A pass over a text.
struct Scan<'s, 't> {
    text: &'s Text<'t>,
    settings: &'s Settings,
    hits: Vec<Hit>,
}

impl Scan<'_, '_> {
    fn push(&mut self, rule: &'static Rule, span: Range<usize>, confidence: u8) {
        self.hits.push(Hit { rule, span, confidence });
    }

    fn extend(&mut self, found: Option<(&'static Rule, Range<usize>, u8)>) {
        if let Some((rule, span, confidence)) = found {
            self.push(rule, span, confidence);
        }
    }

    /// Looks for an address around an `@`.
    fn email(&mut self, at: usize) {
        if !self.settings.wants(Kind::Email) {
            return;
        }
        if let Some(found) = email::find(self.text, at) {
            let (rule, sure) =
                if found.is_example { (&email::EXAMPLE, email::SURE_OF_EXAMPLE) } else { (&email::EMAIL, email::SURE) };
            self.push(rule, found.start..found.end, sure);
        }
    }

    /// Looks for everything that begins with the word whose first digit is here, and answers where the word ends.
    fn word(&mut self, digit: usize) -> usize {
        let text = self.text;
        let behind = text.behind(digit, LONGEST_WORD);
        let start = digit - behind.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let end = word_end(text.bytes(), digit);
        if end - start > LONGEST_WORD {
            return end;
        }
        text.look_from(start);
        let (before, next) = (text.before(start), text.at(end));
        if end - start < SHORTEST && before != b':' && !goes_on(text, end, next, end - start <= 4) {
            return end;
        }
        self.network(start, end, next);
        if let Some(letters) = letters_before(text, start) {
            self.numbers(letters);
        }
        if left(text, start) == Left::Joined && !matches!(before, b'+') {
            return end;
        }
        if start == digit {
            if end - start <= 4 && self.settings.wants(Kind::BirthDate) {
                self.extend(birth::find(text, start));
            }
            self.phone(start);
        }
        if wallet::LENGTHS.contains(&(end - start))
            && self.settings.wants(Kind::CryptoWallet)
            && right_is_free(text, end, false)
        {
            let word = &text.bytes()[start..end];
            self.extend(wallet::find(word).map(|(rule, sure)| (rule, start..end, sure)));
        }
        self.numbers(start);
        end
    }

    /// Looks for addresses of networks at the word from `start` to `end`.
    fn network(&mut self, start: usize, end: usize, next: u8) {
        let text = self.text;
        let (ip, device) = (self.settings.wants(Kind::IpAddress), self.settings.wants(Kind::DeviceId));
        if ip && next == b'.' && end - start <= 3 {
            self.extend(network::ipv4(text, start));
        }
        if device && next == b'-' && end - start == 2 {
            self.extend(network::mac_with_hyphens(text, start));
        }
        if (ip || device) && (next == b':' || text.before(start) == b':') {
            let run = colon_run(text, start);
            let is_free = !text.before(run).is_ascii_alphanumeric() && text.before(run) != b'_';
            let found = if is_free { network::with_colons(text, run) } else { None };
            self.extend(found.filter(|(rule, ..)| self.settings.wants(rule.kind)));
        }
    }

    /// Looks for a phone number whose first digit stands at `start`.
    fn phone(&mut self, start: usize) {
        if !self.settings.wants(Kind::Phone) {
            return;
        }
        if let Some((rule, span, sure)) = phone::find(self.text, start)
            && left(self.text, span.start) != Left::Joined
        {
            self.push(rule, span, sure);
        }
    }

    /// Looks for everything with a form: cards, accounts, identifiers.
    fn numbers(&mut self, start: usize) {
        let text = self.text;
        let left = left(text, start);
        if left == Left::Joined {
            return;
        }
        let written = Written::read(text, start);
        for (prefix, end) in written.prefixes() {
            self.card_or_account(&prefix, start..end, left);
            // Numbers with spaces in a row of numbers may be any of its columns.
            if left == Left::Number && prefix.has(Joiner::Space)
                || self.settings.forms(prefix.characters.len()).is_empty()
            {
                continue;
            }
            if right_is_free(text, end, prefix.has(Joiner::Space)) {
                self.identifiers(&prefix, start..end);
            }
        }
    }

    /// The card or the account that is written here, if it is one.
    fn card_or_account(&mut self, prefix: &Prefix, span: Range<usize>, left: Left) {
        let text = self.text;
        let found = match prefix.is_digits() {
            true if self.settings.wants(Kind::PaymentCard) => card::card(prefix).map(Some),
            false if self.settings.wants(Kind::BankAccount) => iban::is_iban(prefix).then_some(None),
            _ => None,
        };
        // In the midst of a row of numbers it would be some of its columns.
        let is_in_row = left == Left::Number && !prefix.is_bare();
        let Some(card) = found.filter(|_| right_is_free(text, span.end, is_in_row)) else { return };
        let (rule, sure) = match card {
            None => (&iban::IBAN, iban::SURE),
            Some(_) if !prefix.is_bare() && !card::is_printed(prefix) => return,
            Some(_) if card::WORDS.are_near(text, span.start, span.end) => (&card::CARD, card::SURE.named),
            Some(_) if !prefix.is_bare() => (&card::CARD, card::SURE.written),
            Some(Card::Usual) => (&card::CARD, card::SURE.bare),
            Some(Card::Unusual) => return,
        };
        self.push(rule, span, sure);
    }

    /// The identifiers that this may be.
    fn identifiers(&mut self, prefix: &Prefix, span: Range<usize>) {
        let mut nearby = None;
        for (form, id) in self.settings.forms(prefix.characters.len()) {
            if !form.fits(prefix) || !(id.check)(prefix.characters) {
                continue;
            }
            let Sure { bare, written, named } = id.sure;
            let nearby = nearby.get_or_insert_with(|| Nearby::read(self.text, span.start, span.end));
            let by_form = if form.is_joined() { written } else { bare };
            let sure = if id.names.are_in(nearby) { named } else { by_form };
            if sure > 0 {
                self.hits.push(Hit { rule: &id.rule, span: span.clone(), confidence: sure });
            }
        }
    }
}

/// Where the word of letters and digits ends that `at` is in. Nothing depends on it beyond the longest word.
fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(bytes.len(), |length| at + length)
}
