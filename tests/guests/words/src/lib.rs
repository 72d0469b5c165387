//! Reports words that a bundle bans.
use guardhouse_guard::{About, Finding, Guard, Item, TextGuard};

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Words {
    /// The banned words, matched as they are written.
    words: Vec<String>,
}

impl Guard for Words {
    type Config = Self;
    const ABOUT: About = About { name: "words", categories: &["banned"], ..About::EVERY_TEXT };
    fn configure(config: Self) -> Result<Self, String> {
        if config.words.iter().any(String::is_empty) { Err("`words` has an empty word".into()) } else { Ok(config) }
    }
}

impl TextGuard for Words {
    fn inspect(&self, item: &Item) -> Result<Vec<Finding>, String> {
        let places = item.parts.iter().enumerate().flat_map(|(index, part)| {
            self.words.iter().flat_map(move |word| part.body.match_indices(word).map(move |found| (index, found)))
        });
        let banned = |at, word: &str, part| Finding::new("word", "banned").at(part, at..at + word.len());
        Ok(places.map(|(part, (at, word))| banned(at, word, part).message("a banned word")).collect())
    }
}

guardhouse_guard::export!(Words: text);
