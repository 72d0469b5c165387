//! Finds what tool definitions should not say: instructions to the model, changes to other tools, parameters that carry the
//! conversation out, text that people do not see.
//!
//! A definition instructs the model by its nature ("always call `list_accounts` first"), so instructing alone is nothing.
//! What is reported asks for something outside the tool's purpose: the user's secrets, the conversation, another tool's
//! behaviour, the user's not knowing.
//!
//! * `rules`: the rules, with their categories. Start here.
//! * `instructions`: what the words say, by the crate `guardhouse-instructions`.
//! * `markup`: tags and comments that set text apart for the model alone.
//! * `hidden`: characters and padding that hide text.
//! * `names`: names of tools and parameters.

use std::ops::Range;

use guardhouse_guard::{About, Definition, DefinitionGuard, Finding, Guard, Part, checkpoint, view};

mod hidden;
mod instructions;
mod markup;
mod names;
mod rules;

use instructions::Instructions;
use rules::{RULES, Rule};

/// The configuration.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The least confidence, in percent, with which a finding is reported.
    pub min_confidence: u8,
    /// The longest text of a definition that is not reported for its length, in bytes.
    pub max_text: usize,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        // Descriptions of 8 KiB are in use; nobody reads one of 32 before approving it.
        Self { min_confidence: 60, max_text: 32 << 10, disabled: Vec::new() }
    }
}

/// The guard.
#[derive(Debug)]
pub struct Definitions {
    instructions: Instructions,
    config: Config,
}

/// What was found in a part.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    rule: &'static Rule,
    confidence: u8,
    span: Range<usize>,
}

impl Guard for Definitions {
    type Config = Config;
    const ABOUT: About = About {
        name: "definitions",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds what tool definitions should not say: hidden instructions, shadowing, exfiltration parameters",
        categories: &["tool-poisoning", "tool-shadowing", "exfiltration-parameter", "hidden-text"],
        checkpoints: &[checkpoint::TOOL_DEFINITION],
        views: view::ALL,
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        if config.min_confidence > 100 {
            return Err(format!("`min_confidence`: expected percent from 0 to 100, found {}", config.min_confidence));
        }
        if let Some(id) = config.disabled.iter().find(|id| RULES.iter().all(|rule| rule.id != id.as_str())) {
            return Err(format!("`disabled`: there is no rule `{id}`"));
        }
        Ok(Self { instructions: Instructions::new(config.min_confidence), config })
    }
}

impl DefinitionGuard for Definitions {
    fn inspect(&self, definition: &Definition) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in definition.parts.iter().enumerate() {
            for Hit { rule, confidence, span } in self.find(part) {
                let finding = Finding::new(rule.id, rule.category).severity(rule.severity).message(rule.what);
                findings.push(finding.confidence(confidence).at(index, span));
            }
        }
        Ok(findings)
    }
}

impl Definitions {
    /// What a part holds, in order, none overlapping another.
    fn find(&self, part: &Part) -> Vec<Hit> {
        let mut hits = Vec::new();
        let is_original = part.view == "original";
        if let Some(name) = names::name(part) {
            if is_original {
                names::find(name, &part.body, &mut hits);
                hidden::find_in_name(&part.body, &mut hits);
            }
        } else {
            markup::find(&part.body, &mut hits);
            self.instructions.find(&part.body, &mut hits);
            if is_original {
                hidden::find_in_text(&part.body, &mut hits);
                if part.body.len() > self.config.max_text {
                    let end = part.body.ceil_char_boundary(self.config.max_text);
                    hits.push(Hit { rule: &rules::LONG, confidence: 60, span: end..part.body.len() });
                }
            }
        }
        hits.retain(|hit| self.is_wanted(hit));
        without_overlap(hits)
    }

    fn is_wanted(&self, hit: &Hit) -> bool {
        hit.confidence >= self.config.min_confidence
            && !hit.span.is_empty()
            && self.config.disabled.iter().all(|id| id != hit.rule.id)
    }
}

/// Of hits that overlap, keeps the surer; of two as sure, the one that begins first.
fn without_overlap(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.confidence)));
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.span.start < last.span.end => {
                if hit.confidence > last.confidence {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

guardhouse_guard::export!(Definitions: definition);
