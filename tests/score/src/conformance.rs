//! Texts without labels: whatever a guard makes of them, it has to make something.

use guardhouse::event::Checkpoint;
use serde::Serialize;

use crate::{corpus::Record, station::Seen};

/// Failures that are kept to be named.
const NAMED: usize = 20;

/// What became of one guard's checks.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Conformance {
    /// How many there were: a text counts once for each checkpoint.
    pub(crate) checks: u64,
    /// In how many the guard failed.
    pub(crate) failed: u64,
    /// The first of these.
    pub(crate) failures: Vec<Failure>,
}

/// A check without a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    /// The record.
    pub(crate) id: String,
    /// Where it stood.
    pub(crate) checkpoint: Checkpoint,
    /// Why there is no report.
    pub(crate) because: String,
}

impl Conformance {
    /// One check more.
    pub(crate) fn add(&mut self, record: &Record, checkpoint: Checkpoint, seen: &Seen) {
        self.checks += 1;
        if let Some(because) = &seen.failure {
            self.failed += 1;
            if self.failures.len() < NAMED {
                self.failures.push(Failure { id: record.id.clone(), checkpoint, because: because.clone() });
            }
        }
    }
}
