//! What a bundle does in benign sessions, as tables and as JSON.

use anyhow::Result;
use serde_json::json;

use super::count::{Counts, Group, Kind, Touched};
use crate::{
    arguments::Arguments,
    report::{line, percent},
    table::Table,
    tally::Figure,
};

/// Prints what was counted in the form that the arguments ask for.
pub(super) fn print(bundle: &str, counts: &Counts, arguments: &Arguments) -> Result<()> {
    if arguments.json {
        let groups = counts.groups.iter().map(|(kind, groups)| {
            let rows = groups.iter().map(|(name, group)| {
                let (touched, found) = (group.figure(&group.all), group.figure(&group.by_findings));
                json!({ "group": name, "counts": group, "touched": touched, "touched_by_findings": found })
            });
            json!({ "kind": kind, "groups": rows.collect::<Vec<_>>() })
        });
        let groups = groups.collect::<Vec<_>>();
        line(serde_json::to_string_pretty(&json!({ "bundle": bundle, "sessions": groups, "reasons": counts.causes }))?);
        return Ok(());
    }
    let mut texts = Vec::new();
    for (kind, groups) in &counts.groups {
        let groups: Vec<_> = groups.iter().map(|(name, group)| (name.as_str(), group)).collect();
        texts.push((format!("the bundle `{bundle}`, {}", told(*kind)), sessions(*kind, &groups)));
    }
    texts.push((format!("the bundle `{bundle}`, sessions by reason"), reasons(counts)));
    let texts: Vec<String> = texts
        .into_iter()
        .map(|(title, table)| {
            if arguments.markdown {
                format!("{title}:\n\n{}", table.markdown())
            } else {
                format!("{title}\n{}", table.plain())
            }
        })
        .collect();
    line(texts.join("\n").trim_end());
    Ok(())
}

const fn told(kind: Kind) -> &'static str {
    match kind {
        Kind::Transcript => "transcripts of benign sessions",
        Kind::Input => "benign records as the user's input",
        Kind::Result => "benign records as a tool's result",
    }
}

/// The sessions of one kind. Transcripts are summed up, sources of records averaged; those in which nothing but an allow
/// was seen stand in one row.
fn sessions(kind: Kind, groups: &[(&str, &Group)]) -> Table {
    let head = ["", "sessions", "touched, 95 %", "by findings, 95 %", "deny", "escalate", "modify", "warn"];
    let (quiet, told): (Vec<&_>, Vec<&_>) =
        groups.iter().partition(|(_, group)| kind != Kind::Transcript && group.all == Touched::default());
    let mut rows: Vec<_> = told
        .iter()
        .map(|(name, group)| row(name, group, group.figure(&group.all), group.figure(&group.by_findings)))
        .collect();
    if !quiet.is_empty() {
        let mut sum = Group::default();
        for (_, group) in &quiet {
            sum.and(group);
        }
        rows.push(row(&format!("{} other sources", quiet.len()), &sum, None, None));
    }
    let mut sum = Group::default();
    for (_, group) in groups {
        sum.and(group);
    }
    if kind == Kind::Transcript {
        if groups.len() > 1 {
            rows.push(row("all", &sum, sum.figure(&sum.all), sum.figure(&sum.by_findings)));
        }
    } else {
        let average = |of: fn(&Group) -> &Touched| {
            let figures: Vec<Figure> = groups.iter().filter_map(|(_, group)| group.figure(of(group))).collect();
            Figure::average(&figures)
        };
        let name = format!("average of {} sources", groups.len());
        rows.push(row(&name, &sum, average(|group| &group.all), average(|group| &group.by_findings)));
    }
    Table { head: head.map(str::to_owned).to_vec(), rows }
}

fn row(name: &str, group: &Group, touched: Option<Figure>, by_findings: Option<Figure>) -> Vec<String> {
    let percent = |figure: Option<Figure>| figure.map_or_else(String::new, |figure| percent(figure.rate));
    let counts = |of: fn(&Touched) -> u64| match (of(&group.all), of(&group.by_findings)) {
        (0, 0) => "0".to_owned(),
        (all, found) => format!("{all} ({found})"),
    };
    vec![
        name.to_owned(),
        group.sessions.to_string(),
        percent(touched),
        percent(by_findings),
        counts(|touched| touched.deny),
        counts(|touched| touched.escalate),
        counts(|touched| touched.modify),
        counts(|touched| touched.warn),
    ]
}

/// What the reasons were.
fn reasons(counts: &Counts) -> Table {
    let head = ["reason", "leads to", "reads findings", "transcripts", "as input", "as result"];
    let rows = counts.causes.iter().map(|(name, reasoned)| {
        let mut row = vec![
            name.clone(),
            reasoned.cause.verdict.to_string(),
            if reasoned.cause.by_findings { "yes" } else { "no" }.to_owned(),
        ];
        row.extend(Kind::ALL.iter().map(|kind| reasoned.sessions.get(kind).copied().unwrap_or_default().to_string()));
        row
    });
    Table { head: head.map(str::to_owned).to_vec(), rows: rows.collect() }
}
