//! Sessions, by what became of them.

use std::collections::{BTreeMap, BTreeSet};

use guardhouse::decision::Verdict;
use serde::Serialize;

use super::cause::{Cause, Judged};
use crate::tally::{Count, Figure};

/// What kind of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// One of a transcript.
    Transcript,
    /// A record as an input of the user.
    Input,
    /// A record as a tool's result.
    Result,
}

impl Kind {
    /// All kinds.
    pub(crate) const ALL: [Self; 3] = [Self::Transcript, Self::Input, Self::Result];
}

/// A session.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    verdicts: BTreeSet<Verdict>,
    causes: BTreeMap<String, Cause>,
}

impl Session {
    /// One event more.
    pub(super) fn add(&mut self, judged: Judged) {
        self.verdicts.insert(judged.verdict);
        for (name, cause) in judged.causes {
            let known = self.causes.entry(name).or_insert(cause);
            *known = cause.max(*known);
        }
    }

    /// The verdicts that what guards found has led to.
    fn by_findings(&self) -> BTreeSet<Verdict> {
        self.causes.values().filter(|cause| cause.by_findings).map(|cause| cause.verdict).collect()
    }
}

/// Sessions with an event of each verdict, and those that were touched: in which something was repaired, asked or refused.
/// A warning touches nobody.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Touched {
    /// Of any verdict that touches.
    pub(crate) any: u64,
    /// With a deny.
    pub(crate) deny: u64,
    /// With an escalate.
    pub(crate) escalate: u64,
    /// With a modify.
    pub(crate) modify: u64,
    /// With a warn.
    pub(crate) warn: u64,
}

impl Touched {
    fn add(&mut self, verdicts: &BTreeSet<Verdict>) {
        self.any += u64::from(verdicts.last().is_some_and(|worst| *worst >= Verdict::Modify));
        for (verdict, count) in [
            (Verdict::Deny, &mut self.deny),
            (Verdict::Escalate, &mut self.escalate),
            (Verdict::Modify, &mut self.modify),
            (Verdict::Warn, &mut self.warn),
        ] {
            *count += u64::from(verdicts.contains(&verdict));
        }
    }
}

/// The sessions of one transcript, or of one source.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Group {
    /// How many.
    pub(crate) sessions: u64,
    /// What became of them.
    pub(crate) all: Touched,
    /// What of it is by what guards found.
    pub(crate) by_findings: Touched,
    /// In how many a guard failed.
    pub(crate) failed: u64,
}

impl Group {
    /// Adds the sessions of another group.
    pub(crate) fn and(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.failed += other.failed;
        for (mine, theirs) in [(&mut self.all, &other.all), (&mut self.by_findings, &other.by_findings)] {
            mine.any += theirs.any;
            mine.deny += theirs.deny;
            mine.escalate += theirs.escalate;
            mine.modify += theirs.modify;
            mine.warn += theirs.warn;
        }
    }

    /// The share of sessions that were touched, for any reason or by what was found.
    pub(crate) fn figure(&self, touched: &Touched) -> Option<Figure> {
        Figure::of(Count { records: self.sessions, hits: touched.any, failed: self.failed })
    }
}

/// Sessions in which a policy, or something else, was a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Reasoned {
    /// What it leads to.
    #[serde(flatten)]
    pub(crate) cause: Cause,
    /// In how many, by kind.
    pub(crate) sessions: BTreeMap<Kind, u64>,
}

/// Everything that was counted.
#[derive(Debug, Default, Clone)]
pub(crate) struct Counts {
    /// By kind, and the transcript or the source.
    pub(crate) groups: BTreeMap<Kind, BTreeMap<String, Group>>,
    /// By policy.
    pub(crate) causes: BTreeMap<String, Reasoned>,
}

impl Counts {
    /// One session more.
    pub(super) fn add(&mut self, kind: Kind, group: &str, session: &Session) {
        let group = self.groups.entry(kind).or_default().entry(group.to_owned()).or_default();
        group.sessions += 1;
        group.all.add(&session.verdicts);
        group.by_findings.add(&session.by_findings());
        group.failed += u64::from(session.causes.values().any(|cause| cause.failed));
        for (name, cause) in &session.causes {
            let counted = self.causes.entry(name.clone());
            let counted = counted.or_insert_with(|| Reasoned { cause: *cause, sessions: BTreeMap::new() });
            counted.cause = counted.cause.max(*cause);
            *counted.sessions.entry(kind).or_default() += 1;
        }
    }

    /// Whether a guard failed.
    pub(super) fn failed(&self) -> bool {
        self.groups.values().flat_map(BTreeMap::values).any(|group| group.failed > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: Cause = Cause { verdict: Verdict::Warn, by_findings: true, failed: false };
    const EFFECT: Cause = Cause { verdict: Verdict::Escalate, by_findings: false, failed: false };

    fn judged(verdict: Verdict, causes: &[(&str, Cause)]) -> Judged {
        Judged { verdict, causes: causes.iter().map(|(name, cause)| ((*name).to_owned(), *cause)).collect() }
    }

    #[test]
    fn a_session_counts_once_for_each_verdict_and_each_policy_however_many_events_have_it() {
        let mut session = Session::default();
        for _ in 0..3 {
            session.add(judged(Verdict::Escalate, &[("asks", EFFECT), ("found", FOUND)]));
        }
        session.add(judged(Verdict::Allow, &[]));
        let mut counts = Counts::default();
        counts.add(Kind::Transcript, "one", &session);
        let group = &counts.groups[&Kind::Transcript]["one"];
        assert_eq!(group.sessions, 1);
        assert_eq!(group.all, Touched { any: 1, escalate: 1, ..Touched::default() });
        // What was found alone would have warned, and a warning touches nobody.
        assert_eq!(group.by_findings, Touched { warn: 1, ..Touched::default() });
        assert_eq!(counts.causes["asks"].sessions[&Kind::Transcript], 1);
        assert!(!counts.failed());
    }

    #[test]
    fn a_failed_guard_is_told() {
        let mut session = Session::default();
        let failed = Cause { verdict: Verdict::Deny, by_findings: false, failed: true };
        session.add(judged(Verdict::Deny, &[("guard-failed (pii)", failed)]));
        let mut counts = Counts::default();
        counts.add(Kind::Input, "one", &session);
        assert!(counts.failed());
        assert_eq!(counts.groups[&Kind::Input]["one"].by_findings, Touched::default());
    }
}
