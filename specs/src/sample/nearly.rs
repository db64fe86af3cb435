//! Values that break one rule at one place.

use serde_json::Value;

use super::{Sampler, Unsatisfiable, object, walk, wrong};
use crate::{api::SchemaId, pointer};

/// The most values that are made of one base.
const MOST: usize = 4_000;

/// A rule of a schema that a value can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// `required`.
    Required,
    /// `type`, when it leaves out `null`.
    NotNull,
    /// `type`.
    Type,
    /// `enum` and `const`.
    Enum,
    /// `minimum` and `exclusiveMinimum`.
    Minimum,
    /// `maximum` and `exclusiveMaximum`.
    Maximum,
    /// `multipleOf`.
    MultipleOf,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `pattern`.
    Pattern,
    /// `format`.
    Format,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// `uniqueItems`.
    UniqueItems,
    /// `minProperties`.
    MinProperties,
    /// `maxProperties`.
    MaxProperties,
    /// `additionalProperties: false`.
    NoExtra,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 17] = [
        Self::Required,
        Self::NotNull,
        Self::Type,
        Self::Enum,
        Self::Minimum,
        Self::Maximum,
        Self::MultipleOf,
        Self::MinLength,
        Self::MaxLength,
        Self::Pattern,
        Self::Format,
        Self::MinItems,
        Self::MaxItems,
        Self::UniqueItems,
        Self::MinProperties,
        Self::MaxProperties,
        Self::NoExtra,
    ];

    /// A word for it, in snake case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotNull => "not_null",
            Self::Type => "type",
            Self::Enum => "enum",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::MultipleOf => "multiple_of",
            Self::MinLength => "min_length",
            Self::MaxLength => "max_length",
            Self::Pattern => "pattern",
            Self::Format => "format",
            Self::MinItems => "min_items",
            Self::MaxItems => "max_items",
            Self::UniqueItems => "unique_items",
            Self::MinProperties => "min_properties",
            Self::MaxProperties => "max_properties",
            Self::NoExtra => "no_extra",
        }
    }

    /// The keywords of JSON Schema that refuse a value which breaks it.
    #[must_use]
    pub fn keywords(self) -> &'static [&'static str] {
        match self {
            Self::Required => &["required"],
            Self::NotNull | Self::Type => &["type", "enum", "const"],
            Self::Enum => &["enum", "const"],
            Self::Minimum => &["minimum", "exclusiveMinimum"],
            Self::Maximum => &["maximum", "exclusiveMaximum"],
            Self::MultipleOf => &["multipleOf"],
            Self::MinLength => &["minLength"],
            Self::MaxLength => &["maxLength"],
            Self::Pattern => &["pattern"],
            Self::Format => &["format"],
            Self::MinItems => &["minItems"],
            Self::MaxItems => &["maxItems"],
            Self::UniqueItems => &["uniqueItems"],
            Self::MinProperties => &["minProperties"],
            Self::MaxProperties => &["maxProperties"],
            Self::NoExtra => &["additionalProperties", "unevaluatedProperties"],
        }
    }
}

/// A value that breaks one rule at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearly {
    /// The rule.
    pub rule: Rule,
    /// JSON pointer of the place; for a missing property, of where it would be.
    pub pointer: String,
    /// What was done, as `a boolean where string is due`.
    pub says: String,
    /// The value, or why there is none that breaks this rule and no other.
    pub value: Result<Value, Unsatisfiable>,
}

/// What to put where the value is, or to take away.
pub(super) struct Wrong {
    pub(super) rule: Rule,
    pub(super) says: String,
    pub(super) value: Result<Value, String>,
}

/// All nearly valid values of a base.
pub(super) fn all(sampler: &Sampler, id: &SchemaId, base: &Value) -> Vec<Nearly> {
    let mut search = Search { sampler, id, base, found: Vec::new() };
    walk::each_place(&sampler.store, id, base, &mut |facets, place, value| {
        for wrong in wrong::all(sampler, facets, value) {
            search.keep(place, wrong.rule, place.to_owned(), wrong.says, wrong.value);
        }
        for name in object::required(&sampler.store, facets) {
            let mut without = value.clone();
            if without.as_object_mut().and_then(|members| members.shift_remove(&name)).is_some() {
                let says = format!("`{name}` is missing");
                search.keep(place, Rule::Required, pointer::join(place, &name), says, Ok(without));
            }
        }
    });
    search.found
}

struct Search<'a> {
    sampler: &'a Sampler,
    id: &'a SchemaId,
    base: &'a Value,
    found: Vec<Nearly>,
}

impl Search<'_> {
    /// Keeps what the validator refuses at this place and by this rule.
    fn keep(&mut self, place: &str, rule: Rule, pointer: String, says: String, wrong: Result<Value, String>) {
        let value = wrong.and_then(|wrong| {
            let mut value = self.base.clone();
            *value.pointer_mut(place).ok_or("the base has no such place")? = wrong;
            self.check(place, rule, &value).map(|()| value)
        });
        let value = value.map_err(|reason| Unsatisfiable { pointer: pointer.clone(), reason });
        if self.found.len() >= MOST {
            return;
        }
        let known = |known: &Nearly| known.rule == rule && known.pointer == pointer && known.value == value;
        if !self.found.iter().any(known) {
            self.found.push(Nearly { rule, pointer, says, value });
        }
    }

    fn check(&self, place: &str, rule: Rule, value: &Value) -> Result<(), String> {
        let violations = self.sampler.store.validator(self.id)?.violations(value);
        if violations.is_empty() {
            return Err("another part of the schema allows it".to_owned());
        }
        let is_above = |instance: &str| place.strip_prefix(instance).is_some_and(|rest| rest.starts_with('/'));
        if let Some(other) = violations.iter().find(|violation| violation.instance != place && !is_above(&violation.instance)) {
            return Err(format!("it would also break `{}` at `{}`", other.keyword, other.instance));
        }
        let is_it = |keyword: &str| rule.keywords().contains(&keyword) || ["anyOf", "oneOf", "not", "if"].contains(&keyword);
        if violations.iter().any(|violation| is_it(violation.keyword.as_ref())) {
            return Ok(());
        }
        Err(format!("`{}` refuses it first", violations[0].keyword))
    }
}
