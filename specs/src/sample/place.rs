//! A place in the value that is made.

use super::{Unsatisfiable, hint::Hint, luck};
use crate::{api::SchemaId, pointer};

/// A place, and how it was come to.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    above: Option<&'p Self>,
    token: Token<'p>,
    /// The components that this place's schemas are, to notice recursion.
    inside: &'p [SchemaId],
    /// A number for the path from the top.
    pub(super) hash: u64,
    pub(super) depth: usize,
    /// The attempt at this place: other attempts, other luck.
    pub(super) attempt: u64,
    /// How often every alternative was tried: later rounds deviate from the shape that is asked for.
    pub(super) round: u64,
    /// What the name of the property promises.
    pub(super) hint: Hint,
}

#[derive(Clone, Copy)]
enum Token<'p> {
    Top,
    Name(&'p str),
    Position(usize),
}

impl<'p> Place<'p> {
    /// The whole value.
    pub(super) fn top(attempt: u64, round: u64) -> Self {
        Self { above: None, token: Token::Top, inside: &[], hash: 0, depth: 0, attempt, round, hint: Hint::None }
    }

    /// The place of a property.
    pub(super) fn property<'b>(&'b self, name: &'b str, hash: u64, hint: Hint) -> Place<'b> {
        Place { hash: luck::mix(self.hash, hash), hint, ..self.below(Token::Name(name)) }
    }

    /// The place of an element.
    pub(super) fn element(&self, position: usize) -> Place<'_> {
        let hash = luck::mix(self.hash, u64::try_from(position).unwrap_or(u64::MAX));
        Place { hash, hint: self.hint, ..self.below(Token::Position(position)) }
    }

    /// The same place in another attempt.
    pub(super) fn again(&self, attempt: u64, rounds: u64) -> Self {
        Self { attempt: self.attempt + attempt, round: self.round + rounds, ..*self }
    }

    /// The same place, known to be of these components.
    pub(super) fn of(&self, inside: &'p [SchemaId]) -> Self {
        Self { inside, ..*self }
    }

    /// The same place, one step deeper: what `if` leads to is no longer at the start.
    pub(super) fn deeper(&self) -> Self {
        Self { depth: self.depth + 1, ..*self }
    }

    /// Whether the place lies in one of these components, itself not counted.
    pub(super) fn is_within(&self, components: &[SchemaId]) -> bool {
        let mut above = self.above;
        while let Some(place) = above {
            if place.inside.iter().any(|id| components.contains(id)) {
                return true;
            }
            above = place.above;
        }
        false
    }

    /// That there is no value at this place.
    pub(super) fn fail<T>(&self, reason: impl Into<String>) -> Result<T, Unsatisfiable> {
        Err(Unsatisfiable { pointer: self.pointer(), reason: reason.into() })
    }

    /// JSON pointer of the place.
    pub(super) fn pointer(&self) -> String {
        let above = self.above.map(Self::pointer).unwrap_or_default();
        match self.token {
            Token::Top => above,
            Token::Name(name) => pointer::join(&above, name),
            Token::Position(position) => pointer::index(&above, position),
        }
    }

    fn below<'b>(&'b self, token: Token<'b>) -> Place<'b> {
        Place { above: Some(self), token, inside: &[], depth: self.depth + 1, ..*self }
    }
}
