//! Which value each keyword of a schema takes. A keyword with another value means nothing and is dropped, so that one
//! slip does not cost the whole schema.

use serde_json::Value;

/// The kinds of values that keywords take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Number,
    PositiveNumber,
    Count,
    Text,
    Flag,
    List,
    Names,
    Object,
    NamesByName,
    Schema,
    Schemas,
    SchemasByName,
}

const KEYWORDS: &[(&str, Expected)] = &[
    ("maximum", Expected::Number),
    ("minimum", Expected::Number),
    ("exclusiveMaximum", Expected::Number),
    ("exclusiveMinimum", Expected::Number),
    ("multipleOf", Expected::PositiveNumber),
    ("maxLength", Expected::Count),
    ("minLength", Expected::Count),
    ("maxItems", Expected::Count),
    ("minItems", Expected::Count),
    ("maxProperties", Expected::Count),
    ("minProperties", Expected::Count),
    ("maxContains", Expected::Count),
    ("minContains", Expected::Count),
    ("pattern", Expected::Text),
    ("format", Expected::Text),
    ("uniqueItems", Expected::Flag),
    ("readOnly", Expected::Flag),
    ("writeOnly", Expected::Flag),
    ("deprecated", Expected::Flag),
    ("enum", Expected::List),
    ("required", Expected::Names),
    ("discriminator", Expected::Object),
    ("dependentRequired", Expected::NamesByName),
    ("items", Expected::Schema),
    ("additionalProperties", Expected::Schema),
    ("not", Expected::Schema),
    ("contains", Expected::Schema),
    ("propertyNames", Expected::Schema),
    ("if", Expected::Schema),
    ("then", Expected::Schema),
    ("else", Expected::Schema),
    ("unevaluatedItems", Expected::Schema),
    ("unevaluatedProperties", Expected::Schema),
    ("contentSchema", Expected::Schema),
    ("allOf", Expected::Schemas),
    ("anyOf", Expected::Schemas),
    ("oneOf", Expected::Schemas),
    ("prefixItems", Expected::Schemas),
    ("properties", Expected::SchemasByName),
    ("patternProperties", Expected::SchemasByName),
    ("dependentSchemas", Expected::SchemasByName),
    ("$defs", Expected::SchemasByName),
    ("definitions", Expected::SchemasByName),
];

/// What the keyword takes, when it is one and its value is something else.
pub(super) fn misfit(keyword: &str, value: &Value) -> Option<Expected> {
    let (_, expected) = KEYWORDS.iter().find(|(name, _)| *name == keyword)?;
    (!expected.is_met(value)).then_some(*expected)
}

impl Expected {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::PositiveNumber => "a number above 0",
            Self::Count => "a whole number from 0",
            Self::Text => "text",
            Self::Flag => "`true` or `false`",
            Self::List => "a list with at least one value",
            Self::Names => "a list of property names",
            Self::Object => "a mapping",
            Self::NamesByName => "a mapping of names to lists of names",
            Self::Schema => "a schema",
            Self::Schemas => "a list with at least one schema",
            Self::SchemasByName => "a mapping of names to schemas",
        }
    }

    fn is_met(self, value: &Value) -> bool {
        let is_schema = |value: &Value| value.is_object() || value.is_boolean();
        let are_names = |value: &Value| value.as_array().is_some_and(|names| names.iter().all(Value::is_string));
        match self {
            Self::Number => value.is_number(),
            Self::PositiveNumber => value.as_f64().is_some_and(|number| number > 0.0),
            Self::Count => value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0),
            Self::Text => value.is_string(),
            Self::Flag => value.is_boolean(),
            Self::List => value.as_array().is_some_and(|values| !values.is_empty()),
            Self::Names => are_names(value),
            Self::Object => value.is_object(),
            Self::NamesByName => value.as_object().is_some_and(|members| members.values().all(are_names)),
            Self::Schema => is_schema(value),
            Self::Schemas => value.as_array().is_some_and(|schemas| !schemas.is_empty() && schemas.iter().all(is_schema)),
            Self::SchemasByName => value.as_object().is_some_and(|schemas| schemas.values().all(is_schema)),
        }
    }
}
