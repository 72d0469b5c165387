//! What a tool does to the world: what the bundle says, and what the server's annotations may add.
//!
//! | the bundle says | the server | effects | open world |
//! | --- | --- | --- | --- |
//! | effects | trusted or not | these, and what the annotations add | |
//! | nothing | not trusted, or without hints | `unknown`, and what the annotations add | |
//! | nothing | trusted, with a hint | `read` if `readOnlyHint` is true; else `write`, `delete` unless `destructiveHint` is false, `send` unless `openWorldHint` is false | |
//! | `open_world` | says `openWorldHint: true` | | true |
//! | `open_world` | else | | as the bundle says |
//! | nothing | trusted | | `openWorldHint`, else true |
//! | nothing | not trusted | | true |
//!
//! Annotations add `write` for an explicit `readOnlyHint: false`, where no effect is there that changes anything; and
//! `delete` for an explicit `destructiveHint: true`, unless `readOnlyHint` is true. They never take an effect away.

use super::{Effect, Effects, settings::ToolSettings};
use crate::json::Object;

/// The hints of a tool's definition that say what the tool does (MCP, revision 2025-06-18, `ToolAnnotations`). A hint
/// that is no boolean is none. `idempotentHint` is not among them: no effect depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Annotations {
    /// It changes nothing; by default, it does.
    pub read_only: Option<bool>,
    /// It may destroy something, and not only add; by default, it may. Has a meaning only if it is not read-only.
    pub destructive: Option<bool>,
    /// It reaches beyond a closed domain; by default, it does.
    pub open_world: Option<bool>,
}

impl Annotations {
    /// The annotations of a tool's definition.
    #[must_use]
    pub fn of(definition: &Object) -> Self {
        let annotations = definition.get("annotations").and_then(|annotations| annotations.as_object());
        let hint = |name| annotations.and_then(|hints| hints.get(name)?.as_bool());
        Self {
            read_only: hint("readOnlyHint"),
            destructive: hint("destructiveHint"),
            open_world: hint("openWorldHint"),
        }
    }

    /// What a tool does, and whether it reaches beyond what the operator controls: by what the bundle says of it, by its
    /// annotations, and by whether the bundle trusts these.
    #[must_use]
    pub fn judged(self, settings: &ToolSettings, trusted: bool) -> (Effects, bool) {
        let trusted_word = if trusted { self.effects() } else { None };
        let effects = settings.effects.or(trusted_word).unwrap_or_else(Effects::unknown);
        let trusted_word = if trusted { self.open_world } else { None };
        let open_world = self.open_world == Some(true) || settings.open_world.or(trusted_word).unwrap_or(true);
        (self.added_to(effects), open_world)
    }

    /// The effects that the hints say, if there are any.
    fn effects(self) -> Option<Effects> {
        if self == Self::default() {
            return None;
        }
        if self.read_only == Some(true) {
            return Some([Effect::Read].into_iter().collect());
        }
        let delete = self.destructive.unwrap_or(true).then_some(Effect::Delete);
        let send = self.open_world.unwrap_or(true).then_some(Effect::Send);
        Some([Effect::Write].into_iter().chain(delete).chain(send).collect())
    }

    /// `effects`, and those that the hints name explicitly.
    fn added_to(self, effects: Effects) -> Effects {
        let changes = effects.set().iter().any(|effect| !matches!(effect, Effect::Read | Effect::Unknown));
        let write = (self.read_only == Some(false) && !changes).then_some(Effect::Write);
        let delete = (self.destructive == Some(true) && self.read_only != Some(true)).then_some(Effect::Delete);
        effects.set().iter().chain(write).chain(delete).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use proptest::prelude::*;

    use super::*;
    use crate::{
        json,
        vocabulary::{Vocabulary, WordSet},
    };

    fn annotations(text: &str) -> Annotations {
        let definition = json::parse(format!(r#"{{"name":"x","annotations":{{{text}}}}}"#).as_bytes()).unwrap();
        Annotations::of(definition.as_object().unwrap())
    }

    fn said(effects: Effects) -> Vec<&'static str> {
        effects.set().iter().map(Vocabulary::word).collect()
    }

    fn settings(effects: &[Effect], open_world: Option<bool>) -> ToolSettings {
        let effects = (!effects.is_empty()).then(|| effects.iter().copied().collect());
        ToolSettings { effects, open_world, ..ToolSettings::default() }
    }

    #[test]
    fn a_trusted_server_says_what_its_tools_do() {
        for (hints, effects, open_world) in [
            ("", &["unknown"][..], true),
            (r#""title":"x""#, &["unknown"], true),
            (r#""readOnlyHint":"true""#, &["unknown"], true),
            (r#""idempotentHint":true"#, &["unknown"], true),
            (r#""readOnlyHint":true"#, &["read"], true),
            (r#""readOnlyHint":true,"destructiveHint":true,"openWorldHint":false"#, &["read"], false),
            (r#""readOnlyHint":false"#, &["write", "delete", "send"], true),
            (r#""destructiveHint":false"#, &["write", "send"], true),
            (r#""openWorldHint":false"#, &["write", "delete"], false),
            (r#""destructiveHint":false,"openWorldHint":false"#, &["write"], false),
        ] {
            let (found, open) = annotations(hints).judged(&ToolSettings::default(), true);
            assert_eq!((said(found), open), (effects.to_vec(), open_world), "{hints}");
        }
    }

    #[test]
    fn a_server_that_is_not_trusted_only_adds() {
        let read = settings(&[Effect::Read], Some(false));
        let send = settings(&[Effect::Send], Some(false));
        let nothing = ToolSettings::default();
        for (hints, settings, effects, open_world) in [
            (r#""readOnlyHint":true,"openWorldHint":false"#, &nothing, &["unknown"][..], true),
            (r#""readOnlyHint":false"#, &nothing, &["write", "unknown"], true),
            (r#""destructiveHint":true"#, &nothing, &["delete", "unknown"], true),
            ("", &read, &["read"], false),
            (r#""readOnlyHint":true"#, &send, &["send"], false),
            (r#""readOnlyHint":false"#, &read, &["read", "write"], false),
            (r#""readOnlyHint":false"#, &send, &["send"], false),
            (r#""destructiveHint":true"#, &read, &["read", "delete"], false),
            (r#""destructiveHint":true,"readOnlyHint":true"#, &read, &["read"], false),
            (r#""openWorldHint":true"#, &read, &["read"], true),
        ] {
            let (found, open) = annotations(hints).judged(settings, false);
            assert_eq!((said(found), open), (effects.to_vec(), open_world), "{hints}");
        }
    }

    fn any_hints() -> impl Strategy<Value = Annotations> {
        any::<[Option<bool>; 3]>().prop_map(|[read_only, destructive, open_world]| Annotations {
            read_only,
            destructive,
            open_world,
        })
    }

    proptest! {
        #[test]
        fn annotations_take_nothing_away_from_what_the_bundle_says(
            hints in any_hints(),
            words in prop::collection::vec(0_usize..Effect::ALL.len(), 0..4),
            open_world in any::<bool>(),
            trusted in any::<bool>(),
        ) {
            let effects: Vec<_> = words.iter().filter_map(|at| Effect::ALL.get(*at).copied()).collect();
            let settings = settings(&effects, Some(open_world));
            let (found, open) = hints.judged(&settings, trusted);
            let stated: WordSet<Effect> = effects.iter().copied().collect();
            prop_assert_eq!(found.set().union(stated), found.set());
            prop_assert!(open || !open_world);
        }

        #[test]
        fn what_an_untrusted_server_says_loosens_nothing(hints in any_hints()) {
            let (found, open) = hints.judged(&ToolSettings::default(), false);
            prop_assert!(found.set().contains(Effect::Unknown) && open);
        }
    }
}
