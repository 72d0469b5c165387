//! `guardhouse tools diff`.

use std::{io::Write as _, sync::Arc};

use guardhouse::{
    bundle::Bundle,
    event::ToolName,
    json::{Object, Visible},
    tools::{Definition, Pins},
};
use miette::IntoDiagnostic as _;

use super::{
    changes, short, shown,
    source::{Definitions, SourceError},
};
use crate::{Status, arguments};

/// How the definitions of one tool differ.
enum Difference {
    /// It is defined and not pinned.
    Added(Arc<Definition>),
    /// It is pinned and not defined.
    Removed(Arc<Definition>),
    /// It is defined otherwise than it is pinned.
    Changed { pinned: Arc<Definition>, found: Arc<Definition> },
}

impl Difference {
    const fn word(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Changed { .. } => "changed",
        }
    }
}

/// Holds what the sources define against what is pinned.
pub(crate) fn diff(arguments: &arguments::Diff) -> miette::Result<Status> {
    let pins = Bundle::read_pins(&arguments.pinned.bundle)?;
    let definitions = Definitions::read(&arguments.sources, &[])?;
    if definitions.servers.is_empty() {
        return Err(SourceError::Nothing.into());
    }
    let differences = differences(&pins, &definitions);
    let unchanged = definitions.tools.iter().filter(|(tool, found)| pins.get(tool) == Some(*found)).count();
    if arguments.pinned.json {
        print_json(&differences, unchanged)?;
    } else {
        print(&differences, unchanged)?;
    }
    Ok(if differences.is_empty() { Status::Allowed } else { Status::Refused })
}

/// The differences by tool.
fn differences(pins: &Pins, definitions: &Definitions) -> Vec<(ToolName, Difference)> {
    let defined = definitions.tools.iter().filter_map(|(tool, found)| match pins.get(tool) {
        None => Some((tool.clone(), Difference::Added(found.clone()))),
        Some(pinned) if pinned == found => None,
        Some(pinned) => Some((tool.clone(), Difference::Changed { pinned: pinned.clone(), found: found.clone() })),
    });
    let removed = pins
        .iter()
        .filter(|(tool, _)| definitions.servers.contains(&tool.server) && !definitions.tools.contains_key(*tool));
    let removed = removed.map(|(tool, pinned)| (tool.clone(), Difference::Removed(pinned.clone())));
    let mut differences: Vec<_> = defined.chain(removed).collect();
    differences.sort_by(|(one, _), (other, _)| one.cmp(other));
    differences
}

fn print(differences: &[(ToolName, Difference)], unchanged: usize) -> miette::Result<()> {
    let mut out = anstream::stdout().lock();
    for (tool, difference) in differences {
        let (word, tool) = (difference.word(), shown(tool));
        match difference {
            Difference::Added(one) | Difference::Removed(one) => {
                writeln!(out, "{word:<11}{tool}  {}", short(one.digest()))
            }
            Difference::Changed { pinned, found } => {
                writeln!(out, "{word:<11}{tool}  {} -> {}", short(pinned.digest()), short(found.digest()))
                    .and_then(|()| changes::print(&mut out, pinned, found))
            }
        }
        .into_diagnostic()?;
    }
    let s = if unchanged == 1 { "" } else { "s" };
    writeln!(out, "{unchanged} tool{s} as pinned, {} not", differences.len()).into_diagnostic()
}

fn print_json(differences: &[(ToolName, Difference)], unchanged: usize) -> miette::Result<()> {
    let described = differences.iter().map(|(tool, difference)| {
        let mut object = Object::new();
        object.insert("tool", tool.to_string());
        object.insert("difference", difference.word());
        match difference {
            Difference::Added(found) => {
                object.insert("digest", found.digest().to_string());
            }
            Difference::Removed(pinned) => {
                object.insert("pinned", pinned.digest().to_string());
            }
            Difference::Changed { pinned, found } => {
                object.insert("digest", found.digest().to_string());
                object.insert("pinned", pinned.digest().to_string());
                changes::describe(&mut object, pinned, found);
            }
        }
        object.into()
    });
    let mut object = Object::new();
    object.insert("differences", described.collect::<Vec<_>>());
    object.insert("unchanged", unchanged as u64);
    writeln!(anstream::stdout(), "{}", Visible(&object.into())).into_diagnostic()
}
