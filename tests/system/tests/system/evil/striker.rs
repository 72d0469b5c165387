//! A guest that strikes in a check, in the one bundle that has them all.

use std::{collections::BTreeMap, iter::repeat_n};

use guardhouse::decision::{Decision, Verdict};
use guardhouse_system_tests::{GENEROUS, Handmade, TestBundle, codes, station};

use super::attempt::{Attempt, Guest, INNOCENT, Outcome};
use crate::{EVERYWHERE, PERMIT};

/// Bytes that no order to a guest in Rust has.
const LONGEST: usize = 256;

/// A guest in its place.
#[derive(Debug)]
pub(super) struct Striker {
    /// What it does.
    pub(super) attempt: Attempt,
    /// The guard's name in the bundle, of eight bytes. Guests in Rust share one for each set of limits: what they do is
    /// in the order.
    name: String,
    /// The text that tells it to strike, and no other guest. It has something for the innocent guard, too.
    pub(super) order: String,
}

impl Striker {
    /// Gives each attempt its place.
    pub(super) fn line_up(attempts: Vec<Attempt>) -> Vec<Self> {
        let mut in_rust = BTreeMap::new();
        let place = |(number, attempt): (usize, Attempt)| {
            let own = format!("imp-{number:04}");
            let (name, order) = if let Guest::Rust(deed) = attempt.guest {
                let name = in_rust.entry(attempt.limits).or_insert(own).clone();
                // The first character has two bytes, for a span that ends within it.
                let order = format!("é {name} do {deed} and find {INNOCENT}");
                (name, order)
            } else {
                let mut order = format!("{own} strikes, find {INNOCENT} ");
                order.extend(repeat_n('-', LONGEST + number - order.len()));
                (own, order)
            };
            Self { attempt, name, order }
        };
        attempts.into_iter().enumerate().map(place).collect()
    }

    /// The bundle of the innocent guard and all of these.
    pub(super) fn bundle(strikers: &[Self]) -> TestBundle {
        let mut manifest = format!("{GENEROUS}{}", station("innocent", "guest-small", EVERYWHERE, ""));
        let mut files = Vec::new();
        let mut named = Vec::new();
        for Self { attempt, name, order } in strikers {
            if named.contains(&name) {
                continue;
            }
            named.push(name);
            let config = format!("{}\nconfig = {{ obey = \"{name}\" }}", attempt.limits);
            manifest += &match &attempt.guest {
                Guest::Handmade(handmade) => {
                    files.push((format!("guards/{name}.wasm"), when_told(handmade, name, order).component()));
                    station(name, name, EVERYWHERE, attempt.limits)
                }
                Guest::Rust(_) => station(name, "guest-evil", EVERYWHERE, &config),
                Guest::File(bytes) => {
                    files.push((format!("guards/{name}.wasm"), bytes.clone()));
                    station(name, name, EVERYWHERE, attempt.limits)
                }
            };
        }
        let bundle = TestBundle::new(&manifest).guard("guest-small").guard("guest-evil").policies(PERMIT);
        files.into_iter().fold(bundle, |bundle, (path, component)| bundle.file(&path, component)).locked()
    }

    /// Its name, if it reports every `evil` in a text.
    pub(super) fn finds_evil(&self) -> Option<&str> {
        matches!(self.attempt.guest, Guest::Rust(_)).then_some(&self.name)
    }

    /// What is not as it should be in the decision on its order, if anything.
    pub(super) fn unexpected(&self, decision: &Decision) -> Option<String> {
        let messages: Vec<_> = decision
            .findings
            .iter()
            .filter(|finding| finding.guard == self.name)
            .map(|finding| finding.message.as_str())
            .collect();
        let right = match &self.attempt.outcome {
            Outcome::Fails(cause, words) => {
                decision.verdict == Verdict::Deny
                    && codes(decision) == [format!("guard-failed {}", self.name)]
                    && messages.is_empty()
                    && decision.reasons[0].message.starts_with(&format!("the guard failed ({cause}): "))
                    && decision.reasons[0].message.contains(*words)
            }
            Outcome::Steady => decision.verdict == Verdict::Allow && messages.len() == 1,
            Outcome::Harmless(expected) => decision.verdict == Verdict::Allow && messages == *expected,
            Outcome::Refused(_) | Outcome::Outlasted(_) => false,
        };
        let innocent = decision.findings.iter().filter(|finding| finding.guard == "innocent").count();
        (!right || innocent != 1)
            .then(|| format!("expected {:?}, found messages {messages:?} in {decision}", self.attempt.outcome))
    }
}

/// The same guest, which strikes only when it is told to.
fn when_told(handmade: &Handmade, name: &str, order: &str) -> Handmade {
    let Handmade { fields, inspect, realloc, after_inspect, .. } = handmade;
    let name = i64::from_le_bytes(name.as_bytes().try_into().unwrap());
    let order = order.len();
    let after_inspect = match after_inspect.as_str() {
        "" => String::new(),
        body => format!("(if (global.get $told) (then {body}))"),
    };
    Handmade {
        fields: format!("(global $told (mut i32) (i32.const 0)) {fields}"),
        inspect: format!(
            "(if (call $starts (local.get $parts) (i64.const {name})) (then (global.set $told (i32.const 1)) {inspect}))"
        ),
        // No two orders are of one length.
        realloc: format!("(if (i32.eq (local.get $size) (i32.const {order})) (then {realloc}))"),
        after_inspect,
        ..handmade.clone()
    }
}
