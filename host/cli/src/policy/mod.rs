//! `guardhouse policy`: what the authors of policies do.

mod fmt;

pub(crate) use fmt::fmt;
