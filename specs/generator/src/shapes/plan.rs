//! One schema to one type.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;
use specs::{
    Api, Problem, Severity,
    api::{Direction, MediaType, SchemaId},
};

use super::{Key, Kind, Plan, Type, Types, flavours, words};
use crate::problem;

/// What `i64` ends before, either way.
const FURTHEST: f64 = 9_223_372_036_854_775_808.0;

/// Plans types, each schema once for each direction.
pub(crate) struct Planner<'a> {
    pub(super) api: &'a Api,
    pub(super) definitions: IndexMap<Key, Plan>,
    known: IndexMap<Key, Type>,
    problems: Vec<Problem>,
    /// The schemas that have no type.
    untyped: HashSet<SchemaId>,
    /// The schemas that each schema asked for while it was planned; those that operations asked for are under none.
    uses: HashMap<Option<Key>, Vec<Key>>,
    /// The schemas that are being planned.
    open: IndexMap<Key, Asked>,
    /// Whether binary texts are files: in a multipart form they are.
    files: bool,
    /// How many media types were left out, or are bytes.
    lost: usize,
}

/// Where a schema that is being planned was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Outside,
    InItself,
}

impl<'a> Planner<'a> {
    /// A planner for a document.
    pub(crate) fn new(api: &'a Api) -> Self {
        let (definitions, known, open) = (IndexMap::new(), IndexMap::new(), IndexMap::new());
        let (problems, untyped, uses) = (Vec::new(), HashSet::new(), HashMap::new());
        Self { api, definitions, known, problems, untyped, uses, open, files: false, lost: 0 }
    }

    /// The type of the values of a schema that travel in this direction.
    pub(crate) fn plan(&mut self, id: &SchemaId, direction: Direction) -> Type {
        let (id, schema) = self.api.schemas.resolve(id);
        let key = (id, direction);
        self.uses.entry(self.open.last().map(|(above, _)| above.clone())).or_default().push(key.clone());
        if let Some(known) = self.known.get(&key) {
            if self.open.contains_key(&key) {
                self.open.insert(key, Asked::InItself);
            }
            return known.clone();
        }
        // What a schema that contains itself finds on its way down.
        let nullable = admits_null(schema);
        let provisional = Type::Named(key.clone());
        self.known.insert(key.clone(), if nullable { Type::Nullable(Box::new(provisional)) } else { provisional });
        self.open.insert(key.clone(), Asked::Outside);
        let inner = self.shape(&key, schema);
        let asked = self.open.shift_remove(&key);
        let inner = if asked == Some(Asked::InItself) { self.closed(&key, schema, inner) } else { inner };
        let planned = match inner {
            Type::Nullable(_) | Type::Any => inner,
            inner if nullable => Type::Nullable(Box::new(inner)),
            inner => inner,
        };
        self.known.insert(key, planned.clone());
        planned
    }

    /// A type that holds itself has to have a name, though it is no struct, enum or union.
    fn closed(&mut self, key: &Key, schema: &Value, inner: Type) -> Type {
        match inner {
            named if named == Type::Named(key.clone()) => named,
            other => self.define(key, schema, Kind::Wrapper(other)),
        }
    }

    /// Plans what is part of a multipart form.
    pub(crate) fn with_files<T>(&mut self, plan: impl FnOnce(&mut Self) -> T) -> T {
        self.files = true;
        let planned = plan(self);
        self.files = false;
        planned
    }

    /// Names all types and joins directions that are alike.
    pub(crate) fn finish(self) -> (Types, Vec<Problem>) {
        let partly_typed = self.partly_typed();
        (flavours::join(self.api, &self.definitions, partly_typed), self.problems)
    }

    /// The schemas that were asked for from outside since this was last called.
    pub(crate) fn asked(&mut self) -> Vec<Key> {
        self.uses.remove(&None).unwrap_or_default()
    }

    /// The schemas that hold one without a type, however deep.
    fn partly_typed(&self) -> HashSet<Key> {
        let mut users: HashMap<&Key, Vec<&Key>> = HashMap::new();
        for (user, used) in self.uses.iter().filter_map(|(user, used)| Some((user.as_ref()?, used))) {
            for used in used {
                users.entry(used).or_default().push(user);
            }
        }
        let mut next: Vec<Key> = self.known.keys().filter(|key| self.untyped.contains(&key.0)).cloned().collect();
        let mut found = HashSet::new();
        while let Some(key) = next.pop() {
            if found.insert(key.clone()) {
                next.extend(users.get(&key).into_iter().flatten().map(|user| (*user).clone()));
            }
        }
        found
    }

    /// The schema at tokens below another.
    pub(super) fn below(&self, id: &SchemaId, tokens: &[&str]) -> Option<SchemaId> {
        self.api.schemas.below(id, tokens)
    }

    /// Keeps a type of the document under its key.
    pub(super) fn define(&mut self, key: &Key, schema: &Value, kind: Kind) -> Type {
        self.definitions.insert(key.clone(), Plan { docs: text(schema, "description"), kind });
        Type::Named(key.clone())
    }

    /// Notes that a place cannot be typed.
    pub(super) fn untyped(&mut self, id: &SchemaId, why: &str) -> Type {
        let message = format!("the typed client has any JSON value here: {why}");
        let found = problem(
            self.api,
            "not-typed",
            Severity::Warning,
            id.pointer(),
            message,
            "give it one type; until then its value is read by hand",
        );
        if self.untyped.insert(id.clone()) {
            self.problems.push(found);
        }
        Type::Any
    }

    /// Notes that a media type is left out, unless it holds the same as the one that is used.
    pub(crate) fn expect_same(&mut self, used: &MediaType, other: &MediaType, what: &str) {
        let target = |media_type: &MediaType| media_type.schema.as_ref().map(|schema| self.api.schemas.resolve(schema));
        let (one, two) = (target(used), target(other));
        let is_same = one == two || matches!((one, two), (Some((_, one)), Some((_, two))) if one == two);
        if !is_same {
            let message = format!("of several media types the typed client has `{}` {what}, and goes without `{}`", used.name, other.name);
            let help = "none is needed, unless someone needs that one: then give it an operation of its own";
            self.lose("media-type-left-out", &other.pointer, message, help);
        }
    }

    /// Notes that a media type whose schema says what is in it is bytes all the same.
    pub(crate) fn expect_bytes(&mut self, media_type: &MediaType) {
        let Some(schema) = &media_type.schema else { return };
        let types = self.api.schemas.types(schema);
        let is_text = types.is_empty() || types.iter().all(|name| name == "string");
        if !is_text || !self.api.schemas.properties(schema).is_empty() {
            let message = format!("the typed client has text or bytes here: `{}` is a format that it does not read", media_type.name);
            self.lose("not-typed", &media_type.pointer, message, "offer JSON too; until then its bytes are written and read by hand");
        }
    }

    fn lose(&mut self, rule: &'static str, pointer: &str, message: String, help: &str) {
        self.lost += 1;
        self.problems.push(problem(self.api, rule, Severity::Warning, pointer, message, help));
    }

    /// How many such notes there were since this was last called.
    pub(crate) fn lost(&mut self) -> usize {
        std::mem::take(&mut self.lost)
    }

    fn shape(&mut self, key: &Key, schema: &Value) -> Type {
        if let Some(values) = words::values(schema) {
            return self.enumerated(key, schema, &values);
        }
        if let Some(composed) = self.composed(key, schema) {
            return composed;
        }
        let types = types(schema);
        match types.as_slice() {
            [] if schema.as_object().is_some_and(|object| object.contains_key("properties")) => self.object(key, schema),
            [] if schema == &Value::Bool(false) => self.untyped(&key.0, "the schema allows nothing"),
            [] => Type::Any,
            [one] => self.of_type(key, schema, one),
            several => self.of_types(key, schema, several),
        }
    }

    fn enumerated(&mut self, key: &Key, schema: &Value, values: &[&Value]) -> Type {
        if values.is_empty() {
            Type::Any
        } else if values.iter().all(|value| value.is_string()) {
            let words = words::of(schema, values);
            self.define(key, schema, Kind::Enum(words))
        } else if values.iter().all(|value| value.is_i64()) {
            Type::Integer
        } else if values.iter().all(|value| value.is_number()) {
            Type::Number
        } else if values.iter().all(|value| value.is_boolean()) {
            Type::Boolean
        } else {
            self.untyped(&key.0, "its values are of several types")
        }
    }

    pub(super) fn of_type(&mut self, key: &Key, schema: &Value, name: &str) -> Type {
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        match (name, format) {
            ("string", "date-time") => Type::Timestamp,
            ("string", "date") => Type::Date,
            ("string", "binary") if self.files => Type::File,
            ("string", "") if self.files && schema.get("contentMediaType").is_some() && schema.get("contentEncoding").is_none() => {
                Type::File
            }
            ("string", _) => Type::Text,
            ("integer", format) => integer(schema, format),
            ("number", _) => Type::Number,
            ("boolean", _) => Type::Boolean,
            ("array", _) => {
                let items = self.below(&key.0, &["items"]).filter(|_| schema.get("prefixItems").is_none());
                Type::List(Box::new(items.map_or(Type::Any, |items| self.plan(&items, key.1))))
            }
            ("object", _) => self.object(key, schema),
            _ => Type::Any,
        }
    }

    fn object(&mut self, key: &Key, schema: &Value) -> Type {
        let has_properties = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
        if has_properties {
            return self.structure(key, schema);
        }
        match schema.get("additionalProperties") {
            Some(Value::Object(values)) if !values.is_empty() => {
                let id = SchemaId::clone(&key.0);
                let values = self.below(&id, &["additionalProperties"]);
                Type::Map(Box::new(values.map_or(Type::Any, |values| self.plan(&values, key.1))))
            }
            _ => Type::Map(Box::new(Type::Any)),
        }
    }
}

/// The type that holds all integers of a schema: `i64`, unless its bounds go beyond.
fn integer(schema: &Value, format: &str) -> Type {
    let bound = |names: [&str; 2]| names.iter().find_map(|name| schema.get(*name)?.as_f64());
    let (least, most) = (bound(["minimum", "exclusiveMinimum"]), bound(["maximum", "exclusiveMaximum"]));
    let is_large = most.is_some_and(|most| most > FURTHEST);
    match least {
        _ if most.is_some_and(|most| most > 2.0 * FURTHEST) || least.is_some_and(|least| least < -FURTHEST) => Type::Number,
        _ if format == "uint64" => Type::Unsigned,
        Some(least) if is_large && least >= 0.0 => Type::Unsigned,
        _ if is_large => Type::Number,
        _ => Type::Integer,
    }
}

/// The types that a schema names, but for null.
pub(super) fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) if one != "null" => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        _ => Vec::new(),
    }
}

/// A member that is text, or nothing.
pub(super) fn text(schema: &Value, name: &str) -> String {
    schema.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Whether a schema takes null, as far as it says so itself.
pub(super) fn admits_null(schema: &Value) -> bool {
    let by_type = match schema.get("type") {
        Some(Value::String(one)) => one == "null",
        Some(Value::Array(several)) => several.iter().any(|name| name == "null"),
        _ => false,
    };
    let by_value = schema.get("enum").and_then(Value::as_array).is_some_and(|values| values.contains(&Value::Null));
    let by_alternative = ["anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(*keyword)?.as_array()).flatten().any(is_null);
    by_type || (by_value && schema.get("type").is_none()) || by_alternative
}

/// Whether a schema takes null and nothing else.
pub(super) fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null") || schema.get("const").is_some_and(Value::is_null)
}
