//! Finds the places by which data can leave: URLs, images, links.
//!
//! * `rules`: the table of what is reported. Start here.
//! * `candidate`: where URLs may stand, in one pass over the text: what begins one (`scheme`, `admission`), how it is used
//!   (`place`) by what syntax (`markdown`, `html`), where it ends (`extent`).
//! * `address`: what the WHATWG parser makes of a candidate.
//! * `evidence`: what in a URL says that it carries data, with `encoded` (text in base64, hex, base32) and `words`.
//! * `internal`, `deceptive`: addresses that lead inside, and hosts that are not what they seem.
//! * `weigh`: from all of these to findings.
//! * `config`: what a bundle may set. `settle`: how far a stream is done. `bounds`: how far any search looks.
//!
//! A URL is judged for each category by itself, so that a policy on one does not depend on what another says of it: an
//! image may be from an untrusted host and carry data. Findings of one category do not overlap.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard, view};

mod address;
mod admission;
mod bounds;
mod candidate;
mod config;
mod deceptive;
mod encoded;
mod evidence;
mod extent;
mod html;
mod internal;
mod markdown;
mod place;
mod rules;
mod scheme;
mod settle;
mod weigh;
mod words;

pub use config::{Config, Images, Sizes};

use config::Settings;
use weigh::Hit;

/// The guard.
#[derive(Debug)]
pub struct Egress {
    settings: Settings,
}

impl Guard for Egress {
    type Config = Config;
    const ABOUT: About = About {
        name: "egress",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds the places by which data can leave: URLs, images, links",
        categories: rules::CATEGORIES,
        views: &[view::UNESCAPED, view::UNHIDDEN],
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        Ok(Self { settings: Settings::read(&config)? })
    }

    fn reach(&self) -> Reach {
        Reach::within(narrow(bounds::BEFORE), narrow(bounds::LONGEST), narrow(bounds::AFTER))
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let open = parts.iter().filter(|part| part.more_after);
        open.map(|part| narrow(settle::settled(part.body.as_bytes()))).collect()
    }
}

impl TextGuard for Egress {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            findings.extend(self.find(&part.body).into_iter().map(|hit| hit.finding(index)));
        }
        Ok(findings)
    }
}

impl Egress {
    /// The hits in a text, in order.
    fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        for candidate in candidate::candidates(text.as_bytes(), 0) {
            weigh::weigh(&self.settings, text, &candidate, &mut hits);
        }
        without_overlap(hits)
    }
}

/// Leaves out each hit that begins inside an earlier one of its category. That one counts even if it is left out itself:
/// so what is reported at a place depends on no more than the length of a finding before it.
fn without_overlap(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.span.end)));
    let mut ends = [0; rules::CATEGORIES.len()];
    hits.retain(|hit| {
        let category = rules::CATEGORIES.iter().position(|category| *category == hit.rule.category).unwrap_or_default();
        let end = ends[category];
        ends[category] = end.max(hit.span.end);
        hit.span.start >= end
    });
    hits
}

/// An offset as the contract has it.
fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

guardhouse_guard::export!(Egress: text);
