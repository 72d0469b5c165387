//! What the words of a definition ask for.

use guardhouse_instructions::{Kind, Reader};

use crate::Hit;
use crate::rules::{self, Rule};

/// Reads descriptions.
#[derive(Debug)]
pub(crate) struct Instructions {
    reader: Reader,
}

impl Instructions {
    /// A reader of what is at least so sure, in percent.
    pub(crate) fn new(min_confidence: u8) -> Self {
        Self { reader: Reader::new(|kind| rule(kind).is_some(), min_confidence) }
    }

    /// Finds all instructions that a definition should not give.
    pub(crate) fn find(&self, text: &str, hits: &mut Vec<Hit>) {
        for found in self.reader.find(text) {
            let Some(rule) = rule(found.kind) else { continue };
            hits.push(Hit { rule, confidence: found.confidence, span: found.span });
        }
    }
}

/// The rule that reports a kind of instruction. None for what definitions say in good faith: personas, answers without
/// disclaimers, which tool to call, words repeated.
fn rule(kind: Kind) -> Option<&'static Rule> {
    Some(match kind {
        Kind::Override | Kind::NewTask | Kind::Unlock | Kind::Encoded => &rules::OVERRIDE,
        Kind::Secrecy => &rules::SECRECY,
        Kind::SecretFile => &rules::SECRET_FILE,
        Kind::Precondition => &rules::PRECONDITION,
        Kind::Exfiltration => &rules::EXFILTRATION,
        Kind::Forgery => &rules::FORGED_TURN,
        Kind::Shadowing => &rules::SHADOW,
        Kind::Filling | Kind::SystemPrompt => &rules::FILLING,
        Kind::Address | Kind::ToolSteering | Kind::Persona | Kind::NoRefusal | Kind::TextAbove => return None,
    })
}
