//! The leaves of a call's arguments, each with its roles.
//!
//! A leaf is a value that is neither an array nor an object; and a key that nobody has named, since the agent wrote it as
//! freely as any value: `{"portions": {"mallory": 1}}`. A key is named by the tool's schema or by a pointer of the bundle.
//! Of a tool without a definition, the arguments' own keys are taken for names of parameters, unless they have the form
//! of an address or a path.
//!
//! The roles of a leaf:
//!
//! 1. What the bundle says of it, or of what it is in; the longest pointer wins, and one that names an index wins over
//!    `*`. That is then its only role.
//! 2. Else what the schema says of it, if the bundle trusts the server. That is then its only role.
//! 3. Else all of these: what its form says; what its name says, or else the nearest name above it; and of what a schema
//!    says that is not trusted, `destination` and `code`.
//! 4. A string for which neither form nor name says anything is a destination too, unless the tool only reads.
//!
//! In 3, what the agent chose takes no role away: a payload that looks like a URL is a destination and still a payload,
//! and a name that the schema does not have adds to the name above it instead of taking its place. A key has the role of
//! an item of the object it stands in. A schema's word holds for values of the type that it gives; what has another type
//! is only ever made stricter by it.

use std::{fmt, ops::Range};

use super::{
    form::roles_of,
    plan::{Known, RolePlan},
    pointers::Pointers,
    words::role_of_name,
};
use crate::{
    json::{Object, Value, push_token},
    tools::{JsonType, Role},
    vocabulary::WordSet,
};

/// One leaf of a call's arguments.
#[derive(Debug, Clone, Copy)]
pub struct ArgumentLeaf<'v, 'w> {
    /// The argument that it belongs to: a key of the arguments.
    pub argument: &'v str,
    /// Where it is; for a key, where its value is.
    pub path: Path<'w>,
    /// What stands there.
    pub said: Said<'v>,
    /// What it is for.
    pub roles: WordSet<Role>,
    /// The schema determines what can stand here, and this is it: a boolean, or a value that the schema lists.
    pub constant: bool,
}

/// What the agent said at a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'v> {
    /// A key that nobody has named.
    Key(&'v str),
    /// A string, a number, a boolean or `null`.
    Value(&'v Value),
}

impl<'v> Said<'v> {
    /// The text of a key or a string.
    #[must_use]
    pub fn text(self) -> Option<&'v str> {
        match self {
            Self::Key(key) => Some(key),
            Self::Value(value) => value.as_str(),
        }
    }
}

/// Where a leaf is. `Display` writes a JSON Pointer (RFC 6901) into the arguments; nothing is written before.
#[derive(Debug, Clone, Copy)]
pub struct Path<'w> {
    above: Option<&'w Self>,
    token: Token<'w>,
}

#[derive(Debug, Clone, Copy)]
enum Token<'w> {
    Key(&'w str),
    Index(usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(above) = self.above {
            above.fmt(f)?;
        }
        match self.token {
            Token::Key(key) => {
                let mut token = String::new();
                push_token(&mut token, key);
                f.write_str(&token)
            }
            Token::Index(index) => write!(f, "/{index}"),
        }
    }
}

impl RolePlan {
    /// Visits every leaf of a call's arguments once, in the order in which they stand. Takes time in proportion to the
    /// arguments, allocates nothing but for pointers of the bundle, and recurses as deep as the arguments are nested
    /// ([`json::MAX_DEPTH`](crate::json::MAX_DEPTH)).
    pub fn leaves<'v>(&self, arguments: &'v Object, visit: impl FnMut(ArgumentLeaf<'v, '_>)) {
        let mut pointed = Vec::new();
        if !self.pointers.is_empty() {
            pointed.push(&self.pointers);
        }
        let here = 0..pointed.len();
        let above = Above { bundle: self.pointers.role, server: None, named: WordSet::EMPTY, claimed: WordSet::EMPTY };
        let mut walk = Walk { plan: self, pointed, argument: "", visit };
        let (known, above) = walk.enter(self.known.as_ref(), above, Some(JsonType::Object));
        walk.members(arguments, known, above, here, None);
    }
}

/// What holds for everything below one place.
#[derive(Clone, Copy)]
struct Above {
    /// What the longest pointer of the bundle says.
    bundle: Option<Role>,
    /// What a trusted server says.
    server: Option<Role>,
    /// What names say.
    named: WordSet<Role>,
    /// What else the server says, as far as it is stricter.
    claimed: WordSet<Role>,
}

impl Above {
    /// With what the schema says of the place; only what is stricter counts if it does not bind.
    fn with_claim(self, role: Option<Role>, binds: bool) -> Self {
        match role {
            Some(role) if binds => Self { server: Some(role), ..self },
            Some(strict @ (Role::Destination | Role::Code)) => Self { claimed: self.claimed.with(strict), ..self },
            _ => self,
        }
    }
}

struct Walk<'p, 'v, V> {
    plan: &'p RolePlan,
    /// The pointers of the bundle to the places on the way down, those to one place side by side. All that point to one
    /// place are equally long, so the role of the first that has one counts.
    pointed: Vec<&'p Pointers>,
    /// The argument that the walk is in.
    argument: &'v str,
    visit: V,
}

impl<'p, 'v, V: FnMut(ArgumentLeaf<'v, '_>)> Walk<'p, 'v, V> {
    fn members(
        &mut self,
        object: &'v Object,
        known: Option<&'p Known>,
        above: Above,
        pointed: Range<usize>,
        path: Option<&Path<'_>>,
    ) {
        for (key, value) in object.iter() {
            if path.is_none() {
                self.argument = key;
            }
            let (member, others) = match known {
                Some(Known::Members(members, others)) => (members.get(key), *others),
                _ => (None, None),
            };
            let above = if member.is_some() { above } else { above.with_claim(others, self.plan.trusted) };
            let here = Path { above: path, token: Token::Key(key) };
            let (next, bundle) = self.follow(pointed.clone(), |pointers, found| found.extend(pointers.member(key)));
            let named = match member {
                Some(member) => member.named.map_or(above.named, WordSet::of),
                None => role_of_name(key).map_or(above.named, |role| above.named.with(role)),
            };
            if member.is_none() && next.is_empty() && self.is_leaf(key, path.is_none()) {
                self.visit(Said::Key(key), above, false, here);
            }
            let below = Above { bundle: bundle.or(above.bundle), named, ..above };
            self.value(value, member.map(|member| &member.known), below, next.clone(), &here);
            self.pointed.truncate(next.start);
        }
    }

    fn value(
        &mut self,
        value: &'v Value,
        known: Option<&'p Known>,
        above: Above,
        pointed: Range<usize>,
        path: &Path<'_>,
    ) {
        let (known, above) = self.enter(known, above, JsonType::of(value));
        match value {
            Value::Array(items) => {
                let known = match known {
                    Some(Known::Items(known)) => Some(&**known),
                    _ => None,
                };
                for (index, item) in items.iter().enumerate() {
                    let here = Path { above: Some(path), token: Token::Index(index) };
                    let (next, bundle) =
                        self.follow(pointed.clone(), |pointers, found| found.extend(pointers.item(index)));
                    let below = Above { bundle: bundle.or(above.bundle), ..above };
                    self.value(item, known, below, next.clone(), &here);
                    self.pointed.truncate(next.start);
                }
            }
            Value::Object(object) => self.members(object, known, above, pointed, Some(path)),
            _ => {
                let constant = matches!(known, Some(Known::Leaf(leaf)) if leaf.fixes(value));
                self.visit(Said::Value(value), above, constant, *path);
            }
        }
    }

    /// What is known of a value of this type, and what holds for it and everything below.
    fn enter(&self, known: Option<&'p Known>, above: Above, kind: Option<JsonType>) -> (Option<&'p Known>, Above) {
        let known = known.and_then(|known| known.of_type(kind));
        match known {
            Some(Known::Leaf(leaf)) => {
                let fits = kind == Some(leaf.kind.json_type());
                (known, above.with_claim(leaf.role, self.plan.trusted && fits))
            }
            Some(Known::Anything(role)) => (known, above.with_claim(*role, self.plan.trusted)),
            _ => (known, above),
        }
    }

    /// One step along the pointers to a place: those to the next, which stand last until they are truncated, and what
    /// they say of it.
    fn follow(
        &mut self,
        pointed: Range<usize>,
        step: impl Fn(&'p Pointers, &mut Vec<&'p Pointers>),
    ) -> (Range<usize>, Option<Role>) {
        let start = self.pointed.len();
        for at in pointed {
            if let Some(pointers) = self.pointed.get(at).copied() {
                step(pointers, &mut self.pointed);
            }
        }
        let role = self.pointed.get(start..).unwrap_or_default().iter().find_map(|pointers| pointers.role);
        (start..self.pointed.len(), role)
    }

    /// Whether a key that nobody has named is a leaf.
    fn is_leaf(&self, key: &str, argument: bool) -> bool {
        !argument || self.plan.known.is_some() || !roles_of(key).is_empty()
    }

    fn visit(&mut self, said: Said<'v>, above: Above, constant: bool, path: Path<'_>) {
        let roles = match (above.bundle.or(above.server), said.text()) {
            (Some(role), _) => WordSet::of(role),
            (None, None) => above.named.union(above.claimed),
            (None, Some(text)) => {
                let roles = above.named.union(roles_of(text));
                let unknown = roles.is_empty() && self.plan.changes;
                let roles = if unknown { WordSet::of(Role::Destination) } else { roles };
                roles.union(above.claimed)
            }
        };
        (self.visit)(ArgumentLeaf { argument: self.argument, path, said, roles, constant });
    }
}

#[cfg(test)]
mod tests;
