//! What of a context has to be built: what the policies that can apply read of it.
//!
//! Cedar evaluates a context anew for each request, and the whole of ours costs several times what its policies do. What no
//! policy reads changes no answer, so it is left out. The law that holds verdicts to their definition builds everything.

use std::collections::BTreeMap;

use super::reads::Reads;

/// What is wanted of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These members, and of each this.
    Members(BTreeMap<Box<str>, Self>),
}

impl Wanted {
    /// Nothing.
    pub(super) const NOTHING: Self = Self::Members(BTreeMap::new());

    /// What a policy reads of the context besides; all of it, where that is not known.
    pub(super) fn add(&mut self, reads: Option<&Reads>) {
        match reads {
            Some(reads) => reads.chains().for_each(|chain| self.want(chain)),
            None => *self = Self::Whole,
        }
    }

    fn want(&mut self, chain: &[String]) {
        match (chain, &mut *self) {
            (_, Self::Whole) => {}
            ([], _) => *self = Self::Whole,
            ([first, rest @ ..], Self::Members(members)) => {
                members.entry(first.as_str().into()).or_insert(Self::NOTHING).want(rest);
            }
        }
    }

    /// What is wanted of a member; `None` if nothing is, not even that it is there.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Whole => Some(self),
            Self::Members(members) => members.get(name),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use cedar_policy::Policy;

    use super::*;

    fn wanted(conditions: &[&str]) -> Wanted {
        let mut wanted = Wanted::NOTHING;
        for condition in conditions {
            let text = format!("forbid (principal, action, resource) when {{ {condition} }};");
            wanted.add(Reads::of(&Policy::parse(None, text).unwrap()).as_ref());
        }
        wanted
    }

    #[test]
    fn what_policies_read_is_wanted_and_nothing_else() {
        let wanted =
            wanted(&["context.core.session.calls > 3", "context.core.session.full && context has args.amount"]);
        let core = wanted.member("core").unwrap();
        let session = core.member("session").unwrap();
        assert_eq!(session.member("calls"), Some(&Wanted::Whole));
        assert_eq!(session.member("full"), Some(&Wanted::Whole));
        assert_eq!(session.member("labels"), None);
        assert_eq!(core.member("flow"), None);
        assert!(wanted.member("args").unwrap().member("amount").is_some());
        assert_eq!(wanted.member("from"), None);
    }

    #[test]
    fn what_is_read_whole_is_wanted_whole_whatever_else_is_read_of_it() {
        for conditions in [
            ["context.core == context.core", "context.core.session.full"],
            ["context.core.session.full", "context.core == context.core"],
        ] {
            let wanted = wanted(&conditions);
            assert_eq!(wanted.member("core"), Some(&Wanted::Whole));
            assert!(wanted.member("core").unwrap().member("flow").is_some());
        }
        assert_eq!(wanted(&["context == principal"]), Wanted::Whole);
    }
}
