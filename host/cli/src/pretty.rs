//! Decisions for people. What agents and tools wrote is tamed before it reaches a terminal.

use std::{
    collections::BTreeMap,
    fmt,
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use guardhouse::{
    decision::{Decision, Finding, Reason, Repaired, Verdict},
    event::{Body, Event, Note, SessionId},
    json::Value,
    text::{repair, tame},
};

/// Bytes of an event's content that are shown.
const CONTENT: usize = 160;

/// Prints decisions, and counts them.
#[derive(Debug, Default)]
pub(crate) struct Pretty {
    session: Option<SessionId>,
    verdicts: BTreeMap<Verdict, u64>,
}

impl Pretty {
    /// Prints one event and what became of it.
    pub(crate) fn print(&mut self, out: &mut impl Write, event: &Event, decision: &Decision) -> io::Result<()> {
        *self.verdicts.entry(decision.verdict).or_default() += 1;
        self.head(out, event)?;
        let verdict = colour(decision.verdict);
        let shown = shown(event, decision);
        let (checkpoint, verdict_word) = (event.checkpoint(), decision.verdict);
        writeln!(out, "  {checkpoint:<16}{verdict}{verdict_word:<9}{verdict:#}{}", tame(&shown, CONTENT))?;
        for reason in &decision.reasons {
            writeln!(out, "      {}", Why(reason))?;
        }
        for finding in &decision.findings {
            let dim = Style::new().dimmed();
            writeln!(out, "      {dim}{}{dim:#}", Seen(finding))?;
        }
        Ok(())
    }

    /// Prints what a stream lets go on.
    pub(crate) fn released(&mut self, out: &mut impl Write, event: &Event, stream: &str, text: &str) -> io::Result<()> {
        self.head(out, event)?;
        let dim = Style::new().dimmed();
        let (stream, text) = (tame(stream, CONTENT), tame(text, CONTENT));
        writeln!(out, "  {:<16}{dim}stream {stream}{dim:#} {text}", event.checkpoint())
    }

    /// Prints which session follows, if that is another.
    fn head(&mut self, out: &mut impl Write, event: &Event) -> io::Result<()> {
        let bold = Style::new().bold();
        if self.session.as_ref() != Some(&event.session) {
            let agent = tame(event.agent.as_str(), CONTENT);
            let user = event.user.as_ref().map(|user| format!(" for {}", tame(user.as_str(), CONTENT)));
            let session = tame(event.session.as_str(), CONTENT);
            writeln!(out, "\n{bold}session {session}{bold:#}  {agent}{}", user.unwrap_or_default())?;
            self.session = Some(event.session.clone());
        }
        Ok(())
    }

    /// Prints how many events met which verdict.
    pub(crate) fn summary(&self, out: &mut impl Write) -> io::Result<()> {
        let events: u64 = self.verdicts.values().sum();
        let counts = self.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}"));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let plural = if events == 1 { "" } else { "s" };
        let colon = if counts.is_empty() { "" } else { ": " };
        writeln!(out, "\n{events} event{plural}{colon}{counts}")?;
        out.flush()
    }
}

/// `policy payments.cedar:large: the message`.
pub(crate) struct Why<'r>(pub(crate) &'r Reason);

impl fmt::Display for Why<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reason { code, policy, guard, message } = self.0;
        write!(f, "{code}")?;
        if let Some(policy) = policy {
            write!(f, " {policy}")?;
        }
        if let Some(guard) = guard {
            write!(f, " {guard}")?;
        }
        write!(f, ": {}", tame(message, 512))
    }
}

/// `secrets found secret (github-token, severity 4, 99 %) at bytes 3..17: the message`.
pub(crate) struct Seen<'f>(pub(crate) &'f Finding);

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finding = self.0;
        let (severity, confidence) = (u8::from(finding.severity), u8::from(finding.confidence));
        let Finding { guard, rule, category, .. } = finding;
        write!(f, "{guard} found {category} ({rule}, severity {severity}, {confidence} %)")?;
        if let Some(path) = finding.path.as_ref().filter(|path| !path.is_empty()) {
            write!(f, " in {}", tame(path, CONTENT))?;
        }
        if let Some(span) = finding.span {
            write!(f, " at bytes {}..{}", span.start, span.end)?;
        }
        Ok(())
    }
}

/// What goes on in an event's place; else what it carries, without what guards found: a terminal, and whatever keeps its
/// lines, is no place for a secret.
fn shown(event: &Event, decision: &Decision) -> String {
    if let Some(in_its_place) = &decision.repaired {
        return repaired(in_its_place);
    }
    if decision.findings.is_empty() {
        return content(event);
    }
    repair(event, &decision.findings.iter().collect::<Vec<_>>())
        .map_or_else(|_| "(not shown, for what was found in it)".to_owned(), |event| content(&event))
}

/// What an event carries, on one line.
fn content(event: &Event) -> String {
    match &event.body {
        Body::Input { source, text } => format!("from {}: {text}", source.as_str()),
        Body::ToolDefinition { tool, .. } => tool.to_string(),
        Body::ToolCall { tool, arguments, .. } => format!("{tool} {arguments}"),
        Body::ToolResult { tool, result, .. } => {
            format!("{tool} {}", texts(&Value::from(result.content.clone()), result.structured.as_ref()))
        }
        Body::Output { text } => text.clone(),
        Body::Note(note) => match note {
            Note::Reasoning { text } => format!("{}: {text}", note.kind()),
            _ => note.kind().to_owned(),
        },
    }
}

/// What goes on in an event's place, on one line.
fn repaired(repaired: &Repaired) -> String {
    match repaired {
        Repaired::Text(text) => text.clone(),
        Repaired::Arguments(object) | Repaired::Definition(object) => object.to_string(),
        Repaired::Result(result) => texts(&Value::from(result.content.clone()), result.structured.as_ref()),
    }
}

/// The text of a lone text block as such, anything else as JSON.
fn texts(content: &Value, structured: Option<&Value>) -> String {
    let blocks = content.as_array().unwrap_or_default();
    let text = match blocks {
        [block] => block.pointer("/text").and_then(Value::as_str),
        _ => None,
    };
    match (text, structured) {
        (Some(text), None) => text.to_owned(),
        (_, None) => content.to_string(),
        (_, Some(structured)) if blocks.is_empty() => structured.to_string(),
        (_, Some(structured)) => format!("{content} {structured}"),
    }
}

/// How a verdict is shown.
pub(crate) fn colour(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Allow => AnsiColor::Green,
        Verdict::Warn => AnsiColor::Yellow,
        Verdict::Modify => AnsiColor::Cyan,
        Verdict::Escalate => AnsiColor::Magenta,
        Verdict::Deny => AnsiColor::Red,
    };
    Style::new().bold().fg_color(Some(colour.into()))
}
