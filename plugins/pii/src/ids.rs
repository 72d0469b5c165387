//! Numbers that states give to people.
//!
//! Each has one row: how it is written, how it is checked, how sure that makes it (see [`Sure`]) and what it is called
//! where it is used. Rows are by region; the numbers of businesses stand here where a person in business for himself has
//! one, with a lower severity.

use crate::check::digit;
use crate::near::Words;
use crate::rule::{Rule, Sure};
use crate::written::Form;

mod americas;
mod asia;
mod documents;
mod europe_east;
mod europe_north;
mod europe_west;
mod oceania_africa;

/// One kind of number.
#[derive(Debug)]
pub(crate) struct Id {
    /// Its rule.
    pub(crate) rule: Rule,
    /// The country that gives it, as ISO 3166-1 has it; empty for several.
    pub(crate) country: &'static str,
    /// The ways in which it is written: templates of [`Form`] with `|` between.
    pub(crate) forms: &'static str,
    /// Whether letters and digits that fit a form can be one.
    pub(crate) check: fn(&[u8]) -> bool,
    /// How sure it is.
    pub(crate) sure: Sure,
    /// What it is called.
    pub(crate) names: Words,
}

impl Id {
    /// The ways in which it is written.
    pub(crate) fn forms(&self) -> impl Iterator<Item = Form> {
        self.forms.split('|').map(Form::new)
    }
}

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Id> {
    [
        americas::IDS,
        europe_west::IDS,
        europe_north::IDS,
        europe_east::IDS,
        asia::IDS,
        oceania_africa::IDS,
        documents::IDS,
    ]
    .into_iter()
    .flatten()
}

/// A row of a national identifier; its certainty is bare, written, named.
macro_rules! id {
    ($id:literal, $what:literal, $source:literal, $severity:ident, $country:literal, $forms:literal, $check:expr,
     ($bare:literal, $written:literal, $named:literal), $names:literal $(,)?) => {
        crate::ids::Id {
            rule: crate::rule::Rule {
                id: $id,
                what: $what,
                source: $source,
                kind: crate::rule::Kind::NationalId,
                severity: guardhouse_guard::Severity::$severity,
            },
            country: $country,
            forms: $forms,
            check: $check,
            sure: crate::rule::Sure { bare: $bare, written: $written, named: $named },
            names: crate::near::Words::new($names),
        }
    };
}
use id;

/// Whether the last digit is what the weighted sum of the others leaves when divided by 11, a rest of 10 counting as
/// `ten`.
fn mod_11(digits: &[u8], weights: &[u32], ten: u32) -> bool {
    let Some((last, digits)) = digits.split_last() else { return false };
    let rest = crate::check::weighted(digits, weights) % 11;
    digit(*last) == if rest == 10 { ten } else { rest }
}

/// The same where the check digit makes the sum a multiple of 11. A rest that would need 10 counts as `ten`.
fn mod_11_down(digits: &[u8], weights: &[u32], ten: u32) -> bool {
    let Some((last, digits)) = digits.split_last() else { return false };
    let check = (11 - crate::check::weighted(digits, weights) % 11) % 11;
    digit(*last) == if check == 10 { ten } else { check }
}

/// Rest for which no number is issued, in [`mod_11`] and [`mod_11_down`].
const NONE: u32 = 10;
