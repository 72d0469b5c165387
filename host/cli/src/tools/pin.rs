//! `guardhouse tools pin`.

use std::{io::Write as _, sync::Arc};

use guardhouse::{
    bundle::Bundle,
    event::ToolName,
    json::{Object, Visible},
    tools::Definition,
};
use miette::IntoDiagnostic as _;

use super::{
    changes, short, shown,
    source::{Definitions, SourceError},
};
use crate::{Status, arguments};

/// What became of one definition.
enum Outcome {
    /// None was pinned; now it is.
    Pinned,
    /// It is the pinned one.
    Unchanged,
    /// Another was pinned; now it is.
    Replaced(Arc<Definition>),
    /// Another is pinned, and stays so.
    Kept(Arc<Definition>),
}

impl Outcome {
    const fn word(&self) -> &'static str {
        match self {
            Self::Pinned => "pinned",
            Self::Unchanged => "unchanged",
            Self::Replaced(_) => "replaced",
            Self::Kept(_) => "changed",
        }
    }
}

/// Pins what the sources define. A changed definition takes the place of the pinned one only where that is asked for.
pub(crate) fn pin(arguments: &arguments::Pin) -> miette::Result<Status> {
    let mut pins = Bundle::read_pins(&arguments.pinned.bundle)?;
    let definitions = Definitions::read(&arguments.sources, &arguments.only)?;
    if definitions.tools.is_empty() {
        return Err(SourceError::Nothing.into());
    }
    let mut outcomes = Vec::with_capacity(definitions.tools.len());
    let mut is_written = false;
    for (tool, definition) in definitions.tools {
        let outcome = match pins.get(&tool) {
            None => Outcome::Pinned,
            Some(pinned) if *pinned == definition => Outcome::Unchanged,
            Some(pinned) if arguments.replace => Outcome::Replaced(pinned.clone()),
            Some(pinned) => Outcome::Kept(pinned.clone()),
        };
        if matches!(outcome, Outcome::Pinned | Outcome::Replaced(_)) {
            pins.insert(tool.server.clone(), definition.clone());
            is_written = true;
        }
        outcomes.push((tool, definition, outcome));
    }
    // Before anything is said, so that nothing is said to be pinned that is not.
    if is_written {
        Bundle::write_pins(&arguments.pinned.bundle, &pins)?;
    }
    if arguments.pinned.json {
        print_json(&outcomes)?;
    } else {
        print(&outcomes)?;
    }
    let is_kept = |outcome: &Outcome| matches!(outcome, Outcome::Kept(_));
    Ok(if outcomes.iter().any(|(.., outcome)| is_kept(outcome)) { Status::Refused } else { Status::Allowed })
}

fn print(outcomes: &[(ToolName, Arc<Definition>, Outcome)]) -> miette::Result<()> {
    let mut out = anstream::stdout().lock();
    let mut kept = 0_usize;
    for (tool, definition, outcome) in outcomes {
        let (word, tool, digest) = (outcome.word(), shown(tool), short(definition.digest()));
        match outcome {
            Outcome::Pinned | Outcome::Unchanged => writeln!(out, "{word:<11}{tool}  {digest}"),
            Outcome::Replaced(pinned) | Outcome::Kept(pinned) => {
                kept += usize::from(matches!(outcome, Outcome::Kept(_)));
                writeln!(out, "{word:<11}{tool}  {} -> {digest}", short(pinned.digest()))
                    .and_then(|()| changes::print(&mut out, pinned, definition))
            }
        }
        .into_diagnostic()?;
    }
    if kept > 0 {
        let (are, were) = if kept == 1 { ("definition is", "was") } else { ("definitions are", "were") };
        writeln!(
            out,
            "{kept} {are} not what is pinned, and {were} not pinned: look at the difference, then `--replace`"
        )
        .into_diagnostic()?;
    }
    Ok(())
}

fn print_json(outcomes: &[(ToolName, Arc<Definition>, Outcome)]) -> miette::Result<()> {
    let described = outcomes.iter().map(|(tool, definition, outcome)| {
        let mut object = Object::new();
        object.insert("tool", tool.to_string());
        object.insert("outcome", outcome.word());
        object.insert("digest", definition.digest().to_string());
        if let Outcome::Replaced(pinned) | Outcome::Kept(pinned) = outcome {
            object.insert("pinned", pinned.digest().to_string());
            changes::describe(&mut object, pinned, definition);
        }
        object.into()
    });
    let mut object = Object::new();
    object.insert("tools", described.collect::<Vec<_>>());
    writeln!(anstream::stdout(), "{}", Visible(&object.into())).into_diagnostic()
}
