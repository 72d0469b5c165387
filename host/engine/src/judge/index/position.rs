//! What the scopes of the policies ask of the principal, of the action or of the resource, as numbers.

use std::collections::HashMap;

use cedar_policy::{ActionConstraint, Entities, EntityTypeName, EntityUid, PrincipalConstraint, ResourceConstraint};

/// One thing that scopes ask of one position, such as `in Guardhouse::Server::"bank"`. Equal keys of one position ask
/// the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key(pub(super) usize);

impl Key {
    /// Nothing is asked.
    pub(super) const ANY: Self = Self(0);
}

/// What a scope says of one position. Cedar has three types for it, of which none has all of these.
#[derive(Debug)]
pub(super) enum Constraint {
    /// Nothing.
    Any,
    /// `== e`.
    Equal(EntityUid),
    /// `in e` or `in [e, …]`: one of them, or a descendant of one.
    Within(Vec<EntityUid>),
    /// `is T`.
    Is(EntityTypeName),
    /// `is T in e`.
    IsWithin(EntityTypeName, EntityUid),
}

impl From<PrincipalConstraint> for Constraint {
    fn from(constraint: PrincipalConstraint) -> Self {
        match constraint {
            PrincipalConstraint::Any => Self::Any,
            PrincipalConstraint::Eq(entity) => Self::Equal(entity),
            PrincipalConstraint::In(entity) => Self::Within(vec![entity]),
            PrincipalConstraint::Is(kind) => Self::Is(kind),
            PrincipalConstraint::IsIn(kind, entity) => Self::IsWithin(kind, entity),
        }
    }
}

impl From<ActionConstraint> for Constraint {
    fn from(constraint: ActionConstraint) -> Self {
        match constraint {
            ActionConstraint::Any => Self::Any,
            ActionConstraint::Eq(entity) => Self::Equal(entity),
            ActionConstraint::In(entities) => Self::Within(entities),
        }
    }
}

impl From<ResourceConstraint> for Constraint {
    fn from(constraint: ResourceConstraint) -> Self {
        match constraint {
            ResourceConstraint::Any => Self::Any,
            ResourceConstraint::Eq(entity) => Self::Equal(entity),
            ResourceConstraint::In(entity) => Self::Within(vec![entity]),
            ResourceConstraint::Is(kind) => Self::Is(kind),
            ResourceConstraint::IsIn(kind, entity) => Self::IsWithin(kind, entity),
        }
    }
}

/// All that the scopes of the policies ask of one position.
#[derive(Debug, Default)]
pub(super) struct Position {
    named: HashMap<EntityUid, Named>,
    is: HashMap<EntityTypeName, Key>,
    is_within: HashMap<EntityTypeName, HashMap<EntityUid, Key>>,
    /// How many keys there are besides [`Key::ANY`].
    count: usize,
}

/// What scopes ask of a position by the name of an entity alone.
#[derive(Debug, Default)]
struct Named {
    equal: Option<Key>,
    within: Option<Key>,
}

impl Position {
    /// The keys of a constraint: it is met where one of them is. None for `in []`, which nothing meets.
    pub(super) fn file(&mut self, constraint: Constraint) -> Vec<Key> {
        let count = &mut self.count;
        let mut fresh = || {
            *count += 1;
            Key(*count)
        };
        match constraint {
            Constraint::Any => vec![Key::ANY],
            Constraint::Equal(entity) => vec![*self.named.entry(entity).or_default().equal.get_or_insert_with(fresh)],
            Constraint::Within(entities) => {
                let mut key = |entity| *self.named.entry(entity).or_default().within.get_or_insert_with(&mut fresh);
                entities.into_iter().map(&mut key).collect()
            }
            Constraint::Is(kind) => vec![*self.is.entry(kind).or_insert_with(fresh)],
            Constraint::IsWithin(kind, entity) => {
                vec![*self.is_within.entry(kind).or_default().entry(entity).or_insert_with(fresh)]
            }
        }
    }

    /// Every key that `entity` meets, [`Key::ANY`] included, in order and none twice.
    ///
    /// Cedar's own rules: an entity that is not among `entities` has no ancestors, and every entity is in itself.
    pub(super) fn met(&self, entity: &EntityUid, entities: &Entities) -> Vec<Key> {
        // Most meet two or three.
        let mut met = Vec::with_capacity(8);
        met.push(Key::ANY);
        let ancestors = || entities.ancestors(entity).into_iter().flatten();
        if !self.named.is_empty() {
            met.extend(self.named.get(entity).into_iter().flat_map(|named| [named.equal, named.within]).flatten());
            met.extend(ancestors().filter_map(|ancestor| self.named.get(ancestor)?.within));
        }
        met.extend(self.is.get(entity.type_name()));
        if let Some(within) = self.is_within.get(entity.type_name()) {
            met.extend(std::iter::once(entity).chain(ancestors()).filter_map(|entity| within.get(entity)));
        }
        met.sort_unstable();
        met.dedup();
        met
    }
}
