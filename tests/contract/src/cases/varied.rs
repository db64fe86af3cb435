//! Valid bodies of many kinds: with one property alone, and at random.

use serde_json::{Map, Value};
use specs::{
    api::{Direction, SchemaId},
    sample::{Sampler, Shape, is_prose},
    validate::Validator,
};

use super::{Sheet, values, words};
use crate::{
    case::{BodyOf, Edit, Kind, Wanted},
    rule,
    suite::is_reference,
    wire,
};

/// How many random bodies are sent.
const RANDOM: u64 = 5;
/// Formats of texts any of which is as good as another, to a server that knows nothing of what they stand for.
const FORMATS: [&str; 16] = [
    "date",
    "date-time",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "url",
    "iri",
    "byte",
    "base64",
    "int32",
    "int64",
];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let all = [rule::ALONE, rule::RANDOM];
    let Some((media, schema, bodies)) = sheet.suite.body(sheet.operation) else {
        let reason = if sheet.operation.body.is_some() { "no valid body was found" } else { "it takes no body" };
        return sheet.none_of(&all, reason);
    };
    let is_read = wire::kind(media) != wire::Kind::Text;
    let Some(schema) = schema.filter(|_| is_read) else { return sheet.none_of(&all, "nothing says what is valid") };
    let Ok(validator) = sheet.suite.validators.get(schema, Direction::Request) else { return };
    let (full, whole, is_json) = (bodies.full.clone(), bodies.whole.clone(), wire::kind(media) == wire::Kind::Json);
    alone(sheet, &validator, &full, &whole, is_json);
    random(sheet, schema, &validator, &full);
}

/// Each property that may be left out, beside only what has to be there with it.
fn alone(sheet: &mut Sheet<'_>, validator: &Validator, full: &Value, whole: &Value, is_json: bool) {
    for place in values::places(whole).into_iter().filter(|place| is_property(place, whole)) {
        if full.pointer(&place).is_none() {
            sheet.none(rule::ALONE, &place, "it refers to something of which the document shows no instance");
            continue;
        }
        if is_needed(validator, full, &place) {
            sheet.none(rule::ALONE, &place, "what it stands in has it always");
            continue;
        }
        let body = reduced(validator, full, &place);
        if !is_json && body.pointer(&place).is_some_and(|value| value.is_object() || value.is_array()) {
            sheet.none(rule::ALONE, &place, "how it is written as text is no matter of its own");
            continue;
        }
        let sentence = format!("`{}` accepts a body with `{place}` and what is required", sheet.operation.id);
        let kind = Kind::Accept(Wanted { body: BodyOf::Exactly(body), ..Wanted::default() }, vec![Edit::Nothing]);
        sheet.case(rule::ALONE, &place, &format!("accepts_{}_alone", words(&place)), sentence, kind);
    }
    if !whole.is_object() {
        sheet.none(rule::ALONE, "", "the body is no object");
    }
}

/// Whether a place is that of a property, and not of an element or inside of one: an array is a value as a whole.
fn is_property(place: &str, whole: &Value) -> bool {
    let ancestors = place.char_indices().filter(|(_, character)| *character == '/').map(|(end, _)| &place[..end]);
    !place.is_empty() && ancestors.into_iter().all(|above| whole.pointer(above).is_some_and(Value::is_object))
}

/// Whether a body is not valid without what stands at the place.
fn is_needed(validator: &Validator, full: &Value, place: &str) -> bool {
    !validator.is_valid(&without(full, place))
}

/// The body without all that can be missing while the place stays.
fn reduced(validator: &Validator, full: &Value, kept: &str) -> Value {
    let mut body = full.clone();
    let is_within = |place: &str, other: &str| place == other || place.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
    let spare = values::places(full).into_iter().filter(|place| is_property(place, full) && !is_within(kept, place));
    for place in spare {
        if body.pointer(&place).is_none() {
            continue;
        }
        let smaller = without(&body, &place);
        if validator.is_valid(&smaller) {
            body = smaller;
        }
    }
    body
}

fn without(body: &Value, place: &str) -> Value {
    let mut body = body.clone();
    if let Some((parent, name)) = specs::pointer::split_last(place)
        && let Some(members) = body.pointer_mut(parent).and_then(Value::as_object_mut)
    {
        members.shift_remove(&name);
    }
    body
}

fn random(sheet: &mut Sheet<'_>, schema: &SchemaId, validator: &Validator, full: &Value) {
    let sampler = sheet.suite.sampler(Direction::Request);
    let known = known(sheet, schema, full);
    let mut bodies: Vec<Value> = Vec::new();
    for number in 0..RANDOM {
        let body = body(sheet, &sampler, schema, &known, number).filter(|body| validator.is_valid(body) && !bodies.contains(body));
        bodies.extend(body);
    }
    if bodies.is_empty() {
        return sheet.none(rule::RANDOM, "", "no random body is without what has to exist");
    }
    let sentence = format!("`{}` accepts {} random valid bodies", sheet.operation.id, bodies.len());
    let edits = bodies.into_iter().map(Edit::Whole).collect();
    sheet.case(rule::RANDOM, "", "accepts_random_bodies", sentence, Kind::Accept(Wanted::default(), edits));
}

/// A random body that has what is known in the places where nothing else will do.
fn body(sheet: &Sheet<'_>, sampler: &Sampler, schema: &SchemaId, known: &Value, number: u64) -> Option<Value> {
    let mut body = sampler.sample(schema, Shape::Random(number), Some(known)).ok()?;
    settle(sheet, schema, &mut body, known);
    Some(body)
}

/// The parts of a full body that random values must not take the place of.
fn known(sheet: &Sheet<'_>, schema: &SchemaId, full: &Value) -> Value {
    let Some(members) = full.as_object() else { return Value::Null };
    let kept = members.iter().filter_map(|(name, value)| {
        let property = sheet.suite.api.schemas.property(schema, name);
        let is_fixed = property.as_ref().is_none_or(|property| is_fixed(sheet, property, name, value));
        let value = if is_fixed { value.clone() } else { property.map_or(Value::Null, |property| known(sheet, &property, value)) };
        (!value.is_null()).then(|| (name.clone(), value))
    });
    Value::Object(kept.collect::<Map<_, _>>())
}

/// Puts what is known where the body has something else, and takes out references to what need not exist.
fn settle(sheet: &Sheet<'_>, schema: &SchemaId, body: &mut Value, known: &Value) {
    let Some(members) = body.as_object_mut() else { return };
    let names: Vec<String> = members.keys().cloned().collect();
    for name in names {
        let property = sheet.suite.api.schemas.property(schema, &name);
        let Some(value) = members.get_mut(&name) else { continue };
        match (known.get(&name), property) {
            (Some(known), Some(property)) if !is_fixed(sheet, &property, &name, known) => settle(sheet, &property, value, known),
            (Some(known), _) => *value = known.clone(),
            (None, property) if property.as_ref().is_none_or(|property| is_fixed(sheet, property, &name, value)) => {
                _ = members.shift_remove(&name);
            }
            (None, _) => {}
        }
    }
}

/// Whether a place takes only what means something to the server: a key of something else, or a text of a form that the
/// document does not tell.
fn is_fixed(sheet: &Sheet<'_>, property: &SchemaId, name: &str, value: &Value) -> bool {
    let (_, schema) = sheet.suite.api.schemas.resolve(property);
    let has = |keyword: &str| schema.get(keyword).is_some();
    let format = schema.get("format").and_then(Value::as_str);
    let is_untyped = ["type", "enum", "const", "properties", "items", "anyOf", "oneOf", "allOf"].iter().all(|keyword| !has(keyword));
    let is_coded = match value {
        Value::String(text) => match format {
            Some(format) => !FORMATS.contains(&format),
            None => !has("enum") && !has("const") && !has("pattern") && !is_prose(name, text),
        },
        Value::Array(elements) => elements.iter().any(|element| element.is_object() || element.is_array()),
        // The names in it mean something.
        Value::Object(_) => sheet.suite.api.schemas.properties(property).is_empty(),
        _ => false,
    };
    is_reference(name) || is_untyped || is_coded
}
