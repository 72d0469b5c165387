//! Values of Cedar's extension types.
//!
//! `RestrictedExpression::new_decimal` and its like parse the name of their constructor anew each time, by a grammar, which
//! takes longer than the four evaluations of a small request together. Here the name is parsed once; for that, and for
//! nothing else, Cedar's inner crate is used. A test holds both to be the same.

use std::sync::LazyLock;

use cedar_policy::RestrictedExpression;
use cedar_policy_core::ast::{Name, RestrictedExpr, UnreservedId};

/// An extension type, by the constructor that policies write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extension {
    /// `decimal("1.0")`
    Decimal,
    /// `datetime("2026-01-02")`
    Datetime,
    /// `ip("10.0.0.1")`
    Ip,
}

static NAMES: LazyLock<Option<[Name; 3]>> = LazyLock::new(|| {
    let name = |text: &str| text.parse::<UnreservedId>().ok().map(Name::unqualified_name);
    Some([name("decimal")?, name("datetime")?, name("ip")?])
});

impl Extension {
    /// The value that is written like this. Whether it is one shows when a context is made of it.
    pub(super) fn value(self, text: String) -> RestrictedExpression {
        match (&*NAMES, self) {
            (Some([name, _, _]), Self::Decimal)
            | (Some([_, name, _]), Self::Datetime)
            | (Some([_, _, name]), Self::Ip) => {
                RestrictedExpr::call_extension_fn(name.clone(), [RestrictedExpr::val(text)]).into()
            }
            (None, Self::Decimal) => RestrictedExpression::new_decimal(text),
            (None, Self::Datetime) => RestrictedExpression::new_datetime(text),
            (None, Self::Ip) => RestrictedExpression::new_ip(text),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use cedar_policy::Context;

    use super::*;

    #[test]
    fn a_value_is_the_one_that_cedar_makes_of_the_text() {
        let context = |value: RestrictedExpression| Context::from_pairs([("x".to_owned(), value)]).unwrap();
        for (extension, text, theirs) in [
            (Extension::Decimal, "12.5000", RestrictedExpression::new_decimal("12.5000")),
            (Extension::Datetime, "2026-01-02", RestrictedExpression::new_datetime("2026-01-02")),
            (Extension::Ip, "10.0.0.1", RestrictedExpression::new_ip("10.0.0.1")),
        ] {
            assert_eq!(context(extension.value(text.to_owned())), context(theirs), "{text}");
        }
        assert!(NAMES.is_some());
    }
}
