//! Finds the customer numbers of a company: a prefix, a hyphen and eight digits, of which the last checks the others.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, Repair, TextGuard};

/// Digits of a number, the check digit among them.
const DIGITS: usize = 8;

/// The configuration.
#[derive(Debug, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customers {
    /// What numbers begin with: 2 to 8 capital letters and a hyphen.
    prefix: String,
    /// Numbers that are never reported, such as those of test accounts.
    #[serde(default)]
    allow: Vec<String>,
}

impl Guard for Customers {
    type Config = Self;
    const ABOUT: About = About {
        name: "customers",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds customer numbers",
        categories: &["customer-number"],
        ..About::EVERY_TEXT
    };

    fn configure(config: Self) -> Result<Self, String> {
        let letters = config.prefix.strip_suffix('-').unwrap_or_default();
        let is_prefix = (2..=8).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        let refusal = || format!("`prefix`: expected 2 to 8 capital letters and `-`, found `{}`", config.prefix);
        if is_prefix { Ok(config) } else { Err(refusal()) }
    }

    fn reach(&self) -> Reach {
        // One character on either side, of four bytes at most, tells whether a number stands by itself.
        Reach::within(4, narrow(self.length()), 4)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        parts.iter().filter(|part| part.more_after).map(|part| narrow(self.settled_in(&part.body))).collect()
    }
}

impl TextGuard for Customers {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let places = item.parts.iter().enumerate().flat_map(|(index, part)| {
            let starts = part.body.match_indices(&self.prefix).map(|(at, _)| at);
            starts.filter(|at| self.is_number(&part.body, *at)).map(move |at| (index, at))
        });
        let finding = |(part, at)| {
            Finding::new("customer-number", "customer-number")
                .confidence(95)
                .message("a customer number")
                .repair(Repair::Pseudonym("CUSTOMER".to_string()))
                .at(part, at..at + self.length())
        };
        Ok(places.map(finding).collect())
    }
}

impl Customers {
    /// Bytes of a number.
    fn length(&self) -> usize {
        self.prefix.len() + DIGITS
    }

    /// Whether a number begins at this prefix, stands by itself, and is to be reported.
    fn is_number(&self, text: &str, at: usize) -> bool {
        let (before, rest) = text.split_at(at);
        let Some((number, after)) = rest.split_at_checked(self.length()) else { return false };
        let alone = |side: Option<char>| side.is_none_or(|side| !side.is_alphanumeric());
        alone(before.chars().next_back())
            && alone(after.chars().next())
            && checks(&number[self.prefix.len()..])
            && self.allow.iter().all(|allowed| allowed != number)
    }

    /// Up to where nothing can change if the text goes on: where a number may have begun.
    fn settled_in(&self, text: &str) -> usize {
        let may_go_on = |rest: &str| match rest.strip_prefix(self.prefix.as_str()) {
            Some(digits) => digits.len() <= DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit()),
            None => self.prefix.starts_with(rest),
        };
        let mut starts = text.len().saturating_sub(self.length())..text.len();
        starts.find(|at| text.get(*at..).is_some_and(may_go_on)).unwrap_or(text.len())
    }
}

/// Whether the last digit checks the others (ISO/IEC 7812-1 annex B, Luhn's formula).
fn checks(digits: &str) -> bool {
    let digits: Option<Vec<u32>> = digits.chars().rev().map(|digit| digit.to_digit(10)).collect();
    let weighed = |(place, digit): (usize, u32)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { digit };
    digits.is_some_and(|digits| digits.into_iter().enumerate().map(weighed).sum::<u32>() % 10 == 0)
}

/// An offset as the contract has it.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

guardhouse_guard::export!(Customers: text);
