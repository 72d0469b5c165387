//! The frozen core schema, with the findings of one generation filled in.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cedar_policy::{Schema, SchemaFragment};

use super::facts::Standing;
use super::request::Unbuildable;
use super::subject::Channel;
use crate::decision::Category;
use crate::tools::Effect;
use crate::vocabulary::Vocabulary;

/// The schema's text, with `{{…}}` where the vocabularies and the categories go.
const TEMPLATE: &str = include_str!("core.cedarschema");

/// The actions of the schema, as policies name them.
pub(super) const ACTIONS: [&str; 6] =
    ["receive_input", "send_output", "take_note", "define_tool", "call_tool", "accept_result"];

/// The core schema for the categories that the guards of one generation declare.
#[derive(Debug)]
pub(super) struct CoreSchema {
    cedar: Schema,
    fragment: SchemaFragment,
    text: String,
    categories: BTreeSet<Category>,
}

impl CoreSchema {
    /// The most categories that one generation may declare. Every one is part of every event's context and costs its
    /// share of a microsecond.
    pub(super) const MAX_CATEGORIES: usize = 256;

    /// Fills the categories in.
    pub(super) fn new(categories: BTreeSet<Category>) -> Result<Self, SchemaError> {
        if categories.len() > Self::MAX_CATEGORIES {
            return Err(SchemaError::TooManyCategories { found: categories.len() });
        }
        let text = TEMPLATE
            .replace("{{channels}}", &quoted::<Channel>())
            .replace("{{effects}}", &quoted::<Effect>())
            .replace("{{standings}}", &quoted::<Standing>())
            .replace("{{findings}}", &findings(&categories));
        let (fragment, _warnings) =
            SchemaFragment::from_cedarschema_str(&text).map_err(|e| SchemaError::Cedar(Box::new(e)))?;
        let cedar =
            Schema::from_schema_fragments([fragment.clone()]).map_err(|e| SchemaError::Cedar(Box::new(e.into())))?;
        Ok(Self { cedar, fragment, text, categories })
    }

    /// The schema as Cedar reads it.
    pub(super) fn cedar(&self) -> &Schema {
        &self.cedar
    }

    /// The same, to be taken apart.
    pub(super) fn fragment(&self) -> &SchemaFragment {
        &self.fragment
    }

    /// The schema with the action of one tool besides.
    pub(super) fn with(&self, tool: SchemaFragment) -> Result<Schema, Unbuildable> {
        Schema::from_schema_fragments([self.fragment.clone(), tool]).map_err(Unbuildable::internal)
    }

    /// The schema as people read it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The categories that were filled in.
    pub(super) fn categories(&self) -> &BTreeSet<Category> {
        &self.categories
    }
}

/// Why there is no schema.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum SchemaError {
    /// More categories than a context may carry.
    #[error(
        "expected at most {max} categories declared by the stationed guards together, found {found}",
        max = CoreSchema::MAX_CATEGORIES
    )]
    TooManyCategories {
        /// How many the guards declare.
        found: usize,
    },
    /// Cedar refuses the text that was generated. That would be an error of this program.
    #[error("the core schema generated for the stationed guards' categories is not a Cedar schema: {0}")]
    Cedar(Box<cedar_policy::CedarSchemaError>),
}

/// The words of a vocabulary as the values of a Cedar enumeration.
fn quoted<W: Vocabulary>() -> String {
    W::ALL.iter().map(|word| format!("\"{}\"", word.word())).collect::<Vec<_>>().join(", ")
}

/// The fields of `core.findings`. Quoted, so that a category may also be a word of Cedar's or have a `-`; a
/// [`Category`] has no character that would need an escape.
fn findings(categories: &BTreeSet<Category>) -> String {
    categories.iter().fold(String::new(), |mut text, category| {
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing into a string cannot fail.
        let _ = write!(text, "{separator}\"{category}\": Seen");
        text
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn schema(names: &[&str]) -> Result<CoreSchema, SchemaError> {
        CoreSchema::new(names.iter().map(|n| n.parse().unwrap()).collect())
    }

    #[test]
    fn a_generation_without_guards_has_a_schema() {
        assert!(schema(&[]).unwrap().text().contains("findings: {  },"));
    }

    #[test]
    fn any_category_can_be_an_attribute() {
        // Words of Cedar's own grammar included.
        let names = ["hidden-text", "if", "in", "true", "e_mail", "has", "principal", "permit"];
        let schema = schema(&names).unwrap();
        assert!(!schema.text().contains("{{"));
    }

    #[test]
    fn the_actions_are_those_that_policies_are_told_of() {
        let schema = schema(&[]).unwrap();
        let declared: BTreeSet<String> = schema.cedar().actions().map(|a| a.id().unescaped().to_owned()).collect();
        assert_eq!(declared, ACTIONS.iter().map(ToString::to_string).collect());
    }

    #[test]
    fn categories_are_bounded() {
        let many = (0..257).map(|n| format!("c{n}").parse().unwrap()).collect();
        let error = CoreSchema::new(many).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected at most 256 categories declared by the stationed guards together, found 257"
        );
    }
}
