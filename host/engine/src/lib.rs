//! (laid in the next commit)

pub mod decision;
pub mod event;
pub mod json;
pub mod judge;
pub mod text;
