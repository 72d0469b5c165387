//! Explanations as JSON.

use super::{Change, ExplainedPolicy, Explanation, Fact, FactValue};
use crate::decision::Verdict;
use crate::json::{Object, Value};

pub(super) fn explanation(explanation: &Explanation) -> Value {
    let mut object = Object::new();
    object.insert("verdict", explanation.verdict.as_str());
    object.insert("policies", explanation.policies.iter().map(policy).collect::<Vec<_>>());
    object.insert("facts", explanation.facts.iter().map(fact).collect::<Vec<_>>());
    object.insert("changes", explanation.changes.iter().map(change).collect::<Vec<_>>());
    object.insert("tried", explanation.tried as u64);
    object.insert("untried", explanation.untried as u64);
    object.into()
}

fn policy(policy: &ExplainedPolicy) -> Value {
    let mut object = Object::new();
    object.insert("id", policy.id.as_str());
    object.insert("part", policy.part.as_str());
    match policy.forbid {
        Some(strength) => {
            object.insert("effect", "forbid");
            object.insert("verdict", Verdict::from(strength).as_str());
        }
        None => drop(object.insert("effect", "permit")),
    }
    object.insert("file", policy.file.as_str());
    object.insert("line", policy.line as u64);
    if let Some(message) = &policy.message {
        object.insert("message", message.as_str());
    }
    object.insert("reads", names(&policy.reads));
    object.into()
}

fn fact(fact: &Fact) -> Value {
    let mut object = Object::new();
    object.insert("fact", fact.name.as_str());
    match &fact.value {
        FactValue::Known(value) => object.insert("value", value.clone()),
        FactValue::Absent => object.insert("absent", true),
        FactValue::Withheld => object.insert("withheld", true),
    };
    object.into()
}

fn change(change: &Change) -> Value {
    let mut object = Object::new();
    object.insert("fact", change.fact.as_str());
    object.insert("now", change.now.clone());
    object.insert("then", change.then.clone());
    object.insert("verdict", change.verdict.as_str());
    object.insert("policies", names(&change.policies));
    object.into()
}

fn names(names: &[String]) -> Vec<Value> {
    names.iter().map(|name| name.as_str().into()).collect()
}
