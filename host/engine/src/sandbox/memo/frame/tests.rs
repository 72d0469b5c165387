//! No two items have the same bytes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

impl Frame for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// What a guard is given, with texts so short and alike that two of them often have the same letters in the same order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Given {
    of: Interface,
    texts: [String; 3],
    schema: Option<String>,
    trusted: bool,
    parts: Vec<([String; 4], bool, bool)>,
    attributes: Vec<[String; 2]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interface {
    Text,
    Call,
    Definition,
}

impl Given {
    /// Without what its interface has no field for.
    fn normal(mut self) -> Self {
        if self.of != Interface::Call {
            self.schema = None;
        }
        if self.of == Interface::Text {
            self.texts[2].clear();
        } else {
            self.trusted = false;
        }
        self
    }

    fn framed(&self) -> Vec<u8> {
        let parts: Vec<_> = self.parts.iter().map(part_of).collect();
        let attributes: Vec<_> = self.attributes.iter().map(|[key, value]| AttributeParam { key, value }).collect();
        let ([a, b, c], parts, attributes) = (&self.texts, parts.as_slice(), attributes.as_slice());
        let mut bytes = Vec::new();
        match self.of {
            Interface::Text => {
                let item = Item { checkpoint: a, source: b, trusted: self.trusted, parts, attributes };
                item.frame(&mut bytes);
            }
            Interface::Call => {
                let input_schema = self.schema.as_deref();
                Call { server: a, tool: b, arguments: c, input_schema, parts, attributes }.frame(&mut bytes);
            }
            Interface::Definition => {
                Definition { server: a, tool: b, definition: c, parts, attributes }.frame(&mut bytes);
            }
        }
        bytes
    }
}

fn part_of((texts, more_before, more_after): &([String; 4], bool, bool)) -> Part<'_> {
    let [path, media_type, body, view] = texts;
    Part { path, media_type, body, view, more_before: *more_before, more_after: *more_after }
}

/// Reads back what was framed, by what the head of the module says of it.
struct Reading<'b>(&'b [u8]);

impl Reading<'_> {
    fn number(&mut self) -> usize {
        let (number, rest) = self.0.split_first_chunk().unwrap();
        self.0 = rest;
        u64::from_le_bytes(*number).try_into().unwrap()
    }

    fn flag(&mut self) -> bool {
        let (flag, rest) = self.0.split_first().unwrap();
        self.0 = rest;
        [false, true][usize::from(*flag)]
    }

    fn text(&mut self) -> String {
        let length = self.number();
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        std::str::from_utf8(text).unwrap().to_owned()
    }

    fn given(mut self) -> Given {
        let of = match &*self.text() {
            "text-guard" => Interface::Text,
            "call-guard" => Interface::Call,
            _ => Interface::Definition,
        };
        let mut given = Given {
            of,
            texts: [self.text(), self.text(), String::new()],
            schema: None,
            trusted: false,
            parts: Vec::new(),
            attributes: Vec::new(),
        };
        if of == Interface::Text {
            given.trusted = self.flag();
        } else {
            given.texts[2] = self.text();
        }
        if of == Interface::Call {
            let (is_there, schema) = (self.flag(), self.text());
            given.schema = is_there.then_some(schema);
        }
        for _ in 0..self.number() {
            let texts = [self.text(), self.text(), self.text(), self.text()];
            given.parts.push((texts, self.flag(), self.flag()));
        }
        for _ in 0..self.number() {
            given.attributes.push([self.text(), self.text()]);
        }
        assert!(self.0.is_empty(), "nothing is left");
        given
    }
}

fn text() -> impl Strategy<Value = String> {
    select(vec!["", "a", "b", "ab", "\0", "\u{1}\0\0\0\0\0\0\0a"]).prop_map(str::to_owned)
}

fn given() -> impl Strategy<Value = Given> {
    let of = select(vec![Interface::Text, Interface::Call, Interface::Definition]);
    let part = ([text(), text(), text(), text()], any::<bool>(), any::<bool>());
    let attribute = [text(), text()];
    let schema = prop::option::of(text());
    (of, [text(), text(), text()], schema, any::<bool>(), vec(part, 0..3), vec(attribute, 0..3)).prop_map(
        |(of, texts, schema, trusted, parts, attributes)| {
            Given { of, texts, schema, trusted, parts, attributes }.normal()
        },
    )
}

/// The same but for one thing, which may be nothing.
fn altered(given: Given) -> impl Strategy<Value = (Given, Given)> {
    (any::<prop::sample::Index>(), text(), 0_u8..9).prop_map(move |(index, text, change)| {
        let mut other = given.clone();
        let parts = other.parts.len();
        match change {
            0 => other.texts[index.index(3)] = text,
            1 => other.trusted = !other.trusted,
            2 if parts > 0 => other.parts[index.index(parts)].0[index.index(4)] = text,
            3 if parts > 0 => other.parts[index.index(parts)].1 ^= true,
            4 if parts > 0 => other.parts[index.index(parts)].2 ^= true,
            // A letter goes from the beginning of one text to the end of the one before it.
            5 if other.texts[1].starts_with('a') => {
                let letter = other.texts[1].remove(0);
                other.texts[0].push(letter);
            }
            6 => other.schema = other.schema.xor(Some(String::new())),
            7 => other.parts.rotate_left(parts.min(1)),
            _ => drop(other.attributes.pop()),
        }
        (given.clone(), other.normal())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_048))]

    /// So two items with the same bytes are the same.
    #[test]
    fn an_item_can_be_read_back_from_its_bytes(given in given()) {
        prop_assert_eq!(Reading(&given.framed()).given(), given);
    }

    #[test]
    fn an_item_that_differs_in_one_thing_has_other_bytes((one, other) in given().prop_flat_map(altered)) {
        prop_assert_eq!(one.framed() == other.framed(), one == other);
    }
}
