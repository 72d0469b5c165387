//! Whether a repair wrote what a tool's schema does not allow.

use super::{Shape, Takes};
use crate::json::{Object, Value, push_token};

impl Shape {
    /// Where `after`, which is `before` with other texts, has a text that the schema does not allow, or may not: a JSON
    /// pointer. These are the arguments that a call had, and those that a repair left of them.
    ///
    /// What the schema does not name it may constrain all the same, so a text there is one that it may not allow.
    #[must_use]
    pub fn unfit(&self, before: &Object, after: &Object) -> Option<String> {
        let mut path = String::new();
        in_object(Some(self), before, after, &mut path).then_some(path)
    }
}

/// Whether there is such a text in an object of this shape; then `path` is where. As deep a recursion as JSON may be nested.
fn in_object(shape: Option<&Shape>, before: &Object, after: &Object, path: &mut String) -> bool {
    after.iter().any(|(key, value)| {
        let length = path.len();
        push_token(path, key);
        let found = in_value(shape.and_then(|shape| shape.member(key)), before.get(key), value, path);
        if !found {
            path.truncate(length);
        }
        found
    })
}

fn in_value(shape: Option<&Shape>, before: Option<&Value>, after: &Value, path: &mut String) -> bool {
    match (before, after) {
        (Some(before), after) if before == after => false,
        (Some(Value::Object(before)), Value::Object(after)) => in_object(shape, before, after, path),
        (Some(Value::Array(before)), Value::Array(after)) => after.iter().enumerate().any(|(index, value)| {
            let length = path.len();
            push_token(path, &index.to_string());
            let found = in_value(shape.and_then(Shape::items), before.get(index), value, path);
            if !found {
                path.truncate(length);
            }
            found
        }),
        (_, Value::String(text)) => shape.is_none_or(|shape| shape.takes(text) != Takes::Yes),
        // A repair writes texts and nothing else.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use crate::json::{Object, Value, parse};
    use crate::tools::schema::arguments;

    fn object(text: &str) -> Object {
        parse(text.as_bytes()).unwrap().as_object().unwrap().clone()
    }

    fn unfit(properties: &str, before: &str, after: &str) -> Option<String> {
        let schema: Value = parse(format!(r#"{{"properties":{properties}}}"#).as_bytes()).unwrap();
        arguments(Some(&schema)).unfit(&object(before), &object(after))
    }

    #[test]
    fn a_text_that_the_schema_allows_fits() {
        let properties =
            r#"{"note":{"type":"string","maxLength":20},"lines":{"type":"array","items":{"type":"string"}}}"#;
        let before = r#"{"note":"a key","lines":["a","key"],"n":1}"#;
        assert_eq!(unfit(properties, before, r#"{"note":"a [redacted]","lines":["a","[redacted]"],"n":1}"#), None);
        assert_eq!(unfit(properties, before, before), None);
    }

    #[test]
    fn a_text_that_it_does_not_allow_or_may_not_is_found() {
        for (properties, member) in [
            (r#"{"x":{"type":"string","maxLength":3}}"#, "/x"),
            (r#"{"x":{"type":"string","pattern":"^[a-z]+$"}}"#, "/x"),
            (r#"{"x":{"enum":["key","other"]}}"#, "/x"),
            (r#"{"x":{}}"#, "/x"),
            (r#"{"y":{"type":"string"}}"#, "/x"),
        ] {
            let found = unfit(properties, r#"{"y":"a","x":"key"}"#, r#"{"y":"a","x":"[redacted]"}"#);
            assert_eq!(found.as_deref(), Some(member), "{properties}");
        }
        let nested =
            r#"{"x":{"type":"array","items":{"type":"object","properties":{"a/b":{"type":"string","format":"uri"}}}}}"#;
        let found =
            unfit(nested, r#"{"x":[{"a/b":"u"},{"a/b":"key"}]}"#, r#"{"x":[{"a/b":"u"},{"a/b":"[redacted]"}]}"#);
        assert_eq!(found.as_deref(), Some("/x/1/a~1b"));
    }
}
