//! What would change, for people.

use std::io::{self, Write};

use anstyle::Style;
use guardhouse::{
    replay::{Row, Ruling, Summary},
    text::tame,
};

use crate::pretty::colour;

/// Bytes of a name that are shown.
const NAME: usize = 160;
/// Reasons of one verdict that are shown.
const REASONS: usize = 8;

/// Prints how many decisions would change, and the first of them.
pub(super) fn print(out: &mut impl Write, summary: &Summary) -> io::Result<()> {
    let Summary { decisions, same, same_for_other_reasons, changed, not_replayable, verdicts, damaged, first, .. } =
        summary;
    let mut count = |number: u64, what: &str| writeln!(out, "{number:>10}  {what}");
    count(*decisions, "decisions")?;
    let compared = *same + changed.values().sum::<u64>();
    if compared == 0 && not_replayable.is_empty() {
        for (verdict, number) in verdicts {
            count(*number, verdict.as_str())?;
        }
    } else {
        count(*same, "the same")?;
        if *same_for_other_reasons > 0 {
            count(*same_for_other_reasons, "  of these for other reasons")?;
        }
        count(changed.values().sum(), "changed")?;
        for ((old, new), number) in changed {
            count(*number, &format!("  {old} -> {new}"))?;
        }
        count(not_replayable.values().sum(), "not replayable")?;
        for (why, number) in not_replayable {
            count(*number, &format!("  {why}"))?;
        }
    }
    if *damaged > 0 {
        count(*damaged, "lines of the journal that are no records")?;
    }
    first.iter().try_for_each(|row| print_row(out, row))?;
    let shown = first.len() as u64;
    match changed.values().sum::<u64>().saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(out, "\nand {more} more"),
    }
}

fn print_row(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let (Some(old), Ok(new)) = (&row.old, &row.new) else { return Ok(()) };
    let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
    let tool = row.tool.as_ref().map(|tool| format!(" {}", tame(&tool.to_string(), NAME))).unwrap_or_default();
    let time = row.time.as_ref().map(|time| format!("  {}", tame(time, NAME))).unwrap_or_default();
    let (n, session, checkpoint) = (row.n, tame(row.session.as_str(), NAME), row.checkpoint);
    writeln!(out, "\n{bold}{n}{bold:#}{dim}{time}{dim:#}  {session}  {checkpoint}{tool}")?;
    print_ruling(out, "    ", old)?;
    print_ruling(out, " -> ", new)
}

fn print_ruling(out: &mut impl Write, before: &str, ruling: &Ruling) -> io::Result<()> {
    let colour = colour(ruling.verdict);
    let mut reasons: Vec<_> = ruling.reasons.iter().take(REASONS).map(|reason| tame(reason, NAME)).collect();
    if ruling.reasons.len() > REASONS {
        reasons.push(format!("and {} more", ruling.reasons.len() - REASONS));
    }
    writeln!(out, "{before}{colour}{:<9}{colour:#}{}", ruling.verdict, reasons.join(", "))
}
