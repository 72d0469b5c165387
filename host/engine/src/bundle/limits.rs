//! The limits of a guard as a manifest writes them, and as a bundle's digest sees them.

use std::time::Duration;

use super::{
    fields::{Fields, Source},
    units,
};
use crate::{
    json::Object,
    sandbox::{Limits, Stack},
};

/// Reads a table of limits. What it does not say is as in `defaults`.
pub(super) fn read<'s>(source: &mut Source<'s>, mut fields: Fields<'s>, defaults: &Limits) -> Limits {
    let mut limits = defaults.clone();
    size(source, &mut fields, "memory", &mut limits.memory, Limits::MAX_MEMORY);
    size(source, &mut fields, "returned", &mut limits.returned, Limits::MAX_TEXT);
    size(source, &mut fields, "log", &mut limits.log, Limits::MAX_TEXT);
    size(source, &mut fields, "block", &mut limits.block, Limits::MAX_TEXT);
    size(source, &mut fields, "snapshot", &mut limits.snapshot, Limits::MAX_SNAPSHOT);
    size(source, &mut fields, "artifact", &mut limits.artifact, Limits::MAX_ARTIFACT);
    stack(source, &mut fields, &mut limits.stack);
    time(source, &mut fields, "deadline", &mut limits.deadline);
    time(source, &mut fields, "wall", &mut limits.wall);
    time(source, &mut fields, "configure", &mut limits.configure);
    count(source, &mut fields, "findings", &mut limits.findings, Limits::MAX_FINDINGS);
    count(source, &mut fields, "memories", &mut limits.memories, Limits::MAX_MEMORIES);
    count(source, &mut fields, "tables", &mut limits.tables, Limits::MAX_TABLES);
    count(source, &mut fields, "elements", &mut limits.elements, Limits::MAX_ELEMENTS);
    count(source, &mut fields, "instances", &mut limits.instances, Limits::MAX_INSTANCES);
    fields.finish(source);
    limits
}

/// The limits for the digest of a bundle: sizes in bytes, times in microseconds.
pub(crate) fn content(limits: &Limits) -> Object {
    // Whole, so that a new limit cannot be left out here.
    let Limits {
        memory,
        memories,
        tables,
        elements,
        instances,
        stack,
        deadline,
        wall,
        configure,
        findings,
        returned,
        log,
        block,
        snapshot,
        artifact,
    } = limits;
    let mut content = Object::new();
    for (name, number) in [
        ("memory", *memory),
        ("memories", *memories),
        ("tables", *tables),
        ("elements", *elements),
        ("instances", *instances),
        ("stack", stack.bytes()),
        ("findings", *findings),
        ("returned", *returned),
        ("log", *log),
        ("block", *block),
        ("snapshot", *snapshot),
        ("artifact", *artifact),
    ] {
        content.insert(name, number as u64);
    }
    for (name, time) in [("deadline", deadline), ("wall", wall), ("configure", configure)] {
        // INVARIANT: a limit is at most a minute.
        content.insert(name, u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
    }
    content
}

fn size<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>, name: &'static str, into: &mut usize, most: usize) {
    let Some(found) = fields.parsed(source, name, "a size such as `\"64MiB\"`", units::size) else { return };
    if found.value == 0 || found.value > most {
        source.error(found.at, format!("field `{name}`: expected a size from 1B to {most}B, found {}B", found.value));
    } else {
        *into = found.value;
    }
}

fn stack<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>, into: &mut Stack) {
    let sizes = "a power of two from `\"64KiB\"` to `\"4MiB\"`";
    if let Some(found) = fields.parsed(source, "stack", sizes, |text| Stack::of_bytes(units::size(text)?)) {
        *into = found.value;
    }
}

fn time<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>, name: &'static str, into: &mut Duration) {
    let Some(found) = fields.parsed(source, name, "a time such as `\"20ms\"`", units::time) else { return };
    if found.value.is_zero() || found.value > Limits::MAX_TIME {
        let most = Limits::MAX_TIME;
        source.error(found.at, format!("field `{name}`: expected a time up to {most:?}, found {:?}", found.value));
    } else {
        *into = found.value;
    }
}

fn count<'s>(source: &mut Source<'s>, fields: &mut Fields<'s>, name: &'static str, into: &mut usize, most: usize) {
    let Some(found) = fields.integer(source, name) else { return };
    match usize::try_from(found.value) {
        Ok(count) if (1..=most).contains(&count) => *into = count,
        _ => source.error(found.at, format!("field `{name}`: expected 1 to {most}, found {}", found.value)),
    }
}
