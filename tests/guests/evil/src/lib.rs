//! A guard that misbehaves as its configuration says: `{"do": "loop", "when": "now"}`.
//!
//! The tests run it to see every limit of the host fire. With `when`, it misbehaves in `inspect` only on an item that has
//! that text in it, so that a test can also see the same stationed guard do right afterwards. Doing right is to report
//! every `evil` that the text has.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard};

mod deed;

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
}

/// The guard.
struct Evil {
    deed: Deed,
    when: Option<String>,
}

impl Evil {
    /// Whether this is the time to misbehave.
    fn is_time(&self, parts: &[Part]) -> bool {
        self.when.as_ref().is_none_or(|when| parts.iter().any(|part| part.body.contains(when.as_str())))
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

    fn configure(Config { deed, when }: Config) -> Result<Self, String> {
        deed.in_configure()?;
        Ok(Self { deed, when })
    }

    fn reach(&self) -> Reach {
        Reach::within(0, 4, 0)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        match self.deed {
            Deed::SettledLength if self.is_time(parts) => vec![0; parts.len() + 1],
            Deed::SettledOutside if self.is_time(parts) => {
                parts.iter().filter(|part| part.more_after).map(|_| u32::MAX).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl TextGuard for Evil {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        if self.is_time(&item.parts)
            && let Some(outcome) = self.deed.in_inspect(&item.parts)
        {
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
