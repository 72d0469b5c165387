//! Schemas as servers write them, from which values that satisfy them can be made.

use proptest::prelude::*;

use super::*;
use crate::json::Object;

/// A schema as servers write it, from which a value that satisfies it can be made.
#[derive(Debug, Clone)]
pub(super) enum Model {
    Leaf(&'static str),
    Text(u32, u32),
    Format(&'static str, &'static str),
    Listed(Vec<String>),
    Array(Box<Self>),
    Object(Vec<(String, Self, bool)>),
    Any(Vec<Self>),
    Nullable(Box<Self>),
    Reference(Box<Self>),
}

pub(super) fn model() -> impl Strategy<Value = Model> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["boolean", "integer", "number"]).prop_map(Model::Leaf),
        (0..3_u32, 3..6_u32).prop_map(|(least, most)| Model::Text(least, most)),
        prop::sample::select(vec![("date", "2026-11-21"), ("ipv4", "127.0.0.1"), ("uri", "https://example.com")])
            .prop_map(|(format, value)| Model::Format(format, value)),
        prop::collection::vec("[a-c]", 1..4).prop_map(Model::Listed),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Model::Array),
            prop::collection::btree_map("[a-d]|__entity|type|\\$ref", (inner.clone(), any::<bool>()), 0..4).prop_map(
                |members| Model::Object(members.into_iter().map(|(name, (of, must))| (name, of, must)).collect())
            ),
            prop::collection::vec(inner, 1..4).prop_map(Model::Any),
            boxed.clone().prop_map(Model::Nullable),
            boxed.prop_map(Model::Reference),
        ]
    })
}

impl Model {
    /// The schema as text, with `annotations` in each schema; what is referred to goes to `definitions`.
    pub(super) fn schema(&self, annotations: &str, definitions: &mut Vec<String>) -> String {
        let mut of = |model: &Self| model.schema(annotations, definitions);
        let keywords = match self {
            Self::Leaf(kind) => format!(r#""type":"{kind}""#),
            Self::Text(least, most) => format!(r#""type":"string","minLength":{least},"maxLength":{most}"#),
            Self::Format(format, _) => format!(r#""type":"string","format":"{format}""#),
            Self::Listed(values) => format!(r#""enum":{values:?}"#),
            Self::Array(items) => format!(r#""type":"array","items":{}"#, of(items)),
            Self::Object(members) => {
                let named: Vec<_> = members.iter().map(|(name, model, _)| format!("{name:?}:{}", of(model))).collect();
                let required: Vec<_> = members.iter().filter(|member| member.2).map(|(name, ..)| name).collect();
                format!(r#""type":"object","properties":{{{}}},"required":{required:?}"#, named.join(","))
            }
            Self::Any(models) => {
                let models: Vec<_> = models.iter().map(of).collect();
                format!(r#""anyOf":[{}]"#, models.join(","))
            }
            Self::Nullable(model) => format!(r#""anyOf":[{},{{"type":"null"}}]"#, of(model)),
            Self::Reference(model) => {
                let definition = of(model);
                definitions.push(definition);
                format!(r##""$ref":"#/$defs/d{}""##, definitions.len() - 1)
            }
        };
        format!("{{{keywords}{annotations}}}")
    }

    /// The schema of arguments of which this is the member `a`.
    pub(super) fn arguments(&self, annotations: &str) -> Value {
        let mut definitions = Vec::new();
        let member = self.schema(annotations, &mut definitions);
        let definitions: Vec<_> = definitions.iter().enumerate().map(|(at, of)| format!(r#""d{at}":{of}"#)).collect();
        let definitions = definitions.join(",");
        let schema = format!(r#"{{"properties":{{"a":{member}}},"$defs":{{{definitions}}}{annotations}}}"#);
        parse(schema.as_bytes()).unwrap()
    }

    /// A value that satisfies the schema, made from `picks`.
    pub(super) fn value(&self, picks: &mut impl Iterator<Item = u8>) -> Value {
        let mut pick = |among: usize| usize::from(picks.next().unwrap_or_default()) % among;
        match self {
            Self::Leaf("boolean") => Value::from(pick(2) == 0),
            Self::Leaf("integer") => Value::from(i64::try_from(pick(9)).unwrap()),
            Self::Leaf(_) => parse([&b"1"[..], b"0.5", b"1e30", b"0.123456"][pick(4)]).unwrap(),
            Self::Text(least, most) => "é".repeat(*least as usize + pick((most - least) as usize + 1)).into(),
            Self::Format(_, value) => (*value).into(),
            Self::Listed(values) => values[pick(values.len())].clone().into(),
            Self::Array(items) => (0..pick(3)).map(|_| items.value(picks)).collect::<Vec<_>>().into(),
            Self::Object(members) => {
                let mut object = Object::new();
                for (name, model, required) in members {
                    if *required || picks.next().unwrap_or_default().is_multiple_of(2) {
                        object.insert(name.as_str(), model.value(picks));
                    }
                }
                object.into()
            }
            Self::Any(models) => models[pick(models.len())].value(picks),
            Self::Nullable(model) => {
                if pick(3) == 0 {
                    Value::Null
                } else {
                    model.value(picks)
                }
            }
            Self::Reference(model) => model.value(picks),
        }
    }
}
