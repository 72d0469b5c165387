//! Findings and reasons read back from a record.

use super::{Attribute, Finding, Reason, ReasonCode, Repair, Severity, Span};
use crate::json::{
    Misread, Value,
    members::{Members, list, object, parsed, text, whole, word},
};

impl Finding {
    /// The finding that [`to_value`](Self::to_value) wrote. A record has no `message` and no `attributes`; these are then
    /// empty.
    ///
    /// # Errors
    /// Where there is anything that it would not have written.
    pub fn from_value(written: &Value) -> Result<Self, Misread> {
        let known =
            ["guard", "rule", "category", "severity", "confidence", "span", "path", "message", "repair", "attributes"];
        let finding = Members::only(object(written)?, &known)?;
        let owned = |value| text(value).map(str::to_owned);
        Ok(Self {
            guard: finding.needed("guard", owned)?,
            rule: finding.needed("rule", owned)?,
            category: finding.needed("category", parsed("a category"))?,
            severity: finding.needed("severity", of_a_byte::<Severity>("a severity"))?,
            confidence: finding.needed("confidence", of_a_byte("a confidence"))?,
            message: finding.optional("message", owned)?.unwrap_or_default(),
            path: finding.optional("path", owned)?,
            span: finding.optional("span", span)?,
            repair: finding.needed("repair", repair)?,
            attributes: finding.optional("attributes", list(attribute))?.unwrap_or_default(),
        })
    }
}

impl Reason {
    /// The reason that [`to_value`](Self::to_value) wrote.
    ///
    /// # Errors
    /// Where there is anything that it would not have written.
    pub fn from_value(written: &Value) -> Result<Self, Misread> {
        let reason = Members::only(object(written)?, &["code", "policy", "guard", "message"])?;
        let owned = |value| text(value).map(str::to_owned);
        Ok(Self {
            code: reason.needed("code", |value| word(value, &ReasonCode::ALL, ReasonCode::as_str))?,
            policy: reason.optional("policy", owned)?,
            guard: reason.optional("guard", owned)?,
            message: reason.needed("message", owned)?,
        })
    }
}

fn of_a_byte<T: TryFrom<u8>>(expected: &'static str) -> impl Fn(&Value) -> Result<T, Misread> {
    move |value| {
        let byte: u8 = whole(value)?;
        byte.try_into().map_err(|_| Misread::at("", expected, byte.to_string()))
    }
}

fn span(value: &Value) -> Result<Span, Misread> {
    let span = Members::only(object(value)?, &["start", "end"])?;
    Ok(Span { start: span.needed("start", whole)?, end: span.needed("end", whole)? })
}

fn repair(value: &Value) -> Result<Repair, Misread> {
    match value.as_str() {
        Some("mask") => Ok(Repair::Mask),
        Some("remove") => Ok(Repair::Remove),
        Some(_) => Err(Misread::at("", "a repair", "another word")),
        None => {
            let class = Members::only(object(value)?, &["pseudonym"])?;
            Ok(Repair::Pseudonym(class.needed("pseudonym", parsed("a pseudonym's class"))?))
        }
    }
}

fn attribute(value: &Value) -> Result<Attribute, Misread> {
    let attribute = Members::only(object(value)?, &["key", "value"])?;
    let owned = |value| text(value).map(str::to_owned);
    Ok(Attribute { key: attribute.needed("key", owned)?, value: attribute.needed("value", owned)? })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::json::parse;

    fn any_finding() -> impl Strategy<Value = Finding> {
        let repair = prop_oneof![
            Just(Repair::Mask),
            Just(Repair::Remove),
            "[A-Z][A-Z0-9_]{0,9}".prop_map(|class| Repair::Pseudonym(class.parse().unwrap())),
        ];
        let span = prop::option::of((any::<u32>(), any::<u32>()).prop_map(|(start, end)| Span { start, end }));
        let attribute = (".{0,4}", ".{0,4}").prop_map(|(key, value)| Attribute { key, value });
        let names = (".{0,8}", ".{0,8}", "[a-z][a-z0-9_-]{0,9}", ".{0,8}");
        let place = (prop::option::of(".{0,8}"), span);
        let attributes = prop::collection::vec(attribute, 0..3);
        (names, 0_u8..=4, 0_u8..=100, place, repair, attributes).prop_map(
            |((guard, rule, category, message), severity, confidence, (path, span), repair, attributes)| Finding {
                guard,
                rule,
                category: category.parse().unwrap(),
                severity: severity.try_into().unwrap(),
                confidence: confidence.try_into().unwrap(),
                message,
                path,
                span,
                repair,
                attributes,
            },
        )
    }

    proptest! {
        #[test]
        fn findings_are_read_back_as_they_were_written(finding in any_finding()) {
            let written = parse(finding.to_value().to_string().as_bytes()).unwrap();
            prop_assert_eq!(Finding::from_value(&written), Ok(finding));
        }
    }

    #[test]
    fn reasons_are_read_back_as_they_were_written() {
        for code in ReasonCode::ALL {
            let policy = (code == ReasonCode::Policy).then(|| "a.cedar:b".to_owned());
            let guard = (code == ReasonCode::GuardFailed).then(|| "pii".to_owned());
            let reason = Reason { code, policy, guard, message: "why".to_owned() };
            assert_eq!(Reason::from_value(&reason.to_value()), Ok(reason));
        }
    }

    #[test]
    fn what_is_no_finding_is_not_read_as_one() {
        let sound = r#"{"guard":"g","rule":"r","category":"pii","severity":3,"confidence":98,"repair":"mask"}"#;
        assert!(Finding::from_value(&parse(sound.as_bytes()).unwrap()).is_ok());
        for (from, to) in [
            ("\"severity\":3", "\"severity\":5"),
            ("98", "101"),
            ("\"pii\"", "\"P I I\""),
            ("\"mask\"", "\"burn\""),
            ("\"mask\"", "{\"pseudonym\":\"e mail\"}"),
            ("\"rule\":\"r\",", ""),
            ("\"rule\"", "\"rules\""),
        ] {
            let text = sound.replace(from, to);
            assert!(Finding::from_value(&parse(text.as_bytes()).unwrap()).is_err(), "{text}");
        }
    }
}
