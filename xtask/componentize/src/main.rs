//! Makes a core wasm module a component: `componentize IN.wasm OUT.wasm`.
//!
//! The module says in its custom sections, which `wit-bindgen` wrote there, of which world it is; the component is
//! validated before it is written. A crate of its own so that `xtask` compiles in seconds.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context as _, bail};
use wit_component::ComponentEncoder;

#[expect(clippy::print_stderr, reason = "a command talks to the person who runs it")]
fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("componentize: error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Reads, encodes and writes.
fn run() -> anyhow::Result<()> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [input, output] = arguments.as_slice() else {
        bail!("expected `componentize IN.wasm OUT.wasm`, found {} arguments", arguments.len());
    };
    let module = fs::read(input).with_context(|| format!("cannot read `{}`", input.display()))?;
    let component = componentize(&module)
        .with_context(|| format!("`{}` cannot be made a component of the guard contract", input.display()))?;
    fs::write(output, component).with_context(|| format!("cannot write `{}`", output.display()))
}

/// Encodes a module with its embedded world, and validates the result.
fn componentize(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(module)?;
    encoder.encode()
}
