//! Finds text that a person does not see but a model reads.
//!
//! * `rules`: the table of what is looked for, with the source of each. Start here.
//! * `character`: the invisible characters of Unicode, and the one pass that finds them.
//! * `script`: which scripts have a use for them.
//! * `run`: runs of them, and single ones in a word.
//! * `bidi`: controls that reorder text.
//! * `terminal`: what a terminal conceals, erases or swallows.
//! * `markup`: elements, comments and attributes that a page does not show, with `tag` and `style` to read them and
//!   `markdown` for the same there.
//! * `prose`: whether a hidden text has words.
//! * `piece`: findings out of all that, none overlapping another.
//! * `effort`: the test that all this is linear.
//!
//! Every search is linear in the text: how far any of them looks from one position is bounded by `LONGEST`, and what is
//! looked at more than once by a constant. A finding depends on the text close by and on nothing else, so that it is the
//! same however a stream was cut.

use guardhouse_guard::{About, Finding, Guard, Item, Part, Reach, TextGuard, view};

mod bidi;
mod character;
mod effort;
mod markdown;
mod markup;
mod piece;
mod prose;
mod rules;
mod run;
mod scan;
mod script;
mod style;
mod tag;
mod terminal;

use rules::Rule;
use scan::Scan;

/// Bytes of the longest finding. What is hidden at greater length is reported for its first part; invisible characters
/// behind it one by one.
pub(crate) const LONGEST: usize = 4096;

/// Bytes in front of the start of a finding that can influence it: a hidden element that began [`LONGEST`] before, and what
/// that one depends on.
const BEFORE: u32 = 4096 + 512;

/// Bytes behind a finding that can influence it: one that another cuts short still depends on all that it would hide.
const AFTER: u32 = 4096 + 512;

/// Findings that are reported at most in one check. The host takes 65,536 if a bundle allows as many and refuses a report with
/// one more, so that what is left out is never passed over in silence.
const MOST: usize = 65_537;

/// The configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Comments that begin with one of these are never reported, white space in front left aside: `START doctoc`.
    pub allow_comments: Vec<String>,
    /// Identifiers of rules that are switched off.
    pub disabled: Vec<String>,
}

/// The guard.
#[derive(Debug)]
pub struct HiddenText {
    allow_comments: Vec<String>,
    disabled: Vec<&'static Rule>,
}

impl Guard for HiddenText {
    type Config = Config;
    const ABOUT: About = About {
        name: "hidden-text",
        version: env!("CARGO_PKG_VERSION"),
        summary: "Finds text that a person does not see but a model reads",
        categories: &[rules::TEXT, rules::MARKUP, rules::COMMENT],
        views: &[view::UNESCAPED],
        ..About::EVERY_TEXT
    };

    fn configure(config: Config) -> Result<Self, String> {
        if config.allow_comments.iter().any(|prefix| prefix.trim().is_empty()) {
            return Err("`allow_comments`: an empty prefix would allow every comment".to_string());
        }
        let find = |id: &String| rules::find(id).ok_or_else(|| format!("`disabled`: there is no rule `{id}`"));
        Ok(Self {
            disabled: config.disabled.iter().map(find).collect::<Result<_, _>>()?,
            allow_comments: config.allow_comments,
        })
    }

    fn reach(&self) -> Reach {
        let longest = u32::try_from(LONGEST).unwrap_or(u32::MAX);
        Reach::within(BEFORE, longest, AFTER)
    }

    fn settled(&self, parts: &[Part]) -> Vec<u32> {
        let offset = |part: &Part| u32::try_from(self.settled_in(part)).unwrap_or_default();
        parts.iter().filter(|part| part.more_after).map(offset).collect()
    }
}

impl TextGuard for HiddenText {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            let pieces = piece::all(self.scan(part, &part.body));
            findings.extend(pieces.into_iter().take(MOST - findings.len()).map(|piece| piece.finding(index)));
        }
        Ok(findings)
    }
}

impl HiddenText {
    /// All that is hidden in a text of this part.
    fn scan<'a>(&'a self, part: &Part, text: &'a str) -> Scan<'a> {
        let mut scan = Scan::new(text, part.more_after, &self.disabled, &self.allow_comments);
        character::find(&mut scan);
        // What an escape spells is not markup any more: `&lt;!-- … --&gt;` shows the comment.
        if part.view == "original" {
            markup::find(&mut scan);
        }
        scan
    }

    /// How far a part is settled. Whatever is undecided began at most [`LONGEST`] bytes before the end, and what that may
    /// yet change began at most as far before it.
    fn settled_in(&self, part: &Part) -> usize {
        let body = &part.body;
        let from = body.ceil_char_boundary(body.len().saturating_sub(2 * LONGEST + BEFORE as usize));
        let scan = self.scan(part, &body[from..]);
        from + piece::settled(scan)
    }
}

guardhouse_guard::export!(HiddenText: text);
