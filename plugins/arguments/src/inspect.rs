//! A call or a result, from its attributes to findings.

use std::collections::{BTreeMap, HashMap};

use guardhouse_guard::{Attribute, Call, CallGuard, Finding, Item, Part, TextGuard, checkpoint};
use serde_json::Value;

use crate::judge::kinds_in_view;
use crate::kinds::Leaves;
use crate::rules::{self, Hit, Rule};
use crate::schema::{self, Mismatch, Outcome, Why};
use crate::{Arguments, pointer};

/// The attribute of a call that gives the role of its leaves: a JSON object from pointers into the arguments to roles.
const ROLES: &str = "roles";

/// The attributes of a result: the tool's output schema, and its structured content, both as JSON text.
const OUTPUT_SCHEMA: &str = "output-schema";
const STRUCTURED: &str = "structured";

/// Where the parts of structured content stand.
const STRUCTURED_PATH: &str = "/structured";

impl CallGuard for Arguments {
    fn inspect(&self, call: &Call) -> Result<Vec<Finding>, String> {
        let arguments: Value =
            serde_json::from_str(&call.arguments).map_err(|error| format!("the arguments are no JSON: {error}"))?;
        let roles: BTreeMap<String, String> = match attribute(&call.attributes, ROLES) {
            Some(text) => serde_json::from_str(text).map_err(|error| format!("attribute `{ROLES}`: {error}"))?,
            None => BTreeMap::new(),
        };
        let mut findings = Vec::new();
        let schema = call.input_schema.as_deref().map(|text| (text, serde_json::from_str::<Value>(text)));
        let readable = schema.as_ref().and_then(|(_, schema)| schema.as_ref().ok());
        self.leaves(call, &arguments, readable, &roles, &mut findings);
        if let Some((text, schema)) = &schema {
            let bytes = text.len() + call.arguments.len();
            let outcome = schema.as_ref().ok().map(|schema| schema::check(schema, &arguments, bytes));
            self.schema(outcome, &rules::INPUT_SCHEMA, "", &call.parts, &mut findings);
        }
        Ok(findings)
    }
}

impl TextGuard for Arguments {
    /// Holds a result against the output schema of its tool. At other checkpoints there is nothing to do: arguments are
    /// judged as part of their call.
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        if item.checkpoint != checkpoint::TOOL_RESULT {
            return Ok(findings);
        }
        let given = attribute(&item.attributes, OUTPUT_SCHEMA).zip(attribute(&item.attributes, STRUCTURED));
        if let Some((schema, structured)) = given {
            let bytes = schema.len() + structured.len();
            let value: Value =
                serde_json::from_str(structured).map_err(|error| format!("attribute `{STRUCTURED}`: {error}"))?;
            let outcome = serde_json::from_str(schema).ok().map(|schema| schema::check(&schema, &value, bytes));
            self.schema(outcome, &rules::OUTPUT_SCHEMA, STRUCTURED_PATH, &item.parts, &mut findings);
        }
        Ok(findings)
    }
}

impl Arguments {
    /// Judges the strings of a call.
    fn leaves(
        &self,
        call: &Call,
        arguments: &Value,
        schema: Option<&Value>,
        roles: &BTreeMap<String, String>,
        findings: &mut Vec<Finding>,
    ) {
        let leaves = Leaves::of((&call.server, &call.tool), arguments, schema, roles);
        let mut unseen: HashMap<&str, usize> =
            leaves.iter().enumerate().map(|(index, leaf)| (leaf.path.as_str(), index)).collect();
        let kinds: HashMap<&str, _> = leaves.iter().map(|leaf| (leaf.path.as_str(), leaf.kinds)).collect();
        for (index, part) in call.parts.iter().enumerate() {
            let Some(kinds) = kinds.get(part.path.as_str()) else { continue };
            unseen.remove(part.path.as_str());
            let hits = self.judge(&part.body, kinds_in_view(*kinds, &part.view));
            findings.extend(hits.into_iter().map(|hit| hit.finding(index)));
        }
        // A leaf without a part is judged too; there is nowhere to point to. Keys have one for all of one name.
        let mut rest: Vec<usize> = unseen.into_values().collect();
        rest.sort_unstable();
        for leaf in rest.into_iter().filter_map(|index| leaves.get(index)) {
            findings.extend(self.judge(leaf.text, leaf.kinds).iter().map(Hit::whole));
        }
    }

    /// Reports what came of holding a value against a schema; `None` is a schema that could not be read.
    fn schema(
        &self,
        outcome: Option<Outcome>,
        rule: &'static Rule,
        above: &str,
        parts: &[Part],
        findings: &mut Vec<Finding>,
    ) {
        let Some(outcome) = outcome else {
            self.whole(&rules::SCHEMA_UNREADABLE, "the schema is no JSON, or nests too deep".to_string(), findings);
            return;
        };
        if !self.is_disabled(rule) {
            findings.extend(outcome.mismatches.iter().map(|mismatch| self::mismatch(mismatch, rule, above, parts)));
        }
        for unchecked in outcome.unchecked {
            let place = if unchecked.schema.is_empty() { "/" } else { &unchecked.schema };
            let (rule, what) = match unchecked.why {
                Why::Unsupported => (&rules::SCHEMA_UNSUPPORTED, "is not supported"),
                Why::Malformed => (&rules::SCHEMA_UNSUPPORTED, "is malformed"),
                Why::Costly => (&rules::SCHEMA_COSTLY, "asks for too much work or nesting"),
            };
            let keyword = if unchecked.keyword.is_empty() { "a schema" } else { unchecked.keyword };
            self.whole(rule, format!("not checked: `{keyword}` at {place} {what}"), findings);
        }
    }

    fn whole(&self, rule: &'static Rule, message: String, findings: &mut Vec<Finding>) {
        if !self.is_disabled(rule) {
            findings.push(Hit::new(rule, 0..0).whole().message(message));
        }
    }

    fn is_disabled(&self, rule: &'static Rule) -> bool {
        self.disabled.iter().any(|disabled| std::ptr::eq(*disabled, rule))
    }
}

/// The finding for a place that does not satisfy a schema: in its part where there is one.
fn mismatch(mismatch: &Mismatch, rule: &'static Rule, above: &str, parts: &[Part]) -> Finding {
    let message = format!("does not satisfy `{}` at {}", mismatch.keyword, mismatch.schema);
    let path = format!("{above}{}", mismatch.instance);
    let path = if mismatch.is_key { pointer::of_key(&path) } else { path };
    let finding = Hit::new(rule, 0..0).whole().message(message);
    match parts.iter().position(|part| part.path == path) {
        Some(index) if !parts[index].body.is_empty() => finding.at(index, 0..parts[index].body.len()),
        _ => finding,
    }
}

fn attribute<'a>(attributes: &'a [Attribute], key: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.key == key).map(|attribute| attribute.value.as_str())
}
