//! The program `guardhouse`.
//!
//! * `arguments`: what can be typed;
//! * `check`: transcripts in, decisions out; `transcript` reads them, `pretty` prints them for people;
//! * `audit`: what was recorded; `replay`: what another bundle would have made of it; `stop`: denials above every generation;
//! * `bundle`: what operators do with a bundle; `policy` with its policies; `tools` with its pinned tools; `explanation`
//!   prints why;
//! * `sandbox`: where guards run, and where they are kept compiled; `executor`: what waits for them.
//!
//! Exit status: 0 where everything was allowed (or warned of) and is as it should be, 1 where anything was not, 2 on an
//! error.

mod arguments;
mod audit;
mod bundle;
mod check;
mod erase;
mod executor;
mod explanation;
mod policy;
mod pretty;
mod replay;
mod sandbox;
mod stop;
mod streams;
mod tools;
mod transcript;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, AuditCommand, BundleCommand, Command, PolicyCommand, SessionCommand, ToolsCommand};
use guardhouse::decision::Verdict;

/// What the program's exit status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Done, and everything was allowed, or passed, or is as it should be.
    Allowed,
    /// Done, and something was not.
    Refused,
}

impl From<Verdict> for Status {
    fn from(verdict: Verdict) -> Self {
        if matches!(verdict, Verdict::Allow | Verdict::Warn) { Self::Allowed } else { Self::Refused }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Allowed => Self::SUCCESS,
            Status::Refused => Self::from(1),
        }
    }
}

/// The exit status of an error; clap uses the same for wrong arguments.
const ERROR: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_max_level(arguments.level()).with_writer(anstream::stderr).init();
    let result = match arguments.command {
        Command::Check(check) => check::run(&check, &arguments.cache),
        Command::Audit { command: AuditCommand::Verify(verify) } => audit::verify(&verify),
        Command::Audit { command: AuditCommand::Tail(tail) } => audit::tail(&tail),
        Command::Audit { command: AuditCommand::Query(query) } => audit::query(&query),
        Command::Replay(replay) => replay::run(&replay, &arguments.cache),
        Command::Audit { command: AuditCommand::Export(export) } => audit::export(&export),
        Command::Audit { command: AuditCommand::Ship(ship) } => audit::ship(&ship),
        Command::Audit { command: AuditCommand::Show(show) } => audit::show(&show),
        Command::Stop(stop) => stop::run(&stop),
        Command::Session { command: SessionCommand::Show(show) } => audit::session(&show),
        Command::Session { command: SessionCommand::Erase(erase) } => erase::run(&erase),
        Command::Bundle { command: BundleCommand::Check(check) } => bundle::check(&check, &arguments.cache),
        Command::Bundle { command: BundleCommand::Lock(lock) } => bundle::lock(&lock),
        Command::Bundle { command: BundleCommand::Test(test) } => bundle::test(&test, &arguments.cache),
        Command::Policy { command: PolicyCommand::Fmt(fmt) } => policy::fmt(&fmt),
        Command::Tools { command: ToolsCommand::Pin(pin) } => tools::pin(&pin),
        Command::Tools { command: ToolsCommand::List(list) } => tools::list(&list),
        Command::Tools { command: ToolsCommand::Diff(diff) } => tools::diff(&diff),
        Command::Policy { command: PolicyCommand::Explain(explain) } => policy::explain(&explain, &arguments.cache),
        Command::Policy { command: PolicyCommand::New(new) } => policy::new(&new, &arguments.cache),
        Command::Policy { command: PolicyCommand::Schema(schema) } => policy::schema(&schema, &arguments.cache),
    };
    match result {
        Ok(status) => status.into(),
        Err(report) => {
            anstream::eprintln!("{report:?}");
            ExitCode::from(ERROR)
        }
    }
}
