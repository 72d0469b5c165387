//! The program, on small corpora of its own, with a real guard in the real sandbox.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod failing;
mod figures;
mod input;
mod sessions;
mod shown;

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use guardhouse_system_tests::built;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The text of a record with a key in it that no scanner of source code takes for one.
fn key() -> String {
    format!("AWS_ACCESS_KEY_ID=AK{}", "IADOCIS2JHTLGMXGED")
}

/// A text with nothing in it.
const PLAIN: &str = "Nothing to see here.";

/// A record. Of ids of one letter, `g`, `i`, `m`, `t`, `x` and `z` are in the part to report.
fn record(id: &str, source: &str, label: &str, text: &str) -> Value {
    json!({ "id": id, "source": source, "label": label, "text": text })
}

/// A directory with files.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn records(self, name: &str, records: &[Value]) -> Self {
        let lines: Vec<_> = records.iter().map(Value::to_string).collect();
        self.file(name, lines.join("\n"))
    }
}

/// What a run of the program came to.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    /// What it printed, as JSON.
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// Runs the program with these guards.
fn score<A: AsRef<OsStr>>(guards: &Path, arguments: impl IntoIterator<Item = A>) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guardhouse-score"));
    let output = command.arg("--guards").arg(guards).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A folder with the guard `secrets` as it was built, and no other.
fn only_secrets() -> Files {
    Files::new().file("guard-secrets.wasm", fs::read(built("guard-secrets")).unwrap())
}

/// A path as an argument.
fn text(path: PathBuf) -> String {
    path.into_os_string().into_string().unwrap()
}
