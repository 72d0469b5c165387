//! The numbers that policies compare facts with, and the words that they name, by their syntax (Cedar's JSON form, as in
//! `reads`).

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::Policy;
use serde_json::Value;

use crate::judge::reads::{Root, chain};

/// What stands between a fact and a number that it is compared with.
const COMPARISONS: [&str; 8] = ["==", "!=", "<", "<=", ">", ">=", "contains", "in"];

/// What is worth trying.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// By the chain of attributes below `context`: the integers that stand in one comparison with it.
    ///
    /// Also where there is arithmetic between them (`calls + repeats > 5` has 5 for both): such a bound may be of no use,
    /// which trying it will show.
    numbers: BTreeMap<Vec<String>, BTreeSet<i64>>,
    /// The identifiers of entities, of whatever type.
    names: BTreeSet<String>,
}

impl Bounds {
    /// The bounds of some policies.
    pub(super) fn of(policies: &[&Policy]) -> Self {
        let mut bounds = Self::default();
        for form in policies.iter().filter_map(|policy| policy.to_json().ok()) {
            if let Some(conditions) = form.get("conditions") {
                bounds.visit(conditions);
            }
        }
        bounds
    }

    /// What is worth trying for a fact: each bound, one less and one more, as far as `range` allows.
    pub(super) fn around(&self, chain: &[String], range: std::ops::RangeInclusive<i64>) -> BTreeSet<i64> {
        let bounds = self.numbers.get(chain).into_iter().flatten();
        let around = bounds.flat_map(|bound| [bound.saturating_sub(1), *bound, bound.saturating_add(1)]);
        around.filter(|number| range.contains(number)).collect()
    }

    /// Whether some policy names this word.
    pub(super) fn names(&self, word: &str) -> bool {
        self.names.contains(word)
    }

    fn visit(&mut self, expression: &Value) {
        match expression {
            Value::Object(node) => {
                for (kind, inner) in node {
                    if kind == "Value" {
                        let named = inner.pointer("/__entity/id").and_then(Value::as_str);
                        self.names.extend(named.map(str::to_owned));
                        continue;
                    }
                    if COMPARISONS.contains(&kind.as_str()) {
                        let (mut chains, mut numbers) = (BTreeSet::new(), BTreeSet::new());
                        operands(inner, &mut chains, &mut numbers);
                        for chain in chains {
                            self.numbers.entry(chain).or_default().extend(&numbers);
                        }
                    }
                    self.visit(inner);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.visit(item)),
            _ => {}
        }
    }
}

/// The chains and the integers in an expression.
fn operands(expression: &Value, chains: &mut BTreeSet<Vec<String>>, numbers: &mut BTreeSet<i64>) {
    if let Some((Root::Context, chain)) = chain(expression) {
        chains.insert(chain);
        return;
    }
    match expression {
        Value::Object(node) => {
            for (kind, inner) in node {
                match (kind.as_str(), inner.as_i64()) {
                    ("Value", Some(number)) => drop(numbers.insert(number)),
                    ("Value", None) => {}
                    ("neg", _) => {
                        let mut negated = BTreeSet::new();
                        operands(inner, chains, &mut negated);
                        numbers.extend(negated.into_iter().filter_map(i64::checked_neg));
                    }
                    _ => operands(inner, chains, numbers),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| operands(item, chains, numbers)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn around(condition: &str) -> Vec<i64> {
        let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
        let bounds = Bounds::of(&[&Policy::parse(None, text).unwrap()]);
        bounds.around(&["core".to_owned(), "x".to_owned()], -5..=100).into_iter().collect()
    }

    #[test]
    fn a_bound_is_found_however_it_is_compared() {
        for condition in [
            "context.core.x >= 3",
            "3 != context.core.x",
            "context[\"core\"].x == 3 || context.core.y > 50",
            "[3].contains(context.core.x)",
            "if context.core.x < 3 then true else false",
            "context.core.x + context.core.y < 3",
        ] {
            assert_eq!(around(condition), [2, 3, 4], "{condition}");
        }
        assert_eq!(around("context.core.x > -1"), [-2, -1, 0]);
        assert_eq!(around("context.core.x > 100 || context.core.x < -9223372036854775807"), [99, 100]);
    }

    #[test]
    fn words_are_named_however_they_are_looked_for() {
        for condition in [
            "context.core.x.contains(Guardhouse::Standing::\"user\")",
            "[Guardhouse::Standing::\"flagged\", Guardhouse::Standing::\"user\"].containsAll(context.core.x)",
            "if context.core.x == [Guardhouse::Standing::\"user\"] then true else false",
        ] {
            let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
            let bounds = Bounds::of(&[&Policy::parse(None, text).unwrap()]);
            assert!(bounds.names("user") && !bounds.names("trusted"), "{condition}");
        }
    }

    #[test]
    fn what_is_compared_with_something_else_is_no_bound() {
        assert!(around("context.core.y > 3 && context.core.x > context.core.y").is_empty());
        assert!(around("\"3\" == context.core.x").is_empty());
    }
}
