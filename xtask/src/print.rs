//! Words for the person at the terminal. The only place that prints.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to the person who runs it")]

use std::fmt::Display;

/// Prints a result.
pub(crate) fn line(text: impl Display) {
    println!("{text}");
}

/// Prints what is going on, beside the results.
pub(crate) fn progress(text: impl Display) {
    eprintln!("xtask: {text}");
}
