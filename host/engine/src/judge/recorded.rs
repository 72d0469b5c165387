//! Facts read back from a record: the inverse of [`Facts::to_object`].

use std::collections::BTreeSet;

use super::{
    facts::{Anomaly, Budget, Coverage, Facts, Flow, Flows, Remembered, Session, Standing, Task},
    seen::Findings,
};
use crate::{
    json::{
        Misread, Object, Value,
        members::{Members, flag, list, object, text, whole, word},
    },
    vocabulary::Vocabulary as _,
};

impl Facts {
    /// The facts that [`to_object`](Self::to_object) wrote, and `findings`, which it leaves out. A fact that is not there is
    /// neutral.
    ///
    /// # Errors
    /// Where there is anything that it would not have written: what is not known must not pass for neutral.
    pub fn from_object(written: &Object, findings: Findings) -> Result<Self, Misread> {
        let known = ["session", "flow", "coverage", "task", "budget", "anomaly", "remembered"];
        let facts = Members::only(written, &known)?;
        let covered = Coverage { uninspected: false, skipped: false };
        Ok(Self {
            session: facts.optional("session", session)?.unwrap_or(Session::NEUTRAL),
            findings,
            flow: facts.optional("flow", flows)?.unwrap_or(Flows::EMPTY),
            coverage: facts.optional("coverage", coverage)?.unwrap_or(covered),
            task: facts.optional("task", task)?.unwrap_or(Task::NEUTRAL),
            budget: facts.optional("budget", budget)?.unwrap_or(Budget::NEUTRAL),
            anomaly: facts.optional("anomaly", anomaly)?.unwrap_or(Anomaly::NEUTRAL),
            remembered: facts.optional("remembered", remembered)?.unwrap_or(Remembered::NEUTRAL),
        })
    }
}

fn members<'o>(value: &'o Value, known: &[&str]) -> Result<Members<'o>, Misread> {
    Members::only(object(value)?, known)
}

fn session(value: &Value) -> Result<Session, Misread> {
    let session = members(value, &["calls", "repeats", "untrusted", "labels", "full"])?;
    Ok(Session {
        calls: session.needed("calls", whole)?,
        repeats: session.needed("repeats", whole)?,
        untrusted: session.needed("untrusted", flag)?,
        labels: session.needed("labels", words)?,
        full: session.needed("full", flag)?,
    })
}

fn flows(value: &Value) -> Result<Flows, Misread> {
    let flows = members(value, &["any", "destination", "payload", "selector", "code"])?;
    let of = |role| Ok(flows.optional(role, flow)?.unwrap_or(Flow::EMPTY));
    Ok(Flows {
        any: of("any")?,
        destination: of("destination")?,
        payload: of("payload")?,
        selector: of("selector")?,
        code: of("code")?,
    })
}

fn flow(value: &Value) -> Result<Flow, Misread> {
    let flow = members(value, &["standings", "sources", "labels"])?;
    let standing = |value| word(value, Standing::ALL, Standing::word);
    Ok(Flow {
        standings: flow.needed("standings", list(standing))?,
        sources: flow.optional("sources", words)?.unwrap_or_default(),
        labels: flow.optional("labels", words)?.unwrap_or_default(),
    })
}

fn coverage(value: &Value) -> Result<Coverage, Misread> {
    let coverage = members(value, &["uninspected", "skipped"])?;
    Ok(Coverage { uninspected: coverage.needed("uninspected", flag)?, skipped: coverage.needed("skipped", flag)? })
}

fn task(value: &Value) -> Result<Task, Misread> {
    let task = members(value, &["declared", "fits"])?;
    Ok(Task { declared: task.needed("declared", flag)?, fits: task.needed("fits", flag)? })
}

fn budget(value: &Value) -> Result<Budget, Misread> {
    let budget = members(value, &["exceeded", "remaining_calls"])?;
    Ok(Budget { exceeded: budget.needed("exceeded", flag)?, remaining_calls: budget.needed("remaining_calls", whole)? })
}

fn anomaly(value: &Value) -> Result<Anomaly, Misread> {
    Ok(Anomaly { score: members(value, &["score"])?.needed("score", whole)? })
}

fn remembered(value: &Value) -> Result<Remembered, Misread> {
    let remembered = members(value, &["destination", "call"])?;
    Ok(Remembered { destination: remembered.needed("destination", flag)?, call: remembered.needed("call", flag)? })
}

fn words(value: &Value) -> Result<BTreeSet<String>, Misread> {
    list(|word| text(word).map(str::to_owned))(value)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::{
        json::parse,
        judge::{cases, tests::samples},
        vocabulary::WordSet,
    };

    fn labels() -> impl Strategy<Value = BTreeSet<String>> {
        prop::collection::btree_set(".{0,6}", 0..3)
    }

    fn any_flow() -> impl Strategy<Value = Flow> {
        let standings = prop::collection::vec(prop::sample::select(Standing::ALL), 0..4);
        (standings, labels(), labels()).prop_map(|(standings, sources, labels)| Flow {
            standings: standings.into_iter().collect(),
            sources,
            labels,
        })
    }

    /// Any facts, a neutral value as likely as any other.
    fn any_facts() -> impl Strategy<Value = Facts> {
        let number = || prop_oneof![Just(0), Just(u32::MAX), any::<u32>()];
        let session = (number(), number(), any::<bool>(), labels(), any::<bool>());
        let flows = prop_oneof![
            Just(Flows::EMPTY),
            prop::array::uniform5(prop_oneof![Just(Flow::EMPTY), any_flow()]).prop_map(
                |[any, destination, payload, selector, code]| Flows { any, destination, payload, selector, code }
            ),
        ];
        let flags = any::<[bool; 7]>();
        (session, flows, flags, number(), number()).prop_map(|(session, flow, flags, remaining_calls, score)| {
            let (calls, repeats, untrusted, labels, full) = session;
            let [uninspected, skipped, declared, fits, exceeded, destination, call] = flags;
            Facts {
                session: Session { calls, repeats, untrusted, labels, full },
                findings: Findings::default(),
                flow,
                coverage: Coverage { uninspected, skipped },
                task: Task { declared, fits },
                budget: Budget { exceeded, remaining_calls },
                anomaly: Anomaly { score },
                remembered: Remembered { destination, call },
            }
        })
    }

    proptest! {
        #![proptest_config(cases())]

        #[test]
        fn facts_are_read_back_as_they_were_written(facts in any_facts()) {
            let written = parse(facts.to_object().to_string().as_bytes()).unwrap();
            prop_assert_eq!(Facts::from_object(written.as_object().unwrap(), Findings::default()), Ok(facts));
        }
    }

    #[test]
    fn what_is_not_there_is_neutral_and_findings_are_given() {
        let findings = Findings::tally(&[samples::finding("pii", 2, 80)]);
        let facts = Facts::from_object(&Object::new(), findings.clone()).unwrap();
        let covered = Coverage { uninspected: false, skipped: false };
        assert_eq!(facts, Facts::new(findings, covered, Flows::EMPTY));
    }

    #[test]
    fn what_would_not_have_been_written_is_not_taken_for_neutral() {
        for text in [
            r#"{"mood":{}}"#,
            r#"{"task":{"declared":true}}"#,
            r#"{"task":{"declared":true,"fits":"yes"}}"#,
            r#"{"anomaly":{"score":4294967296}}"#,
            r#"{"anomaly":{"score":1,"more":1}}"#,
            r#"{"flow":{"any":{"standings":["unheard"]}}}"#,
            r#"{"flow":{"any":{"sources":["a"]}}}"#,
            r#"{"session":[]}"#,
        ] {
            let written = parse(text.as_bytes()).unwrap();
            assert!(Facts::from_object(written.as_object().unwrap(), Findings::default()).is_err(), "{text}");
        }
        let empty = parse(br#"{"flow":{"any":{"standings":[]}}}"#).unwrap();
        let facts = Facts::from_object(empty.as_object().unwrap(), Findings::default()).unwrap();
        assert!(facts.flow.any.standings == WordSet::EMPTY);
    }
}
