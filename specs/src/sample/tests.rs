//! Every sample is valid, every nearly valid one is refused by its rule, and the same seed gives the same.

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{Bound, Rule, Sampler, Shape, is_prose};
use crate::{
    api::{Api, Direction, Mock, SchemaId, Schemas},
    validate::Validators,
};

/// Schemas of a made-up vendor, each with something that is hard to satisfy.
fn schemas() -> Value {
    json!({
        "Plain": {"type": "object", "required": ["name", "size"], "additionalProperties": false, "properties": {
            "name": {"type": "string", "minLength": 3, "maxLength": 8},
            "size": {"type": "integer", "minimum": 2, "maximum": 4},
            "weight": {"type": "number", "exclusiveMinimum": 0, "maximum": 1.5},
            "price": {"type": "number", "multipleOf": 0.25, "minimum": 1},
            "even": {"type": "integer", "multipleOf": 2, "minimum": 1},
            "kind": {"type": "string", "enum": ["stew", "soup"]},
            "level": {"type": ["integer", "null"], "enum": [1, 2, null]},
            "secret": {"type": "string", "writeOnly": true},
            "id": {"type": "string", "readOnly": true},
            "note": {"type": ["string", "null"], "maxLength": 5}}},
        "Formats": {"type": "object", "properties": {
            "a": {"type": "string", "format": "date"}, "b": {"type": "string", "format": "date-time"},
            "c": {"type": "string", "format": "email"}, "d": {"type": "string", "format": "uri"},
            "e": {"type": "string", "format": "uuid"}, "f": {"type": "string", "format": "ipv4"},
            "g": {"type": "string", "format": "ipv6"}, "h": {"type": "string", "format": "hostname"},
            "i": {"type": "string", "format": "time"}, "j": {"type": "string", "format": "duration"},
            "k": {"type": "string", "format": "json-pointer"}, "l": {"type": "string", "format": "regex"},
            "m": {"type": "string", "format": "uri-reference"}, "n": {"type": "string", "format": "unknown-to-all"}}},
        "Patterns": {"type": "object", "required": ["a", "b", "c", "d", "e", "f"], "properties": {
            "a": {"type": "string", "pattern": "^dish_[0-9A-Za-z]{43}$"},
            "b": {"type": "string", "pattern": "^(?!x)[a-z]{2,4}$"},
            "c": {"type": "string", "pattern": "\\d{3}-\\w+", "minLength": 12, "maxLength": 14},
            "d": {"type": "string", "pattern": "^<body>[^<>]*</body>$"},
            "e": {"type": "string", "pattern": "^[^\\s@]+@[^\\s@]+\\.[a-z]{2,}$"},
            "f": {"type": "string", "pattern": "^\\/a(b|c)?\\/$"}}},
        "Arrays": {"type": "object", "properties": {
            "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b", "c"]}, "minItems": 2, "maxItems": 3, "uniqueItems": true},
            "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": false, "minItems": 2},
            "has": {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 100}},
            "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Plain"}, "maxItems": 2}}},
        "Tree": {"type": "object", "required": ["name", "children"], "properties": {
            "name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            "parent": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Tree"}]}}},
        "Endless": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Endless"}}},
        "Never": {"allOf": [{"type": "string"}, {"type": "integer"}]},
        "Empty": {"type": "string", "minLength": 5, "maxLength": 2},
        "Joined": {"allOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "object", "required": ["age"], "properties": {
            "age": {"type": "integer", "maximum": 9}, "name": {"maxLength": 4}}}]},
        "Either": {"oneOf": [
            {"type": "object", "required": ["meat"], "properties": {"meat": {"type": "string"}}},
            {"type": "object", "required": ["leaf"], "properties": {"leaf": {"type": "integer", "minimum": 3}}}]},
        "Some": {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "integer", "minimum": 10}]},
        "Tagged": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["pot", "pan"]}}, "allOf": [
            {"if": {"properties": {"kind": {"const": "pot"}}, "required": ["kind"]}, "then": {"$ref": "#/components/schemas/Pot"}},
            {"if": {"properties": {"kind": {"const": "pan"}}, "required": ["kind"]}, "then": {"$ref": "#/components/schemas/Pan"}}]},
        "Pot": {"type": "object", "required": ["depth"], "properties": {"depth": {"type": "integer", "minimum": 5}}},
        "Pan": {"type": "object", "required": ["handle"], "properties": {"handle": {"type": "boolean"}}},
        "Not": {"type": "string", "enum": ["a", "b"], "not": {"const": "a"}},
        "Open": {"type": "object", "minProperties": 2, "maxProperties": 3, "additionalProperties": {"type": "integer", "minimum": 1}},
        "Offered": {"type": "object", "required": ["x"], "examples": [{"x": "from the example", "y": 5}], "properties": {
            "x": {"type": "string"}, "y": {"type": "integer"}, "z": {"type": "string", "examples": ["z itself"]}}},
        "BadExample": {"type": "integer", "minimum": 5, "examples": [1]},
        "Anything": {},
        "Big": {"type": "integer", "minimum": -9_223_372_036_854_775_808_i64, "maximum": 9_223_372_036_854_775_807_i64},
    })
}

const UNSATISFIABLE: [&str; 3] = ["Endless", "Never", "Empty"];

fn api(components: &Value) -> Api {
    Api {
        name: "pantry".into(),
        file: "pantry.yaml".into(),
        title: String::new(),
        version: String::new(),
        description: String::new(),
        servers: Vec::new(),
        operations: Vec::new(),
        schemes: IndexMap::new(),
        schemas: Schemas::new(json!({"components": {"schemas": components}})),
        docs: Vec::new(),
        mock: Mock::default(),
        resources: Vec::new(),
        rate_limits: Vec::new(),
        webhooks: Vec::new(),
        subscriptions: None,
    }
}

fn each(mut check: impl FnMut(&str, &SchemaId, &Sampler, &Validators, Direction)) {
    let api = api(&schemas());
    let validators = Validators::new(&api);
    for direction in [Direction::Request, Direction::Response] {
        let sampler = Sampler::new(&api.schemas, &validators, direction, 7);
        for (name, id) in api.schemas.components() {
            check(name, &id, &sampler, &validators, direction);
        }
    }
}

#[test]
fn samples_are_valid_or_say_why_not() {
    each(|name, id, sampler, validators, direction| {
        let shapes =
            [Shape::Minimal, Shape::Full].into_iter().chain((0..40).flat_map(|number| [Shape::Random(number), Shape::Lifelike(number)]));
        for shape in shapes {
            match sampler.sample(id, shape, None) {
                Ok(value) => {
                    let validator = validators.get(id, direction).unwrap();
                    assert!(validator.is_valid(&value), "{name} {shape:?}: {value}");
                }
                Err(problem) => assert!(UNSATISFIABLE.contains(&name), "{name} {shape:?}: {problem}"),
            }
        }
    });
}

#[test]
fn the_same_seed_gives_the_same_in_any_order() {
    each(|name, id, sampler, _, _| {
        let first: Vec<_> = (0..5).map(|number| sampler.random(id, number)).collect();
        let again: Vec<_> = (0..5).rev().map(|number| sampler.random(id, number)).collect();
        assert!(first.iter().eq(again.iter().rev()), "{name}");
    });
}

#[test]
fn random_samples_differ() {
    each(|name, id, sampler, _, _| {
        if ["Plain", "Formats", "Patterns", "Either", "Some", "Open", "Tagged"].contains(&name) {
            let mut values: Vec<_> = (0..20).map(|number| sampler.random(id, number).unwrap().to_string()).collect();
            values.sort();
            values.dedup();
            assert!(values.len() > 4, "{name}: {values:?}");
        }
    });
}

#[test]
fn nearly_valid_values_break_their_rule_at_their_place() {
    each(|name, id, sampler, validators, direction| {
        let Ok(base) = sampler.full(id) else { return };
        for nearly in sampler.nearly_valid(id, &base) {
            let Ok(value) = &nearly.value else { continue };
            let violations = validators.get(id, direction).unwrap().violations(value);
            assert!(!violations.is_empty(), "{name} {nearly:?}");
            let place =
                if nearly.rule == Rule::Required { crate::pointer::split_last(&nearly.pointer).unwrap().0 } else { &nearly.pointer };
            assert!(violations.iter().all(|violation| place.starts_with(violation.instance.as_str())), "{name} {nearly:?}");
        }
    });
}

/// The places at which a rule can be broken, without those that only come with a reason.
fn places(name: &str, direction: Direction, rule: Rule) -> Vec<String> {
    let api = api(&schemas());
    let validators = Validators::new(&api);
    let sampler = Sampler::new(&api.schemas, &validators, direction, 7);
    let id = api.schemas.target(&format!("#/components/schemas/{name}")).unwrap();
    let mut found: Vec<String> = sampler
        .nearly_valid(&id, &sampler.full(&id).unwrap())
        .into_iter()
        .filter(|nearly| nearly.rule == rule && nearly.value.is_ok())
        .map(|nearly| nearly.pointer)
        .collect();
    found.sort();
    found.dedup();
    found
}

#[test]
fn each_rule_is_broken_wherever_it_is_declared() {
    let rows: &[(&str, Rule, &[&str])] = &[
        ("Plain", Rule::Required, &["/name", "/size"]),
        ("Plain", Rule::NoExtra, &[""]),
        ("Plain", Rule::Enum, &["/kind", "/level"]),
        ("Plain", Rule::Minimum, &["/even", "/price", "/size", "/weight"]),
        ("Plain", Rule::Maximum, &["/size", "/weight"]),
        ("Plain", Rule::MultipleOf, &["/even", "/price"]),
        ("Plain", Rule::MinLength, &["/name"]),
        ("Plain", Rule::MaxLength, &["/name", "/note"]),
        ("Plain", Rule::NotNull, &["", "/even", "/kind", "/name", "/price", "/secret", "/size", "/weight"]),
        ("Plain", Rule::Type, &["", "/even", "/kind", "/level", "/name", "/note", "/price", "/secret", "/size", "/weight"]),
        ("Patterns", Rule::Pattern, &["/a", "/b", "/c", "/d", "/e", "/f"]),
        ("Formats", Rule::Format, &["/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i", "/j", "/k", "/l", "/m"]),
        ("Arrays", Rule::MinItems, &["/pair", "/tags"]),
        ("Arrays", Rule::MaxItems, &["/rows"]),
        ("Arrays", Rule::UniqueItems, &["/tags"]),
        ("Open", Rule::MinProperties, &[""]),
        ("Open", Rule::MaxProperties, &[""]),
        ("Tree", Rule::Required, &["/children", "/name"]),
        ("Joined", Rule::MaxLength, &["/name"]),
        ("Either", Rule::Required, &["/meat"]),
        ("Some", Rule::MaxLength, &[""]),
        ("Tagged", Rule::Required, &["/depth", "/kind"]),
        ("Tagged", Rule::Minimum, &["/depth"]),
    ];
    for (name, rule, expected) in rows {
        assert_eq!(places(name, Direction::Request, *rule), *expected, "{name} {rule:?}");
    }
}

#[test]
fn what_does_not_travel_is_left_out() {
    each(|name, id, sampler, _, direction| {
        if name == "Plain" {
            let value = sampler.full(id).unwrap();
            let sent = direction == Direction::Request;
            assert_eq!((value.get("secret").is_some(), value.get("id").is_some()), (sent, !sent));
        }
    });
}

#[test]
fn examples_of_the_schema_are_preferred() {
    each(|name, id, sampler, _, _| {
        if name == "Offered" {
            assert_eq!(sampler.full(id).unwrap(), json!({"x": "from the example", "y": 5, "z": "z itself"}));
            assert_eq!(sampler.minimal(id).unwrap(), json!({"x": "from the example"}));
            let like = json!({"x": "liked", "y": "not valid", "w": 1});
            assert_eq!(sampler.sample(id, Shape::Full, Some(&like)).unwrap()["x"], "liked");
        }
    });
}

#[test]
fn free_texts_are_made_in_any_script_and_long() {
    let texts = json!({"Note": {"type": "object", "required": ["body", "title", "phone", "slug", "mood"], "properties": {
        "body": {"type": "string"},
        "title": {"type": "string", "maxLength": 9},
        "phone": {"type": "string"},
        "slug": {"type": "string", "pattern": "^[a-z]+$"},
        "mood": {"type": "string", "enum": ["good", "bad"]}}}});
    let api = api(&texts);
    let sampler = Sampler::new(&api.schemas, &Validators::new(&api), Direction::Request, 7);
    let id = api.schemas.target("#/components/schemas/Note").unwrap();
    let edges = sampler.edges(&id, &sampler.full(&id).unwrap());
    let at = |bound: Bound| edges.iter().filter(|edge| edge.bound == bound).map(|edge| edge.pointer.as_str()).collect::<Vec<_>>();
    // What is too long for a title is left out.
    assert_eq!(at(Bound::Script), ["/body", "/body", "/body", "/body", "/title", "/title", "/title"]);
    assert_eq!(at(Bound::Long), ["/body"]);
    let long = edges.iter().find(|edge| edge.bound == Bound::Long).unwrap();
    assert!(long.value["body"].as_str().unwrap().len() > 4_000);
}

#[test]
fn a_text_is_prose_unless_its_name_or_its_look_promise_a_form() {
    for (name, good) in [("note", "Call them"), ("title", "A"), ("whatever", "amber birch"), ("first_name", "Ann"), ("html", "<p>Call</p>")]
    {
        assert!(is_prose(name, good), "{name} {good}");
    }
    let coded = [
        ("email", "amber"),
        ("phoneNumber", "amber"),
        ("callback_url", "amber"),
        ("currency", "EUR"),
        ("whatever", "2024-01-01"),
        ("whatever", "a@b.example"),
        ("whatever", "https://a.example"),
        ("whatever", "{\"a\": 1}"),
        ("whatever", ""),
    ];
    for (name, good) in coded {
        assert!(!is_prose(name, good), "{name} {good}");
    }
}
