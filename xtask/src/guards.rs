//! Every guard of the repository, built as a component.
//!
//! By convention a guard is a crate in `plugins/<name>` called `guard-<name>`, or one in `tests/guests/<name>` called
//! `guest-<name>`, and nothing else lies there. Its component becomes `<target>/guards/<crate>.wasm`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::Context as _;

use crate::print;
use crate::toolchain::{self, TARGET, Toolchain};
use crate::workspace::{self, cargo, run};

/// The folders with guards, and how their crates' names begin.
const FOLDERS: [(&str, &str); 2] = [("plugins", "guard-"), ("tests/guests", "guest-")];

/// The variable that tells tests and fuzz targets where the built guards are.
pub(crate) const FOLDER: &str = "GUARDHOUSE_GUARDS";

/// The cargo profile of all guards, in the root's `Cargo.toml`.
const PROFILE: &str = "guard";

/// Bytes of memory that a guard has from the beginning: 1 MiB of stack, which rustc asks for, and the rest for static
/// data and the heap. Growing costs more than all else in a small check, so this covers a text of the default block limit
/// (1 MiB) with what the bindings and a guard need beside it. Untouched pages cost nothing.
const INITIAL_MEMORY: u32 = 4 << 20;

/// A guard that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guard {
    /// Name of its crate.
    pub(crate) name: String,
    /// The component.
    pub(crate) component: PathBuf,
    /// Size of the component.
    pub(crate) bytes: u64,
}

/// Builds every guard, in the order of their names within each folder.
pub(crate) fn build() -> anyhow::Result<Vec<Guard>> {
    let names = names()?;
    let toolchain = toolchain::find_or_install()?;
    let target = workspace::target()?;
    let wasm = target.join("wasm");

    print::progress(format_args!("building {} guards", names.len()));
    run(&mut compile(&toolchain, &wasm, &names)?)?;

    let modules = wasm.join(TARGET).join(PROFILE);
    let components = target.join("guards");
    fs::create_dir_all(&components).with_context(|| format!("cannot make the folder `{}`", components.display()))?;
    let program = workspace::program("componentize")?;
    names.into_iter().map(|name| componentize(name, &program, &modules, &components)).collect()
}

/// The crates of all guards.
fn names() -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for (folder, prefix) in FOLDERS {
        let path = workspace::root().join(folder);
        let entries = fs::read_dir(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read `{}`", path.display()))?;
            if entry.path().join("Cargo.toml").is_file() {
                found.push(format!("{prefix}{}", entry.file_name().display()));
            }
        }
        found.sort();
        names.append(&mut found);
    }
    Ok(names)
}

/// The command that compiles guards to core modules. They have a target folder of their own: two compilers in one folder
/// would each build everything anew after the other.
fn compile(toolchain: &Toolchain, folder: &Path, names: &[String]) -> anyhow::Result<Command> {
    let mut command = cargo();
    command.args(["build", "--profile", PROFILE, "--target", TARGET, "--target-dir"]).arg(folder);
    for name in names {
        command.args(["--package", name]);
    }
    // In this form a flag may have spaces. With `--target` it reaches no build script and no macro.
    command.env("CARGO_ENCODED_RUSTFLAGS", flags()?.join("\x1f"));
    if let Toolchain::FromSource { rustc, linker } = toolchain {
        command
            .arg("-Zbuild-std=std,panic_abort")
            .env("RUSTC", rustc)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    Ok(command)
}

/// Flags for the compiler: vectors for searching, memory to begin with, and no path of this machine in panic messages.
fn flags() -> anyhow::Result<Vec<String>> {
    let mut flags =
        vec!["-Ctarget-feature=+simd128".to_string(), format!("-Clink-arg=--initial-memory={INITIAL_MEMORY}")];
    flags.push(remap(&workspace::root(), "guardhouse")?);
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    if let Some(home) = home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))) {
        flags.push(remap(&home, "cargo")?);
    }
    Ok(flags)
}

/// The flag that writes `to` where a path below `from` would stand.
fn remap(from: &Path, to: &str) -> anyhow::Result<String> {
    let from = from.to_str().with_context(|| format!("`{}` is not UTF-8", from.display()))?;
    Ok(format!("--remap-path-prefix={from}={to}"))
}

/// Makes the module of a crate a component.
fn componentize(name: String, program: &Path, modules: &Path, components: &Path) -> anyhow::Result<Guard> {
    let module = modules.join(name.replace('-', "_")).with_extension("wasm");
    let component = components.join(&name).with_extension("wasm");
    run(Command::new(program).args([&module, &component]))?;
    let bytes = fs::metadata(&component).with_context(|| format!("cannot read `{}`", component.display()))?.len();
    Ok(Guard { name, component, bytes })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn guards_are_found_by_the_convention() {
        let names = names().unwrap();
        for name in ["guard-secrets", "guest-evil", "guest-small", "guest-contract-0-1-0"] {
            assert!(names.iter().any(|found| found == name), "{names:?}");
        }
    }

    #[test]
    fn no_flag_lets_a_path_of_this_machine_into_a_guard() {
        let root = workspace::root();
        let flags = flags().unwrap();
        assert!(flags.contains(&format!("--remap-path-prefix={}=guardhouse", root.display())), "{flags:?}");
    }

    #[test]
    fn a_compiler_from_source_builds_the_library_with_its_own_linker() {
        let toolchain = Toolchain::FromSource { rustc: "/usr/bin/rustc".into(), linker: "/lld".into() };
        let command = compile(&toolchain, Path::new("/target/wasm"), &["guard-secrets".to_string()]).unwrap();
        let set = |name: &str| command.get_envs().find(|(key, _)| *key == name).and_then(|(_, value)| value);
        assert_eq!(set("RUSTC").unwrap(), "/usr/bin/rustc");
        assert_eq!(set("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER").unwrap(), "/lld");
        assert!(command.get_args().any(|argument| argument == "-Zbuild-std=std,panic_abort"));
    }
}
