//! Finds credentials in text: keys, tokens, passwords.
//!
//! * `rules`: the table of what is looked for, with the source of each format. Start here.
//! * `opener`: the one pass that finds what begins with a word of its own; `token`, `jwt`, `pem` and `command` say what does.
//! * `aws`, `bots`, `marked`: secrets that are known by what stands before them or by a mark inside.
//! * `assignment`: values assigned to a name; `names` and `values` say what these must be like. `url`: passwords in URLs.
//! * `worth`: whether a value can be a secret at all: entropy and placeholders. `checksum`, `base64`: what else tells.
//! * `scan`: what has been seen so far. `runs`, `pairs`, `work`: what makes it fast, and how that is tested. `overlap`: what is reported of it.
//!
//! Every search is linear in the text: how far any of them looks from one position is bounded by a constant or remembered.
//! A finding covers the secret and nothing beside it, so that a repaired text still shows which setting it was.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard, view};

mod assignment;
mod aws;
mod base64;
mod bots;
mod checksum;
mod command;
mod jwt;
mod marked;
mod names;
mod opener;
mod overlap;
mod pairs;
mod pem;
mod rules;
mod runs;
mod scan;
mod token;
mod url;
mod values;
mod work;
mod worth;

use rules::Rule;
use scan::{Hit, Scan};
use worth::Worth;

/// Bytes before a secret that can influence whether it is one: a secret that it lies in, and in front of that what leads to
/// it. The longest that leads to one is a command, its option and a user name.
const BEFORE: u32 = 512 + 288;

/// Bytes of the longest secret that is found: a PEM key. An RSA key of 16,384 bits has 12.7 KB of PEM.
const LONGEST: u32 = 16 << 10;

/// Bytes after a secret that can influence whether it is one: those of another that begins in it and may outlast it.
const AFTER: u32 = LONGEST;

/// How many bytes at the end of a text are looked at to say how far it is settled: what is open begins in the last of three
/// lengths, what that could change in the second, and what leads to it in the first.
const UNSETTLED: usize = 3 * LONGEST as usize;

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

impl Guard for Secrets {
    type Config = Config;
    const ABOUT: About = About {
        name: "secrets",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds credentials: keys, tokens, passwords",
        categories: &["secret"],
        views: view::ALL,
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
        Reach::within(BEFORE, LONGEST, AFTER)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let open = parts.iter().filter(|part| part.more_after);
        open.map(|part| u32::try_from(self.settled_in(&part.body)).unwrap_or(u32::MAX)).collect()
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
        overlap::resolve(self.scan(text).hits)
    }

    /// Up to where no finding can begin in a text that could still change, whatever follows.
    fn settled_in(&self, text: &str) -> usize {
        let from = text.floor_char_boundary(text.len().saturating_sub(UNSETTLED));
        let scan = self.scan(&text[from..]);
        from + overlap::settled(&scan.hits, scan.open)
    }

    /// Everything in a text that a rule calls a secret and the configuration does not allow.
    fn scan<'text>(&self, text: &'text str) -> Scan<'text> {
        let mut scan = Scan::new(text.as_bytes(), self.worth);
        // The most telling first: where two cover the same bytes, the first one found stands.
        opener::find(&mut scan);
        aws::find(&mut scan);
        bots::find(&mut scan);
        marked::find(&mut scan);
        assignment::find(&mut scan);
        scan.hits.retain(|hit| !self.is_allowed(hit, text));
        scan
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
            .confidence(self.confidence)
            .message(self.rule.what)
            .at(part, self.span)
    }
}

guardhouse_guard::export!(Secrets: text);
