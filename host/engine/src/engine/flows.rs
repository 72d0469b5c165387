//! Where a call's arguments come from, by what they are for.
//!
//! A leaf is `redacted` where a repair wrote it, `constant` where the tool's schema fixes it, and else stands where it was seen
//! (`session/provenance`). A schema fixes what it lists, if somebody vouches for it: the bundle pins the definition, or trusts its
//! server. Else a server could list an address of its own choice, and have it taken for the surest of all. What can carry
//! nothing is a constant too: a boolean, `null`, an empty text.

use std::collections::{BTreeMap, BTreeSet};

use super::moment::Moment;
use crate::{
    event::{Body, Event},
    json::{Object, Value},
    judge::{Flow, Flows, Standing},
    session::{Choice, Grounding, Traced, is_time},
    tools::{ArgumentLeaf, Role, RolePlan, Said},
    vocabulary::{Vocabulary as _, WordSet},
};

/// The flows of a call: by role, and by argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CallFlows<'e> {
    /// `context.core.flow`.
    pub(super) by_role: Flows,
    /// `context.from`. Empty where no policy reads it.
    pub(super) by_argument: BTreeMap<&'e str, Flow>,
    /// What each leaf is, if that is to be explained.
    pub(super) leaves: Vec<LeafFlow>,
}

/// Where one value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafFlow {
    /// Its place in the arguments, as a JSON Pointer; `""` for a text that an agent says.
    pub path: String,
    /// What it is for.
    pub roles: WordSet<Role>,
    /// Where it stands.
    pub standing: Standing,
    /// The passages that say so, or of which it holds a part.
    pub seen: Vec<SeenIn>,
}

/// A passage in which a value, or a part of it, was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenIn {
    /// The name of the source.
    pub source: String,
    /// What that is to the session: `user`, `trusted`, `untrusted` or `flagged`.
    pub standing: &'static str,
    /// The labels of the source.
    pub labels: BTreeSet<String>,
    /// The part of the value that was seen.
    pub part: String,
    /// What stands around it in the source.
    pub quote: String,
}

impl LeafFlow {
    fn new(path: String, roles: WordSet<Role>, standing: Standing, traced: Traced) -> Self {
        let seen = traced.passages.into_iter().map(|passage| SeenIn {
            source: passage.origin.source.clone(),
            standing: passage.origin.rank.as_str(),
            labels: passage.origin.labels.clone(),
            part: passage.part,
            quote: passage.quote,
        });
        Self { path, roles, standing, seen: seen.collect() }
    }

    pub(super) fn to_object(&self) -> Object {
        let words = |words: &BTreeSet<String>| words.iter().map(|word| word.as_str().into()).collect::<Vec<Value>>();
        let mut object = Object::new();
        object.insert("path", self.path.as_str());
        object.insert("roles", self.roles.iter().map(|role| role.word().into()).collect::<Vec<Value>>());
        object.insert("standing", self.standing.word());
        let seen = self.seen.iter().map(|seen| {
            let mut object = Object::new();
            object.insert("source", seen.source.as_str());
            object.insert("standing", seen.standing);
            if !seen.labels.is_empty() {
                object.insert("labels", words(&seen.labels));
            }
            object.insert("part", seen.part.as_str());
            object.insert("quote", seen.quote.as_str());
            object.into()
        });
        object.insert("seen", seen.collect::<Vec<Value>>());
        object
    }
}

impl CallFlows<'_> {
    /// Those of an event without arguments.
    pub(super) const NONE: Self = Self { by_role: Flows::EMPTY, by_argument: BTreeMap::new(), leaves: Vec::new() };
}

/// How flows are read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r> {
    /// What the session is.
    pub(super) moment: &'r Moment<'r>,
    /// Somebody vouches for the tool's schema.
    pub(super) vouched: bool,
    /// The arguments before a repair.
    pub(super) original: Option<&'r Object>,
    /// Some policy may ask for the flows by argument.
    pub(super) by_argument: bool,
    /// The user has spoken of anything like what the tool does.
    pub(super) is_asked_for: bool,
}

/// The flows of a call with these arguments.
pub(super) fn flows<'e>(roles: &RolePlan, arguments: &'e Object, reading: Reading<'_>) -> CallFlows<'e> {
    let mut flows = CallFlows::NONE;
    roles.leaves(arguments, |leaf| {
        let (standing, traced) = standing(&leaf, reading);
        let marks = marks(&leaf, standing, &traced, reading);
        let CallFlows { by_role: Flows { any, destination, payload, selector, code }, by_argument, leaves } =
            &mut flows;
        let add = |flow: &mut Flow| {
            add(flow, standing, &traced, reading.moment);
            flow.labels.extend(marks.iter().map(|mark| (*mark).to_owned()));
        };
        add(any);
        for (role, flow) in
            [(Role::Destination, destination), (Role::Payload, payload), (Role::Selector, selector), (Role::Code, code)]
        {
            if leaf.roles.contains(role) {
                add(flow);
            }
        }
        if reading.by_argument {
            add(by_argument.entry(leaf.argument).or_insert(Flow::EMPTY));
        }
        if reading.moment.explain {
            let path = leaf.path.to_string();
            leaves.push(LeafFlow::new(path, leaf.roles, standing, traced));
        }
    });
    let sources = |flow: &Flow| flow.standings.contains(Standing::Untrusted).then(|| flow.sources.clone());
    let Flows { any, destination, payload, .. } = &mut flows.by_role;
    if let (Some(to), Some(what)) = (sources(destination), sources(payload))
        && to.is_disjoint(&what)
    {
        for flow in [any, payload] {
            flow.labels.insert(mark::CROSSED.to_owned());
        }
    }
    flows
}

/// The flows of what an agent says: its text is a payload. Nothing flows where an agent reads.
pub(super) fn flows_of_text(event: &Event, moment: &Moment<'_>) -> CallFlows<'static> {
    let Body::Output { text } = &event.body else { return CallFlows::NONE };
    let traced = moment.trace(text);
    let standing = stands(traced.grounding);
    let mut flow = Flow::EMPTY;
    add(&mut flow, standing, &traced, moment);
    let leaf = LeafFlow::new(String::new(), WordSet::of(Role::Payload), standing, traced);
    CallFlows {
        by_role: Flows { any: flow.clone(), payload: flow, ..Flows::EMPTY },
        by_argument: BTreeMap::new(),
        leaves: if moment.explain { vec![leaf] } else { Vec::new() },
    }
}

/// What the host itself says of a value that is not the user's own, as labels. No bundle can give one of these: a label of a
/// bundle has no colon.
mod mark {
    /// The user has spoken of nothing like what the tool does.
    pub(super) const UNASKED: &str = "host:unasked";
    /// It is one of several addresses of its kind, and the user has not asked for several.
    pub(super) const CHOSEN: &str = "host:chosen";
    /// It is an address that stands nowhere.
    pub(super) const MADE_UP: &str = "host:made-up";
    /// It is a number that stands nowhere.
    pub(super) const COMPUTED: &str = "host:computed";
    /// It is a payload out of one source that is not trusted, and where it goes stands in another such source alone.
    pub(super) const CROSSED: &str = "host:crossed";
}

fn marks(leaf: &ArgumentLeaf<'_, '_>, standing: Standing, traced: &Traced, reading: Reading<'_>) -> Vec<&'static str> {
    if !matches!(standing, Standing::Untrusted | Standing::Ungrounded | Standing::Flagged) {
        return Vec::new();
    }
    let mut marks = Vec::new();
    if !reading.is_asked_for && !leaf.said.text().is_some_and(is_time) {
        marks.push(mark::UNASKED);
    }
    match leaf.said.text().and_then(|text| reading.moment.choice(text, traced)) {
        Some(Choice::OneOfSeveral) if !reading.moment.asks_for_many() => marks.push(mark::CHOSEN),
        Some(Choice::MadeUp) => marks.push(mark::MADE_UP),
        _ if matches!(leaf.said, Said::Value(Value::Number(_))) && standing == Standing::Ungrounded => {
            marks.push(mark::COMPUTED);
        }
        _ => {}
    }
    marks
}

fn add(flow: &mut Flow, standing: Standing, traced: &Traced, moment: &Moment<'_>) {
    flow.standings = flow.standings.union(WordSet::of(standing));
    for passage in &traced.passages {
        if !flow.sources.contains(&passage.origin.source) {
            flow.sources.insert(passage.origin.source.clone());
        }
        if passage.is_telling {
            flow.labels.extend(passage.origin.labels.iter().cloned());
        }
    }
    if traced.is_partial {
        // It may hold anything that the session has read.
        flow.labels.extend(moment.session.labels.iter().cloned());
    }
}

fn standing(leaf: &ArgumentLeaf<'_, '_>, reading: Reading<'_>) -> (Standing, Traced) {
    let fixed = |standing| (standing, Traced::NOWHERE);
    if is_repaired(leaf, reading.original) {
        return fixed(Standing::Redacted);
    }
    if is_nothing(leaf) || (leaf.constant && reading.vouched) {
        return fixed(Standing::Constant);
    }
    let traced = match leaf.said {
        Said::Key(text) => reading.moment.trace(text),
        Said::Value(Value::String(text)) => reading.moment.trace(text),
        Said::Value(Value::Number(number)) => reading.moment.trace(number.as_str()),
        // No leaf.
        Said::Value(_) => Traced::NOWHERE,
    };
    (stands(traced.grounding), traced)
}

const fn stands(grounding: Grounding) -> Standing {
    match grounding {
        Grounding::User => Standing::User,
        Grounding::Trusted => Standing::Trusted,
        Grounding::Derived => Standing::Derived,
        Grounding::Untrusted => Standing::Untrusted,
        Grounding::Flagged => Standing::Flagged,
        Grounding::Ungrounded => Standing::Ungrounded,
    }
}

/// Whether it can carry nothing, whoever wrote it.
fn is_nothing(leaf: &ArgumentLeaf<'_, '_>) -> bool {
    let is_empty = leaf.said.text().is_some_and(|text| text.trim().is_empty());
    is_empty || matches!(leaf.said, Said::Value(Value::Bool(_) | Value::Null))
}

/// Whether a repair wrote this leaf. It never writes keys.
fn is_repaired(leaf: &ArgumentLeaf<'_, '_>, original: Option<&Object>) -> bool {
    match (original, leaf.said) {
        (Some(original), Said::Value(value)) => original.pointer(&leaf.path.to_string()) != Some(value),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::json::parse;
    use crate::tools::ToolProfile;

    #[test]
    fn flows_by_argument_are_there_where_they_are_read_and_those_by_role_always() {
        let roles = RolePlan::new(None, &BTreeMap::new(), false, ToolProfile::unknown());
        let arguments = parse(br#"{"recipient":"emma","lines":["a",true]}"#).unwrap().as_object().unwrap().clone();
        let moment = Moment::unknown();
        let reading =
            Reading { moment: &moment, vouched: false, original: None, by_argument: true, is_asked_for: true };
        let read = flows(&roles, &arguments, reading);
        assert_eq!(read.by_argument.keys().copied().collect::<Vec<_>>(), ["lines", "recipient"]);
        assert_ne!(read.by_role, Flows::EMPTY);
        let unread = flows(&roles, &arguments, Reading { by_argument: false, ..reading });
        assert_eq!(unread, CallFlows { by_argument: BTreeMap::new(), ..read });
    }
}
