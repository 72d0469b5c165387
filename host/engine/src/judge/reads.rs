//! What a policy reads of the context, and of the principal and the resource, by its syntax.
//!
//! From Cedar's own JSON form of a policy, which has no spelling variants: `context["args"].amount`, `context.args has
//! amount` and `context.args has amount.value` are all the same kind of node. Whatever is read in another way (`context`
//! as a value of its own, `context.args == {…}`) counts as reading everything below.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cedar_policy::Policy;
use serde_json::Value;

/// What a chain of attributes begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Root {
    /// `principal`
    Principal,
    /// `resource`
    Resource,
    /// `context`
    Context,
}

impl Root {
    const ALL: [Self; 3] = [Self::Principal, Self::Resource, Self::Context];

    /// The word that policies write.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Resource => "resource",
            Self::Context => "context",
        }
    }
}

/// The chains of attributes that a policy reads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// Each as far as it is written, from below its root; the empty chain is the context as a whole. Of the principal and
    /// the resource only attributes count.
    chains: BTreeSet<(Root, Vec<String>)>,
}

impl Reads {
    /// What a policy reads; `None` if Cedar cannot say, which is an error of this program.
    pub(super) fn of(policy: &Policy) -> Option<Self> {
        let form = policy.to_json().ok()?;
        let mut reads = Self::default();
        for condition in form.get("conditions")?.as_array()? {
            reads.visit(condition.get("body")?);
        }
        Some(reads)
    }

    /// The chains of the context, in order.
    pub(super) fn chains(&self) -> impl Iterator<Item = &[String]> {
        self.all().filter(|(root, _)| *root == Root::Context).map(|(_, chain)| chain)
    }

    /// All chains, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = (Root, &[String])> {
        self.chains.iter().map(|(root, chain)| (*root, chain.as_slice()))
    }

    /// Whether the policy may read the value of this argument, or of a part of it.
    pub(super) fn argument(&self, name: &str) -> bool {
        self.chains().any(|chain| match chain {
            [] => true,
            [args, rest @ ..] => args == "args" && rest.first().is_none_or(|first| first == name),
        })
    }

    fn visit(&mut self, expression: &Value) {
        match chain(expression) {
            // Who or what it is, which is no fact about it.
            Some((Root::Principal | Root::Resource, attributes)) if attributes.is_empty() => return,
            Some(chain) => {
                self.chains.insert(chain);
                return;
            }
            None => {}
        }
        match expression {
            Value::Object(node) => {
                for (kind, inner) in node {
                    match (kind.as_str(), inner) {
                        // A literal, which may look like anything.
                        ("Value", _) => {}
                        // Its keys are the policy's own.
                        ("Record", Value::Object(members)) => members.values().for_each(|value| self.visit(value)),
                        _ => self.visit(inner),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.visit(item)),
            _ => {}
        }
    }
}

/// The attributes that an expression takes one after the other from a root; `None` if it is something else.
pub(super) fn chain(expression: &Value) -> Option<(Root, Vec<String>)> {
    let mut attributes = Vec::new();
    let mut at = expression;
    let root = loop {
        let node = at.as_object().filter(|node| node.len() == 1)?;
        let (kind, inner) = node.iter().next()?;
        match (kind.as_str(), inner) {
            ("Var", Value::String(name)) => break Root::ALL.into_iter().find(|root| root.word() == name)?,
            ("." | "has", Value::Object(access)) => {
                match access.get("attr")? {
                    Value::String(name) => attributes.push(name.clone()),
                    // `has a.b`
                    Value::Array(names) => {
                        attributes.extend(names.iter().rev().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => return None,
                }
                at = access.get("left")?;
            }
            _ => return None,
        }
    };
    attributes.reverse();
    Some((root, attributes))
}

/// A chain of attributes as policies write it.
pub(super) fn spelled(root: Root, chain: &[String]) -> String {
    let mut name = root.word().to_owned();
    for attribute in chain {
        if is_identifier(attribute) {
            name.push('.');
            name.push_str(attribute);
        } else {
            // Writing into a string cannot fail.
            let _ = write!(name, "[\"{}\"]", attribute.escape_debug());
        }
    }
    name
}

/// Whether an attribute may stand after a dot. A word of Cedar's grammar would have to be quoted in places; a reader
/// knows what is meant.
fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn reads(condition: &str) -> Vec<String> {
        let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
        let reads = Reads::of(&Policy::parse(None, text).unwrap()).unwrap();
        reads.chains().map(|chain| chain.join("/")).collect()
    }

    #[test]
    fn a_chain_is_the_same_however_it_is_written() {
        for condition in [
            "context.args.amount > 3",
            "context[\"args\"][\"amount\"] > 3",
            "context.args has amount",
            "context has args.amount",
            "if principal has user then context.args.amount > 3 else false",
            "{\"Value\": context.args.amount}.Value > 3",
            "[1, context.args.amount].contains(3)",
            "decimal(\"1.0\").lessThan(context.args.amount)",
            "!(context.args.amount like \"a*\")",
        ] {
            assert_eq!(reads(condition), ["args/amount"], "{condition}");
        }
    }

    #[test]
    fn what_is_read_as_a_whole_is_read_whole() {
        assert_eq!(reads("context.args == {amount: 1}"), ["args"]);
        assert_eq!(reads("context == principal"), [""]);
        assert_eq!(reads("(if true then context else context).args.amount > 1"), [""]);
    }

    #[test]
    fn literals_and_other_records_are_not_the_context() {
        assert!(reads("\"context.args\" == resource.args").is_empty());
        assert!(reads("{\"Var\": \"context\"} == resource").is_empty());
    }

    #[test]
    fn attributes_of_the_principal_and_the_resource_are_read_by_their_names() {
        let text = "forbid (principal, action, resource) when {
            principal has user && principal.user == resource && resource is Guardhouse::Tool && resource[\"effects\"].isEmpty()
        };";
        let reads = Reads::of(&Policy::parse(None, text).unwrap()).unwrap();
        let all: Vec<_> = reads.all().map(|(root, chain)| format!("{}/{}", root.word(), chain.join("/"))).collect();
        assert_eq!(all, ["principal/user", "resource/effects"]);
        assert_eq!(reads.chains().count(), 0);
    }

    #[test]
    fn an_argument_is_read_by_its_name_or_with_all_the_others() {
        let read = |condition: &str, name: &str| {
            let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
            Reads::of(&Policy::parse(None, text).unwrap()).unwrap().argument(name)
        };
        assert!(read("context.args.amount.value > 3", "amount"));
        assert!(!read("context.args.amount.value > 3", "other"));
        assert!(read("context.args == {amount: 1}", "other"));
        assert!(read("context == principal", "other"));
        assert!(!read("context.from.amount.standings.isEmpty()", "amount"));
    }
}
