//! `guardhouse audit export` and `guardhouse audit ship`.

use std::{net::IpAddr, path::PathBuf, str::FromStr};

use clap::{Args, ValueEnum};
use ureq::http::Uri;

use super::Only;

/// How a record is written for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The records as they are written, byte for byte
    Jsonl,
    /// Decisions as events of OCSF 1.9.0, JSON lines
    Ocsf,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// How records are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,

    /// Go on with what is recorded from now on
    #[arg(short, long)]
    pub(crate) follow: bool,

    /// Begin behind the record that this cursor names, which `audit ship` keeps
    #[arg(long, value_name = "CURSOR-FILE")]
    pub(crate) from: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) only: Only,
}

#[derive(Debug, Args)]
pub(crate) struct Ship {
    /// The journal's directory
    #[arg(value_name = "JOURNAL", env = "GUARDHOUSE_JOURNAL")]
    pub(crate) journal: PathBuf,

    /// Where records go: `file:PATH`, `https://…`, or `http://…` on this machine
    #[arg(long, value_name = "SINK")]
    pub(crate) to: Target,

    /// How records are written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Jsonl)]
    pub(crate) format: Format,

    /// Ship checkpoints only, which `audit verify --anchors` reads
    #[arg(long, conflicts_with = "format")]
    pub(crate) checkpoints: bool,

    /// Where is written down what was delivered [default: beside a sink that is a file, by its name and `.cursor`]
    #[arg(long, value_name = "FILE")]
    pub(crate) cursor: Option<PathBuf>,

    /// Deliver what is there, and end
    #[arg(long)]
    pub(crate) once: bool,

    /// End if the sink takes nothing for so long [default: 30 with `--once`, else never]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) give_up_after: Option<u64>,

    /// How long one request may take, its answer included
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) timeout: u64,

    /// Headers for every request, lines of `Name: value`, in a file that only its owner can read
    #[arg(long, value_name = "FILE")]
    pub(crate) header_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) lenience: Lenience,
}

/// What is let pass, where it would be an error.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Lenience {
    /// Go on behind records that the sink refuses for what they are (400, 413, 422)
    #[arg(long)]
    pub(crate) skip_refused: bool,

    /// Go on behind records that are not in the journal any more, or not as they were
    #[arg(long)]
    pub(crate) skip_missing: bool,

    /// Let records go to another machine unencrypted
    #[arg(long)]
    pub(crate) insecure_http: bool,
}

/// Where records go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Appended to this file.
    File(PathBuf),
    /// Posted there.
    Http(Uri),
}

impl Target {
    /// Whether records would go to another machine unencrypted.
    pub(crate) fn is_exposed(&self) -> bool {
        let Self::Http(uri) = self else { return false };
        let host = uri.host().unwrap_or_default();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let is_loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        uri.scheme_str() != Some("https") && !is_loopback
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "expected `file:PATH`, `https://HOST…` or `http://HOST…`, found something else";
        if let Some(path) = text.strip_prefix("file:").filter(|path| !path.is_empty()) {
            return Ok(Self::File(path.into()));
        }
        let uri: Uri = text.parse().map_err(|_| EXPECTED)?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        let authority = uri.authority().filter(|_| is_http).ok_or(EXPECTED)?;
        if authority.as_str().contains('@') {
            return Err("expected a sink without a user's name or password, which belong in a `--header-file`".into());
        }
        Ok(Self::Http(uri))
    }
}

/// Without a query, which may hold a secret.
impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "`{}`", path.display()),
            Self::Http(uri) => {
                let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
                write!(f, "`{}://{authority}{}`", uri.scheme_str().unwrap_or_default(), uri.path())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn only_this_machine_gets_records_unencrypted() {
        let is_exposed = |text: &str| text.parse::<Target>().unwrap().is_exposed();
        for local in ["http://127.0.0.1:80/x", "http://[::1]/", "http://localhost", "https://example.org", "file:/x"] {
            assert!(!is_exposed(local), "{local}");
        }
        for exposed in ["http://example.org", "http://10.0.0.1/", "http://localhost.example.org", "http://127.0.0.1.x/"]
        {
            assert!(is_exposed(exposed), "{exposed}");
        }
    }

    #[test]
    fn a_sink_has_no_secret_in_its_name() {
        for wrong in ["", "file:", "ftp://example.org", "example.org", "https://", "https://emma:secret@example.org/"] {
            assert!(wrong.parse::<Target>().is_err(), "{wrong}");
        }
        let target: Target = "https://example.org:8443/in?token=secret".parse().unwrap();
        assert_eq!(target.to_string(), "`https://example.org:8443/in`");
    }
}
