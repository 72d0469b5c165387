//! Finds personal data in text: e-mail addresses, phone numbers, cards, accounts, national identifiers, IP addresses.
//!
//! * `ids`: the table of numbers that states give to people, with the source of each. Start here.
//! * `rule`, `config`: what a rule is, the kinds of personal data, what an operator may set.
//! * `scan`: the one pass over a text, which looks further only at digits and `@`.
//! * `email`, `phone`, `card`, `iban`, `routing`, `network`, `birth`, `wallet`: what is looked for beside the table.
//! * `written`: numbers as people write them, and the forms that they are compared with.
//! * `near`: words nearby that say what a number is.
//! * `check`: check digits and dates.
//! * `text`: reading that knows what the end of a text left open, for `settled`.
//! * `hit`: what stands where several rules found something.
//!
//! Every search is linear in the text: how far any of them looks from one position is bounded by a constant. There is no
//! model here, so names of people and street addresses are not found.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard, view};

mod birth;
mod card;
mod check;
mod config;
mod email;
mod hit;
mod iban;
mod ids;
#[cfg(test)]
mod linear;
mod near;
mod network;
mod phone;
mod routing;
mod rule;
mod scan;
mod text;
mod wallet;
mod written;

pub use config::Config;
pub use rule::Kind;

use config::Settings;
use hit::Hit;
use text::Text;

/// Bytes of the longest finding: an e-mail address. Numbers are much shorter.
const LONGEST: u32 = 254;

/// Bytes before a finding that can decide whether it is one by themselves: those in which words are looked for, and the
/// user name of a URL.
const CONTEXT: u32 = 72;

/// Bytes before a finding that can influence it: something as long as [`LONGEST`] that overlaps it and outdoes it, and the
/// context of that.
const BEFORE: u32 = CONTEXT + LONGEST;

/// Bytes behind a finding that can influence it: the path of `host:path` behind a host name; words behind a number.
const AFTER: u32 = 72;

/// The guard.
#[derive(Debug)]
pub struct Pii {
    settings: Settings,
}

impl Guard for Pii {
    type Config = Config;
    const ABOUT: About = About {
        name: "pii",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds personal data: e-mail addresses, phone numbers, cards, accounts, national identifiers, IP addresses",
        categories: &[
            Kind::Email.category(),
            Kind::Phone.category(),
            Kind::PaymentCard.category(),
            Kind::BankAccount.category(),
            Kind::NationalId.category(),
            Kind::IpAddress.category(),
            Kind::DeviceId.category(),
            Kind::BirthDate.category(),
            Kind::CryptoWallet.category(),
        ],
        // Data on its way out may be in any of them.
        views: view::ALL,
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        Ok(Self { settings: Settings::new(&config)? })
    }

    fn reach(&self) -> Reach {
        Reach::within(BEFORE, LONGEST, AFTER)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let open = parts.iter().filter(|part| part.more_after);
        open.map(|part| u32::try_from(self.settled_in(&part.body)).unwrap_or(u32::MAX)).collect()
    }
}

impl TextGuard for Pii {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            let hits = scan::scan(&Text::new(&part.body), &self.settings);
            findings.extend(hit::without_overlap(hits, email::LONGEST).iter().map(|hit| hit.finding(index)));
        }
        Ok(findings)
    }
}

impl Pii {
    /// How far a text is settled: up to the first thing that its end left open, or that such a thing may yet outdo.
    fn settled_in(&self, body: &str) -> usize {
        // Nothing that begins further from the end can be open.
        let mut skipped = body.len().saturating_sub((BEFORE + LONGEST + AFTER) as usize);
        while !body.is_char_boundary(skipped) {
            skipped += 1;
        }
        let text = Text::new(&body[skipped..]);
        let hits = scan::scan(&text, &self.settings);
        // What was open may have begun before its first word.
        let live = scan::lead(&text, text.live()).min(open_end(&text));
        let touched = |hit: &&Hit| hit.span.start < live && live < hit.span.end;
        skipped + hits.iter().filter(touched).map(|hit| hit.span.start).min().unwrap_or(live)
    }
}

/// Where something may begin that has no digit and no `@` yet: an address or a word at the end of the text, or what leads to
/// a number.
fn open_end(text: &Text) -> usize {
    let end = text.bytes().len();
    let behind = text.behind(end, email::LONGEST_LOCAL + 2);
    let local = behind.iter().rev().take_while(|byte| email::is_local(**byte)).count();
    let word = behind.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut open = (end - local).min(scan::lead(text, end)).min(scan::lead(text, end - word));
    // Inside a character that is longer than what may stand in an address.
    while matches!(text.bytes().get(open), Some(0x80..=0xbf)) {
        open += 1;
    }
    open
}

guardhouse_guard::export!(Pii: text);
