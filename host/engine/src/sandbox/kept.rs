//! What the cache keeps of a guard: its code, and the outcome of one configuration.

use wasmtime::{Engine, component::Component};

use super::{
    cache::{Cache, EntryName},
    contract::{Description, Reach},
    snapshot::Whole,
};
use crate::json::{self, Digest, Object, Value};

/// The formats below, and what [`super::snapshot`] makes: entries of another are never looked at.
const CODE: &str = "guardhouse code 1";
const IMAGE: &str = "guardhouse image 2";

/// Compiled code as it is kept.
pub(super) struct KeptCode {
    pub(super) component: Component,
    /// Why it could not be parted, if it could not.
    pub(super) whole: Option<Whole>,
}

/// The name of the code of an artifact.
pub(super) fn code_name(engine: &Engine, artifact: Digest) -> EntryName {
    EntryName::of(CODE, engine, &[artifact.as_bytes()])
}

/// The name of what a configuration of an artifact comes to.
pub(super) fn image_name(engine: &Engine, artifact: Digest, configuration: &str) -> EntryName {
    EntryName::of(IMAGE, engine, &[artifact.as_bytes(), Digest::of(configuration).as_bytes()])
}

impl KeptCode {
    /// Reads compiled code.
    pub(super) fn read(cache: &Cache, name: EntryName, engine: &Engine) -> Option<Self> {
        let entry = cache.read(name)?;
        let (whole, code) = split(&entry)?;
        let whole = (!whole.is_empty()).then(|| Whole::because(&String::from_utf8_lossy(whole)));
        // SAFETY: wasmtime loads compiled code as it is, and asks that it is its own. The entry's keyed digest says that it
        // is what a process of this user wrote, under a name that holds wasmtime's version and settings.
        #[expect(unsafe_code, reason = "wasmtime has no other way to load compiled code")]
        let component = unsafe { Component::deserialize(engine, code) };
        match component {
            Ok(component) => Some(Self { component, whole }),
            Err(error) => {
                tracing::warn!(%error, "code in the cache does not load: compiled anew");
                None
            }
        }
    }

    /// Keeps compiled code.
    pub(super) fn write(&self, cache: &Cache, name: EntryName) {
        match self.component.serialize() {
            Ok(code) => {
                let whole = self.whole.as_ref().map(ToString::to_string).unwrap_or_default();
                cache.write(name, &joined(whole.as_bytes(), &code));
            }
            Err(error) => tracing::warn!(%error, "compiled code cannot be kept"),
        }
    }
}

/// What a parted guard's configuration came to.
pub(super) struct KeptImage {
    pub(super) description: Description,
    /// What `configure` answered.
    pub(super) reach: Reach,
    /// Bytes of memory in the image.
    pub(super) snapshot: usize,
    /// The image that checks begin with.
    pub(super) image: Vec<u8>,
}

impl KeptImage {
    /// Reads the outcome of a configuration.
    pub(super) fn read(cache: &Cache, name: EntryName) -> Option<Self> {
        let entry = cache.read(name)?;
        let (about, image) = split(&entry)?;
        let Value::Object(about) = json::parse(about).ok()? else { return None };
        let text = |key| about.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key| {
            let words = about.get(key)?.as_array()?.iter().map(|word| word.as_str().map(str::to_owned));
            words.collect::<Option<Vec<_>>>()
        };
        let description = Description {
            name: text("name")?,
            version: text("version")?,
            summary: text("summary")?,
            config_schema: text("config_schema")?,
            categories: list("categories")?,
            checkpoints: list("checkpoints")?,
            media_types: list("media_types")?,
            views: list("views")?,
        };
        let number = |key| text(key)?.parse().ok();
        let reach = Reach {
            before: number("before")?,
            longest: if about.get("longest").is_some() { Some(number("longest")?) } else { None },
            after: number("after")?,
        };
        let snapshot = text("snapshot")?.parse().ok()?;
        Some(Self { description, reach, snapshot, image: image.to_vec() })
    }

    /// The entry for the cache.
    pub(super) fn entry(&self) -> Vec<u8> {
        let mut about = Object::new();
        let of = &self.description;
        for (key, text) in [
            ("name", &of.name),
            ("version", &of.version),
            ("summary", &of.summary),
            ("config_schema", &of.config_schema),
        ] {
            about.insert(key, text.as_str());
        }
        for (key, words) in [
            ("categories", &of.categories),
            ("checkpoints", &of.checkpoints),
            ("media_types", &of.media_types),
            ("views", &of.views),
        ] {
            about.insert(key, words.iter().map(|word| word.as_str().into()).collect::<Vec<Value>>());
        }
        about.insert("before", self.reach.before.to_string());
        if let Some(longest) = self.reach.longest {
            about.insert("longest", longest.to_string());
        }
        about.insert("after", self.reach.after.to_string());
        about.insert("snapshot", self.snapshot.to_string());
        joined(Value::from(about).to_string().as_bytes(), &self.image)
    }
}

/// Two pieces: the length of the first in eight bytes, little-endian, and both.
fn joined(first: &[u8], second: &[u8]) -> Vec<u8> {
    [&(first.len() as u64).to_le_bytes()[..], first, second].concat()
}

fn split(entry: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = entry.split_first_chunk::<8>()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}
