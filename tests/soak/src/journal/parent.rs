//! [`Running`]: a child that is watched, and what it had delivered when it ended.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead as _, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context as _, Result, anyhow};

use super::given::Given;

/// How long a child may take until it has delivered something: it reads a journal first, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A child that runs.
pub(super) struct Running {
    child: Child,
    begun: Receiver<()>,
    lines: JoinHandle<Vec<String>>,
}

/// What came of a child.
pub(super) struct Ended {
    pub(super) status: ExitStatus,
    /// The decisions that it delivered.
    pub(super) given: Vec<Given>,
    /// What else it wrote.
    pub(super) told: Vec<String>,
}

impl Running {
    /// Starts this program as a child with these arguments, by another program where one is named before.
    pub(super) fn start<A: AsRef<OsStr>>(through: &[&str], arguments: impl IntoIterator<Item = A>) -> Result<Self> {
        let own = env::current_exe()?;
        let mut command = match through {
            [] => Command::new(own),
            [program, rest @ ..] => {
                let mut command = Command::new(program);
                command.args(rest).arg(own);
                command
            }
        };
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().context("expected the child's output")?;
        let (tell, begun) = mpsc::channel();
        let lines = thread::spawn(move || {
            let (mut lines, mut stdout) = (Vec::new(), BufReader::new(stdout));
            let mut line = Vec::new();
            // What is behind the last line end was not delivered.
            while stdout.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) && line.ends_with(b"\n") {
                lines.push(String::from_utf8_lossy(&line).into_owned());
                line.clear();
                let _ = tell.send(());
            }
            lines
        });
        Ok(Self { child, begun, lines })
    }

    /// Waits until it has delivered something, or is not there any more.
    pub(super) fn wait_until_begun(&self) {
        let _ = self.begun.recv_timeout(PATIENCE);
    }

    /// Tells it to end.
    pub(super) fn close(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Kills it (`SIGKILL`).
    pub(super) fn kill(mut self) -> Result<Ended> {
        self.child.kill()?;
        self.end()
    }

    /// Waits until it ends.
    pub(super) fn end(mut self) -> Result<Ended> {
        let status = self.child.wait()?;
        let lines = self.lines.join().map_err(|_panic| anyhow!("the thread that reads panicked"))?;
        let (mut given, mut told) = (Vec::new(), Vec::new());
        for line in lines {
            match Given::read(&line) {
                Some(decision) => given.push(decision),
                None => told.push(line.trim_end().to_owned()),
            }
        }
        Ok(Ended { status, given, told })
    }
}
