//! Where a value may be in a document: its schemas, with the marks that hold there.
//!
//! A value is checked by a schema, by what that refers to, by all members of `allOf` and by one of `oneOf` or `anyOf`. A
//! page tells these apart as little as a reader of it does, so a place is the list of all of them, and a page agrees with
//! a place when it agrees with one of its schemas. Marks (`x-evidence`, `x-drift-accepted`) are inherited on the way a
//! value takes, references included; a schema's own mark wins.

use serde_json::Value;

use crate::{
    api::{Api, Evidence, MediaType, Operation, Response, SchemaId, Schemas},
    pages::Step,
    pointer,
};

/// The marks that hold at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) evidence: Evidence,
    /// JSON pointer of the object whose `x-drift-accepted` counts.
    pub(super) accepted: Option<String>,
}

/// One schema that a value at the place is checked by.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) id: SchemaId,
    pub(super) marks: Marks,
}

/// A place: what was found there, and the objects that hold it.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    pub(super) spots: Vec<Spot>,
    /// The schemas one step above.
    pub(super) holders: Vec<Spot>,
    /// The name of the property, at the end of the way.
    pub(super) name: Option<String>,
}

/// How far a way leads.
pub(super) enum Way {
    /// To a place.
    There(Site),
    /// To this place, which does not know the next step; so many steps were taken.
    Until(Site, usize),
    /// Into a schema that says nothing about what it holds.
    Open,
}

impl Marks {
    /// The marks at the top of a document.
    pub(super) fn top(api: &Api) -> Self {
        let none = Self { evidence: Evidence::default(), accepted: None };
        none.at(api.schemas.root(), "")
    }

    /// The marks of an operation.
    pub(super) fn of(api: &Api, operation: &Operation) -> Self {
        let root = api.schemas.root();
        let item = pointer::split_last(&operation.pointer).map_or("", |(item, _)| item);
        Self { evidence: operation.evidence, ..Self::top(api).on(root, "", item).on(root, item, &operation.pointer) }
    }

    /// The marks of an object, where these hold above it.
    pub(super) fn at(&self, root: &Value, pointer: &str) -> Self {
        let node = pointer::get(root, pointer);
        let word = node.and_then(|node| node.get("x-evidence")).and_then(Value::as_str).and_then(Evidence::from_word);
        let is_accepted = node.is_some_and(|node| node.get("x-drift-accepted").is_some());
        Self {
            evidence: word.unwrap_or(self.evidence),
            accepted: if is_accepted { Some(pointer.to_owned()) } else { self.accepted.clone() },
        }
    }

    /// The marks at the end of a way down from one pointer to another below it; a way elsewhere is one step.
    pub(super) fn on(&self, root: &Value, from: &str, to: &str) -> Self {
        let Some(rest) = to.strip_prefix(from) else { return self.at(root, to) };
        let ends = rest.char_indices().filter(|(at, one)| *one == '/' && *at > 0).map(|(at, _)| from.len() + at);
        ends.chain([to.len()]).filter(|end| *end > from.len()).fold(self.clone(), |marks, end| marks.at(root, &to[..end]))
    }
}

/// The places of a request's body.
pub(super) fn request(api: &Api, operation: &Operation) -> Vec<Spot> {
    let Some(body) = &operation.body else { return Vec::new() };
    let root = api.schemas.root();
    let marks = Marks::of(api, operation);
    let marks = marks.on(root, &operation.pointer, &body.pointer);
    roots(api, &body.content, &marks, &body.pointer)
}

/// The places of a response's body.
pub(super) fn response(api: &Api, operation: &Operation, response: &Response) -> Vec<Spot> {
    let marks = response_marks(api, operation, response);
    roots(api, &response.content, &marks, &response.pointer)
}

/// The marks of a response.
pub(super) fn response_marks(api: &Api, operation: &Operation, response: &Response) -> Marks {
    let marks = Marks::of(api, operation).on(api.schemas.root(), &operation.pointer, &response.pointer);
    Marks { evidence: response.evidence, ..marks }
}

fn roots(api: &Api, content: &[MediaType], marks: &Marks, above: &str) -> Vec<Spot> {
    let root = api.schemas.root();
    let schemas = content.iter().filter_map(|media| Some((media, media.schema.clone()?)));
    schemas.map(|(media, id)| Spot { marks: marks.on(root, above, &media.pointer).on(root, &media.pointer, id.pointer()), id }).collect()
}

/// Follows a way from the top of a body.
pub(super) fn follow(schemas: &Schemas, top: Vec<Spot>, path: &[Step]) -> Way {
    let mut site = Site { spots: top, ..Site::default() };
    for (taken, step) in path.iter().enumerate() {
        let holders = spread(schemas, &site.spots);
        let (found, name) = match step {
            Step::Property(name) => (property(schemas, &holders, name), Some(name.clone())),
            Step::Item => (items(schemas, &holders), None),
        };
        if found.is_empty() {
            return if is_open(schemas, &holders) { Way::Open } else { Way::Until(site, taken) };
        }
        site = Site { spots: found, holders: site.spots, name };
    }
    Way::There(site)
}

/// The schemas themselves, and all that they refer to, join or offer.
pub(super) fn spread(schemas: &Schemas, spots: &[Spot]) -> Vec<Spot> {
    let mut found: Vec<Spot> = Vec::new();
    let mut open: Vec<Spot> = spots.iter().rev().cloned().collect();
    while let Some(spot) = open.pop() {
        if found.iter().any(|known| known.id == spot.id) {
            continue;
        }
        let parts = parts(schemas, &spot.id).into_iter().rev();
        open.extend(parts.map(|id| Spot { marks: spot.marks.at(schemas.root(), id.pointer()), id }));
        found.push(spot);
    }
    found
}

fn parts(schemas: &Schemas, id: &SchemaId) -> Vec<SchemaId> {
    let value = schemas.get(id);
    let mut found: Vec<SchemaId> =
        value.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target)).into_iter().collect();
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for position in 0..value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len) {
            found.extend(schemas.below(id, &[keyword, &position.to_string()]));
        }
    }
    found
}

fn property(schemas: &Schemas, holders: &[Spot], name: &str) -> Vec<Spot> {
    let below = |tokens: &[&str]| -> Vec<Spot> {
        let found = holders.iter().filter_map(|spot| Some((spot, schemas.below(&spot.id, tokens)?)));
        let found = found.filter(|(_, id)| schemas.get(id).is_object());
        found.map(|(spot, id)| Spot { marks: spot.marks.at(schemas.root(), id.pointer()), id }).collect()
    };
    let declared = below(&["properties", name]);
    if declared.is_empty() { below(&["additionalProperties"]) } else { declared }
}

fn items(schemas: &Schemas, holders: &[Spot]) -> Vec<Spot> {
    let found = holders.iter().filter_map(|spot| Some((spot, schemas.below(&spot.id, &["items"])?)));
    found.map(|(spot, id)| Spot { marks: spot.marks.at(schemas.root(), id.pointer()), id }).collect()
}

/// Whether nothing is said of what a value holds: on purpose, since a bare `type: object` is said by whoever knows no more.
fn is_open(schemas: &Schemas, holders: &[Spot]) -> bool {
    let says = |value: &Value| {
        let constrains = ["type", "properties", "items", "enum", "const", "$ref", "allOf", "oneOf", "anyOf"];
        constrains.iter().any(|keyword| value.get(keyword).is_some())
    };
    holders.iter().any(|spot| {
        let value = schemas.get(&spot.id);
        value.get("additionalProperties") == Some(&Value::Bool(true)) || !says(value)
    })
}

/// The first value of a keyword among the schemas of a place, and where it stands.
pub(super) fn keyword<'s>(schemas: &'s Schemas, spots: &[Spot], keyword: &str) -> Option<(String, &'s Value)> {
    spread(schemas, spots).into_iter().find_map(|spot| {
        let value = pointer::get(schemas.root(), spot.id.pointer())?.get(keyword)?;
        Some((pointer::join(spot.id.pointer(), keyword), value))
    })
}

/// Whether an object must have the property: it says so itself, or all that it refers to by one way do.
pub(super) fn requires(schemas: &Schemas, holders: &[Spot], name: &str) -> bool {
    !holders.is_empty() && holders.iter().all(|spot| requires_one(schemas, &spot.id, name, &mut Vec::new()))
}

fn requires_one(schemas: &Schemas, id: &SchemaId, name: &str, seen: &mut Vec<SchemaId>) -> bool {
    if seen.contains(id) {
        return false;
    }
    seen.push(id.clone());
    let value = schemas.get(id);
    let own = value.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name));
    let mut each = |keyword: &str| -> Vec<bool> {
        let length = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        let members = (0..length).filter_map(|position| schemas.below(id, &[keyword, &position.to_string()]));
        let members: Vec<_> = members.filter(|id| schemas.get(id).get("type").is_none_or(|kind| kind != "null")).collect();
        members.iter().map(|id| requires_one(schemas, id, name, seen)).collect()
    };
    let offered = |all: Vec<bool>| !all.is_empty() && all.iter().all(|one| *one);
    let composed = each("allOf").contains(&true) || offered(each("oneOf")) || offered(each("anyOf"));
    own || composed || {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target));
        target.is_some_and(|target| requires_one(schemas, &target, name, seen))
    }
}

/// The JSON types of a place, `null` among them; empty when it says nothing.
pub(super) fn kinds(schemas: &Schemas, spots: &[Spot]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for spot in spread(schemas, spots) {
        let value = schemas.get(&spot.id);
        let listed = match value.get("type") {
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(one)) => vec![one.clone()],
            _ => implied(value),
        };
        for kind in listed {
            if !found.contains(&kind) {
                found.push(kind);
            }
        }
    }
    found
}

fn implied(value: &Value) -> Vec<String> {
    let listed = value.get("enum").and_then(Value::as_array).map(|all| all.iter().map(|one| kind_of(one).to_owned()).collect());
    let constant = || value.get("const").map(|one| vec![kind_of(one).to_owned()]);
    let shape = || ["properties", "items"].into_iter().zip(["object", "array"]).find(|(keyword, _)| value.get(keyword).is_some());
    listed.or_else(constant).or_else(|| shape().map(|(_, kind)| vec![kind.to_owned()])).unwrap_or_default()
}

/// The JSON type of a value.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
