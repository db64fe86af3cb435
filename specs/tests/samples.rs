//! Values made of schemas: every format, every keyword, lifelike by name, the same in every run.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use serde_json::{Value, json};
use specs::{
    Api, Source,
    api::{Direction, SchemaId},
    sample::{Sampler, Shape},
    validate::Validators,
};

/// A document of made-up schemas.
fn api(schemas: &Value) -> Api {
    let document =
        json!({"openapi": "3.1.0", "info": {"title": "Orchard", "version": "1"}, "paths": {}, "components": {"schemas": schemas}});
    specs::load(&Source::new("orchard", "orchard.json", document.to_string())).api.expect("the document is sound")
}

fn id(api: &Api, name: &str) -> SchemaId {
    api.schemas.target(&format!("#/components/schemas/{name}")).expect("the component is there")
}

fn shapes() -> impl Iterator<Item = Shape> {
    [Shape::Minimal, Shape::Full].into_iter().chain((0..12).flat_map(|number| [Shape::Random(number), Shape::Lifelike(number)]))
}

/// That each schema has values of every shape; they were put before the validator, and are once more.
fn has_values(schemas: &Value) {
    let api = api(schemas);
    let validators = Validators::new(&api);
    for direction in [Direction::Request, Direction::Response] {
        let sampler = Sampler::new(&api.schemas, &validators, direction, 3);
        for (name, id) in api.schemas.components() {
            for shape in shapes() {
                let value = sampler.sample(&id, shape, None).unwrap_or_else(|problem| panic!("{name} {shape:?}: {problem}"));
                assert!(validators.get(&id, direction).unwrap().is_valid(&value), "{name} {shape:?}: {value}");
            }
        }
    }
}

/// The formats of texts, and a text that is not of each.
const FORMATS: &[(&str, &str)] = &[
    ("date-time", "2026-02-30T10:00:00Z"),
    ("date", "2026-13-01"),
    ("time", "25:00:00Z"),
    ("duration", "1 day"),
    ("uuid", "0000"),
    ("email", "at home"),
    ("idn-email", "at home"),
    ("hostname", "-a-"),
    ("idn-hostname", "a b"),
    ("ipv4", "192.0.2.256"),
    ("ipv6", "2001::db8::1"),
    ("uri", "/a"),
    ("uri-reference", "\\"),
    ("iri", "/a"),
    ("iri-reference", "\\"),
    ("uri-template", "{"),
    ("json-pointer", "a"),
    ("relative-json-pointer", "/a"),
    ("regex", "("),
    ("byte", "a$=="),
    ("base64url", "a+=="),
];

#[test]
fn every_format_is_made_and_checked() {
    for (format, wrong) in FORMATS {
        let schema = json!({"type": "string", "format": format});
        has_values(&json!({"Plain": schema}));
        let api = api(&json!({"Plain": schema}));
        let validator = Validators::new(&api).get(&id(&api, "Plain"), Direction::Request).unwrap();
        assert!(!validator.is_valid(&json!(wrong)), "{format} {wrong}");
        assert_eq!(validator.violations(&json!(wrong))[0].message, format!("must have the format `{format}`"));
    }
}

#[test]
fn formats_keep_the_lengths_beside_them() {
    let limited =
        |format: &str, least: usize, most: usize| json!({"type": "string", "format": format, "minLength": least, "maxLength": most});
    has_values(&json!({
        "ShortEmail": limited("email", 0, 8), "LongEmail": limited("email", 100, 100), "ShortUri": limited("uri", 0, 5),
        "LongUri": limited("uri", 300, 300), "ShortHost": limited("hostname", 0, 6), "LongHost": limited("hostname", 90, 95),
        "LongByte": limited("byte", 30, 40), "Fraction": limited("date-time", 24, 24), "Regex": limited("regex", 40, 40),
        "Pointer": limited("json-pointer", 0, 2), "LongPointer": limited("json-pointer", 50, 60)}));
}

#[test]
fn formats_that_nobody_checks_are_free() {
    has_values(&json!({
        "Password": {"type": "string", "format": "password", "minLength": 12}, "Binary": {"type": "string", "format": "binary"},
        "Made": {"type": "string", "format": "our own", "maxLength": 2}}));
}

#[test]
fn numbers_keep_the_range_of_their_format() {
    let rows = [
        ("integer", "int32", json!(2_147_483_648_i64)),
        ("integer", "int64", json!(9_223_372_036_854_775_808_u64)),
        ("integer", "uint8", json!(-1)),
        ("number", "float", json!(1e39)),
    ];
    for (kind, format, wrong) in rows {
        let schemas = json!({"Number": {"type": kind, "format": format}});
        has_values(&schemas);
        let api = api(&schemas);
        let validator = Validators::new(&api).get(&id(&api, "Number"), Direction::Request).unwrap();
        assert!(!validator.is_valid(&wrong), "{format} {wrong}");
        assert!(validator.is_valid(&json!(1)), "{format}");
    }
    has_values(&json!({"Double": {"type": "number", "format": "double", "minimum": 1e300}}));
}

#[test]
fn texts_match_their_patterns() {
    let pattern = |pattern: &str| json!({"type": "string", "pattern": pattern});
    has_values(&json!({
        "Code": pattern(r"^[A-Z]{3}-\d{4}(/[a-f0-9]+)?$"), "Open": {"type": "string", "pattern": "^ab", "minLength": 30, "maxLength": 30},
        "Password": pattern(r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,40}$"), "Unlike": pattern("^(?!admin)[a-z]{5}$"),
        "Letters": pattern(r"^\p{Lu}\p{Ll}+$"), "Greek": pattern(r"^\p{Script=Greek}{3}$"), "Words": pattern(r"^\w+\s\w+$"),
        "Huge": {"type": "string", "pattern": "^a{0,100000}$", "maxLength": 20}, "Escaped": pattern(r"^\/\-\.\u0041$"),
        "Two": {"allOf": [{"type": "string", "pattern": "^[a-z0-9]+$"}, {"pattern": "[0-9]$"}]}}));
}

#[test]
fn every_keyword_is_kept() {
    has_values(&json!({
        "Steps": {"allOf": [{"type": "number", "multipleOf": 0.4}, {"multipleOf": 0.6, "exclusiveMinimum": 1.2, "maximum": 2.4}]},
        "Overlap": {"allOf": [{"type": "integer", "minimum": 3, "maximum": 9}, {"minimum": 5, "exclusiveMaximum": 7}]},
        "Few": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 3}, "uniqueItems": true, "minItems": 3},
        "Tuple": {"type": "array", "prefixItems": [{"const": "a"}, {"type": "integer"}], "unevaluatedItems": false, "minItems": 1},
        "Holds": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 9}, "contains": {"minimum": 8},
            "minContains": 2, "maxContains": 2, "minItems": 4, "maxItems": 6},
        "Map": {"type": "object", "minProperties": 2, "propertyNames": {"pattern": "^[a-z]{3}$"}, "additionalProperties": {"type": "integer"}},
        "Patterned": {"type": "object", "minProperties": 1, "patternProperties": {"^x_[0-9]$": {"type": "boolean"}}, "additionalProperties": false},
        "Depends": {"type": "object", "properties": {"card": {"type": "string"}, "billing": {"type": "string"}, "city": {"type": "string"}},
            "required": ["card"], "dependentRequired": {"card": ["billing"], "billing": ["city"]}},
        "DependsOn": {"type": "object", "properties": {"card": {"type": "string"}}, "required": ["card"],
            "dependentSchemas": {"card": {"required": ["pin"], "properties": {"pin": {"type": "integer", "minimum": 1000}}}}},
        "Branch": {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": ["tall", "wide"]}},
            "if": {"properties": {"kind": {"const": "tall"}}}, "then": {"required": ["height"], "properties": {"height": {"type": "integer", "minimum": 2}}},
            "else": {"required": ["width"], "properties": {"width": {"type": "string", "minLength": 2}}}},
        "OnlyOne": {"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]},
        "Alike": {"oneOf": [{"type": "object", "properties": {"leaf": {"type": "string"}}}, {"type": "object", "properties": {"root": {"type": "string"}}}]},
        "Without": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "not": {"required": ["a", "b"]}},
        "NoText": {"not": {"type": "string"}},
        "Closed": {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "integer"}}, "required": ["b"]}],
            "unevaluatedProperties": false},
        "Null": {"type": ["null", "integer"], "enum": [null, 4]}}));
}

#[test]
fn a_discriminator_names_the_alternative_that_is_made() {
    let schemas = json!({
        "Tree": {"oneOf": [{"$ref": "#/components/schemas/Apple"}, {"$ref": "#/components/schemas/Pear"}],
            "discriminator": {"propertyName": "kind", "mapping": {"apples": "#/components/schemas/Apple", "pears": "#/components/schemas/Pear"}}},
        "Plant": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
            "discriminator": {"propertyName": "kind", "mapping": {"bush": "#/components/schemas/Bush"}}},
        "Bush": {"allOf": [{"$ref": "#/components/schemas/Plant"}, {"properties": {"height": {"type": "integer"}}}]},
        "Apple": {"type": "object", "required": ["kind", "sweet"], "properties": {"kind": {"type": "string"}, "sweet": {"type": "boolean"}}},
        "Pear": {"type": "object", "required": ["kind", "weight"], "properties": {"kind": {"type": "string"}, "weight": {"type": "number"}}}});
    has_values(&schemas);
    let api = api(&schemas);
    let sampler = Sampler::new(&api.schemas, &Validators::new(&api), Direction::Response, 3);
    for number in 0..20 {
        let tree = sampler.sample(&id(&api, "Tree"), Shape::Lifelike(number), None).unwrap();
        assert_eq!(tree["kind"] == "apples", tree.get("sweet").is_some(), "{tree}");
    }
    assert_eq!(sampler.full(&id(&api, "Bush")).unwrap()["kind"], "bush");
}

#[test]
fn what_contains_itself_comes_to_an_end() {
    let person = json!({"$ref": "#/components/schemas/Person"});
    has_values(&json!({
        "Person": {"type": "object", "required": ["name", "children"], "properties": {"name": {"type": "string"},
            "children": {"type": "array", "items": person}, "friend": person}},
        "Sum": {"oneOf": [{"type": "object", "required": ["left", "right"], "properties": {
            "left": {"$ref": "#/components/schemas/Sum"}, "right": {"$ref": "#/components/schemas/Sum"}}}, {"type": "integer"}]},
        "List": {"type": "object", "required": ["next"], "properties": {"next": {"anyOf": [{"$ref": "#/components/schemas/List"}, {"type": "null"}]}}}}));
}

#[test]
fn what_cannot_be_made_says_why() {
    let rows = [
        (json!({"allOf": [{"type": "string"}, {"type": "integer"}]}), "the schemas allow no common type"),
        (json!({"type": "string", "minLength": 5, "maxLength": 2}), "no text has at least 5 characters and at most 2"),
        (json!({"type": "integer", "minimum": 5, "maximum": 4}), "no number lies within the limits"),
        (json!({"type": "object", "required": ["a"], "properties": {"a": false}}), "`/a`: the schema allows nothing"),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/It"}}}),
            "requires itself without end",
        ),
        (json!({"type": "object", "required": ["a"], "additionalProperties": false}), "`/a`: the schema allows nothing"),
        (json!({"enum": ["a"], "not": {"const": "a"}}), "no value was found that passes the schema"),
    ];
    for (schema, reason) in rows {
        let api = api(&json!({"It": schema}));
        let sampler = Sampler::new(&api.schemas, &Validators::new(&api), Direction::Response, 3);
        for shape in [Shape::Full, Shape::Minimal, Shape::Lifelike(1)] {
            let problem = sampler.sample(&id(&api, "It"), shape, None).expect_err("nothing fits").to_string();
            assert!(problem.contains(reason), "{schema}: {problem}");
        }
    }
}

#[test]
fn names_make_values_lifelike() {
    let text = json!({"type": "string"});
    let api = api(&json!({"Contact": {"type": "object", "properties": {
        "name": text, "givenName": text, "last_name": text, "emailAddress": text, "city": text, "zip": text, "country": text, "phone": text,
        "homepage": text, "userName": text, "price": {"type": "number"}, "latitude": {"type": "number"}, "currency": text, "status": text,
        "description": text, "companyName": text, "createdAt": text, "tags": {"type": "array", "items": text}}}}));
    let sampler = Sampler::new(&api.schemas, &Validators::new(&api), Direction::Response, 3);
    let plan = sampler.plan(&id(&api, "Contact"));
    for number in 0..40 {
        let made = plan.sample(Shape::Lifelike(number)).unwrap();
        let text = |name: &str| made[name].as_str().unwrap_or_else(|| panic!("{name} is a text: {made}")).to_owned();
        assert!(text("emailAddress").ends_with("@example.com") && text("homepage").starts_with("https://example.com/"), "{made}");
        assert!(text("name").contains(' ') && !text("givenName").contains(' '), "{made}");
        assert!(text("zip").bytes().all(|byte| byte.is_ascii_digit()) && text("currency").len() == 3, "{made}");
        assert!(text("phone").starts_with("+1-202-555-01") && text("createdAt").ends_with('Z'), "{made}");
        assert!((1.0..=500.0).contains(&made["price"].as_f64().unwrap()) && made["latitude"].as_f64().unwrap().abs() <= 60.0, "{made}");
        assert!(text("description").ends_with('.') && text("companyName").chars().count() > 4, "{made}");
    }
}

/// What other machines and other runs must make as well.
#[test]
fn a_seed_makes_the_same_everywhere() {
    let api = api(&json!({"Fruit": {"type": "object", "properties": {
        "id": {"type": "string", "format": "uuid"}, "weight": {"type": "number"}, "count": {"type": "integer"},
        "email": {"type": "string"}, "code": {"type": "string", "pattern": "^[a-z]{4}$"}}}}));
    let sampler = Sampler::new(&api.schemas, &Validators::new(&api), Direction::Response, 3);
    let made = sampler.sample(&id(&api, "Fruit"), Shape::Lifelike(5), None).unwrap();
    let expected = json!({"id": "0282f7db-5efe-4c55-bfb5-64a5af1997ad", "weight": 310.36, "count": 16,
        "email": "malinda.shields@example.com", "code": "youk"});
    assert_eq!(made, expected);
    assert_eq!(sampler.plan(&id(&api, "Fruit")).sample(Shape::Lifelike(5)).unwrap(), made, "a plan makes the same");
}
