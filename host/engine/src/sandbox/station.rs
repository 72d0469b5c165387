//! A stationed guard as the sandbox sees it: its code and the image that its checks begin with.

use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime::component::{ComponentExportIndex, ComponentNamedList, Lower};

use super::{
    cache::EntryName,
    compiled::{Compiled, Guest},
    contract::{Call, Definition, Description, Item, Reach, Report},
    failure::{Failure, FailureCause, StationError},
    fresh::{Fresh, Slot},
    kept::{self, KeptImage},
    limits::Limits,
    memo::{GuardMemo, Memo, Place},
    metrics::{Counters, GuardMetrics},
    runtime::Runtime,
};
use crate::json::Digest;

/// A guard that was compiled, configured and found to fulfil the contract. Every check gets an instance of its own.
pub struct Station {
    runtime: Runtime,
    name: Arc<str>,
    limits: Limits,
    description: Description,
    reach: Reach,
    /// Held so that the next guard of the same code finds it.
    _code: Arc<Compiled>,
    guest: Guest,
    configured: Configured,
    counters: Counters,
    /// Reports of earlier checks, where they are remembered.
    memo: Option<GuardMemo>,
    /// The slots that it may hold at once.
    share: Semaphore,
    /// What the cache could keep of the configuration, until it is known to hold no secret.
    unkept: Option<(EntryName, Vec<u8>)>,
}

/// How the instances of a guard are configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Configured {
    /// Once, at its station: every check begins with a copy of the memory that `configure` left behind.
    Once {
        /// Bytes of that memory, in blocks of 4 KiB that are not all zeros.
        snapshot: usize,
    },
    /// Anew in every check.
    PerCheck {
        /// What keeps it from being configured once, such as `an instruction that changes a table`.
        because: String,
        /// What `configure` gets.
        configuration: String,
    },
}

impl Station {
    /// Compiles `artifact` (or takes the code that another guard has of it), holds it against the contract, asks it to
    /// describe itself and configures it.
    ///
    /// Compiling takes from milliseconds to seconds on the calling thread: do it off the request path.
    ///
    /// # Errors
    /// [`StationError`], which says what was expected and what was found.
    pub async fn new(
        runtime: &Runtime,
        name: &str,
        artifact: &[u8],
        configuration: String,
        limits: Limits,
    ) -> Result<Self, StationError> {
        let code = Compiled::of(runtime, artifact, &limits)?;
        let name = Arc::from(name);
        let engine = runtime.engine(limits.stack)?;
        let entry = runtime.cache().map(|cache| (cache, kept::image_name(engine, code.digest, &configuration)));
        let kept = entry.and_then(|(cache, name)| KeptImage::read(cache, name));
        let mut unkept = None;
        let kept = match kept {
            Some(kept) if kept.snapshot <= limits.snapshot => Some(kept),
            _ => {
                let made = configured_once(runtime, &name, &code, artifact, &configuration, &limits).await?;
                unkept = entry.zip(made.as_ref()).map(|((_, name), made)| (name, made.entry()));
                made
            }
        };
        let (guest, description, reach, configured) = if let Some(kept) = kept {
            let guest = code.with_image(&kept.image)?;
            begins(runtime, &name, &guest, &limits).await?;
            (guest, kept.description, kept.reach, Configured::Once { snapshot: kept.snapshot })
        } else {
            let guest = code.whole()?;
            let description = describe(runtime, &name, &guest, &limits).await?;
            let (_, reach) = configure(runtime, &name, &guest, &configuration, &limits).await?;
            let because = code.parted(artifact).err().map(ToString::to_string).unwrap_or_default();
            (guest, description, reach, Configured::PerCheck { because, configuration })
        };
        let share = Semaphore::new(runtime.share());
        let (runtime, counters) = (runtime.clone(), Counters::default());
        Ok(Self {
            runtime,
            name,
            limits,
            description,
            reach,
            _code: code,
            guest,
            configured,
            counters,
            memo: None,
            share,
            unkept,
        })
    }

    /// Lets the cache keep what the configuration came to. Only for a configuration that was found to hold no secret:
    /// the cache has it in the clear.
    pub(crate) fn keep(&mut self) {
        if let (Some(cache), Some((name, entry))) = (self.runtime.cache(), self.unkept.take()) {
            cache.write(name, &entry);
        }
    }

    /// Remembers reports from now on. `configured` is the digest of the artifact and the configuration.
    ///
    /// INVARIANT: no guard is granted anything in this version, so each is a function of what it is given. One that can see
    /// more than that must not get here.
    pub(crate) fn remember(&mut self, memo: &Arc<Memo>, configured: Digest) {
        self.memo = Some(memo.of(configured, &self.limits));
    }

    /// The guard's name in the bundle.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What one check may use.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How its instances are configured.
    #[must_use]
    pub const fn configured(&self) -> &Configured {
        &self.configured
    }

    /// What its checks have come to, since it was stationed.
    #[must_use]
    pub fn metrics(&self) -> GuardMetrics {
        self.counters.read()
    }

    /// Counts a check that failed outside the sandbox: the guard was not asked, or its report is refused.
    pub(crate) fn count_failure(&self, cause: FailureCause) {
        self.counters.failed(cause);
    }

    /// What the guard says of itself.
    pub(crate) const fn description(&self) -> &Description {
        &self.description
    }

    /// How far the text around a position can influence what it finds, by its own word.
    pub(crate) const fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether it exports the `text-guard` interface.
    pub(crate) const fn inspects_text(&self) -> bool {
        self.guest.exports.text.is_some()
    }

    /// Whether it exports the `call-guard` interface.
    pub(crate) const fn inspects_calls(&self) -> bool {
        self.guest.exports.call.is_some()
    }

    /// Whether it exports the `definition-guard` interface.
    pub(crate) const fn inspects_definitions(&self) -> bool {
        self.guest.exports.definition.is_some()
    }

    /// `text-guard.inspect` in a fresh instance, unless the report is remembered.
    pub(crate) async fn inspect_text(&self, item: Item<'_>) -> Result<Report, Failure> {
        let place = self.memo.as_ref().map(|memo| memo.place(&item));
        self.inspect(self.guest.exports.text.as_ref(), place, (item,)).await
    }

    /// `call-guard.inspect` in a fresh instance, unless the report is remembered.
    pub(crate) async fn inspect_call(&self, call: Call<'_>) -> Result<Report, Failure> {
        let place = self.memo.as_ref().map(|memo| memo.place(&call));
        self.inspect(self.guest.exports.call.as_ref(), place, (call,)).await
    }

    /// `definition-guard.inspect` in a fresh instance, unless the report is remembered.
    pub(crate) async fn inspect_definition(&self, definition: Definition<'_>) -> Result<Report, Failure> {
        let place = self.memo.as_ref().map(|memo| memo.place(&definition));
        self.inspect(self.guest.exports.definition.as_ref(), place, (definition,)).await
    }

    async fn inspect<P>(
        &self,
        export: Option<&ComponentExportIndex>,
        place: Option<Place<'_>>,
        params: P,
    ) -> Result<Report, Failure>
    where
        P: ComponentNamedList + Lower + Send + Sync,
    {
        if let Some((report, took)) = place.as_ref().and_then(Place::report) {
            self.counters.hit(took);
            return Ok(report);
        }
        let Some(export) = export else {
            return Err(Failure::new(FailureCause::Unavailable, "expected an exported `inspect`, found none"));
        };
        let slot = Slot::wait(&self.runtime, Some(&self.share)).await?;
        let mut fresh = Fresh::new(slot, &self.name, &self.guest, &self.limits).await?;
        if let Configured::PerCheck { configuration, .. } = &self.configured {
            (fresh, _) = fresh.configured(configuration).await?;
        }
        if place.is_some() {
            self.counters.missed();
        }
        let (report, took) = fresh.inspect(export, params, &self.counters).await?;
        if let Some(place) = place {
            place.keep(&report, took);
        }
        Ok(report)
    }
}

/// Describes and configures a guard that can be parted; `None` for one that cannot.
async fn configured_once(
    runtime: &Runtime,
    name: &Arc<str>,
    code: &Compiled,
    artifact: &[u8],
    configuration: &str,
    limits: &Limits,
) -> Result<Option<KeptImage>, StationError> {
    let Ok(parted) = code.parted(artifact) else { return Ok(None) };
    let initial = code.initial(parted)?;
    let description = describe(runtime, name, &initial, limits).await?;
    let (fresh, reach) = configure(runtime, name, &initial, configuration, limits).await?;
    let (image, snapshot) = fresh.captured(parted, &limits.at_station()).await.map_err(failed("configure"))?;
    Ok(Some(KeptImage { description, reach, snapshot, image }))
}

/// Sees that a check can begin: with the image that there is, within the limits of a check.
async fn begins(runtime: &Runtime, name: &Arc<str>, guest: &Guest, limits: &Limits) -> Result<(), StationError> {
    let slot = Slot::wait(runtime, None).await.map_err(failed("configure"))?;
    Fresh::new(slot, name, guest, limits).await.map_err(failed("configure"))?.conforms()
}

async fn describe(
    runtime: &Runtime,
    name: &Arc<str>,
    guest: &Guest,
    limits: &Limits,
) -> Result<Description, StationError> {
    let slot = Slot::wait(runtime, None).await.map_err(failed("describe"))?;
    let fresh = Fresh::new(slot, name, guest, &limits.at_station()).await.map_err(failed("describe"))?;
    fresh.describe().await
}

async fn configure<'a>(
    runtime: &'a Runtime,
    name: &Arc<str>,
    guest: &'a Guest,
    configuration: &str,
    limits: &Limits,
) -> Result<(Fresh<'a>, Reach), StationError> {
    let slot = Slot::wait(runtime, None).await.map_err(failed("configure"))?;
    let fresh = Fresh::new(slot, name, guest, &limits.at_station()).await.map_err(failed("configure"))?;
    fresh.configured(configuration).await.map_err(failed("configure"))
}

fn failed(function: &'static str) -> impl Fn(Failure) -> StationError {
    move |failure| StationError::Failed { function, failure }
}

impl std::fmt::Debug for Station {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Station")
            .field("name", &self.name)
            .field("limits", &self.limits)
            .field("configured", &self.configured)
            .finish_non_exhaustive()
    }
}
