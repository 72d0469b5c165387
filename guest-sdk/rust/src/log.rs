//! Words for whoever runs the host.
//!
//! The bundle bounds how much one check may write; the host drops what is over. Do not log the text under inspection. In
//! native tests the messages go to standard error, where the test harness captures them.

use std::fmt::Display;

/// Writes for the guard's author.
pub fn debug(message: impl Display) {
    write(Level::Debug, &message.to_string());
}

/// Writes what is of interest and needs no action.
pub fn info(message: impl Display) {
    write(Level::Info, &message.to_string());
}

/// Writes what someone should look at.
pub fn warn(message: impl Display) {
    write(Level::Warn, &message.to_string());
}

/// Writes that the guard cannot do its work.
pub fn error(message: impl Display) {
    write(Level::Error, &message.to_string());
}

use crate::bindings::about::guardhouse::guard::log::Level;

#[cfg(target_family = "wasm")]
fn write(level: Level, message: &str) {
    crate::bindings::about::guardhouse::guard::log::write(level, message);
}

#[cfg(not(target_family = "wasm"))]
#[expect(clippy::print_stderr, reason = "a native test has no host to log to")]
fn write(level: Level, message: &str) {
    eprintln!("{level:?}: {message}");
}
