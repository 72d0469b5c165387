//! The room in which guests strike in checks, beside one another and an innocent guard.

use std::collections::BTreeSet;

use guardhouse::{decision::Verdict, engine::Engine};
use guardhouse_system_tests::input;

use super::{
    attempt::{Attempt, INNOCENT},
    striker::Striker,
};

/// One engine, which has them all.
#[derive(Debug)]
pub(crate) struct Room {
    strikers: Vec<Striker>,
    engine: Engine,
}

impl Room {
    /// A room for those of these attempts that strike in checks.
    pub(crate) async fn new(mut attempts: Vec<Attempt>) -> Self {
        attempts.retain(Attempt::strikes_in_checks);
        let strikers = Striker::line_up(attempts);
        let engine = Striker::bundle(&strikers).engine().await;
        Self { strikers, engine }
    }

    /// Tells each guest to strike, twice, with a check of all in between: what it did the first time neither helps nor
    /// hinders it the second time, nor anybody else.
    pub(crate) async fn strike(&self) {
        let mut wrong = Vec::new();
        for striker in &self.strikers {
            let claim = striker.attempt.claim;
            let order = input("user", &striker.order);
            let first = self.engine.check(&order).await;
            let amiss = self.amiss().await;
            let second = self.engine.check(&order).await;
            for decision in [&first, &second] {
                wrong.extend(striker.unexpected(decision).map(|found| format!("{claim}: {found}")));
            }
            wrong.extend(amiss.map(|found| format!("after `{claim}`: {found}")));
            if first.findings != second.findings {
                wrong.push(format!("{claim}: expected the same twice, found {first}, then {second}"));
            }
        }
        assert!(wrong.is_empty(), "{} are not as they should be:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// What is wrong with a check in which nobody is told to strike, if anything: the innocent guard has its finding,
    /// and so has each guest in Rust.
    async fn amiss(&self) -> Option<String> {
        let decision = self.engine.check(&input("user", &format!("{INNOCENT} and evil"))).await;
        let mut expected: BTreeSet<_> = self.strikers.iter().filter_map(Striker::finds_evil).collect();
        expected.insert("innocent");
        let found: Vec<_> = decision.findings.iter().map(|finding| finding.guard.as_str()).collect();
        let right = decision.verdict == Verdict::Allow
            && found.len() == expected.len()
            && found.iter().all(|guard| expected.contains(guard));
        (!right).then(|| format!("expected findings of {expected:?}, found {decision}"))
    }
}
