//! How what a session heard stands in the record of it: where it comes from in the clear, its texts sealed.

use std::collections::BTreeSet;

use super::{Heard, Origin, Rank, Told, ToldText};
use crate::json::{
    Misread, Object, Value,
    members::{Members, flag, list, object, text, whole, word},
};

impl Heard {
    /// What is written in the clear.
    pub(crate) fn to_object(&self) -> Object {
        let Origin { rank, source, labels } = self.origin();
        let mut object = Object::new();
        object.insert("standing", rank.as_str());
        object.insert("source", source.as_str());
        object.insert("labels", labels.iter().map(|label| label.as_str().into()).collect::<Vec<Value>>());
        object.insert("lost", matches!(self, Self::Lost(_)));
        object
    }

    /// What was written in the clear.
    ///
    /// # Errors
    /// Where it is not as it is written.
    pub(crate) fn read(written: &Value) -> Result<Self, Misread> {
        let heard = Members::only(object(written)?, &["standing", "source", "labels", "lost"])?;
        let origin = Origin {
            rank: heard.needed("standing", |rank| word(rank, &Rank::ALL, Rank::as_str))?,
            source: heard.needed("source", text)?.to_owned(),
            labels: heard.needed("labels", list(|label| text(label).map(str::to_owned)))?,
        };
        Ok(if heard.needed("lost", flag)? { Self::Lost(origin) } else { Self::Sealed(origin) })
    }
}

impl Told {
    /// The texts.
    pub(crate) fn texts_to_value(&self) -> Value {
        let texts = self.texts.iter().map(|ToldText { body, findings }| {
            let mut object = Object::new();
            object.insert("body", body.as_str());
            let findings = findings.iter().map(|finding| Value::from(vec![at(finding.start), at(finding.end)]));
            object.insert("findings", findings.collect::<Vec<_>>());
            object.into()
        });
        texts.collect::<Vec<Value>>().into()
    }

    /// What these texts, which were sealed, told.
    ///
    /// # Errors
    /// Where they are not as they are written.
    pub(crate) fn read(origin: Origin, texts: &Value) -> Result<Self, Misread> {
        let place = |value: &Value| whole::<u64>(value).map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        let finding = |value: &Value| {
            let edges: Vec<usize> = list(place)(value)?;
            match edges.as_slice() {
                [start, end] => Ok(*start..*end),
                _ => Err(Misread::at("", "where something begins and where it ends", format!("{edges:?}"))),
            }
        };
        let told = |value: &Value| {
            let told = Members::only(object(value)?, &["body", "findings"])?;
            Ok(ToldText {
                body: told.needed("body", text)?.to_owned(),
                findings: told.needed("findings", list(finding))?,
            })
        };
        Ok(Self { origin, texts: list(told)(texts)? })
    }
}

fn at(at: usize) -> Value {
    Value::from(u64::try_from(at).unwrap_or(u64::MAX))
}

/// Labels, and whether there is anything that is not trusted, by the facts of a record.
///
/// # Errors
/// Where they are not as they are written.
pub(crate) fn returned(facts: &Object) -> Result<(bool, BTreeSet<String>), Misread> {
    let session = Members::among(facts).optional("session", object)?;
    // What is neutral is left out, and nobody had watched what was read.
    let Some(session) = session else { return Ok((true, BTreeSet::new())) };
    let session = Members::among(session);
    let labels = session.needed("labels", list(|label| text(label).map(str::to_owned)))?;
    Ok((session.needed("untrusted", flag)?, labels))
}
