//! The rules. A rule's id is stable: bundles switch rules off by it, and records name it.

use guardhouse_guard::Severity;

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Its stable name.
    pub(crate) id: &'static str,
    /// The category that policies name.
    pub(crate) category: &'static str,
    /// How much harm comes of it if the model obeys.
    pub(crate) severity: Severity,
    /// What it finds, as the message of the finding.
    pub(crate) what: &'static str,
}

const fn rule(id: &'static str, category: &'static str, severity: Severity, what: &'static str) -> Rule {
    Rule { id, category, severity, what }
}

const POISONING: &str = "tool-poisoning";
const SHADOWING: &str = "tool-shadowing";
const PARAMETER: &str = "exfiltration-parameter";
const HIDDEN: &str = "hidden-text";

pub(crate) static OVERRIDE: Rule = rule(
    "override",
    POISONING,
    Severity::High,
    "A definition that tells the model to set instructions aside or limits off",
);
pub(crate) static SECRECY: Rule =
    rule("secrecy", POISONING, Severity::High, "A definition that tells the model to keep something from the user");
pub(crate) static SECRET_FILE: Rule = rule(
    "secret-file",
    POISONING,
    Severity::Critical,
    "A definition that has the model read files with the user's secrets",
);
pub(crate) static PRECONDITION: Rule = rule(
    "precondition",
    POISONING,
    Severity::High,
    "A definition that has the model fetch or send something unrelated first",
);
pub(crate) static EXFILTRATION: Rule =
    rule("exfiltration", POISONING, Severity::Critical, "A definition that has the model send out what it knows");
pub(crate) static FORGED_TURN: Rule =
    rule("forged-turn", POISONING, Severity::High, "A definition that pretends to be another turn of the conversation");
pub(crate) static MARKUP: Rule =
    rule("hidden-instruction", POISONING, Severity::High, "Markup that sets text apart for the model alone");
pub(crate) static COMMENT: Rule = rule("comment", POISONING, Severity::Medium, "A comment in a definition");
pub(crate) static SHADOW: Rule =
    rule("shadowing", SHADOWING, Severity::High, "A definition that changes how other tools are used");
pub(crate) static IMITATION: Rule =
    rule("imitated-name", SHADOWING, Severity::High, "A name whose letters come from several scripts");
pub(crate) static FILLING: Rule = rule(
    "filling",
    PARAMETER,
    Severity::High,
    "A definition that wants the conversation, the prompt or secrets passed",
);
pub(crate) static PARAMETER_NAME: Rule = rule(
    "parameter-name",
    PARAMETER,
    Severity::Medium,
    "A parameter named for the conversation or the model's thoughts",
);
pub(crate) static INVISIBLE: Rule = rule("invisible", HIDDEN, Severity::High, "Characters that are not seen");
pub(crate) static DIRECTION: Rule =
    rule("direction", HIDDEN, Severity::High, "Characters that turn the direction of text");
pub(crate) static TERMINAL: Rule =
    rule("terminal-escape", HIDDEN, Severity::High, "An escape sequence that hides text in a terminal");
pub(crate) static PADDING: Rule = rule("padding", HIDDEN, Severity::Medium, "White space that moves text out of sight");
pub(crate) static LONG: Rule = rule("long-text", HIDDEN, Severity::Low, "A text longer than anyone reads");

/// All rules.
pub(crate) static RULES: [&Rule; 17] = [
    &OVERRIDE,
    &SECRECY,
    &SECRET_FILE,
    &PRECONDITION,
    &EXFILTRATION,
    &FORGED_TURN,
    &MARKUP,
    &COMMENT,
    &SHADOW,
    &IMITATION,
    &FILLING,
    &PARAMETER_NAME,
    &INVISIBLE,
    &DIRECTION,
    &TERMINAL,
    &PADDING,
    &LONG,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use guardhouse_guard::Guard as _;

    use super::*;
    use crate::Definitions;

    #[test]
    fn ids_are_unique_and_every_category_is_declared() {
        let mut ids = HashSet::new();
        for rule in RULES {
            assert!(ids.insert(rule.id), "{}", rule.id);
            assert!(Definitions::ABOUT.categories.contains(&rule.category), "{}", rule.id);
        }
    }
}
