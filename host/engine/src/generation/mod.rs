//! A generation: a bundle that was loaded, verified, compiled, configured and validated. Immutable.

mod secrets;
mod tools;

pub(crate) use tools::{ToolView, Tools};

use std::{collections::BTreeMap, sync::Arc};

use miette::Diagnostic;
use thiserror::Error;

use crate::{
    bundle::{Audit, Bundle, BundleError, BundleErrors, MANIFEST, PastLimit, limits_content},
    event::{Body, Source},
    guard::Guard,
    json::{Digest, Object, Value},
    judge::{Judge, JudgeError, PolicyDefect, Skeleton, SkeletonError},
    sandbox::{Memo, MemoMetrics, Runtime, RuntimeError},
    tools::{Credit, Integrity},
};

/// Everything that judges an event, made from one bundle. What its guards reported is remembered in it, which changes how
/// long they take and nothing else.
#[derive(Debug)]
pub struct Generation {
    name: String,
    digest: Digest,
    guards: Vec<Guard>,
    /// What the guards reported before.
    memo: Option<Arc<Memo>>,
    judge: Judge,
    sources: BTreeMap<Source, Credit>,
    tools: Tools,
    past_limit: PastLimit,
    audit: Audit,
}

/// Why nothing was loaded.
#[derive(Debug, Error, Diagnostic)]
pub enum LoadError {
    /// The bundle, or a guard of it, is not as it should be.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Bundle(#[from] BundleErrors),
    /// A policy is not as it should be.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Policies(#[from] JudgeError),
    /// The sandbox does not run on this machine.
    #[error(transparent)]
    Sandbox(#[from] RuntimeError),
}

impl Generation {
    /// Compiles, configures and validates a bundle. Nothing of it is kept if anything is wrong.
    ///
    /// # Errors
    /// Everything found wrong with its guards; or, these being sound, with its policies.
    pub async fn new(runtime: &Runtime, bundle: Bundle) -> Result<Self, LoadError> {
        let digest = digest_of(&bundle);
        let mut guards = Vec::with_capacity(bundle.artifacts.len());
        let mut errors = Vec::new();
        for (entry, artifact) in bundle.manifest.guards.iter().zip(&bundle.artifacts) {
            match Guard::new(runtime, entry, artifact).await {
                Ok(guard) => guards.push(guard),
                Err(error) => {
                    let message = format!("guard `{}`: {error}", entry.name);
                    errors.push(BundleError::at(MANIFEST, &bundle.manifest_text, entry.file.at.clone(), message));
                }
            }
        }
        for (guard, found) in secrets::in_configurations(&bundle.manifest.guards, &guards).await {
            let at = bundle.manifest.guards.iter().find(|entry| entry.name == guard).map(|entry| entry.file.at.clone());
            let message = format!("guard `{guard}`: field `config`: {found}");
            let error = BundleError::at(MANIFEST, &bundle.manifest_text, at.unwrap_or_default(), message);
            errors.push(error.help("a configuration is kept in the clear; give the guard a secret by a grant instead"));
        }
        if !errors.is_empty() {
            return Err(BundleErrors::new(bundle.directory, errors).into());
        }
        if guards.iter().any(Guard::looks_for_secrets) {
            guards.iter_mut().for_each(Guard::keep);
        }
        let memo = Memo::new(bundle.manifest.memo);
        if let Some(memo) = &memo {
            for guard in &mut guards {
                guard.remember(memo);
            }
        }
        let categories = guards.iter().flat_map(|guard| guard.categories().iter().cloned());
        let shapes = bundle.pins.iter().map(|(tool, pinned)| (tool.clone(), Arc::clone(pinned.arguments()))).collect();
        let judge = Judge::load(&bundle.policies, categories, &shapes)?;
        let manifest = bundle.manifest;
        Ok(Self {
            name: manifest.name,
            digest,
            guards,
            memo,
            judge,
            sources: manifest.sources,
            past_limit: manifest.past_limit,
            audit: manifest.audit,
            tools: Tools::new(manifest.tools, bundle.pins),
        })
    }

    /// The bundle's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The digest of what the bundle says: settings, guards, policies and pinned definitions, without paths and times.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The guards in the manifest's order.
    #[must_use]
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// How much of what its guards reported is remembered; `None` where the bundle says that nothing is.
    #[must_use]
    pub fn memo(&self) -> Option<MemoMetrics> {
        self.memo.as_ref().map(|memo| memo.metrics())
    }

    /// How many policies there are.
    #[must_use]
    pub fn policy_count(&self) -> usize {
        self.judge.policy_count()
    }

    /// The names of all forbids, `<file>:<@id>`, in order.
    #[must_use]
    pub fn forbids(&self) -> Vec<&str> {
        self.judge.forbids()
    }

    /// What is odd about the policies, but no error.
    #[must_use]
    pub fn lints(&self) -> &[PolicyDefect] {
        self.judge.lints()
    }

    /// The core schema as text, with the categories of the guards: what an author's editor validates policies against.
    #[must_use]
    pub fn schema(&self) -> &str {
        self.judge.schema()
    }

    /// The text of a new policy, and in it what it may read.
    ///
    /// # Errors
    /// As [`Judge::skeleton`].
    pub fn skeleton(&self, skeleton: &Skeleton<'_>) -> Result<String, SkeletonError> {
        self.judge.skeleton(skeleton)
    }

    /// The judge.
    pub(crate) const fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Whether the bundle trusts the text of an event. Text of tools and of the agent itself is never trusted.
    pub(crate) fn trusts(&self, body: &Body) -> bool {
        matches!(body, Body::Input { source, .. } if self.source(*source).integrity() == Integrity::Trusted)
    }

    /// What the bundle says of an input.
    pub(crate) fn source(&self, source: Source) -> Credit {
        self.sources.get(&source).cloned().unwrap_or_default()
    }

    /// What happens to a stream of which more is held than may be.
    #[must_use]
    pub const fn past_limit(&self) -> PastLimit {
        self.past_limit
    }

    /// How its decisions are recorded.
    #[must_use]
    pub const fn audit(&self) -> &Audit {
        &self.audit
    }

    /// What it makes of tools.
    pub(crate) const fn tools(&self) -> &Tools {
        &self.tools
    }
}

/// The digest over the normalised content: two directories that say the same have the same, wherever they are.
fn digest_of(bundle: &Bundle) -> Digest {
    let manifest = &bundle.manifest;
    let mut guards: Vec<Value> = Vec::new();
    for (entry, artifact) in manifest.guards.iter().zip(&bundle.artifacts) {
        let mut guard = Object::new();
        guard.insert("name", entry.name.as_str());
        guard.insert("artifact", artifact.digest.to_string());
        guard.insert("at", entry.at.iter().map(|checkpoint| checkpoint.as_str().into()).collect::<Vec<Value>>());
        guard.insert("on_failure", entry.on_failure.as_str());
        guard.insert("config", entry.config.clone());
        guard.insert("limits", limits_content(&entry.limits));
        guards.push(guard.into());
    }
    let mut policies = Object::new();
    for file in &bundle.policies {
        policies.insert(file.name.as_str(), Digest::of(&file.text).to_string());
    }
    let mut pins = Object::new();
    for (tool, definition) in &bundle.pins {
        pins.insert(tool.to_string(), definition.digest().to_string());
    }
    let sources = manifest.sources.iter().fold(Object::new(), |mut sources, (source, credit)| {
        let mut content = Object::new();
        credit.write("integrity", &mut content);
        sources.insert(source.as_str(), content);
        sources
    });
    let mut content = Object::new();
    content.insert("bundle", manifest.name.as_str());
    content.insert("guards", guards);
    content.insert("sources", sources);
    content.insert("tools", manifest.tools.content());
    if manifest.past_limit == PastLimit::Release {
        content.insert("streams", "release");
    }
    if let Some(audit) = manifest.audit.content.normalised() {
        content.insert("audit", audit);
    }
    content.insert("policies", policies);
    content.insert("pins", pins);
    Value::from(content).digest()
}
