//! The rules by which changes of items are judged: Cargo's, and what only a caller of a generated client can run into.

use std::fmt;

/// The release that a change calls for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing that a caller wrote is concerned.
    Patch,
    /// What callers wrote still compiles; there is something new.
    Minor,
    /// What some callers wrote compiles no longer, or does something else.
    Major,
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A kind of change of an item.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable, in kebab case.
    pub id: &'static str,
    /// The release that it calls for.
    pub level: Level,
    /// What happened, as a lower-case fragment.
    pub says: &'static str,
    /// The section of Cargo's chapter on semantic versions that decides it: what follows `#` in its address. Nothing where the
    /// compiler is content and only the running program is not.
    pub cargo: Option<&'static str>,
}

/// All rules.
pub const RULES: [&Rule; 22] = [
    &REMOVED,
    &RENAMED,
    &KIND,
    &ADDED,
    &FIELD_REQUIRED,
    &FIELD_OPTIONAL,
    &FIELD_TYPE,
    &FIELD_ADDED_CLOSED,
    &VARIANT_ADDED,
    &VARIANT_ADDED_CLOSED,
    &VARIANT_TYPE,
    &ARGUMENTS,
    &ARGUMENTS_SWAPPED,
    &ARGUMENTS_WIDER,
    &ARGUMENTS_RENAMED,
    &RETURNS,
    &IMPL_TYPE,
    &CLOSED,
    &OPENED,
    &DEPRECATED,
    &NOT_DEPRECATED,
    &DEMANDED,
];

pub(super) static REMOVED: Rule = major("item-removed", "a public item is gone", "item-remove");
pub(super) static RENAMED: Rule = major("item-renamed", "a public item has another name", "item-remove");
pub(super) static KIND: Rule = major("item-kind-changed", "a struct is an enum now, or the reverse", "item-remove");
pub(super) static ADDED: Rule = minor("item-added", "there is a new public item", "item-new");
pub(super) static FIELD_REQUIRED: Rule = major("field-option-removed", "a field that was an option always has a value", "item-remove");
pub(super) static FIELD_OPTIONAL: Rule = major("field-option-added", "a field that always had a value is an option", "item-remove");
pub(super) static FIELD_TYPE: Rule = major("field-type-changed", "a field has another type", "item-remove");
pub(super) static FIELD_ADDED_CLOSED: Rule =
    major("field-added-exhaustive", "a struct that callers write in full has a new field", "struct-add-public-field-when-no-private");
pub(super) static VARIANT_ADDED: Rule = minor("variant-added", "an enum that callers match with a rest has a new variant", "item-new");
pub(super) static VARIANT_ADDED_CLOSED: Rule =
    major("variant-added-exhaustive", "an enum that callers match in full has a new variant", "enum-variant-new");
pub(super) static VARIANT_TYPE: Rule = major("variant-type-changed", "a variant holds something else", "item-remove");
pub(super) static ARGUMENTS: Rule = major("arguments-changed", "a function takes other arguments", "fn-change-arity");
pub(super) static ARGUMENTS_SWAPPED: Rule = Rule {
    id: "arguments-swapped",
    level: Level::Major,
    says: "arguments of one type changed places, so that calls compile and send each in place of the other",
    cargo: None,
};
pub(super) static ARGUMENTS_WIDER: Rule =
    minor("arguments-widened", "a function takes all that it took, and more", "fn-generalize-compatible");
pub(super) static ARGUMENTS_RENAMED: Rule =
    Rule { id: "arguments-renamed", level: Level::Patch, says: "an argument has another name, which no caller writes", cargo: None };
pub(super) static RETURNS: Rule = major("return-type-changed", "a function returns something else", "item-remove");
pub(super) static IMPL_TYPE: Rule = major("impl-type-changed", "an impl of a trait leads to another type", "item-remove");
pub(super) static CLOSED: Rule =
    major("non-exhaustive-added", "an item that callers wrote or matched in full no longer lets them", "attr-adding-non-exhaustive");
pub(super) static OPENED: Rule = minor("non-exhaustive-removed", "an item lets callers write or match it in full", "item-new");
pub(super) static DEPRECATED: Rule = minor("deprecated", "a function is deprecated: calls compile with a warning", "new-lints");
pub(super) static NOT_DEPRECATED: Rule =
    Rule { id: "no-longer-deprecated", level: Level::Patch, says: "a function is no longer deprecated", cargo: None };
pub(super) static DEMANDED: Rule = Rule {
    id: "required-at-run-time",
    level: Level::Major,
    says: "a property must be sent though no type says so: calls compile, and are refused",
    cargo: None,
};

const fn major(id: &'static str, says: &'static str, cargo: &'static str) -> Rule {
    Rule { id, level: Level::Major, says, cargo: Some(cargo) }
}

const fn minor(id: &'static str, says: &'static str, cargo: &'static str) -> Rule {
    Rule { id, level: Level::Minor, says, cargo: Some(cargo) }
}
