//! A bundle on disk, and the program run on it.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use tempfile::TempDir;

/// A GitHub token that never was one, written so that no scanner of source code takes it for one.
pub(crate) const TOKEN: &str = concat!("gh", "p_", "WKbsDE3kGZoD9iPCFdcERFmdD3nHQrroDnob");

/// The guards that were built.
fn guards() -> PathBuf {
    let guards = env::var_os("GUARDHOUSE_GUARDS");
    assert!(guards.is_some(), "GUARDHOUSE_GUARDS is not set: run `cargo xtask test`, which builds the guards first");
    guards.map(PathBuf::from).unwrap()
}

/// The demo's bundle with its guard, its lock written by the program itself.
pub(crate) fn demo() -> TempDir {
    assembled(&policies().join("demo"))
}

/// The folder of the bundles that we ship.
pub(crate) fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

/// A bundle of the repository as `cargo xtask` would assemble it, with its lock written by the program itself.
pub(crate) fn assembled(bundle: &Path) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    copy_files(bundle, directory.path());
    if bundle.join("tests").is_dir() {
        fs::create_dir(directory.path().join("tests")).unwrap();
        copy_files(&bundle.join("tests"), &directory.path().join("tests"));
    }
    // A busy machine must not make an innocent check late.
    let manifest = fs::read_to_string(directory.path().join("guardhouse.toml")).unwrap();
    assert!(!manifest.contains("[limits]"), "limits of time would depend on this machine: {manifest}");
    let patient = "api = 1\n\n[limits]\ndeadline = \"10s\"\nwall = \"30s\"\n";
    fs::write(directory.path().join("guardhouse.toml"), manifest.replace("api = 1\n", patient)).unwrap();
    fs::create_dir(directory.path().join("guards")).unwrap();
    for guard in fs::read_dir(guards()).unwrap() {
        let guard = guard.unwrap().path();
        let name = guard.file_name().unwrap().to_str().unwrap();
        // Ours, and those of the tests.
        if let Some(name) = name.strip_prefix("guard-").or_else(|| name.strip_prefix("guest-")) {
            fs::copy(&guard, directory.path().join("guards").join(name)).unwrap();
        }
    }
    let locked = run(&["bundle", "lock", directory.path().to_str().unwrap()], "");
    assert!(locked.status.success(), "{locked:?}");
    directory
}

/// Copies the files of one folder, and none of the folders in it.
fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

/// The program with these arguments, and all three streams in our hands.
fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_guardhouse"));
    program
        .args(arguments)
        .env_remove("GUARDHOUSE_BUNDLE")
        // Between runs of the tests too: what it holds is never out of date.
        .env("GUARDHOUSE_CACHE", cache())
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    program
}

/// Where the program, and whoever stations guards beside it, keeps compiled guards.
pub(crate) fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// Starts the program.
pub(crate) fn start(arguments: &[&str]) -> Child {
    program(arguments).spawn().unwrap()
}

/// Runs the program to its end in this directory, with nothing on standard input.
pub(crate) fn run_in(directory: &Path, arguments: &[&str]) -> Output {
    program(arguments).current_dir(directory).stdin(Stdio::null()).output().unwrap()
}

/// Runs the program to its end on a system that trusts the certificates in this file and no other.
pub(crate) fn run_trusting(certificates: &Path, arguments: &[&str]) -> Output {
    let mut program = program(arguments);
    program.env("SSL_CERT_FILE", certificates).env_remove("SSL_CERT_DIR").stdin(Stdio::null()).output().unwrap()
}

/// Runs the program to its end with `input` on standard input.
pub(crate) fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.as_ref().to_vec();
    let writer = std::thread::spawn(move || {
        // A program that has ended reads no more.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// `guardhouse check` on the demo's bundle.
pub(crate) fn check(arguments: &[&str], input: impl AsRef<[u8]>) -> Output {
    let demo = demo();
    let bundle = ["check", "--bundle", demo.path().to_str().unwrap()];
    run(&[&bundle, arguments].concat(), input)
}

/// An output of the agent as a line of a transcript.
pub(crate) fn output(text: &str) -> String {
    let text = serde_json::Value::from(text);
    format!(r#"{{"agent":"a","session":"s","checkpoint":"output","text":{text}}}"#) + "\n"
}

/// What a process wrote, as text.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
