//! Evil guests: attempts to break out, to exhaust the host, to outlast it, or to lie to it. Each costs the guest its own
//! report, or its place in the bundle, and nobody else anything.
//!
//! One table ([`attempts`]) has them all, a file for each kind. What strikes before its first check is turned away at the
//! [`gate`], what strikes in a check does so in the [`room`]; both show that the outcome is the expected one, and that
//! innocent guards, beside and after, find what they should. `leaks.rs` runs the same table again and holds the process
//! against what it was.

mod answers;
mod artifacts;
mod attempt;
mod descriptions;
mod edge;
mod exhaustion;
mod exports;
mod gate;
mod imports;
mod isolation;
mod logs;
mod modules;
mod nearly;
mod room;
mod rust;
mod striker;
mod traps;

use std::collections::BTreeSet;

use attempt::Attempt;
pub(crate) use gate::Gate;
pub(crate) use room::Room;

/// Every attempt.
pub(crate) fn attempts() -> Vec<Attempt> {
    [
        artifacts::attempts(),
        modules::attempts(),
        imports::attempts(),
        exports::attempts(),
        descriptions::attempts(),
        traps::attempts(),
        exhaustion::attempts(),
        answers::attempts(),
        isolation::attempts(),
        logs::attempts(),
        rust::attempts(),
    ]
    .concat()
}

/// influxdata/datafusion-udf-wasm, the host most like this one, has an evil guest with 67.
#[test]
fn there_are_more_attempts_than_any_peer_makes() {
    let attempts = attempts();
    let claims: BTreeSet<_> = attempts.iter().map(|attempt| attempt.claim).collect();
    assert_eq!(claims.len(), attempts.len(), "each claim once");
    assert!(claims.len() > 67, "{}", claims.len());
}

#[tokio::test]
async fn what_strikes_in_a_check_costs_its_own_report_and_no_other() {
    Room::new(attempts()).await.strike().await;
}

#[tokio::test]
async fn what_strikes_before_the_first_check_is_refused_and_harms_nobody() {
    Gate::new(attempts()).await.refuse().await;
}

#[tokio::test]
async fn what_never_ends_before_the_first_check_is_ended() {
    Gate::new(attempts()).await.outlast().await;
}
