//! URLs and hosts: those that lead a tool's server to where its caller could not go itself (server-side request forgery).
//!
//! * `split`: the scheme, user and host of a URL, as the WHATWG URL standard finds them.
//! * `host`: what a host is once its spelling is undone.
//! * `network`: which networks an address is in.
//! * `judge`: what is reported.
//!
//! No name is ever looked up: a name of the public web that resolves to a private address is not seen here.

mod host;
mod judge;
mod network;
mod split;
#[cfg(test)]
mod tests;

pub(crate) use judge::{Allowed, judge};
