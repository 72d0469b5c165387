//! What a guard says of itself, held against the contract (`wit/guard.wit`).

use std::collections::BTreeSet;

use super::{GuardError, media::MediaRange};
use crate::{
    decision::Category,
    json::{self, Value},
    sandbox::Description,
    text::tame,
};

/// Bytes of a name in the contract: the guard's own, a checkpoint's, a view's.
const NAME: usize = 64;
/// Bytes of a version.
const VERSION: usize = 64;
/// Entries of a list in the description.
const LIST: usize = 256;

/// What the host takes from a description.
pub(super) struct Described {
    /// Every category that the guard may report.
    pub(super) categories: BTreeSet<Category>,
    /// What it reads.
    pub(super) media: Vec<MediaRange>,
}

/// Holds a description against the contract.
///
/// # Errors
/// [`GuardError::Description`], with the guard's words tamed.
pub(super) fn held(description: &Description) -> Result<Described, GuardError> {
    for (what, words) in [
        ("categories", &description.categories),
        ("checkpoints", &description.checkpoints),
        ("media types", &description.media_types),
        ("views", &description.views),
    ] {
        if words.len() > LIST {
            return Err(wrong("at most 256 entries in each list", format!("{} {what}", words.len())));
        }
    }
    name("a name of 1 to 64 lower-case letters, digits and hyphens", &description.name)?;
    version(&description.version)?;
    schema(&description.config_schema)?;
    // Words that this version does not know may be another's; names they must be.
    for checkpoint in &description.checkpoints {
        name("checkpoints of lower-case letters, digits and hyphens", checkpoint)?;
    }
    for view in &description.views {
        name("views of lower-case letters, digits and hyphens", view)?;
    }
    Ok(Described { categories: categories(description)?, media: media(description)? })
}

fn name(expected: &'static str, name: &str) -> Result<(), GuardError> {
    let is_name =
        (1..=NAME).contains(&name.len()) && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if is_name { Ok(()) } else { Err(wrong(expected, quoted(name))) }
}

fn version(version: &str) -> Result<(), GuardError> {
    let parsed = (version.len() <= VERSION).then(|| semver::Version::parse(version));
    match parsed {
        Some(Ok(_)) => Ok(()),
        _ => Err(wrong("a semantic version such as `1.2.3`", quoted(version))),
    }
}

/// A JSON Schema is an object, or a boolean (JSON Schema 2020-12, 4.3).
fn schema(schema: &str) -> Result<(), GuardError> {
    match json::parse(schema.as_bytes()) {
        Ok(Value::Object(_) | Value::Bool(_)) => Ok(()),
        Ok(_) => Err(wrong("a JSON Schema of the configuration", "JSON that is no object".to_owned())),
        Err(error) => Err(wrong("a JSON Schema of the configuration", tame(&error.to_string(), 256))),
    }
}

fn categories(description: &Description) -> Result<BTreeSet<Category>, GuardError> {
    let categories = description.categories.iter().map(|category| category.parse::<Category>());
    let categories = categories
        .collect::<Result<BTreeSet<_>, _>>()
        .map_err(|error| wrong("categories of the contract's form in its description", error.to_string()))?;
    if categories.is_empty() { Err(wrong("at least one category", "none".to_owned())) } else { Ok(categories) }
}

fn media(description: &Description) -> Result<Vec<MediaRange>, GuardError> {
    let media = description.media_types.iter().map(|range| MediaRange::parse(range));
    let media = media.collect::<Option<Vec<_>>>().filter(|media| !media.is_empty());
    let expected = "media types such as `text/plain`, `text/*` or `*/*`";
    media.ok_or_else(|| wrong(expected, quoted(&description.media_types.join(", "))))
}

fn quoted(words: &str) -> String {
    format!("`{}`", tame(words, 256))
}

fn wrong(expected: &'static str, found: String) -> GuardError {
    GuardError::Description { expected, found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn description() -> Description {
        Description {
            name: "a-guard-2".into(),
            version: "1.2.3-rc.1".into(),
            summary: "Looks".into(),
            config_schema: r#"{"type":"object"}"#.into(),
            categories: vec!["one".into()],
            checkpoints: vec!["input".into(), "of-tomorrow".into()],
            media_types: vec!["text/*".into()],
            views: vec!["unescaped".into()],
        }
    }

    fn refusal(change: impl Fn(&mut Description)) -> String {
        let mut changed = description();
        change(&mut changed);
        held(&changed).map(|_| ()).map_err(|error| error.to_string()).err().unwrap_or_default()
    }

    #[test]
    fn a_description_of_the_contracts_form_is_held() {
        assert_eq!(refusal(|_| ()), "");
        assert_eq!(refusal(|of| of.config_schema = "true".into()), "");
    }

    #[test]
    fn what_breaks_the_contract_is_refused_by_what_it_is() {
        for (refusal, words) in [
            (refusal(|of| of.name = "A Guard".into()), "expected a name of 1 to 64"),
            (refusal(|of| of.name = String::new()), "found ``"),
            (refusal(|of| of.name = "a".repeat(65)), "expected a name of 1 to 64"),
            (refusal(|of| of.version = "1.2".into()), "expected a semantic version such as `1.2.3`, found `1.2`"),
            (refusal(|of| of.config_schema = "{".into()), "expected a JSON Schema of the configuration"),
            (refusal(|of| of.config_schema = "7".into()), "found JSON that is no object"),
            (refusal(|of| of.checkpoints = vec!["In Put".into()]), "expected checkpoints of lower-case"),
            (refusal(|of| of.views = vec!["\u{202e}".into()]), "expected views of lower-case letters"),
            (refusal(|of| of.categories = Vec::new()), "expected at least one category"),
            (refusal(|of| of.categories = vec!["A".into()]), "expected categories of the contract's form"),
            (refusal(|of| of.categories = vec!["a".into(); 257]), "found 257 categories"),
            (refusal(|of| of.media_types = vec!["text".into()]), "expected media types"),
        ] {
            assert!(refusal.contains(words), "{refusal}");
        }
    }
}
