//! The rules: which kinds of instruction are reported, as what.
//!
//! A rule's id is stable: bundles switch rules off by it, and records name it. Confidence stands with the patterns
//! (`guest-sdk/instructions/src/patterns`), since one rule has surer and less sure ones.

use guardhouse_guard::Severity;
use guardhouse_instructions::Kind;

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// The kind of instruction that it reports.
    kind: Kind,
    /// The category that policies name.
    pub(crate) category: &'static str,
    /// How much harm comes of it if the model obeys.
    pub(crate) severity: Severity,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
}

const fn rule(id: &'static str, kind: Kind, category: &'static str, severity: Severity, what: &'static str) -> Rule {
    Rule { id, kind, category, severity, what }
}

/// All rules.
pub(crate) const RULES: &[Rule] = &[
    rule(
        "override",
        Kind::Override,
        "injection",
        Severity::High,
        "Text that tells the model to set its instructions aside",
    ),
    rule("new-task", Kind::NewTask, "injection", Severity::High, "Text that gives the model new instructions"),
    rule(
        "secrecy",
        Kind::Secrecy,
        "injection",
        Severity::High,
        "Text that tells the model to keep something from the user",
    ),
    rule(
        "tool-steering",
        Kind::ToolSteering,
        "injection",
        Severity::High,
        "Text that tells the model which tool to call",
    ),
    rule(
        "exfiltration",
        Kind::Exfiltration,
        "injection",
        Severity::Critical,
        "Text that tells the model to send out what it knows",
    ),
    rule("address", Kind::Address, "injection", Severity::Medium, "Text that is addressed to the model"),
    rule(
        "forged-turn",
        Kind::Forgery,
        "injection",
        Severity::High,
        "Text that pretends to be another turn of the conversation",
    ),
    rule(
        "encoded-task",
        Kind::Encoded,
        "injection",
        Severity::High,
        "Text that tells the model to decode something and do what it says",
    ),
    rule(
        "persona",
        Kind::Persona,
        "jailbreak",
        Severity::High,
        "Text that asks the model to play somebody without limits",
    ),
    rule("unlock", Kind::Unlock, "jailbreak", Severity::High, "Text that tells the model that its limits are gone"),
    rule(
        "no-refusal",
        Kind::NoRefusal,
        "jailbreak",
        Severity::Medium,
        "Text that forbids the model to refuse or to warn",
    ),
    rule(
        "system-prompt",
        Kind::SystemPrompt,
        "prompt-extraction",
        Severity::Medium,
        "Text that asks for the system prompt",
    ),
    rule(
        "text-above",
        Kind::TextAbove,
        "prompt-extraction",
        Severity::Medium,
        "Text that asks the model to repeat what stands above it",
    ),
];

/// The rule for a kind of instruction, if this guard reports it.
pub(crate) fn of(kind: Kind) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Injection;
    use guardhouse_guard::Guard as _;

    #[test]
    fn ids_and_kinds_are_unique_and_every_category_is_declared() {
        let (mut ids, mut kinds) = (HashSet::new(), HashSet::new());
        for rule in RULES {
            assert!(ids.insert(rule.id) && kinds.insert(rule.kind), "{}", rule.id);
            assert!(Injection::ABOUT.categories.contains(&rule.category), "{}", rule.id);
        }
    }
}
