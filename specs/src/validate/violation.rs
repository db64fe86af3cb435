//! What is wrong with a value, in words for people.

use jsonschema::{
    JsonType, JsonTypeSet, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use super::table::{SHARED, Table};
use crate::{api::SchemaId, normalize::local_target, pointer};

/// How many violations are worth telling.
const MOST: usize = 64;

/// How long a value may be to be quoted.
const LONGEST_QUOTE: usize = 60;

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer of the place in the value.
    pub instance: String,
    /// JSON pointer of the keyword in the normalized document, as far as it is known.
    pub schema: String,
    /// The keyword that is violated.
    pub keyword: String,
    /// The property that is missing or not expected, where that is what is wrong.
    pub property: Option<String>,
    /// A lower-case fragment without a period: that a property `is required` where one is named, else what fits
    /// behind the name of the place, as `must be a string`.
    pub message: String,
}

/// The violations, each at the deepest place that is certainly wrong.
pub(super) fn all(validator: &jsonschema::Validator, value: &Value, table: Option<&Table>) -> Vec<Violation> {
    let mut found = Vec::new();
    for error in validator.iter_errors(value) {
        collect(&error, table, &mut found);
        if found.len() >= MOST {
            break;
        }
    }
    found
}

fn collect(error: &ValidationError, table: Option<&Table>, found: &mut Vec<Violation>) {
    if let Some(shared) = shared(error, table) {
        found.extend(shared);
        return;
    }
    if let Some(branch) = meant_branch(error, table) {
        found.extend(branch);
        return;
    }
    let (property, message) = describe(error);
    found.push(Violation {
        instance: error.instance_path().as_str().to_owned(),
        schema: schema_pointer(error),
        keyword: error.kind().keyword().to_owned(),
        property,
        message,
    });
}

/// More reasons than this are no help.
const MOST_REASONS: usize = 4;

/// What a schema of the table has against the value that got there.
fn shared(error: &ValidationError, table: Option<&Table>) -> Option<Vec<Violation>> {
    let Kind::Custom { keyword, message } = error.kind() else { return None };
    let (table, target) = (table.filter(|_| keyword == SHARED)?, SchemaId::new(message));
    let mut found = all(table.get(&target).ok()?.as_ref(), error.instance(), Some(table));
    for violation in &mut found {
        violation.instance.insert_str(0, error.instance_path().as_str());
    }
    Some(found)
}

/// What is wrong with the alternative that was meant: the only one whose type fits, as beside null.
fn meant_branch(error: &ValidationError, table: Option<&Table>) -> Option<Vec<Violation>> {
    let (Kind::AnyOf { context } | Kind::OneOfNotValid { context }) = error.kind() else { return None };
    let branches = context.iter().map(|branch| {
        let mut found = Vec::new();
        for inner in branch {
            collect(inner, table, &mut found);
        }
        found
    });
    let place = error.instance_path().as_str();
    let has_other_type = |branch: &Vec<Violation>| branch.iter().any(|one| one.keyword == "type" && one.instance == place);
    let mut meant = branches.filter(|branch| !has_other_type(branch));
    meant.next().filter(|branch| meant.next().is_none() && !branch.is_empty())
}

fn schema_pointer(error: &ValidationError) -> String {
    let absolute = error.absolute_keyword_location().and_then(|location| {
        let text = location.as_str();
        local_target(text.get(text.find('#')?..)?)
    });
    absolute.unwrap_or_else(|| error.schema_path().as_str().to_owned())
}

fn describe(error: &ValidationError) -> (Option<String>, String) {
    let message = match error.kind() {
        Kind::Required { property } => {
            let name = plain(property);
            return (Some(name.clone()), format!("`{name}` is required"));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            return (unexpected.first().cloned(), format!("`{}` is not allowed", unexpected.join("`, `")));
        }
        Kind::PropertyNames { error } => {
            return (Some(plain(error.instance())), format!("the property name {} is not allowed", quoted(error.instance())));
        }
        Kind::Type { kind } => format!("must be {}", types(kind)),
        Kind::Enum { options } => format!("must be one of {}", list(options)),
        Kind::Constant { expected_value } => format!("must be {}", quoted(expected_value)),
        Kind::Format { format } => format!("must have the format `{format}`"),
        Kind::Pattern { pattern } => format!("must match `{pattern}`"),
        Kind::MaxLength { limit } => format!("must have at most {}", count(*limit, "character")),
        Kind::MinLength { limit } => format!("must have at least {}", count(*limit, "character")),
        Kind::MaxItems { limit } => format!("must have at most {}", count(*limit, "item")),
        Kind::MinItems { limit } => format!("must have at least {}", count(*limit, "item")),
        Kind::MaxProperties { limit } => format!("must have at most {}", count(*limit, "property")),
        Kind::MinProperties { limit } => format!("must have at least {}", count(*limit, "property")),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Kind::UniqueItems => "must not have the same item twice".to_owned(),
        Kind::AdditionalItems { limit } => format!("must have at most {}", count(*limit as u64, "item")),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => no_branch(context),
        Kind::OneOfMultipleValid { .. } => "fits more than one of the alternatives".to_owned(),
        Kind::FalseSchema => "is not allowed".to_owned(),
        Kind::Not { .. } => "must not have this form".to_owned(),
        Kind::Contains => "lacks an item that is required".to_owned(),
        other => format!("violates `{}`", other.keyword()),
    };
    (None, message)
}

/// What each of several alternatives would have needed, if that can be said in a few words.
fn no_branch(branches: &[Vec<ValidationError>]) -> String {
    let missing = |branch: &Vec<ValidationError>| match branch.as_slice() {
        [error] => {
            if let Kind::Required { property } = error.kind() {
                Some(plain(property))
            } else {
                None
            }
        }
        _ => None,
    };
    if let Some(names) = branches.iter().map(missing).collect::<Option<Vec<_>>>().filter(|names| !names.is_empty()) {
        return format!("needs one of `{}`", names.join("`, `"));
    }
    let reason = |branch: &Vec<ValidationError>| match branch.as_slice() {
        [error] if !matches!(error.kind(), Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } | Kind::Custom { .. }) => {
            let (property, message) = describe(error);
            property.is_none().then_some(message)
        }
        _ => None,
    };
    let mut reasons: Vec<String> = branches.iter().filter_map(reason).collect();
    reasons.dedup();
    if reasons.len() < branches.len() || reasons.len() > MOST_REASONS {
        return "fits none of the alternatives".to_owned();
    }
    reasons.join(", or ")
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => type_name(*one).to_owned(),
        TypeKind::Multiple(several) => type_names(*several),
    }
}

fn type_names(several: JsonTypeSet) -> String {
    let mut names: Vec<_> = several.iter().map(type_name).collect();
    names.sort_by_key(|name| *name == "null");
    names.join(" or ")
}

fn type_name(name: JsonType) -> &'static str {
    match name {
        JsonType::Array => "an array",
        JsonType::Boolean => "true or false",
        JsonType::Integer => "a whole number",
        JsonType::Null => "null",
        JsonType::Number => "a number",
        JsonType::Object => "an object",
        JsonType::String => "a string",
    }
}

fn count(limit: u64, noun: &str) -> String {
    match (limit, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{limit} {stem}ies"),
        (_, None) => format!("{limit} {noun}s"),
    }
}

fn list(options: &Value) -> String {
    let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
    let words: Vec<_> = options.iter().take(12).map(quoted).collect();
    let rest = if options.len() > words.len() { " and others" } else { "" };
    format!("{}{rest}", words.join(", "))
}

fn quoted(value: &Value) -> String {
    let text = plain(value);
    if text.chars().count() <= LONGEST_QUOTE {
        return format!("`{text}`");
    }
    let start: String = text.chars().take(LONGEST_QUOTE).collect();
    format!("`{start}…`")
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Violation {
    /// JSON pointer of what has to change: the missing or unexpected property, else the place itself.
    #[must_use]
    pub fn place(&self) -> String {
        self.property.as_ref().map_or_else(|| self.instance.clone(), |property| pointer::join(&self.instance, property))
    }

    /// The message with the name of the place: `` `/title` must be a string``, or of the property that it is about.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (&self.property, self.instance.as_str()) {
            (Some(_), _) => self.message.clone(),
            (None, "") => format!("the value {}", self.message),
            (None, instance) => format!("`{instance}` {}", self.message),
        }
    }
}
