//! Decisions that are given once more, and definitions that sessions were told: what is read back from the journal.
//!
//! A record has no content, but whoever asks again has to get the same answer. So what the record of an event with an id
//! leaves out of its decision is sealed in it, under the session's key: the text that stands in for what was repaired, and
//! the findings with what guards wrote of them. The rest of the event comes with the question.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

use super::{
    Journal, JournalError,
    chain::{Line, members},
    read::Lines,
    restore::DEFINITION,
    seal::SealingKey,
    segment::Segment,
};
use crate::{
    decision::{Decision, Finding, Reason, Repaired},
    event::{Event, SessionId, ToolName},
    json::{
        Digest, Misread, Object, Value,
        members::{Members, list, object, parse_object, parsed, text, whole},
    },
    session::{Heard, Memory, Place, RestoreError, Told},
    tools::Definition,
};

/// The member of what is sealed that has the texts that a session has read.
const HEARD: &str = "heard";

/// What of a decision is sealed in its record.
#[derive(Debug)]
pub(crate) struct Sealed {
    /// The slot of the session's key.
    pub(crate) slot: u64,
    /// What is sealed, in base64.
    pub(crate) data: String,
}

impl Journal {
    /// Seals what the record leaves out of a decision on an event with an id, and what its session has read by it. `None` where
    /// there is nothing.
    ///
    /// # Errors
    /// When the session's key is not to be had.
    pub(crate) fn sealed(
        &self,
        event: &Event,
        decision: &Decision,
        heard: Option<&Heard>,
        memory: &mut Memory,
    ) -> Result<Option<Sealed>, JournalError> {
        let mut object = Object::new();
        if event.id.is_some() && !(decision.findings.is_empty() && decision.repaired.is_none()) {
            if let Some(repaired) = &decision.repaired {
                repaired.write(&mut object);
            }
            object.insert("findings", decision.findings.iter().map(Finding::to_value).collect::<Vec<_>>());
        }
        if let Some(Heard::Told(told)) = heard {
            object.insert(HEARD, told.texts_to_value());
        }
        if object.is_empty() {
            return Ok(None);
        }
        let (slot, key) = self.session_key(&event.session, memory)?;
        let sealed = key.seal(decision.id.as_bytes(), object.to_string().as_bytes());
        let sealed = sealed.map_err(JournalError::io("seal for", self.directory()))?;
        Ok(Some(Sealed { slot, data: BASE64.encode(sealed) }))
    }

    /// The key of a session's content, which is made if it has none yet.
    fn session_key(&self, session: &SessionId, memory: &mut Memory) -> Result<(u64, SealingKey), JournalError> {
        if let Some(known) = &memory.key {
            return Ok(known.clone());
        }
        let (slot, key) = match memory.slot {
            Some(slot) => {
                let key = self.slots().key(slot, session)?;
                (slot, key.ok_or_else(|| JournalError::Erased { session: session.clone() })?)
            }
            None => self.slots().make(session)?,
        };
        memory.key = Some((slot, key.clone()));
        Ok((slot, key))
    }

    /// Has a session read again what its records say that it has read. What is not there any more, or cannot be read, is lost, and
    /// the session says so.
    ///
    /// # Errors
    /// When the index or the session's key is not to be had.
    pub(crate) fn recall(&self, session: &SessionId, memory: &mut Memory) -> Result<(), JournalError> {
        let places = self.sessions().unread(session, memory)?;
        let segments = Segment::all(self.directory()).map_err(JournalError::io("list", self.directory()))?;
        let mut told = Vec::with_capacity(places.len());
        let mut is_lost = false;
        for of_segment in places.chunk_by(|one, other| one.segment == other.segment) {
            let [first, ..] = of_segment else { continue };
            let Some(segment) = segments.iter().find(|segment| segment.number == first.segment) else {
                is_lost = true;
                continue;
            };
            let unreadable = |source| JournalError::io("read", &segment.path)(source);
            let mut lines = Lines::from(segment, first.at).map_err(unreadable)?;
            for place in of_segment {
                let line = loop {
                    match lines.next().map_err(unreadable)? {
                        Some((at, _)) if at < place.at => {}
                        Some((at, line)) if at == place.at => break Some(line),
                        _ => break None,
                    }
                };
                match line.map(|line| self.told(session, line)).transpose()?.flatten() {
                    Some(read) => told.push(read),
                    None => is_lost = true,
                }
            }
        }
        if is_lost {
            tracing::warn!("some of what a session has read is in no record any more, so it counts as not trusted");
        }
        self.sessions().recalled(memory, &told, is_lost);
        Ok(())
    }

    /// What the event told a session whose record this is; `None` if it does not say.
    fn told(&self, session: &SessionId, line: &[u8]) -> Result<Option<Told>, JournalError> {
        let read = || {
            let record = parse_object(line.trim_ascii_end()).ok()?;
            let members = Members::among(&record);
            let Ok(Heard::Sealed(origin)) = members.needed("heard", Heard::read) else { return None };
            let id: uuid::Uuid = members.needed("id", parsed("an id")).ok()?;
            let (slot, data) = members.needed("sealed", slot_and_data).ok()?;
            Some((origin, id, slot, data.to_owned()))
        };
        let Some((origin, id, slot, data)) = read() else { return Ok(None) };
        match self.opened_object(session, slot, &id, &data) {
            Ok(opened) => Ok(opened.and_then(|opened| Told::read(origin, opened.get(HEARD)?).ok())),
            // Gone with its key, and so is the session.
            Err(JournalError::Erased { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The decision on `event` whose record stands at a place.
    ///
    /// # Errors
    /// When it is not there any more, or not as it was written.
    pub(crate) fn decision(&self, event: &Event, place: Place) -> Result<Decision, JournalError> {
        let segments = Segment::all(self.directory()).map_err(JournalError::io("list", self.directory()))?;
        let Place { segment, at } = place;
        let gone = || JournalError::NoDecision { segment, at, found: "none".to_owned() };
        let segment = segments.into_iter().find(|segment| segment.number == place.segment).ok_or_else(gone)?;
        let unreadable = |source| JournalError::io("read", &segment.path)(source);
        let mut lines = Lines::from(&segment, place.at).map_err(unreadable)?;
        let line = lines.next().map_err(unreadable)?.map(|(_, line)| line);
        let line = line.filter(|line| Line::of(line).is_some()).ok_or_else(gone)?;
        let misread =
            |found: Misread| JournalError::NoDecision { segment: place.segment, at, found: found.to_string() };
        let record = parse_object(line.trim_ascii_end()).map_err(misread)?;
        let record = Members::among(&record);
        let id = record.needed("id", parsed("an id")).map_err(misread)?;
        let opened = match record.optional("sealed", slot_and_data).map_err(misread)? {
            Some((slot, data)) => Some(
                self.opened_object(&event.session, slot, &id, data)?
                    .ok_or_else(|| misread(Misread::at("sealed", "what its key opens", "something else")))?,
            ),
            None => None,
        };
        decision_of(event, id, record, opened).map_err(misread)
    }

    /// What was sealed in the record of a session's decision; `None` if that is not what its key opens.
    fn opened_object(
        &self,
        session: &SessionId,
        slot: u64,
        id: &uuid::Uuid,
        data: &str,
    ) -> Result<Option<Object>, JournalError> {
        let key = self.slots().key(slot, session)?;
        let key = key.ok_or_else(|| JournalError::Erased { session: session.clone() })?;
        let plain = BASE64.decode(data).ok().and_then(|data| key.open(id.as_bytes(), &data));
        Ok(plain.and_then(|plain| parse_object(&plain).ok()))
    }

    /// Records the definition of a tool that a session is told, sealed, unless it is known already.
    ///
    /// # Errors
    /// When it was not written.
    pub(crate) fn define(&self, definition: &Definition) -> Result<(), JournalError> {
        let digest = definition.digest();
        if self.sessions().is_defined(&digest)? {
            return Ok(());
        }
        let sealed = self.definitions.seal(digest.as_bytes(), definition.object().to_string().as_bytes());
        let sealed = sealed.map_err(JournalError::io("seal for", self.directory()))?;
        let mut object = Object::new();
        object.insert("kind", DEFINITION);
        object.insert("time", jiff::Timestamp::now().to_string());
        object.insert("definition", digest.to_string());
        object.insert("sealed", BASE64.encode(&sealed));
        self.sessions().define(digest, sealed);
        self.write(members(&object).as_bytes()).map(drop)
    }

    /// The definition of this digest, if it is known.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn definition(&self, tool: &ToolName, digest: &Digest) -> Result<Option<Arc<Definition>>, RestoreError> {
        self.sessions().definition(tool, digest, |sealed| self.definitions.open(digest.as_bytes(), sealed))
    }
}

/// The member `sealed` of a record.
fn slot_and_data(value: &Value) -> Result<(u64, &str), Misread> {
    let sealed = Members::only(object(value)?, &["slot", "data"])?;
    Ok((sealed.needed("slot", whole)?, sealed.needed("data", text)?))
}

/// The decision that a record tells of, with what was sealed in it.
fn decision_of(
    event: &Event,
    id: uuid::Uuid,
    record: Members<'_>,
    opened: Option<Object>,
) -> Result<Decision, Misread> {
    let findings = |members: Members<'_>| members.needed("findings", list(Finding::from_value));
    let (findings, repaired) = match opened {
        None => (findings(record)?, None),
        Some(mut opened) => {
            opened.remove(HEARD);
            if opened.is_empty() {
                (findings(record)?, None)
            } else {
                let findings = findings(Members::among(&opened))?;
                opened.remove("findings");
                (findings, Repaired::read(event, &opened)?)
            }
        }
    };
    let is_there = record.optional("repaired", object)?.is_some();
    let verdict = record.needed("verdict", parsed("a verdict"))?;
    if is_there && repaired.is_none() && verdict == crate::decision::Verdict::Modify {
        return Err(Misread::at("sealed", "what was repaired", "nothing"));
    }
    Ok(Decision {
        id,
        session: record.needed("session", parsed("a session"))?,
        checkpoint: record.needed("checkpoint", parsed("a checkpoint"))?,
        call: record.optional("call", parsed("a call"))?,
        verdict,
        reasons: record.needed("reasons", list(Reason::from_value))?,
        findings,
        repaired,
        generation: record.needed("generation", parsed("a digest"))?,
        definition: record.optional("definition", parsed("a digest"))?,
        micros: record.needed("micros", whole)?,
    })
}
