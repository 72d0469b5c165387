//! What policies read, as Cedar saw it.

use std::sync::Arc;

use cedar_policy::{Context, Entities, EntityUid, EvalResult};

use crate::json::{Object, Value};
use crate::judge::entities::Cast;
use crate::judge::levels::Judge;
use crate::judge::reads::Root;
use crate::judge::request::{CedarRequest, Unbuildable};
use crate::judge::subject::Request;

/// What a fact is in one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// This, with sets as sorted arrays and entities by their identifiers.
    Known(Value),
    /// Nothing: there is no such attribute in this event.
    Absent,
    /// Not shown. The arguments of a call are the agent's: what stands in them may be secret, and explanations are logged.
    /// What stands in `core`, in `from` and in the principal and the resource is the host's own.
    Withheld,
}

/// What Cedar is given for one event.
pub(super) struct Given {
    pub(super) request: cedar_policy::Request,
    context: Context,
    cast: Arc<Cast>,
    principal: EntityUid,
    action: EntityUid,
    resource: EntityUid,
}

impl Given {
    /// The same as the evaluation gives it.
    pub(super) fn new(judge: &Judge, request: &Request<'_>) -> Result<Self, Unbuildable> {
        let CedarRequest { principal, action, resource, context, cast } = judge.cedar_request(request)?;
        let context = Context::from_pairs(context).map_err(Unbuildable::internal)?;
        let request =
            cedar_policy::Request::new(principal.clone(), action.clone(), resource.clone(), context.clone(), None)
                .map_err(Unbuildable::internal)?;
        Ok(Self { request, context, cast, principal, action, resource })
    }

    /// The principal and the resource with what is known of them.
    pub(super) fn entities(&self) -> &Entities {
        &self.cast.entities
    }

    /// What scopes speak of.
    pub(super) fn scope(&self) -> [&EntityUid; 3] {
        [&self.principal, &self.action, &self.resource]
    }

    /// The value at the end of a chain of attributes.
    pub(super) fn value(&self, root: Root, chain: &[String]) -> FactValue {
        let Some((first, rest)) = chain.split_first() else { return FactValue::Withheld };
        let mut at = match root {
            Root::Context if first == "args" => return FactValue::Withheld,
            Root::Context => self.context.get(first),
            Root::Principal => self.attribute(&self.principal, first),
            Root::Resource => self.attribute(&self.resource, first),
        };
        for name in rest {
            at = match at {
                Some(EvalResult::Record(record)) => record.get(name).cloned(),
                _ => None,
            };
        }
        at.map_or(FactValue::Absent, |value| FactValue::Known(shown(&value)))
    }

    fn attribute(&self, of: &EntityUid, name: &str) -> Option<EvalResult> {
        self.entities().get(of)?.attr(name)?.ok()
    }
}

/// A value for people and programs: words, not entities.
fn shown(value: &EvalResult) -> Value {
    match value {
        EvalResult::Bool(truth) => (*truth).into(),
        EvalResult::Long(number) => (*number).into(),
        EvalResult::String(text) | EvalResult::ExtensionValue(text) => text.as_str().into(),
        EvalResult::EntityUid(uid) => uid.id().unescaped().into(),
        EvalResult::Set(items) => {
            let mut items: Vec<_> = items.iter().map(shown).collect();
            items.sort_by_cached_key(Value::to_string);
            items.into()
        }
        EvalResult::Record(members) => {
            let mut object = Object::new();
            for (name, value) in members.iter() {
                object.insert(name.as_str(), shown(value));
            }
            object.into()
        }
    }
}
