//! The rules, as data. What `--explain` prints and what a change is judged by are the same table.

mod messages;
mod operations;
mod structures;
mod values;

pub(super) use messages::*;
pub(super) use operations::*;
pub(super) use structures::*;
pub(super) use values::*;

use super::rule::Rule;

/// All rules, by what they are about.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [OPERATIONS, MESSAGES, VALUES, STRUCTURES].into_iter().flatten().copied()
}

/// The rule of this id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}
