//! What judges make of many texts.

use crate::rules::{Hit, without_overlap};

type Judge = fn(&str, &mut Vec<Hit>);

fn ids(judge: Judge, text: &str) -> Vec<&'static str> {
    let mut hits = Vec::new();
    judge(text, &mut hits);
    assert!(hits.iter().all(|hit| text.get(hit.span.clone()).is_some_and(|span| !span.is_empty())), "{text}: {hits:?}");
    without_overlap(hits).into_iter().map(|hit| hit.rule.id).collect()
}

fn hold<'t>(judge: Judge, texts: impl IntoIterator<Item = (&'t str, impl Fn(&[&str]) -> bool)>) {
    let found = texts.into_iter().map(|(text, holds)| (text, ids(judge, text), holds));
    let wrong: Vec<_> = found.filter(|(_, found, holds)| !holds(found)).map(|(text, found, _)| (text, found)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// In each text, this rule has its hit, beside others.
pub(crate) fn finds(judge: Judge, texts: &[(&str, &str)]) {
    hold(judge, texts.iter().map(|(text, id)| (*text, move |found: &[&str]| found.contains(id))));
}

/// In each text, this rule has the first hit, or none has where it is empty.
pub(crate) fn finds_first(judge: Judge, texts: &[(&str, &str)]) {
    hold(judge, texts.iter().map(|(text, id)| (*text, move |found: &[&str]| found.first().unwrap_or(&"") == id)));
}

/// No rule has a hit in any.
pub(crate) fn spares(judge: Judge, texts: &[&str]) {
    hold(judge, texts.iter().map(|text| (*text, |found: &[&str]| found.is_empty())));
}
