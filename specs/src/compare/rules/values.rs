//! Rules of schemas: which single values fit.

use super::super::rule::{
    Rule,
    Wire::{Breaking, Caution, Compatible},
    schema, schema_sent,
};

const STILL_FITS: &str = "what callers send still fits";
const STILL_READ: &str = "what callers read is still within what they were promised";

pub(in crate::compare) static TYPE_WIDENED: Rule = schema(
    "type-widened",
    "values of more types fit",
    (Compatible, STILL_FITS),
    (Breaking, "callers may be answered with a type that they cannot read"),
    ["type: integer", "type: number"],
);
pub(in crate::compare) static TYPE_NARROWED: Rule = schema(
    "type-narrowed",
    "values of fewer types fit",
    (Breaking, "callers that send a type which is gone are refused"),
    (Compatible, STILL_READ),
    ["type: [string, integer]", "type: string"],
);
pub(in crate::compare) static TYPE_CHANGED: Rule = schema(
    "type-changed",
    "values of another type fit",
    (Breaking, "what callers send no longer fits"),
    (Breaking, "callers are answered with a type that they cannot read"),
    ["type: string", "type: integer"],
);
pub(in crate::compare) static NULL_ADMITTED: Rule = schema(
    "null-admitted",
    "null fits now",
    (Compatible, STILL_FITS),
    (Breaking, "callers may be answered with null where they were promised a value"),
    ["type: string", "type: [string, 'null']"],
);
pub(in crate::compare) static NULL_REFUSED: Rule = schema(
    "null-refused",
    "null no longer fits",
    (Breaking, "callers that send null are refused"),
    (Compatible, STILL_READ),
    ["type: [string, 'null']", "type: string"],
);
pub(in crate::compare) static FORMAT_WIDENED: Rule = schema(
    "format-widened",
    "the format takes more numbers",
    (Compatible, STILL_FITS),
    (Breaking, "callers may be answered with numbers that do not fit into what they read them into"),
    ["{type: integer, format: int32}", "{type: integer, format: int64}"],
);
pub(in crate::compare) static FORMAT_NARROWED: Rule = schema(
    "format-narrowed",
    "the format takes fewer numbers",
    (Breaking, "callers that send the larger numbers are refused"),
    (Compatible, STILL_READ),
    ["{type: integer, format: int64}", "{type: integer, format: int32}"],
);
pub(in crate::compare) static FORMAT_CHANGED: Rule = schema(
    "format-changed",
    "the format is another",
    (Breaking, "what callers send is written in the old format"),
    (Breaking, "callers read the old format"),
    ["{type: string, format: date-time}", "{type: string, format: date}"],
);
pub(in crate::compare) static FORMAT_ADDED: Rule = schema(
    "format-added",
    "a format is asked for",
    (Caution, "callers that send text in no such format may be refused"),
    (Compatible, STILL_READ),
    ["type: string", "{type: string, format: email}"],
);
pub(in crate::compare) static FORMAT_REMOVED: Rule = schema(
    "format-removed",
    "no format is asked for any longer",
    (Compatible, STILL_FITS),
    (Caution, "callers that read the format may meet text that is not in it"),
    ["{type: string, format: email}", "type: string"],
);
pub(in crate::compare) static ENUM_VALUE_ADDED: Rule = schema(
    "enum-value-added",
    "a value was added to an `enum`",
    (Compatible, STILL_FITS),
    (Caution, "callers that know the values may meet one that they do not know"),
    ["enum: [red, green]", "enum: [red, green, blue]"],
);
pub(in crate::compare) static ENUM_VALUE_REMOVED: Rule = schema(
    "enum-value-removed",
    "a value was removed from an `enum`",
    (Breaking, "callers that send the value are refused"),
    (Compatible, STILL_READ),
    ["enum: [red, green, blue]", "enum: [red, green]"],
);
pub(in crate::compare) static ENUM_ADDED: Rule = schema(
    "enum-added",
    "the values are listed now",
    (Breaking, "callers that send another value are refused"),
    (Compatible, STILL_READ),
    ["type: string", "{type: string, enum: [red, green]}"],
);
pub(in crate::compare) static ENUM_REMOVED: Rule = schema(
    "enum-removed",
    "the values are no longer listed",
    (Compatible, STILL_FITS),
    (Caution, "callers that know the values may meet one that they do not know"),
    ["{type: string, enum: [red, green]}", "type: string"],
);
pub(in crate::compare) static CONST_CHANGED: Rule = schema(
    "const-changed",
    "the only value that fits is another",
    (Breaking, "callers send the old value"),
    (Breaking, "callers wait for the old value"),
    ["const: red", "const: green"],
);
pub(in crate::compare) static NUMBER_LIMIT_TIGHTENED: Rule = schema(
    "number-limit-tightened",
    "fewer numbers are within the limits",
    (Breaking, "callers that send a number outside are refused"),
    (Compatible, STILL_READ),
    ["{type: integer, maximum: 100}", "{type: integer, maximum: 50}"],
);
pub(in crate::compare) static NUMBER_LIMIT_LOOSENED: Rule = schema(
    "number-limit-loosened",
    "more numbers are within the limits",
    (Compatible, STILL_FITS),
    (Caution, "callers that rely on the limit may meet a number outside"),
    ["{type: integer, maximum: 50}", "{type: integer, maximum: 100}"],
);
pub(in crate::compare) static LENGTH_LIMIT_TIGHTENED: Rule = schema(
    "length-limit-tightened",
    "text of fewer lengths fits",
    (Breaking, "callers that send longer or shorter text are refused"),
    (Compatible, STILL_READ),
    ["{type: string, maxLength: 80}", "{type: string, maxLength: 40}"],
);
pub(in crate::compare) static LENGTH_LIMIT_LOOSENED: Rule = schema(
    "length-limit-loosened",
    "text of more lengths fits",
    (Compatible, STILL_FITS),
    (Caution, "callers that keep the text in as much room as the limit may run out of it"),
    ["{type: string, maxLength: 40}", "{type: string, maxLength: 80}"],
);
pub(in crate::compare) static STEP_CHANGED: Rule = schema(
    "step-changed",
    "`multipleOf` is another",
    (Breaking, "callers that send numbers in the old steps are refused"),
    (Caution, "callers that rely on the steps may meet a number between them"),
    ["{type: integer, multipleOf: 2}", "{type: integer, multipleOf: 3}"],
);
pub(in crate::compare) static PATTERN_ADDED: Rule = schema(
    "pattern-added",
    "text has to match a pattern",
    (Breaking, "callers that send other text are refused"),
    (Compatible, STILL_READ),
    ["type: string", "{type: string, pattern: '^[a-z]+$'}"],
);
pub(in crate::compare) static PATTERN_REMOVED: Rule = schema(
    "pattern-removed",
    "text no longer has to match a pattern",
    (Compatible, STILL_FITS),
    (Caution, "callers that take the text apart may meet one that does not match"),
    ["{type: string, pattern: '^[a-z]+$'}", "type: string"],
);
pub(in crate::compare) static PATTERN_CHANGED: Rule = schema(
    "pattern-changed",
    "text has to match another pattern",
    (Caution, "whether what callers send matches cannot be told from the patterns"),
    (Caution, "whether callers can read what matches cannot be told from the patterns"),
    ["{type: string, pattern: '^[a-z]+$'}", "{type: string, pattern: '^[a-z-]+$'}"],
);
pub(in crate::compare) static DEFAULT_CHANGED: Rule = schema_sent(
    "default-changed",
    "what counts when nothing is sent is another",
    (Caution, "callers that leave it out get something else than before"),
    ["{type: integer, default: 20}", "{type: integer, default: 50}"],
);
pub(in crate::compare) static CONTENT_CHANGED: Rule = schema(
    "content-changed",
    "what the text holds is written in another way",
    (Breaking, "callers write it in the old way"),
    (Breaking, "callers read it in the old way"),
    ["{type: string, contentEncoding: base64}", "{type: string, contentEncoding: base32}"],
);

pub(super) static VALUES: &[&Rule] = &[
    &TYPE_WIDENED,
    &TYPE_NARROWED,
    &TYPE_CHANGED,
    &NULL_ADMITTED,
    &NULL_REFUSED,
    &FORMAT_WIDENED,
    &FORMAT_NARROWED,
    &FORMAT_CHANGED,
    &FORMAT_ADDED,
    &FORMAT_REMOVED,
    &ENUM_VALUE_ADDED,
    &ENUM_VALUE_REMOVED,
    &ENUM_ADDED,
    &ENUM_REMOVED,
    &CONST_CHANGED,
    &NUMBER_LIMIT_TIGHTENED,
    &NUMBER_LIMIT_LOOSENED,
    &LENGTH_LIMIT_TIGHTENED,
    &LENGTH_LIMIT_LOOSENED,
    &STEP_CHANGED,
    &PATTERN_ADDED,
    &PATTERN_REMOVED,
    &PATTERN_CHANGED,
    &DEFAULT_CHANGED,
    &CONTENT_CHANGED,
];
