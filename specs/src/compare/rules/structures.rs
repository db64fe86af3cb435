//! Rules of schemas: objects, arrays, and what schemas are put together from.

use super::super::rule::{
    Rule,
    Wire::{Breaking, Caution, Compatible, None},
    schema, schema_answered, schema_sent, schema_whole,
};

const STILL_FITS: &str = "what callers send still fits";
const STILL_READ: &str = "what callers read is still within what they were promised";

pub(in crate::compare) static PROPERTY_ADDED: Rule = schema(
    "property-added",
    "there is a new property, which need not be there",
    (Compatible, "callers need not send it"),
    (Compatible, "callers ignore what they do not know"),
    ["properties: {colour: {type: string}}", "properties: {colour: {type: string}, tail: {type: string}}"],
);
pub(in crate::compare) static REQUIRED_PROPERTY_ADDED: Rule = schema(
    "required-property-added",
    "there is a new property, which has to be there",
    (Breaking, "callers that do not send it are refused"),
    (Compatible, "callers ignore what they do not know"),
    ["properties: {colour: {type: string}}", "{required: [tail], properties: {colour: {type: string}, tail: {type: string}}}"],
);
pub(in crate::compare) static PROPERTY_REMOVED: Rule = schema(
    "property-removed",
    "a property is gone that did not have to be there",
    (Caution, "what callers send under this name may be ignored or refused"),
    (Caution, "callers that read it will never find it"),
    ["properties: {colour: {type: string}, tail: {type: string}}", "properties: {colour: {type: string}}"],
);
pub(in crate::compare) static REQUIRED_PROPERTY_REMOVED: Rule = schema(
    "required-property-removed",
    "a property is gone that had to be there",
    (Caution, "what callers send under this name may be ignored or refused"),
    (Breaking, "callers that rely on it no longer find it"),
    ["{required: [tail], properties: {colour: {type: string}, tail: {type: string}}}", "properties: {colour: {type: string}}"],
);
pub(in crate::compare) static PROPERTY_REFUSED: Rule = schema_sent(
    "property-refused",
    "a property is gone, and unknown ones are refused",
    (Breaking, "callers that send it are refused"),
    [
        "{additionalProperties: false, properties: {colour: {type: string}, tail: {type: string}}}",
        "{additionalProperties: false, properties: {colour: {type: string}}}",
    ],
);
pub(in crate::compare) static PROPERTY_NOW_REQUIRED: Rule = schema(
    "property-now-required",
    "a property has to be there now",
    (Breaking, "callers that do not send it are refused"),
    (Compatible, STILL_READ),
    ["properties: {tail: {type: string}}", "{required: [tail], properties: {tail: {type: string}}}"],
);
pub(in crate::compare) static PROPERTY_NOW_OPTIONAL: Rule = schema(
    "property-now-optional",
    "a property need not be there any longer",
    (Compatible, STILL_FITS),
    (Breaking, "callers that rely on it may not find it"),
    ["{required: [tail], properties: {tail: {type: string}}}", "properties: {tail: {type: string}}"],
);
pub(in crate::compare) static READ_ONLY_ADDED: Rule = schema_sent(
    "read-only-added",
    "a property cannot be set any longer",
    (Caution, "what callers set may be ignored or refused"),
    ["properties: {tail: {type: string}}", "properties: {tail: {type: string, readOnly: true}}"],
);
pub(in crate::compare) static READ_ONLY_REMOVED: Rule = schema_sent(
    "read-only-removed",
    "a property can be set now",
    (Compatible, "callers need not set it"),
    ["properties: {tail: {type: string, readOnly: true}}", "properties: {tail: {type: string}}"],
);
pub(in crate::compare) static WRITE_ONLY_ADDED: Rule = schema_answered(
    "write-only-added",
    "a property is not answered any longer",
    (Breaking, "callers that read it no longer find it"),
    ["properties: {tail: {type: string}}", "properties: {tail: {type: string, writeOnly: true}}"],
);
pub(in crate::compare) static WRITE_ONLY_REMOVED: Rule = schema_answered(
    "write-only-removed",
    "a property is answered now",
    (Compatible, "callers ignore what they do not know"),
    ["properties: {tail: {type: string, writeOnly: true}}", "properties: {tail: {type: string}}"],
);
pub(in crate::compare) static ADDITIONAL_PROPERTIES_REFUSED: Rule = schema(
    "additional-properties-refused",
    "properties that are not named are refused",
    (Breaking, "callers that send one are refused"),
    (Compatible, STILL_READ),
    ["{type: object}", "{type: object, additionalProperties: false}"],
);
pub(in crate::compare) static ADDITIONAL_PROPERTIES_ADMITTED: Rule = schema(
    "additional-properties-admitted",
    "properties that are not named are admitted",
    (Compatible, STILL_FITS),
    (Caution, "callers that refuse what they do not know may meet a property of no name they know"),
    ["{type: object, additionalProperties: false}", "{type: object}"],
);
pub(in crate::compare) static PROPERTIES_LIMIT_TIGHTENED: Rule = schema(
    "properties-limit-tightened",
    "objects of fewer sizes fit",
    (Breaking, "callers that send an object of another size are refused"),
    (Compatible, STILL_READ),
    ["{type: object}", "{type: object, maxProperties: 8}"],
);
pub(in crate::compare) static PROPERTIES_LIMIT_LOOSENED: Rule = schema(
    "properties-limit-loosened",
    "objects of more sizes fit",
    (Compatible, STILL_FITS),
    (Caution, "callers that rely on the limit may meet an object of another size"),
    ["{type: object, maxProperties: 8}", "{type: object}"],
);
pub(in crate::compare) static ITEMS_LIMIT_TIGHTENED: Rule = schema(
    "items-limit-tightened",
    "arrays of fewer lengths fit, or none with equal items",
    (Breaking, "callers that send another array are refused"),
    (Compatible, STILL_READ),
    ["{type: array, items: {type: string}}", "{type: array, minItems: 1, items: {type: string}}"],
);
pub(in crate::compare) static ITEMS_LIMIT_LOOSENED: Rule = schema(
    "items-limit-loosened",
    "arrays of more lengths fit, or such with equal items",
    (Compatible, STILL_FITS),
    (Caution, "callers that rely on the limit may meet another array"),
    ["{type: array, minItems: 1, items: {type: string}}", "{type: array, items: {type: string}}"],
);
pub(in crate::compare) static ALTERNATIVE_ADDED: Rule = schema(
    "alternative-added",
    "there is one more alternative",
    (Compatible, STILL_FITS),
    (Caution, "callers that know the alternatives may meet one that they do not know"),
    [
        "oneOf: [{type: object, required: [tail]}, {type: array}]",
        "oneOf: [{type: object, required: [tail]}, {type: array}, {type: string, minLength: 1}]",
    ],
);
pub(in crate::compare) static ALTERNATIVE_REMOVED: Rule = schema(
    "alternative-removed",
    "there is one alternative less",
    (Breaking, "callers that send what fits it alone are refused"),
    (Compatible, STILL_READ),
    [
        "oneOf: [{type: object, required: [tail]}, {type: array}, {type: string, minLength: 1}]",
        "oneOf: [{type: object, required: [tail]}, {type: array}]",
    ],
);
pub(in crate::compare) static ALTERNATIVES_EXCLUSIVE: Rule = schema(
    "alternatives-exclusive",
    "a value may fit one alternative alone",
    (Caution, "callers that send what fits several are refused"),
    (Compatible, STILL_READ),
    [
        "anyOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
        "oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
    ],
);
pub(in crate::compare) static ALTERNATIVES_INCLUSIVE: Rule = schema(
    "alternatives-inclusive",
    "a value may fit several alternatives",
    (Compatible, STILL_FITS),
    (Caution, "callers that take the first alternative which fits may lose what the others hold"),
    [
        "oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
        "anyOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
    ],
);
pub(in crate::compare) static DISCRIMINATOR_ADDED: Rule = schema(
    "discriminator-added",
    "a property tells the alternatives apart now",
    (Caution, "callers that do not send the property are refused"),
    (Compatible, STILL_READ),
    [
        "oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
        "{discriminator: {propertyName: sort}, oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]}",
    ],
);
pub(in crate::compare) static DISCRIMINATOR_REMOVED: Rule = schema(
    "discriminator-removed",
    "no property tells the alternatives apart any longer",
    (Compatible, STILL_FITS),
    (Caution, "callers that go by the property may not find it"),
    [
        "{discriminator: {propertyName: sort}, oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]}",
        "oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]",
    ],
);
pub(in crate::compare) static DISCRIMINATOR_CHANGED: Rule = schema(
    "discriminator-changed",
    "another property, or another value of it, tells the alternatives apart",
    (Breaking, "what callers send is taken for another alternative, or refused"),
    (Breaking, "callers take what is answered for another alternative"),
    [
        "{discriminator: {propertyName: sort}, oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]}",
        "{discriminator: {propertyName: make}, oneOf: [{type: object, required: [tail]}, {type: object, required: [line]}]}",
    ],
);
pub(in crate::compare) static CONDITION_CHANGED: Rule = schema(
    "condition-changed",
    "a condition changed that is compared as a whole: `not`, `if`, `contains`, names or dependencies of properties",
    (Caution, "whether what callers send meets it cannot be told"),
    (Caution, "whether callers can read what meets it cannot be told"),
    ["not: {required: [tail]}", "not: {required: [line]}"],
);
pub(in crate::compare) static VALUE_FORBIDDEN: Rule = schema(
    "value-forbidden",
    "no value fits any longer",
    (Breaking, "callers that send one are refused"),
    (Caution, "callers that read it will never find it"),
    ["properties: {tail: {type: string}}", "properties: {tail: false}"],
);
pub(in crate::compare) static VALUE_PERMITTED: Rule = schema(
    "value-permitted",
    "a value fits where none did",
    (Compatible, STILL_FITS),
    (Compatible, "callers ignore what they do not know"),
    ["properties: {tail: false}", "properties: {tail: {type: string}}"],
);
pub(in crate::compare) static DEPRECATION_OF_SCHEMA: Rule = schema_whole(
    "schema-deprecated",
    "it is deprecated now",
    (Compatible, "it is there as before; look for what replaces it"),
    ["properties: {tail: {type: string}}", "properties: {tail: {type: string, deprecated: true}}"],
);
pub(in crate::compare) static REVIVAL_OF_SCHEMA: Rule = schema_whole(
    "schema-revived",
    "it is not deprecated any longer",
    (None, "it is there as before"),
    ["properties: {tail: {type: string, deprecated: true}}", "properties: {tail: {type: string}}"],
);
pub(in crate::compare) static SCHEMA_TEXT: Rule = schema_whole(
    "schema-text-changed",
    "a title, a description or an example of a schema changed",
    (None, "it is for people"),
    ["{type: string, description: of the kite}", "{type: string, description: of the line}"],
);
pub(in crate::compare) static TANGLED: Rule = schema_whole(
    "too-tangled",
    "the schemas are put together in more ways than can be compared",
    (Caution, "from here on nothing was compared"),
    ["allOf: of thousands of schemas", "that share properties by other `allOf`"],
);

pub(super) static STRUCTURES: &[&Rule] = &[
    &PROPERTY_ADDED,
    &REQUIRED_PROPERTY_ADDED,
    &PROPERTY_REMOVED,
    &REQUIRED_PROPERTY_REMOVED,
    &PROPERTY_REFUSED,
    &PROPERTY_NOW_REQUIRED,
    &PROPERTY_NOW_OPTIONAL,
    &READ_ONLY_ADDED,
    &READ_ONLY_REMOVED,
    &WRITE_ONLY_ADDED,
    &WRITE_ONLY_REMOVED,
    &ADDITIONAL_PROPERTIES_REFUSED,
    &ADDITIONAL_PROPERTIES_ADMITTED,
    &PROPERTIES_LIMIT_TIGHTENED,
    &PROPERTIES_LIMIT_LOOSENED,
    &ITEMS_LIMIT_TIGHTENED,
    &ITEMS_LIMIT_LOOSENED,
    &ALTERNATIVE_ADDED,
    &ALTERNATIVE_REMOVED,
    &ALTERNATIVES_EXCLUSIVE,
    &ALTERNATIVES_INCLUSIVE,
    &DISCRIMINATOR_ADDED,
    &DISCRIMINATOR_REMOVED,
    &DISCRIMINATOR_CHANGED,
    &CONDITION_CHANGED,
    &VALUE_FORBIDDEN,
    &VALUE_PERMITTED,
    &DEPRECATION_OF_SCHEMA,
    &REVIVAL_OF_SCHEMA,
    &SCHEMA_TEXT,
    &TANGLED,
];
