//! All guards in one bundle.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use guardhouse::{bundle::Bundle, engine::Engine};
use tempfile::TempDir;

use crate::deeds::DEEDS;

/// The innocent guards, by their names in the bundle, with default limits. `beside` stands where the evil ones do.
pub(crate) const INNOCENT: [&str; 4] = ["small", "words", "secrets", "beside"];

/// The crates of the guards.
const CRATES: [&str; 4] = ["guest-small", "guest-words", "guard-secrets", "guest-evil"];

/// Loads an engine from a bundle in which `words` bans `banned`. The bundle is gone again when the engine is there.
pub(crate) async fn load(guards: &Path, banned: &str) -> Result<Engine> {
    let mut manifest = manifest(banned);
    for deed in &DEEDS {
        let limits = format!("limits = {{ {} }}", deed.limits);
        let config = format!("config = {{ do = \"{}\", when = \"{}!\" }}", deed.name, deed.guard);
        let at = format!("\"{}\"", deed.at.as_str());
        manifest.push_str(&entry(deed.guard, "guest-evil", &at, &format!("{limits}\n{config}")));
    }
    let bundle = written(guards, &manifest)?;
    Ok(Engine::load(bundle.path()).await?)
}

/// Brings a guard to the gate that misbehaves in `configure`, and holds the gate to refusing it.
pub(crate) async fn refuse(guards: &Path, deed: &str) -> Result<()> {
    let more = format!("limits = {{ configure = \"20ms\", memory = \"16MiB\" }}\nconfig = {{ do = \"{deed}\" }}");
    let bundle = written(guards, &entry("evil", "guest-evil", "\"output\"", &more))?;
    match Engine::load(bundle.path()).await {
        Ok(_) => bail!("expected `{deed}` to be refused, found that it was stationed"),
        Err(_) => Ok(()),
    }
}

fn manifest(banned: &str) -> String {
    let words = format!("config = {{ words = [\"{banned}\"] }}");
    [
        entry("small", "guest-small", "\"input\"", ""),
        entry("words", "guest-words", "\"input\"", &words),
        entry("secrets", "guard-secrets", "\"input\"", ""),
        entry("beside", "guest-small", "\"output\", \"tool-result\"", ""),
    ]
    .concat()
}

fn entry(name: &str, guard: &str, at: &str, more: &str) -> String {
    format!("[[guards]]\nname = \"{name}\"\nfile = \"{guard}.wasm\"\nat = [{at}]\n{more}\n")
}

/// Reports are not remembered: the traffic says the same things again and again, and every time a guard is to be asked.
const MEMO: &str = "[memo]\nsize = \"0B\"\n";

fn written(guards: &Path, manifest: &str) -> Result<TempDir> {
    let bundle = tempfile::tempdir()?;
    for name in CRATES {
        let artifact = guards.join(name).with_extension("wasm");
        fs::copy(&artifact, bundle.path().join(name).with_extension("wasm"))
            .with_context(|| format!("`{name}` is not built"))?;
    }
    fs::write(bundle.path().join("guardhouse.toml"), format!("bundle = \"soak\"\napi = 1\n{MEMO}{manifest}"))?;
    let permit = "@id(\"all\") @why(\"soak\") permit (principal, action, resource);\n";
    fs::write(bundle.path().join("all.cedar"), permit)?;
    Bundle::lock(bundle.path())?;
    Ok(bundle)
}
