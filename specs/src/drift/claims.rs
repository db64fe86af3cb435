//! One claim of a page against the schemas of a place.
//!
//! What counts is what a caller needs. Of a request the document may ask for less than the page takes, and of an answer it
//! may expect more: so `integer` in the document agrees with `number` on the page for what is sent, and `number` in the
//! document with `integer` on the page for what comes back; the other way round a call is refused, or an answer cannot be
//! read. A page that says less than the document, as `string` of a `date-time`, is no contradiction.

use serde_json::{Value, json};

use crate::{
    api::{Direction, SchemaId, Schemas},
    document::Document,
    pages::{Claim, Type},
    pointer,
};

use super::{
    finding::{Change, Verdict},
    spot::{self, Site, Spot},
    words, written,
};

/// Formats that say how a number is stored, which no page and no caller agree on.
const STORAGE: &[&str] = &["int32", "int64", "float", "double", "password"];

/// What a claim differs in.
pub(super) struct Differs {
    pub(super) verdict: Verdict,
    pub(super) rule: &'static str,
    pub(super) message: String,
    pub(super) remedy: Vec<Change>,
}

/// A place to compare with.
pub(super) struct Against<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) document: &'a Document,
    pub(super) direction: Direction,
    pub(super) site: &'a Site,
    /// Whether it must be there, and the edits that would say the opposite.
    pub(super) required: bool,
    pub(super) flip: Vec<Change>,
    pub(super) deprecated: bool,
}

/// Compares; `None` when the document agrees.
pub(super) fn differs(against: &Against, claim: &Claim) -> Option<Differs> {
    match claim {
        Claim::Exists | Claim::Example(_) => None,
        Claim::Type(kind) => against.kind(kind),
        Claim::Required(wanted) => against.required(*wanted),
        Claim::Nullable(wanted) => against.nullable(*wanted),
        Claim::Default(value) => against.value("default", "property-default", value),
        Claim::Enum(values) => against.enumeration(values),
        Claim::Limit { keyword, value } => against.value(keyword, "property-limit", value),
        Claim::Deprecated(wanted) => against.deprecated(*wanted),
    }
}

impl Against<'_> {
    fn contradiction(rule: &'static str, message: String, remedy: Vec<Change>) -> Differs {
        Differs { verdict: Verdict::Contradicts, rule, message, remedy }
    }

    /// Where a keyword would be added: behind the references of the first schema.
    fn target(&self) -> Option<String> {
        let (id, _) = self.schemas.resolve(&self.site.spots.first()?.id);
        Some(written::pointer(self.document, id.pointer()))
    }

    fn set(&self, keyword: &str, value: Value) -> Vec<Change> {
        let standing = spot::keyword(self.schemas, &self.site.spots, keyword).map(|(at, _)| written::pointer(self.document, &at));
        let at = standing.or_else(|| Some(pointer::join(&self.target()?, keyword)));
        at.map(|at| Change::Set(at, value)).into_iter().collect()
    }

    fn kind(&self, wanted: &Type) -> Option<Differs> {
        let told = kind_of(self.schemas, &self.site.spots);
        if let Some(message) = clash(&told, wanted, self.direction) {
            return Some(Self::contradiction("property-type", message, self.retype(wanted)));
        }
        let format = wanted.format.as_deref().filter(|format| !STORAGE.contains(format))?;
        match told.format.as_deref() {
            Some(own) if own == format => None,
            Some(own) => {
                let message = format!("the page says format `{format}`, the document `{own}`");
                Some(Self::contradiction("property-format", message, self.set("format", json!(format))))
            }
            None if told.names.is_empty() || told.names.contains(&"string") => Some(Differs {
                verdict: Verdict::Missing,
                rule: "property-format",
                message: format!("the document does not say the format `{format}`"),
                remedy: self.set("format", json!(format)),
            }),
            None => None,
        }
    }

    /// The edits to another type: what the old one needed goes.
    fn retype(&self, wanted: &Type) -> Vec<Change> {
        let Some(target) = self.target() else { return Vec::new() };
        let Some(Value::Object(own)) = pointer::get(&self.document.value, &target) else { return Vec::new() };
        let composed = ["oneOf", "anyOf", "allOf", "$ref"].iter().any(|keyword| own.contains_key(*keyword));
        let Value::Object(mut made) = written::schema(wanted) else { return Vec::new() };
        if composed || wanted.names.len() != 1 {
            return Vec::new();
        }
        let is_nullable = own.get("type").is_some_and(Value::is_array);
        if let Some(kind) = made.get_mut("type").filter(|_| is_nullable) {
            *kind = json!([kind.clone(), "null"]);
        }
        let kept = ["title", "description", "nullable", "readOnly", "writeOnly", "deprecated"];
        let gone = own.keys().filter(|name| !kept.contains(&name.as_str()) && !name.starts_with("x-") && !made.contains_key(*name));
        let mut changes: Vec<Change> = gone.map(|name| Change::Remove(pointer::join(&target, name))).collect();
        changes.extend(made.into_iter().map(|(name, value)| Change::Set(pointer::join(&target, &name), value)));
        changes
    }

    fn required(&self, wanted: bool) -> Option<Differs> {
        let is = |required: bool| if required { "required" } else { "optional" };
        (self.required != wanted).then(|| {
            let message = format!("the page says {}, the document {}", is(wanted), is(self.required));
            Self::contradiction("property-required", message, self.flip.clone())
        })
    }

    fn nullable(&self, wanted: bool) -> Option<Differs> {
        let kinds = spot::kinds(self.schemas, &self.site.spots);
        let told = kinds.is_empty() || kinds.iter().any(|kind| kind == "null");
        if told == wanted || kinds.is_empty() {
            return None;
        }
        let is = |nullable: bool| if nullable { "may be null" } else { "is never null" };
        let message = format!("the page says that it {}, the document that it {}", is(wanted), is(told));
        Some(Self::contradiction("property-nullable", message, self.renull(wanted)))
    }

    fn renull(&self, wanted: bool) -> Vec<Change> {
        let Some(target) = self.target() else { return Vec::new() };
        let Some(own) = pointer::get(&self.document.value, &target) else { return Vec::new() };
        let at = pointer::join(&target, "nullable");
        match (written::is_early(self.document), wanted, own.get("type")) {
            (true, true, Some(_)) => vec![Change::Set(at, json!(true))],
            (true, false, _) if own.get("nullable").is_some() => vec![Change::Remove(at)],
            (false, true, Some(Value::String(one))) => vec![Change::Set(pointer::join(&target, "type"), json!([one, "null"]))],
            (false, false, Some(Value::Array(several))) => {
                let mut rest: Vec<Value> = several.iter().filter(|one| *one != "null").cloned().collect();
                let kind = if rest.len() == 1 { rest.remove(0) } else { Value::Array(rest) };
                vec![Change::Set(pointer::join(&target, "type"), kind)]
            }
            _ => Vec::new(),
        }
    }

    /// A keyword with one value.
    fn value(&self, keyword: &str, rule: &'static str, wanted: &Value) -> Option<Differs> {
        let inner = below_items(self.schemas, &self.site.spots);
        if twin(self.schemas, &self.site.spots, keyword).is_some_and(|(_, own)| is_same(&own, wanted)) {
            return None;
        }
        // What a page says of a list may be meant of its elements.
        let of_elements = !keyword.ends_with("Items") && keyword != "default";
        let found = spot::keyword(self.schemas, &self.site.spots, keyword);
        match found.or_else(|| spot::keyword(self.schemas, &inner, keyword).filter(|_| of_elements)) {
            Some((_, own)) if is_same(own, wanted) => None,
            Some((at, own)) => {
                let message = format!("the page says `{keyword}` {}, the document {}", words::value(wanted), words::value(own));
                Some(Self::contradiction(rule, message, vec![Change::Set(written::pointer(self.document, &at), in_kind(own, wanted))]))
            }
            None => Some(Differs {
                verdict: Verdict::Missing,
                rule,
                message: format!("the document does not say `{keyword}` {}", words::value(wanted)),
                remedy: self.set(keyword, wanted.clone()),
            }),
        }
    }

    fn enumeration(&self, wanted: &[Value]) -> Option<Differs> {
        let inner = below_items(self.schemas, &self.site.spots);
        let (at, own) = enumerated(self.schemas, &self.site.spots).or_else(|| enumerated(self.schemas, &inner)).unwrap_or_default();
        let wanted: Vec<&Value> = wanted.iter().filter(|value| !value.is_null()).collect();
        if own.is_empty() {
            let kinds = spot::kinds(self.schemas, &self.site.spots);
            if kinds.iter().all(|kind| kind == "boolean" || kind == "null") && wanted.len() == 2 && !kinds.is_empty() {
                return None;
            }
            return Some(Differs {
                verdict: Verdict::Missing,
                rule: "property-enum",
                message: format!("the document does not limit it to {}", words::values(&owned(&wanted))),
                remedy: self.set("enum", Value::Array(owned(&wanted))),
            });
        }
        let new: Vec<&Value> = wanted.iter().filter(|value| !own.iter().any(|one| is_same(one, value))).copied().collect();
        let gone: Vec<&Value> = own.iter().filter(|one| !wanted.iter().any(|value| is_same(one, value))).collect();
        let message = match (new.is_empty(), gone.is_empty()) {
            (true, true) => return None,
            (false, true) => format!("the page has the value {} too", words::values(&owned(&new))),
            (true, false) => format!("the page has the value {} no longer", words::values(&owned(&gone))),
            (false, false) => format!("the page has {} instead of {}", words::values(&owned(&new)), words::values(&owned(&gone))),
        };
        let kept = own.iter().filter(|one| !gone.contains(one)).cloned();
        let mut list: Vec<Value> = kept.chain(new.iter().map(|value| in_kind(&own[0], value))).collect();
        let written = written::pointer(self.document, &at);
        if pointer::get(&self.document.value, &written).and_then(Value::as_array).is_some_and(|all| all.contains(&Value::Null)) {
            list.push(Value::Null);
        }
        let remedy = if written.ends_with("/enum") { vec![Change::Set(written, Value::Array(list))] } else { Vec::new() };
        Some(Self::contradiction("property-enum", message, remedy))
    }

    fn deprecated(&self, wanted: bool) -> Option<Differs> {
        let is = |deprecated: bool| if deprecated { "deprecated" } else { "in use" };
        (self.deprecated != wanted).then(|| {
            let message = format!("the page says {}, the document {}", is(wanted), is(self.deprecated));
            Self::contradiction("property-deprecated", message, self.set("deprecated", json!(wanted)))
        })
    }
}

fn owned(values: &[&Value]) -> Vec<Value> {
    values.iter().map(|value| (*value).clone()).collect()
}

/// All values that a place takes, and where the first of them are listed; null is none of them.
pub(super) fn enumerated(schemas: &Schemas, spots: &[Spot]) -> Option<(String, Vec<Value>)> {
    let mut found: Option<(String, Vec<Value>)> = None;
    for spot in spot::spread(schemas, spots) {
        let value = schemas.get(&spot.id);
        let (keyword, listed) = match (value.get("enum"), value.get("const")) {
            (Some(Value::Array(all)), _) => ("enum", all.clone()),
            (_, Some(one)) => ("const", vec![one.clone()]),
            _ => continue,
        };
        let all = &mut found.get_or_insert_with(|| (pointer::join(spot.id.pointer(), keyword), Vec::new())).1;
        for one in listed {
            if !one.is_null() && !all.contains(&one) {
                all.push(one);
            }
        }
    }
    found.filter(|(_, all)| !all.is_empty())
}

fn below_items(schemas: &Schemas, spots: &[Spot]) -> Vec<Spot> {
    let found = spot::spread(schemas, spots).into_iter().filter_map(|spot| {
        let id: SchemaId = schemas.below(&spot.id, &["items"])?;
        Some(Spot { id, ..spot })
    });
    found.collect()
}

/// The type of a place, as a page would say it.
fn kind_of(schemas: &Schemas, spots: &[Spot]) -> Type {
    let all = ["string", "integer", "number", "boolean", "array", "object"];
    let kinds = spot::kinds(schemas, spots);
    let names = all.into_iter().filter(|name| kinds.iter().any(|kind| kind == name)).collect();
    let format = spot::keyword(schemas, spots, "format").and_then(|(_, format)| format.as_str()).map(str::to_owned);
    let inner = below_items(schemas, spots);
    let items = (!inner.is_empty()).then(|| Box::new(kind_of(schemas, &inner)));
    Type { names, format, items }
}

/// How two types contradict each other.
fn clash(told: &Type, wanted: &Type, direction: Direction) -> Option<String> {
    if told.names.is_empty() || wanted.names.is_empty() {
        return None;
    }
    let fits = |own: &str, page: &str| match direction {
        _ if own == page => true,
        Direction::Request => own == "integer" && page == "number",
        Direction::Response => own == "number" && page == "integer",
    };
    let is_covered = told.names.iter().all(|own| wanted.names.iter().any(|page| fits(own, page)));
    let is_told = wanted.names.iter().all(|page| told.names.iter().any(|own| fits(own, page)));
    if is_covered && is_told {
        let (own, page) = (told.items.as_deref()?, wanted.items.as_deref()?);
        return clash(own, page, direction).map(|message| format!("of its elements {message}"));
    }
    Some(format!("the page says {}, the document {}", words::kind(wanted), words::kind(&Type { format: None, ..told.clone() })))
}

/// A limit that is said by its exclusive twin: of whole numbers, more than 0 is at least 1.
fn twin(schemas: &Schemas, spots: &[Spot], keyword: &str) -> Option<(String, Value)> {
    let (other, step) = match keyword {
        "exclusiveMinimum" => ("minimum", -1.0),
        "exclusiveMaximum" => ("maximum", 1.0),
        "minimum" => ("exclusiveMinimum", 1.0),
        "maximum" => ("exclusiveMaximum", -1.0),
        _ => return None,
    };
    let (at, value) = spot::keyword(schemas, spots, other)?;
    Some((at, json!(value.as_f64()? + step)))
}

/// Whether two values are the same to a reader: `1`, `1.0` and `"1"` are.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => one == other || (!one.is_array() && !one.is_object() && text(one) == text(other)),
    }
}

/// A value of a page in the type that the document has for such values.
fn in_kind(own: &Value, value: &Value) -> Value {
    match (own, value) {
        (Value::String(_), Value::Number(_) | Value::Bool(_)) => json!(value.to_string()),
        (Value::Number(_) | Value::Bool(_), Value::String(text)) => {
            serde_json::from_str::<Value>(text).ok().filter(|read| read.is_number() || read.is_boolean()).unwrap_or_else(|| value.clone())
        }
        _ => value.clone(),
    }
}
