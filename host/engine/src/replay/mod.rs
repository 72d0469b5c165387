//! Replay: what another bundle would have made of what was decided.
//!
//! * [`journal()`] goes through the records of a journal and evaluates each decision anew, **from the facts that were stored
//!   with it** alone (`stored`): policies may differ, and guards must not, since what they would have found cannot be
//!   known without the text. Facts are the recorded ones: what a changed decision would have changed later in its
//!   session is not played out. A record that cannot be judged so is [`NotReplayable`], and never counted as equal.
//! * Where a record's whole event is at hand, a [`Trial`] puts that through guards and judge.
//! * A [`Trial`] also runs transcripts: through one bundle, or through two to compare them.
//! * Each decision is a [`Row`]; a [`Summary`] counts them.
//!
//! Nothing here writes, takes a lock or talks to anybody: a journal is read while another process writes it. What is read
//! is untrusted, and taken at its word: whether a journal is what was written, [`verify`](crate::journal::verify()) says.

mod fit;
mod journal;
mod recorded;
mod row;
mod stored;
mod summary;
mod trial;
mod unknown;

pub use journal::{Step, journal};
pub use recorded::Recorded;
pub use row::{Row, Ruling};
pub use summary::Summary;
pub use trial::Trial;
pub use unknown::NotReplayable;
