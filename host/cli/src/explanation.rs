//! Explanations for people. What agents, tools and documents may have a say in is tamed before it reaches a terminal.

use std::io::{self, Write};

use anstyle::Style;
use guardhouse::{
    decision::Verdict,
    engine::Explained,
    json::Value,
    judge::{Change, ExplainedPolicy, Explanation, FactValue, Part},
    text::tame,
};

/// Bytes of a value, or of a name, that are shown.
const VALUE: usize = 160;

/// Bytes of a policy's message that are shown.
const MESSAGE: usize = 512;

/// Prints why the judge said what it said, below the decision.
pub(crate) fn print(out: &mut impl Write, explained: &Explained) -> io::Result<()> {
    let Explained { original, repaired, .. } = explained;
    match original {
        Some(explanation) => print_one(out, explanation)?,
        None => writeln!(out, "      the judge was not asked")?,
    }
    if let Some(explanation) = repaired {
        writeln!(out, "      what a repair left of it: {}", explanation.verdict)?;
        print_one(out, explanation)?;
    }
    Ok(())
}

fn print_one(out: &mut impl Write, explanation: &Explanation) -> io::Result<()> {
    for policy in &explanation.policies {
        print_policy(out, policy, explanation)?;
    }
    match explanation.changes.as_slice() {
        [] => {
            let found = match explanation {
                Explanation { tried: 0, .. } => "none: these policies read nothing that could be otherwise".to_owned(),
                Explanation { tried, untried: 0, .. } => format!("none found ({tried} tried)"),
                Explanation { tried, untried, .. } => format!("none found ({tried} tried, {untried} were not)"),
            };
            writeln!(out, "      nearest change: {found}")
        }
        [nearest, others @ ..] => {
            writeln!(out, "      nearest change: {}", told(nearest))?;
            others.iter().try_for_each(|change| writeln!(out, "      another:        {}", told(change)))
        }
    }
}

fn print_policy(out: &mut impl Write, policy: &ExplainedPolicy, explanation: &Explanation) -> io::Result<()> {
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let ExplainedPolicy { id, part, forbid, file, line, message, reads } = policy;
    let effect = if forbid.is_some() { "forbid" } else { "permit" };
    let strength = forbid.map(|strength| format!(" ({})", Verdict::from(strength)));
    let part = match part {
        Part::Matches => "",
        Part::Fails => ", which could not be evaluated",
        Part::Near => ", whose condition does not hold",
    };
    let (id, strength) = (tame(id, VALUE), strength.unwrap_or_default());
    writeln!(out, "      {bold}{effect} {id}{bold:#}{strength}{part}  {dim}{}:{line}{dim:#}", tame(file, VALUE))?;
    if let Some(message) = message {
        writeln!(out, "          \"{}\"", tame(message, MESSAGE))?;
    }
    for name in reads {
        let value = explanation.facts.iter().find(|fact| fact.name == *name).map(|fact| &fact.value);
        let value = match value {
            Some(FactValue::Known(value)) => format!("= {}", shown(value)),
            Some(FactValue::Absent) => "is not there".to_owned(),
            Some(FactValue::Withheld) | None => "(not shown)".to_owned(),
        };
        writeln!(out, "          {} {}", tame(name, VALUE), tame(&value, VALUE))?;
    }
    Ok(())
}

fn told(change: &Change) -> String {
    let Change { fact, then, verdict, policies, .. } = change;
    let by = if policies.is_empty() { String::new() } else { format!(" ({})", policies.join(", ")) };
    let condition = match then.pointer("/worst") {
        // What policies read of a category of which nothing was found.
        Some(worst) if *worst == Value::from(-1_i64) => format!("if there were no {fact}"),
        _ => format!("if {fact} were {}", shown(then)),
    };
    let condition = tame(&condition, VALUE);
    format!("{condition}, the verdict would be {verdict}{}", tame(&by, MESSAGE))
}

/// A value without the quotes of words: `[ungrounded, user]`, `{worst: 3}`.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) if is_word(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
