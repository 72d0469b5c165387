//! Bundles on disk.

use std::{env, fs, path::Path, path::PathBuf};

use guardhouse::{bundle::Bundle, engine::Engine, generation::LoadError};
use tempfile::TempDir;

/// The variable that names the folder with the built guards.
const GUARDS: &str = "GUARDHOUSE_GUARDS";

/// Limits of time that no check of an innocent guard reaches, however busy the machine is: no test may depend on speed.
pub const GENEROUS: &str = "[limits]\ndeadline = \"60s\"\nwall = \"60s\"\n";

/// The component of a guard that `cargo xtask` built, by the name of its crate. Where there is none, the test fails and
/// says what to do about it.
#[must_use]
pub fn built(guard: &str) -> PathBuf {
    let Some(folder) = env::var_os(GUARDS) else {
        panic!("expected the folder of the built guards in `{GUARDS}`, found nothing: run `cargo xtask test`");
    };
    let path = Path::new(&folder).join(guard).with_extension("wasm");
    assert!(path.is_file(), "expected the guard `{}`, found no such file: run `cargo xtask test`", path.display());
    path
}

/// The manifest's entry of a guard: its name, the crate it was built from (or a file of [`TestBundle::file`] in
/// `guards/`), the checkpoints as TOML, and further lines.
#[must_use]
pub fn station(name: &str, guard: &str, at: &str, more: &str) -> String {
    format!("[[guards]]\nname = \"{name}\"\nfile = \"guards/{guard}.wasm\"\nat = [{at}]\n{more}\n")
}

/// A load error with everything under it, as a terminal without colours shows it.
#[must_use]
pub fn shown(error: &LoadError) -> String {
    let mut shown = String::new();
    miette::NarratableReportHandler::new().render_report(&mut shown, error).unwrap();
    shown
}

/// A bundle in a directory of its own, which goes with it.
#[derive(Debug)]
pub struct TestBundle {
    directory: TempDir,
}

impl TestBundle {
    /// A bundle with this manifest, which follows `bundle = "test"` and `api = 1`. Nothing else is in it yet.
    ///
    /// No report is remembered, unless the manifest itself says `[memo]`: most tests are about what becomes of calls of
    /// guards, and make the same one many times.
    #[must_use]
    pub fn new(manifest: &str) -> Self {
        let memo = if manifest.contains("[memo]") { "" } else { "[memo]\nsize = \"0B\"\n" };
        let bundle = Self { directory: tempfile::tempdir().unwrap() };
        bundle.file("guardhouse.toml", format!("bundle = \"test\"\napi = 1\n{manifest}\n{memo}"))
    }

    /// With a file at a path inside the bundle.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// With the policies of one file, `test.cedar`.
    #[must_use]
    pub fn policies(self, text: &str) -> Self {
        self.file("test.cedar", text)
    }

    /// With the component of a built guard, in `guards/`.
    #[must_use]
    pub fn guard(self, name: &str) -> Self {
        let component = fs::read(built(name)).unwrap();
        self.file(&format!("guards/{name}.wasm"), component)
    }

    /// With the digests of its guards as they are now.
    #[must_use]
    pub fn locked(self) -> Self {
        Bundle::lock(self.path()).unwrap_or_else(|error| panic!("{}", shown(&error.into())));
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// An engine that judges by it.
    pub async fn engine(&self) -> Engine {
        Engine::load(self.path()).await.unwrap_or_else(|error| panic!("{}", shown(&error)))
    }

    /// Why it does not load.
    pub async fn refusal(&self) -> LoadError {
        match Engine::load(self.path()).await {
            Ok(engine) => panic!("expected a bundle that does not load, found {:?}", engine.generation().name()),
            Err(error) => error,
        }
    }
}
