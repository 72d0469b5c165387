//! Where a call's arguments come from, by what they are for.
//!
//! Nobody looks the values up yet, so a leaf is `redacted` where a repair wrote it, `constant` where the tool's schema fixes
//! it, and else `ungrounded`. A schema fixes what it lists, if somebody vouches for it: the bundle pins the definition, or
//! trusts its server. Else a server could list an address of its own choice, and have it taken for the surest of all.

use std::collections::BTreeMap;

use crate::json::{Object, Value};
use crate::judge::{Flow, Flows, Standing};
use crate::tools::{ArgumentLeaf, Role, RolePlan, Said};
use crate::vocabulary::WordSet;

/// The flows of a call: by role, and by argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CallFlows<'e> {
    /// `context.core.flow`.
    pub(super) by_role: Flows,
    /// `context.from`. Empty where no policy reads it.
    pub(super) by_argument: BTreeMap<&'e str, Flow>,
}

/// The flows of a call with these arguments. `vouched`: somebody vouches for the tool's schema. `original` are the arguments
/// before a repair. `read`: some policy may ask for those by argument.
pub(super) fn flows<'e>(
    roles: &RolePlan,
    arguments: &'e Object,
    vouched: bool,
    original: Option<&Object>,
    read: bool,
) -> CallFlows<'e> {
    let mut flows = CallFlows { by_role: Flows::EMPTY, by_argument: BTreeMap::new() };
    roles.leaves(arguments, |leaf| {
        let standing = standing(&leaf, vouched, original);
        let CallFlows { by_role: Flows { any, destination, payload, selector, code }, by_argument } = &mut flows;
        add(any, standing);
        for (role, flow) in
            [(Role::Destination, destination), (Role::Payload, payload), (Role::Selector, selector), (Role::Code, code)]
        {
            if leaf.roles.contains(role) {
                add(flow, standing);
            }
        }
        if read {
            add(by_argument.entry(leaf.argument).or_insert(Flow::EMPTY), standing);
        }
    });
    flows
}

fn add(flow: &mut Flow, standing: Standing) {
    flow.standings = flow.standings.union(WordSet::of(standing));
}

fn standing(leaf: &ArgumentLeaf<'_, '_>, vouched: bool, original: Option<&Object>) -> Standing {
    if is_repaired(leaf, original) {
        Standing::Redacted
    } else if leaf.constant && (vouched || is_boolean(leaf)) {
        Standing::Constant
    } else {
        Standing::Ungrounded
    }
}

/// A boolean can carry no address, whoever lists it.
fn is_boolean(leaf: &ArgumentLeaf<'_, '_>) -> bool {
    matches!(leaf.said, Said::Value(Value::Bool(_)))
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
        let read = flows(&roles, &arguments, false, None, true);
        assert_eq!(read.by_argument.keys().copied().collect::<Vec<_>>(), ["lines", "recipient"]);
        assert_ne!(read.by_role, Flows::EMPTY);
        let unread = flows(&roles, &arguments, false, None, false);
        assert_eq!(unread, CallFlows { by_argument: BTreeMap::new(), ..read });
    }
}
