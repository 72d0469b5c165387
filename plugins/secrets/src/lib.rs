//! Finds credentials in text: keys, tokens, passwords.
//!
//! * `rules`: the table of what is looked for, with the source of each format. Start here.
//! * `token`: keys that begin with a prefix of their own, found in one pass.
//! * `structure`: credentials with an inner structure: JWT, PEM, bot tokens, AWS secrets beside their id.
//! * `url`: passwords in URLs.
//! * `assignment`: values assigned to a name that says what they are.
//! * `pairs`: the first look that makes the search for many words fast.
//! * `worth`: whether a value can be a secret at all: entropy and placeholders.
//!
//! Every search is linear in the text: how far any of them looks from one position is bounded by a constant. A finding
//! covers the secret and nothing beside it, so that a repaired text still shows which setting it was.

use std::ops::Range;

use guardhouse_guard::{About, Finding, Guard, Item, Reach, TextGuard};

mod assignment;
mod pairs;
mod rules;
mod structure;
mod token;
mod url;
mod worth;

use rules::Rule;
use worth::Worth;

/// Bytes before a secret that can influence whether it is one: the user name and scheme of a URL, or an AWS key id and what
/// lies between it and its secret.
const BEFORE: u32 = 640;

/// Bytes after a secret that can influence whether it is one: where the authority of a URL ends.
const AFTER: u32 = 640;

/// The configuration.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How random a value must look to be taken for a secret because of its name alone, in bits of Shannon entropy per
    /// byte, from 0 to 8. Values that have a format of their own do not depend on it.
    pub entropy: f64,
    /// Values that are never reported, written exactly.
    pub allow: Vec<String>,
    /// Values that begin with one of these are never reported.
    pub allow_prefixes: Vec<String>,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        // 3.5 lies between identifiers of people's making (seldom above 3.3 at 16 bytes) and random hex (3.6 and more).
        Self { entropy: 3.5, allow: Vec::new(), allow_prefixes: Vec::new(), disabled: Vec::new() }
    }
}

/// The guard.
#[derive(Debug)]
pub struct Secrets {
    worth: Worth,
    allow: Vec<String>,
    allow_prefixes: Vec<String>,
    disabled: Vec<&'static Rule>,
}

/// A secret in a text.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    rule: &'static Rule,
    span: Range<usize>,
}

impl Guard for Secrets {
    type Config = Config;
    const ABOUT: About = About {
        name: "secrets",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds credentials: keys, tokens, passwords",
        categories: &["secret"],
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        if !(0.0..=8.0).contains(&config.entropy) {
            return Err(format!("`entropy`: expected bits per byte from 0 to 8, found {}", config.entropy));
        }
        if config.allow_prefixes.iter().any(String::is_empty) {
            return Err("`allow_prefixes`: an empty prefix would allow every secret".to_string());
        }
        let find = |id: &String| rules::find(id).ok_or_else(|| format!("`disabled`: there is no rule `{id}`"));
        Ok(Self {
            worth: Worth { entropy: config.entropy },
            allow: config.allow,
            allow_prefixes: config.allow_prefixes,
            disabled: config.disabled.iter().map(find).collect::<Result<_, _>>()?,
        })
    }

    fn reach(&self) -> Reach {
        Reach::within(BEFORE, structure::LONGEST, AFTER)
    }
}

impl TextGuard for Secrets {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            findings.extend(self.find(&part.body).into_iter().map(|hit| hit.finding(index)));
        }
        Ok(findings)
    }
}

impl Secrets {
    /// The secrets in a text, in order, none overlapping another.
    fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        // The most telling first: where two overlap, the first one found stands.
        token::find(text, &mut hits);
        structure::find(text, &mut hits);
        url::find(text, self.worth, &mut hits);
        assignment::find(text, self.worth, &mut hits);
        hits.retain(|hit| !self.is_allowed(hit, text));
        without_overlap(hits)
    }

    /// Whether the configuration says not to report this.
    fn is_allowed(&self, hit: &Hit, text: &str) -> bool {
        let secret = text.get(hit.span.clone()).unwrap_or_default();
        self.disabled.iter().any(|rule| rule.id == hit.rule.id)
            || self.allow.iter().any(|value| value == secret)
            || self.allow_prefixes.iter().any(|prefix| secret.starts_with(prefix.as_str()))
    }
}

impl Hit {
    /// The finding for a hit in the part with this index.
    fn finding(self, part: usize) -> Finding {
        Finding::new(self.rule.id, "secret")
            .severity(self.rule.severity)
            .confidence(self.rule.confidence)
            .message(self.rule.what)
            .at(part, self.span)
    }
}

/// Of hits that overlap, keeps the one that stands first in the list; the rest come back in the order of the text.
fn without_overlap(hits: Vec<Hit>) -> Vec<Hit> {
    let mut ranked: Vec<(usize, Hit)> = hits.into_iter().enumerate().collect();
    ranked.sort_by_key(|(rank, hit)| (hit.span.start, *rank));
    let mut kept: Vec<(usize, Hit)> = Vec::with_capacity(ranked.len());
    for (rank, hit) in ranked {
        match kept.last_mut() {
            Some((last_rank, last)) if hit.span.start < last.span.end => {
                if rank < *last_rank {
                    (*last_rank, *last) = (rank, hit);
                }
            }
            _ => kept.push((rank, hit)),
        }
    }
    kept.into_iter().map(|(_, hit)| hit).collect()
}

guardhouse_guard::export!(Secrets: text);
