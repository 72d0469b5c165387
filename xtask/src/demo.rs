//! `cargo xtask demo`: real sessions through a real guard and real policies.

use std::process::Command;

use anyhow::bail;

use crate::{bundle, guards, print, workspace};

/// The bundle that is shown, and its transcripts.
const BUNDLE: &str = "policies/demo";

/// The sessions in the order in which they are shown, each with what it shows.
const SESSIONS: [(&str, &str); 3] = [
    ("clean", "nothing to find, everything is permitted"),
    ("repaired", "a key stands in a file; the answer that quotes it is repaired"),
    ("denied", "a support ticket talks the agent into a command; a policy denies the call"),
];

/// Builds what is needed and prints the sessions with every decision and its reasons.
pub(crate) fn run() -> anyhow::Result<()> {
    let guards = guards::build()?;
    let guardhouse = workspace::program("guardhouse")?;
    let bundle = bundle::assemble(BUNDLE, bundle::BUNDLES, &guards, &guardhouse)?;
    for (session, shows) in SESSIONS {
        let transcript = workspace::root().join(BUNDLE).join("sessions").join(format!("{session}.jsonl"));
        let mut command = Command::new(&guardhouse);
        command.arg("check").arg("--bundle").arg(&bundle).arg("--pretty").arg(&transcript);
        print::line(format_args!("\n── {shows}\n   {}", workspace::shown(&command)));
        // 1 says that something was not allowed, which is what two of the sessions are there to show.
        let status = command.status()?;
        if !matches!(status.code(), Some(0 | 1)) {
            bail!("{} failed: {status}", workspace::shown(&command));
        }
    }
    Ok(())
}
