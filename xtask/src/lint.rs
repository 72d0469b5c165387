//! `cargo xtask lint`: the form of the code, and what it depends on.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fmt};

use anyhow::bail;

use crate::print;
use crate::workspace::{self, cargo, run, run_within};

/// The release of cargo-deny that we use.
const CARGO_DENY: &str = "0.20.2";

/// The variable by which an environment demands that known vulnerabilities are looked for: `required`. It is set where
/// the environment is (the settings of CI), not in this repository, so that no change can take it back.
const ADVISORIES: &str = "GUARDHOUSE_ADVISORIES";

/// How long fetching the database of advisories may take. It is a few megabytes; where its server is filtered away, git
/// would wait for minutes.
const FETCH_PATIENCE: Duration = Duration::from_mins(1);

/// Whether the database of advisories has to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advisories {
    /// Not to look is a failure.
    Required,
    /// Not to look is told, and no failure. An advisory that applies always is one.
    IfReached,
}

/// What became of looking for advisories: the line that `.ci/run` repeats at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    NoneApplies,
    NotReached,
}

impl Advisories {
    /// What the environment demands.
    pub(crate) fn of_environment() -> anyhow::Result<Self> {
        Self::of(env::var_os(ADVISORIES).as_deref())
    }

    /// What this value of the variable demands. A misspelt demand must not turn into none, and neither must an empty one,
    /// which is what CI makes of a variable that nobody defined.
    fn of(value: Option<&OsStr>) -> anyhow::Result<Self> {
        match value {
            None => Ok(Self::IfReached),
            Some(value) if value == "required" => Ok(Self::Required),
            Some(value) => bail!("{ADVISORIES}: expected `required` or no such variable, found `{}`", value.display()),
        }
    }

    /// What it means that the database could not be fetched.
    fn unreached(self, error: &anyhow::Error) -> anyhow::Result<Looked> {
        match self {
            Self::IfReached => Ok(Looked::NotReached),
            Self::Required => bail!(
                "advisories: expected to fetch their database, found that {error:#}\n\
                 run this where https://github.com/RustSec/advisory-db or a mirror of it can be reached \
                 (docs/security-releases.md says how to name a mirror)"
            ),
        }
    }
}

impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoneApplies => "advisories: checked, none applies",
            Self::NotReached => "advisories: NOT CHECKED, the database cannot be fetched",
        })
    }
}

/// Runs rustfmt, clippy and rustdoc with warnings as errors, and cargo-deny.
pub(crate) fn lint(advisories: Advisories) -> anyhow::Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
    run(cargo()
        .args(["doc", "--workspace", "--lib", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "--deny=warnings"))?;
    let deny = workspace::tool("cargo-deny", CARGO_DENY)?;
    run(cargo_deny(&deny).args(["check", "bans", "licenses", "sources"]))?;
    print::line(look(&deny, advisories)?);
    Ok(())
}

/// Looks for advisories about what we depend on.
fn look(deny: &Path, advisories: Advisories) -> anyhow::Result<Looked> {
    // `check` fails in the same way for an advisory that applies and for a database that it cannot fetch, so that is
    // fetched first. `check` fetches again: should that fail now, it counts as an advisory.
    let mut fetch = cargo_deny(deny);
    fetch.args(["fetch", "db"]).stdin(Stdio::null()).env("GIT_TERMINAL_PROMPT", "0");
    if let Err(error) = run_within(FETCH_PATIENCE, &mut fetch) {
        return advisories.unreached(&error);
    }
    run(cargo_deny(deny).args(["check", "advisories"]))?;
    Ok(Looked::NoneApplies)
}

fn cargo_deny(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_misspelt_or_empty_demand_is_an_error_and_not_the_lack_of_one() {
        assert_eq!(Advisories::of(None).unwrap(), Advisories::IfReached);
        assert_eq!(Advisories::of(Some(OsStr::new("required"))).unwrap(), Advisories::Required);
        for value in ["", "require", "Required", "true", "0"] {
            let error = Advisories::of(Some(OsStr::new(value))).unwrap_err();
            let expected = format!("GUARDHOUSE_ADVISORIES: expected `required` or no such variable, found `{value}`");
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn a_database_out_of_reach_fails_where_it_is_required_and_is_told_where_not() {
        let error = anyhow!("`cargo-deny fetch db` failed");
        assert_eq!(Advisories::IfReached.unreached(&error).unwrap(), Looked::NotReached);
        assert!(Looked::NotReached.to_string().contains("NOT CHECKED"));
        let refusal = Advisories::Required.unreached(&error).unwrap_err().to_string();
        assert!(refusal.contains("found that `cargo-deny fetch db` failed"), "{refusal}");
    }
}
