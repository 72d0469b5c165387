//! Reports what regular expressions match.
//!
//! Compiling them is slow, so `configure` does it, and searches a few samples with them too, because their automata are
//! built while they search. The host keeps what that leaves in memory, and every check begins with it. As scanners for
//! secrets do, the guard looks for the keywords of all expressions at once, and searches only with those that can match.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use guardhouse_guard::{About, Finding, Guard, Item, TextGuard};
use regex::Regex;

/// Texts whose search builds the states that ordinary texts need.
const SAMPLES: [&str; 3] = [
    "The quick brown fox jumps over the lazy dog, 12:30 on 2024-01-31; see https://example.com/a?b=c#d or call +44 20 7946 0018.",
    "Dear Sir or Madam, the order AB-1234567 (three boxes, 4.50 each) was shipped to 221B Baker Street; mail a.b@example.org!",
    "{\"name\": \"value\", \"list\": [1, 2.5, -3e4, true, null], \"text\": \"It isn't; is it?\\n\"} <p>One & two</p> \u{2014} caf\u{e9}",
];

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    rules: Vec<Rule>,
}

/// What is looked for.
#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// In the syntax of the crate `regex`.
    expression: String,
    /// Text, in any case of ASCII letters, without which the expression cannot match. None: it is always searched with.
    keyword: Option<String>,
}

struct Expressions {
    always: Vec<Regex>,
    /// In the order of `keywords`.
    keyed: Vec<Regex>,
    keywords: AhoCorasick,
}

impl Guard for Expressions {
    type Config = Config;
    const ABOUT: About = About { name: "expressions", categories: &["expression"], ..About::EVERY_TEXT };

    fn configure(Config { rules }: Config) -> Result<Self, String> {
        let (keyed, always): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.keyword.is_some());
        let compiled = |rules: &[Rule]| rules.iter().map(|rule| Regex::new(&rule.expression)).collect::<Result<_, _>>();
        let keywords = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            // Its table is only ever read: lazily built ones cost every check a copy of what they write.
            .kind(Some(AhoCorasickKind::DFA))
            .build(keyed.iter().filter_map(|rule| rule.keyword.as_deref()))
            .map_err(|error| error.to_string())?;
        let always = compiled(&always).map_err(|error: regex::Error| error.to_string())?;
        let keyed = compiled(&keyed).map_err(|error: regex::Error| error.to_string())?;
        let guard = Self { always, keyed, keywords };
        for sample in SAMPLES {
            let _ = guard.always.iter().chain(&guard.keyed).filter(|expression| expression.is_match(sample)).count();
        }
        Ok(guard)
    }
}

impl Expressions {
    /// The expressions that could match in this text.
    fn candidates(&self, text: &str) -> impl Iterator<Item = &Regex> {
        let mut keyed: Vec<_> =
            self.keywords.find_overlapping_iter(text).map(|found| found.pattern().as_usize()).collect();
        keyed.sort_unstable();
        keyed.dedup();
        self.always.iter().chain(keyed.into_iter().filter_map(|index| self.keyed.get(index)))
    }
}

impl TextGuard for Expressions {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let mut findings = Vec::new();
        for (index, part) in item.parts.iter().enumerate() {
            for expression in self.candidates(&part.body) {
                let places = expression.find_iter(&part.body).filter(|found| !found.is_empty());
                findings.extend(places.map(|found| Finding::new("match", "expression").at(index, found.range())));
            }
        }
        Ok(findings)
    }
}

guardhouse_guard::export!(Expressions: text);
