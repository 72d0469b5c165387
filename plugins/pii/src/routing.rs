//! Routing numbers of American banks: beside an account's number they are what an IBAN is elsewhere.

use guardhouse_guard::Severity;

use crate::check::{is_dummy, number, weighted};
use crate::ids::Id;
use crate::near::Words;
use crate::rule::{Kind, Rule, Sure};

/// The row. One number of nine digits in 25 passes, so only beside its name.
pub(crate) static ROUTING: Id = Id {
    rule: Rule {
        id: "us-bank-routing",
        what: "The routing number of an American bank account",
        source: "American Bankers Association routing number policy: ranges of the first two digits, weights 3, 7, 1",
        kind: Kind::BankAccount,
        severity: Severity::Low,
    },
    country: "US",
    forms: "999999999|9999-9999-9",
    check: is_routing,
    sure: Sure { bare: 0, written: 0, named: 85 },
    names: Words::new("routing|routing number|aba|rtn|transit|bank"),
};

fn is_routing(digits: &[u8]) -> bool {
    matches!(number(&digits[..2]), 1..=12 | 21..=32 | 61..=72 | 80)
        && weighted(digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
        && !is_dummy(digits)
}
