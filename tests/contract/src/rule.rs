//! What a server of a document promises. Each case stands for one rule at one place.

use specs::sample;

/// A promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rule {
    /// Its name, in snake case.
    pub name: &'static str,
    /// What it says.
    pub promise: &'static str,
}

const fn rule(name: &'static str, promise: &'static str) -> Rule {
    Rule { name, promise }
}

pub const EXAMPLE: Rule = rule("example", "a request that the document shows is accepted");
pub const MINIMAL: Rule = rule("minimal", "a body with only what is required is accepted");
pub const FULL: Rule = rule("full", "a body with every property is accepted");
pub const EDGE: Rule = rule("edge", "what is only just valid is accepted");
pub const SHOWN: Rule = rule("shown", "what the document shows is as it declares");
pub const ALONE: Rule = rule("alone", "a body with one property beside what is required is accepted");
pub const UNICODE: Rule = rule("unicode", "a text in any script is accepted");
pub const LONG: Rule = rule("long", "a long text is accepted where nothing limits it");
pub const RANDOM: Rule = rule("random", "a random valid body is accepted");
pub const MEDIA_TYPE: Rule = rule("media_type", "each media type that is declared is accepted");
pub const PARAMETER: Rule = rule("parameter", "a valid parameter is accepted");

pub const CREDENTIALS_MISSING: Rule = rule("credentials_missing", "a request without credentials is refused");
pub const CREDENTIALS_SCHEME: Rule = rule("credentials_scheme", "credentials of another scheme are refused");
pub const CREDENTIALS_MALFORMED: Rule = rule("credentials_malformed", "malformed credentials are refused");
pub const CREDENTIALS_INVALID: Rule = rule("credentials_invalid", "credentials that are known to be invalid are refused");
pub const CREDENTIALS_EXPIRED: Rule = rule("credentials_expired", "credentials that have expired are refused");
pub const CREDENTIALS_SCOPE: Rule = rule("credentials_scope", "credentials that are good for something else are refused");
pub const CREDENTIALS_ACCEPTED: Rule = rule("credentials_accepted", "each alternative of credentials is accepted");

pub const BODY_MISSING: Rule = rule("body_missing", "a request without its body is refused");
pub const BODY_EMPTY: Rule = rule("body_empty", "a body of no bytes is refused");
pub const BODY_MALFORMED: Rule = rule("body_malformed", "a body that is not JSON is refused");
pub const MEDIA_TYPE_WRONG: Rule = rule("media_type_wrong", "a body of another media type is refused");
pub const MEDIA_TYPE_MISSING: Rule = rule("media_type_missing", "a body without a media type is refused, or taken for what it is");
pub const PATH: Rule = rule("path", "a path that no operation has is not found");
pub const METHOD: Rule = rule("method", "a method that the path does not have is refused, and those that it has are named");

pub const REQUIRED: Rule = rule("required", "what is required cannot be left out");
pub const NOT_NULL: Rule = rule("not_null", "null is refused where it is not allowed");
pub const TYPE: Rule = rule("type", "a value of another type is refused");
pub const ENUM: Rule = rule("enum", "a value that is not listed is refused");
pub const MINIMUM: Rule = rule("minimum", "a number below its limit is refused");
pub const MAXIMUM: Rule = rule("maximum", "a number above its limit is refused");
pub const MULTIPLE_OF: Rule = rule("multiple_of", "a number between two steps is refused");
pub const MIN_LENGTH: Rule = rule("min_length", "a text that is too short is refused");
pub const MAX_LENGTH: Rule = rule("max_length", "a text that is too long is refused");
pub const PATTERN: Rule = rule("pattern", "a text that does not match its pattern is refused");
pub const FORMAT: Rule = rule("format", "a text that is not of its format is refused");
pub const MIN_ITEMS: Rule = rule("min_items", "an array with too few elements is refused");
pub const MAX_ITEMS: Rule = rule("max_items", "an array with too many elements is refused");
pub const UNIQUE_ITEMS: Rule = rule("unique_items", "an array that repeats an element is refused");
pub const MIN_PROPERTIES: Rule = rule("min_properties", "an object with too few properties is refused");
pub const MAX_PROPERTIES: Rule = rule("max_properties", "an object with too many properties is refused");
pub const NO_EXTRA: Rule = rule("no_extra", "a property that is not declared is refused where others are forbidden");

pub const NESTED: Rule = rule("nested", "a body of deep nesting is borne");
pub const NUL: Rule = rule("nul", "a text with a NUL is refused or accepted, and borne");
pub const SURROGATE: Rule = rule("surrogate", "a text with half a character is refused or accepted, and borne");
pub const OVERSIZED: Rule = rule("oversized", "a body of some megabytes is refused or accepted, and borne");

pub const UNKNOWN_ITEM: Rule = rule("unknown_item", "an item that does not exist is refused");
pub const UNKNOWN_PARENT: Rule = rule("unknown_parent", "a parent that does not exist is refused");

pub const ANSWER_STATUS: Rule = rule("answer_status", "the status of an answer is declared");
pub const ANSWER_MEDIA_TYPE: Rule = rule("answer_media_type", "the media type of an answer is declared");
pub const ANSWER_HEADERS: Rule = rule("answer_headers", "the headers of an answer are as declared");
pub const ANSWER_SCHEMA: Rule = rule("answer_schema", "the body of an answer is as declared");

pub const ANSWER_FORMAT: Rule = rule("answer_format", "texts of an answer are of their formats");
pub const ANSWER_UNDOCUMENTED: Rule = rule("answer_undocumented", "an answer has no property that is not declared");

pub const CREATED_READABLE: Rule = rule("created_readable", "what was created can be read");
pub const CREATED_LISTED: Rule = rule("created_listed", "what was created is listed, once, and nothing else changes");
pub const OWN_KEY: Rule = rule("own_key", "each created item has a key of its own");
pub const STORED: Rule = rule("stored", "a property that a creation sets is kept as it was sent");
pub const BATCH: Rule = rule("batch", "the results of a batch stand in the order of the request, one for each");
pub const SERVER_SET: Rule = rule("server_set", "what only the server sets is not taken from a request");
pub const STAMPS: Rule = rule("stamps", "the times of creation and change do not run backwards");
pub const UPDATED: Rule = rule("updated", "a change is seen, and the rest stays");
pub const CLEARED: Rule = rule("cleared", "null clears a property");
pub const REPLACED: Rule = rule("replaced", "what a replacement leaves out is gone, or as by default");
pub const REFUSED_KEPT: Rule = rule("refused_kept", "what is refused changes nothing");
pub const DELETED_GONE: Rule = rule("deleted_gone", "what was deleted can be neither read nor listed nor deleted again");
pub const DELETED_ALONE: Rule = rule("deleted_alone", "a deletion leaves the others");
pub const DELETED_REFUSED: Rule = rule("deleted_refused", "what was deleted cannot be changed");
pub const PAGES: Rule = rule("pages", "the pages of a list visit everything once, in one order");
pub const PAGE_SIZE: Rule = rule("page_size", "a page holds as many items as were asked for");
pub const PAGE_FACT: Rule = rule("page_fact", "what a list says about its page is true");
pub const FILTER: Rule = rule("filter", "a filter gives what it describes, all of it and nothing else");
pub const ORDER: Rule = rule("order", "a list has the order that the document says");
pub const SORT: Rule = rule("sort", "a list is sorted as it is asked to be");
pub const PARENT_ALONE: Rule = rule("parent_alone", "a list shows the items of its parent alone");
pub const OTHER_PARENT: Rule = rule("other_parent", "an item is not there under another parent");

pub const LINK: Rule = rule("link", "an answer leads where its links say");

/// All rules, in the order in which the matrix shows them.
pub const ALL: &[Rule] = &[
    SHOWN,
    EXAMPLE,
    MINIMAL,
    FULL,
    ALONE,
    EDGE,
    UNICODE,
    LONG,
    RANDOM,
    MEDIA_TYPE,
    PARAMETER,
    CREDENTIALS_MISSING,
    CREDENTIALS_SCHEME,
    CREDENTIALS_MALFORMED,
    CREDENTIALS_INVALID,
    CREDENTIALS_EXPIRED,
    CREDENTIALS_SCOPE,
    CREDENTIALS_ACCEPTED,
    BODY_MISSING,
    BODY_EMPTY,
    BODY_MALFORMED,
    MEDIA_TYPE_WRONG,
    MEDIA_TYPE_MISSING,
    PATH,
    METHOD,
    REQUIRED,
    NOT_NULL,
    TYPE,
    ENUM,
    MINIMUM,
    MAXIMUM,
    MULTIPLE_OF,
    MIN_LENGTH,
    MAX_LENGTH,
    PATTERN,
    FORMAT,
    MIN_ITEMS,
    MAX_ITEMS,
    UNIQUE_ITEMS,
    MIN_PROPERTIES,
    MAX_PROPERTIES,
    NO_EXTRA,
    NESTED,
    NUL,
    SURROGATE,
    OVERSIZED,
    UNKNOWN_ITEM,
    UNKNOWN_PARENT,
    ANSWER_STATUS,
    ANSWER_MEDIA_TYPE,
    ANSWER_HEADERS,
    ANSWER_SCHEMA,
    ANSWER_FORMAT,
    ANSWER_UNDOCUMENTED,
    CREATED_READABLE,
    CREATED_LISTED,
    OWN_KEY,
    STORED,
    BATCH,
    SERVER_SET,
    STAMPS,
    UPDATED,
    CLEARED,
    REPLACED,
    REFUSED_KEPT,
    DELETED_GONE,
    DELETED_ALONE,
    DELETED_REFUSED,
    PAGES,
    PAGE_SIZE,
    PAGE_FACT,
    FILTER,
    ORDER,
    SORT,
    PARENT_ALONE,
    OTHER_PARENT,
    LINK,
];

/// The rules about values, which come from schemas.
pub(crate) const OF_VALUES: [(sample::Rule, Rule); 17] = [
    (sample::Rule::Required, REQUIRED),
    (sample::Rule::NotNull, NOT_NULL),
    (sample::Rule::Type, TYPE),
    (sample::Rule::Enum, ENUM),
    (sample::Rule::Minimum, MINIMUM),
    (sample::Rule::Maximum, MAXIMUM),
    (sample::Rule::MultipleOf, MULTIPLE_OF),
    (sample::Rule::MinLength, MIN_LENGTH),
    (sample::Rule::MaxLength, MAX_LENGTH),
    (sample::Rule::Pattern, PATTERN),
    (sample::Rule::Format, FORMAT),
    (sample::Rule::MinItems, MIN_ITEMS),
    (sample::Rule::MaxItems, MAX_ITEMS),
    (sample::Rule::UniqueItems, UNIQUE_ITEMS),
    (sample::Rule::MinProperties, MIN_PROPERTIES),
    (sample::Rule::MaxProperties, MAX_PROPERTIES),
    (sample::Rule::NoExtra, NO_EXTRA),
];

/// Why a rule about values has no case where its keyword is absent.
pub(crate) fn absent(rule: Rule) -> &'static str {
    match rule.name {
        "required" => "it is optional",
        "not_null" => "null is allowed, or no type is declared",
        "type" => "no type is declared",
        "enum" => "any value of the type is allowed",
        "minimum" | "maximum" => "no such limit on a number is declared",
        "multiple_of" => "no step is declared",
        "min_length" | "max_length" => "no such limit on a length is declared",
        "pattern" => "no pattern is declared",
        "format" => "no format is declared",
        "min_items" | "max_items" | "unique_items" => "no such limit on elements is declared",
        "min_properties" | "max_properties" => "no such limit on properties is declared",
        _ => "other properties are allowed",
    }
}
