//! A guard in a bundle of its own, as the engine loads it: the real path and the real sandbox.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, anyhow};
use guardhouse::{bundle::Bundle, decision::ReasonCode, engine::Engine, event::Event, sandbox::Runtime};

use crate::place::Scored;

/// Time that no check takes, however busy the machine is: a figure must not depend on that. All other limits are those
/// that a bundle has by default.
const LIMITS: &str = "deadline = \"60s\", wall = \"60s\"";

/// A guard that is ready to be asked.
pub(crate) struct Stationed {
    /// Which.
    pub(crate) scored: Scored,
    engine: Engine,
}

/// What a guard says of one event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The categories of its findings.
    pub(crate) categories: BTreeSet<String>,
    /// Their rules.
    pub(crate) rules: BTreeSet<String>,
    /// Why there is no report, in the host's words.
    pub(crate) failure: Option<String>,
}

impl Seen {
    /// Whether there is a finding.
    pub(crate) fn found(&self) -> bool {
        !self.categories.is_empty()
    }

    /// Adds what another guard saw.
    pub(crate) fn join(&mut self, other: Self) {
        self.categories.extend(other.categories);
        self.rules.extend(other.rules);
        self.failure = self.failure.take().or(other.failure);
    }
}

impl Stationed {
    /// Stations a guard; `None` if it is not built.
    pub(crate) async fn new(runtime: &Runtime, guards: &Path, scored: Scored) -> Result<Option<Self>> {
        let component = guards.join(format!("guard-{}.wasm", scored.name));
        if !component.is_file() {
            return Ok(None);
        }
        let bundle = tempfile::tempdir()?;
        let copy = bundle.path().join("guard.wasm");
        fs::copy(&component, &copy).with_context(|| format!("cannot copy `{}`", component.display()))?;
        let at: Vec<_> = scored.at.iter().map(|checkpoint| format!("\"{checkpoint}\"")).collect();
        let guard = format!("name = \"{}\"\nfile = \"guard.wasm\"\nat = [{}]", scored.name, at.join(", "));
        let manifest = format!("bundle = \"score\"\napi = 1\n[[guards]]\n{guard}\nlimits = {{ {LIMITS} }}\n");
        fs::write(bundle.path().join("guardhouse.toml"), manifest)?;
        // Whatever is found is let through: a reason in a decision is then a failure.
        let permit = "@id(\"all\") @why(\"scored\") permit (principal, action, resource);\n";
        fs::write(bundle.path().join("all.cedar"), permit)?;
        let told = |error: miette::Report| anyhow!("the guard `{}` is not stationed: {error:?}", scored.name);
        Bundle::lock(bundle.path()).map_err(|error| told(error.into()))?;
        let engine = Engine::load_in(runtime, bundle.path()).await.map_err(|error| told(error.into()))?;
        Ok(Some(Self { scored, engine }))
    }

    /// What it finds in an event, with at least this confidence.
    pub(crate) async fn see(&self, event: &Event, min_confidence: u8) -> Seen {
        let decision = self.engine.check(event).await;
        let mut seen = Seen::default();
        for finding in decision.findings {
            if u8::from(finding.confidence) >= min_confidence {
                seen.categories.insert(finding.category.to_string());
                seen.rules.insert(finding.rule);
            }
        }
        let failures = decision.reasons.iter().filter(|reason| reason.code != ReasonCode::Policy);
        seen.failure = failures.map(|reason| format!("{}: {}", reason.code, reason.message)).next();
        seen
    }

    /// The longest that one of its calls took, by the clock.
    pub(crate) fn longest(&self) -> Duration {
        self.engine.generation().guards().iter().map(|guard| guard.metrics().longest).max().unwrap_or_default()
    }
}
