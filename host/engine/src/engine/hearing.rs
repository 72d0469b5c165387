//! What an event tells its session, and how far that is trusted.

use crate::{
    decision::{Decision, Finding, Severity},
    event::{Body, Event, Source, ToolName},
    generation::Generation,
    session::{Heard, Origin, Rank, Told, ToldText},
    text,
    tools::{Credit, Integrity},
};

/// The categories that flag what they are found in: what is there was put there to deceive. A finding of a password or a name does
/// not make its paragraph suspicious.
const FLAGGING: [&str; 8] = [
    "exfiltration-parameter",
    "hidden-comment",
    "hidden-markup",
    "hidden-text",
    "injection",
    "jailbreak",
    "prompt-extraction",
    "tool-poisoning",
];

/// What a session hears by an event. `pinned`: the definition of its tool is the one that the bundle pins; `is_lost`: the event
/// does not carry its text any more.
pub(super) fn heard(
    generation: &Generation,
    event: &Event,
    pinned: bool,
    decision: &Decision,
    is_lost: bool,
) -> Option<Heard> {
    let origin = origin(generation, event, pinned)?;
    if is_lost {
        return Some(Heard::Lost(origin));
    }
    let suspicious: Vec<&Finding> = match origin.rank {
        // Whoever is trusted may speak of attacks.
        Rank::User | Rank::Trusted => Vec::new(),
        Rank::Untrusted | Rank::Flagged => decision.findings.iter().filter(|finding| flags(finding)).collect(),
    };
    let texts = text::sayings(event).into_iter().map(|(path, body)| {
        let at_path = |finding: &&&Finding| finding.path.as_ref().is_none_or(|found| *found == path);
        let spans = suspicious
            .iter()
            .filter(at_path)
            .map(|finding| finding.span.map_or(0..body.len(), |span| span.start as usize..span.end as usize));
        ToldText { body: body.to_owned(), findings: spans.collect() }
    });
    Some(Heard::Told(Told { texts: texts.collect(), origin }))
}

fn flags(finding: &Finding) -> bool {
    FLAGGING.contains(&finding.category.as_str()) && finding.severity > Severity::Info
}

/// Where an event's text comes from; `None` where it is the agent's own.
fn origin(generation: &Generation, event: &Event, pinned: bool) -> Option<Origin> {
    let of = |source: String, credit: Credit, trusted: Rank| {
        let rank = if credit.integrity() == Integrity::Trusted { trusted } else { Rank::Untrusted };
        Origin { rank, source, labels: credit.labels }
    };
    let said = |tool: &ToolName| generation.tools().settings().results(tool);
    match &event.body {
        Body::Input { source, .. } => {
            let trusted = if *source == Source::User { Rank::User } else { Rank::Trusted };
            Some(of(source.as_str().to_owned(), generation.source(*source), trusted))
        }
        Body::ToolResult { tool, .. } => Some(of(tool.to_string(), said(tool), Rank::Trusted)),
        Body::ToolDefinition { tool, .. } => {
            let integrity = if pinned { Integrity::Trusted } else { Integrity::Untrusted };
            let credit = Credit { integrity: Some(integrity), ..Credit::default() };
            Some(of(format!("definition of {tool}"), credit, Rank::Trusted))
        }
        Body::ToolCall { .. } | Body::Output { .. } | Body::Note(_) => None,
    }
}
