//! `guardhouse bundle`: what operators do with a bundle.
//!
//! * `check`: loads it and says what is in it; `lock`: writes down its guards' digests;
//! * `test`: runs its own tests.

mod check;
mod lock;
mod test;

pub(crate) use check::check;
pub(crate) use lock::lock;
pub(crate) use test::test;
