//! `guardhouse audit`: what was recorded, and whether that is what is there.

mod line;
mod query;
mod tail;
mod verify;

pub(crate) use query::{is_of_session, query, show, was_recorded};
pub(crate) use tail::tail;
pub(crate) use verify::verify;
