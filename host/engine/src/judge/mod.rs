//! The judge: facts and findings in, a verdict with reasons out. The only room that knows Cedar.
//!
//! * [`Judge::load`] reads policy files ([`PolicyFile`]) against the frozen core schema (`core.cedarschema`, completed
//!   with the categories that the stationed guards declare), and refuses whatever could silently never fire.
//! * [`Judge::evaluate`] judges one [`Request`], as `levels` explains, and [`Evaluation::after_repair`] says whether an
//!   event that was repaired may go on.
//! * `index` finds the policies that an event can concern, so that the others cost it nothing.
//! * [`Judge::explain`] says which policies and facts an evaluation rests on, and which nearest fact would have changed it.
//! * [`Facts`] documents every fact, and what it is before anything computes it.
//!
//! Nothing here can be made to allow by failing: what cannot be built or evaluated is denied with `policy-error`.

mod annotations;
mod arguments;
mod context;
mod defect;
mod entities;
mod evaluation;
mod explain;
mod extension;
mod facts;
mod fault;
mod format;
mod fragment;
mod index;
mod levels;
mod loading;
mod names;
mod policy;
mod reads;
mod recorded;
mod request;
mod schema;
mod seen;
mod skeleton;
mod source;
mod subject;
mod typed;
mod validation;
mod wanted;

#[cfg(test)]
mod tests;
#[cfg(test)]
use tests::cases;

pub use defect::{PolicyDefect, PolicyDefects};
pub use evaluation::Evaluation;
pub use explain::{Change, ExplainedPolicy, Explanation, Fact, FactValue, Part};
pub use facts::{Anomaly, Budget, Coverage, Facts, Flow, Flows, Remembered, Session, Standing, Task};
pub use fault::Fault;
pub use format::{FormatError, format};
pub use levels::{Judge, JudgeError};
pub use policy::{Forbid, PolicyFile, Strength};
#[doc(hidden)]
pub use request::CedarRequest;
pub use schema::SchemaError;
pub use seen::{Findings, Seen};
pub use skeleton::{Skeleton, SkeletonError};
pub use subject::{Call, Channel, Request, Subject, TypedCall};
pub use typed::TypedTool;
