//! Finds prompt injection: text that speaks to the model, to change what it does.
//!
//! What an instruction is, and in which languages, stands in the crate `guardhouse-instructions`; here it is made a guard:
//!
//! * `rules`: the rules, which kind of instruction each reports, and how bad that is. Start here.
//!
//! A finding covers the instruction, from its first telling word to the end of the sentence.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard, checkpoint, view};
use guardhouse_instructions::{AFTER, BEFORE, Kind, LONGEST, Reader};

mod rules;

use rules::{RULES, Rule};

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The least confidence, in percent, with which a finding is reported.
    pub min_confidence: u8,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        // Below it lies what talk about attacks makes of a match, and nothing else.
        Self { min_confidence: 60, disabled: Vec::new() }
    }
}

/// The guard.
#[derive(Debug)]
pub struct Injection {
    reader: Reader,
}

impl Guard for Injection {
    type Config = Config;
    const ABOUT: About = About {
        name: "injection",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds prompt injection: text that tells the model what to do",
        categories: &["injection", "jailbreak", "prompt-extraction"],
        // What comes in. Arguments of a call and output are the model's own words: there it is a question of where they
        // come from, which the host answers.
        checkpoints: &[checkpoint::INPUT, checkpoint::TOOL_DEFINITION, checkpoint::TOOL_RESULT],
        views: view::ALL,
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        if config.min_confidence > 100 {
            return Err(format!("`min_confidence`: expected percent from 0 to 100, found {}", config.min_confidence));
        }
        let find = |id: &String| {
            let known = || format!("`disabled`: there is no rule `{id}`");
            RULES.iter().find(|rule| rule.id == id).ok_or_else(known)
        };
        let disabled: Vec<&Rule> = config.disabled.iter().map(find).collect::<Result<_, _>>()?;
        let is_wanted =
            |kind: Kind| rules::of(kind).is_some_and(|rule| disabled.iter().all(|disabled| disabled.id != rule.id));
        Ok(Self { reader: Reader::new(is_wanted, config.min_confidence) })
    }

    fn reach(&self) -> Reach {
        Reach::within(BEFORE, LONGEST, AFTER)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let open = parts.iter().filter(|part| part.more_after);
        open.map(|part| u32::try_from(self.reader.settled(&part.body)).unwrap_or_default()).collect()
    }
}

impl TextGuard for Injection {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            for found in self.reader.find(&part.body) {
                let Some(rule) = rules::of(found.kind) else { continue };
                let finding = Finding::new(rule.id, rule.category).severity(rule.severity).message(rule.what);
                findings.push(finding.confidence(found.confidence).at(index, found.span));
            }
        }
        Ok(findings)
    }
}

guardhouse_guard::export!(Injection: text);
