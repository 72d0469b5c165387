//! `guardhouse audit`: what was recorded, and whether that is what is there.

mod line;
mod query;
mod show;
mod tail;
mod verify;

pub(crate) use query::{query, session};
pub(crate) use show::show;
pub(crate) use tail::tail;
pub(crate) use verify::verify;
