//! A guard that misbehaves as its configuration says: `{"do": "loop", "when": "now"}`.
//!
//! The tests run it to see every limit of the host fire. With `when`, it misbehaves in `inspect` only on an item that has
//! that text in it, so that a test can also see the same stationed guard do right afterwards. With `obey`, as in
//! `{"obey": "imp"}`, the text itself names the deed: `imp do loop `. Doing right is to report every `evil` that the text
//! has.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard};

mod deed;
mod surroundings;

use deed::Deed;

/// The configuration.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    /// How to misbehave.
    #[serde(rename = "do", default)]
    deed: Deed,
    /// The text that an item must have for the guard to misbehave in `inspect`. None: it always does.
    #[serde(default)]
    when: Option<String>,
    /// The name by which a text calls on the guard to do a deed in `inspect`. None: texts do not.
    #[serde(default)]
    obey: Option<String>,
}

/// The guard.
struct Evil {
    deed: Deed,
    when: Option<String>,
    obey: Option<String>,
}

impl Evil {
    /// What to do with these parts.
    fn deed(&self, parts: &[Part]) -> Deed {
        let mut bodies = parts.iter().map(|part| part.body.as_str());
        match (&self.obey, &self.when) {
            (Some(name), _) => bodies.find_map(|body| Deed::told(name, body)).unwrap_or_default(),
            (None, Some(when)) if !bodies.any(|body| body.contains(when.as_str())) => Deed::None,
            (None, _) => self.deed,
        }
    }
}

impl Guard for Evil {
    type Config = Config;
    const ABOUT: About = About {
        name: "evil",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Misbehaves as it is told",
        categories: &["evil"],
        ..About::EVERY_TEXT
    };

    fn configure(Config { deed, when, obey }: Config) -> Result<Self, String> {
        deed.in_configure()?;
        Ok(Self { deed, when, obey })
    }

    fn reach(&self) -> Reach {
        Reach::within(0, 4, 0)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        match self.deed(parts) {
            Deed::SettledLength => vec![0; parts.len() + 1],
            Deed::SettledOutside => parts.iter().filter(|part| part.more_after).map(|_| u32::MAX).collect(),
            _ => Vec::new(),
        }
    }
}

impl TextGuard for Evil {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        if let Some(outcome) = self.deed(&item.parts).in_inspect(&item.parts) {
            return outcome;
        }
        let parts = item.parts.iter().enumerate();
        let places = parts.flat_map(|(index, part)| part.body.match_indices("evil").map(move |(at, _)| (index, at)));
        Ok(places
            .map(|(part, at)| Finding::new("word", "evil").message("the word itself").at(part, at..at + 4))
            .collect())
    }
}

guardhouse_guard::export!(Evil: text);
