//! What schemas are read as, in a short notation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bounds;
mod laws;
mod model;
mod reading;
mod roles;
mod texts;

use std::fmt::Write as _;

use super::*;
use crate::json::parse;
use crate::tools::Leaf;
use crate::tools::leaf::Values;
use crate::vocabulary::Vocabulary as _;

/// The shape of the arguments that `schema` describes.
fn shape(schema: &str) -> Shape {
    arguments(Some(&parse(schema.as_bytes()).unwrap()))
}

/// As [`shape`], in short.
fn read(schema: &str) -> String {
    told(&shape(schema))
}

/// The shape, in short, of a member that `schema` describes.
fn member(schema: &str) -> String {
    told(shape(&format!(r#"{{"properties":{{"a":{schema}}}}}"#)).member("a").unwrap())
}

/// A shape in short: `{to!: Text@destination, cc?: Set<Text>}`, `("a"|"b")` for what is listed, `[1..9]` for lengths, `~`
/// for what is vague, `?Any` for what is opaque.
fn told(shape: &Shape) -> String {
    let role = shape.role().map(|role| format!("@{}", role.word())).unwrap_or_default();
    match shape {
        Shape::Leaf(leaf) => {
            let values = match &leaf.values {
                Values::Listed(listed) => format!("({})", listed.join("|")),
                Values::Lengths(0, u32::MAX) => String::new(),
                Values::Lengths(least, u32::MAX) => format!("[{least}..]"),
                Values::Lengths(least, most) => format!("[{least}..{most}]"),
            };
            format!("{:?}{values}{}{role}", leaf.kind, if leaf.vague { "~" } else { "" })
        }
        Shape::Set(items) => format!("Set<{}>", told(items)),
        Shape::Record(record) => {
            let mut text = String::new();
            for (name, field) in &record.fields {
                let comma = if text.is_empty() { "" } else { ", " };
                let required = if field.required { '!' } else { '?' };
                write!(text, "{comma}{name}{required}: {}", told(&field.shape)).unwrap();
            }
            format!("{{{text}}}{role}")
        }
        Shape::Choice(choice) => {
            let shapes: Vec<_> = choice.shapes.values().map(told).collect();
            format!("({})", shapes.join(" | "))
        }
        Shape::Opaque(opaque) => format!("?{:?}{role}", opaque.because),
    }
}

/// How many shapes there are in `shape`, and how deep they stand.
fn size(shape: &Shape) -> (usize, usize) {
    let sum = |shapes: Vec<&Shape>, deeper| {
        let sizes = shapes.into_iter().map(size);
        sizes.fold((1, 0), |(count, depth), (inner, below)| (count + inner, depth.max(below + deeper)))
    };
    match shape {
        Shape::Leaf(_) | Shape::Opaque(_) => (1, 0),
        Shape::Set(items) => sum(vec![items], 1),
        Shape::Record(record) => sum(record.fields.values().map(|field| &field.shape).collect(), 1),
        Shape::Choice(choice) => sum(choice.shapes.values().collect(), 0),
    }
}

/// Holds a shape to what its type promises, and to the bounds.
fn assert_lawful(shape: &Shape) {
    let (count, depth) = size(shape);
    assert!(count <= 2 * MAX_READ && depth <= MAX_DEPTH + 1, "{count} shapes, {depth} deep");
    assert_inside(shape);
}

fn assert_inside(shape: &Shape) {
    match shape {
        Shape::Leaf(Leaf { values: Values::Listed(listed), .. }) => {
            assert!(!listed.is_empty() && listed.is_sorted() && listed.iter().all(|value| value.len() <= MAX_VALUE));
        }
        Shape::Leaf(_) | Shape::Opaque(_) => {}
        Shape::Set(items) => {
            assert!(!matches!(**items, Shape::Opaque(_)));
            assert_inside(items);
        }
        Shape::Record(record) => record.fields.iter().for_each(|(name, field)| {
            assert!(name.len() <= MAX_NAME);
            assert_inside(&field.shape);
        }),
        Shape::Choice(choice) => {
            assert!(choice.shapes.len() > 1, "{shape:?}");
            for (json, shape) in &choice.shapes {
                assert!(!matches!(shape, Shape::Choice(_)));
                assert_eq!(shape.of(*json), Some(shape));
                assert_inside(shape);
            }
        }
    }
}
