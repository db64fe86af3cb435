//! What fits and what does not, by hand.

use serde_json::{Value, json};

use super::Validators;
use crate::{
    api::{Direction, SchemaId},
    document::Source,
    load,
};

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Aquarium, version: '1'}
paths: {}
components:
  schemas:
    Tank:
      type: object
      required: [id, litres, secret]
      additionalProperties: false
      properties:
        id: {type: string, readOnly: true}
        secret: {type: string, writeOnly: true}
        litres: {type: number, minimum: 0, exclusiveMinimum: true}
        filled: {type: string, format: date-time}
        count: {type: integer, format: int32}
        keeper: {nullable: true, allOf: [{$ref: '#/components/schemas/Keeper'}]}
        colour: {type: string, nullable: true, enum: [red, on]}
        spare: {$ref: '#/components/schemas/Tank'}
    Keeper:
      type: object
      required: [name]
      properties: {name: {type: string, maxLength: 5}}
    Extended:
      required: [stamp]
      allOf:
        - $ref: '#/components/schemas/Keeper'
        - {type: object, required: [age], properties: {stamp: {$ref: '#/components/schemas/Stamp'}, age: {type: integer, readOnly: true}}}
    Stamp: {type: string, readOnly: true}
    Animal:
      oneOf: [{$ref: '#/components/schemas/Fish'}, {$ref: '#/components/schemas/Crab'}]
      discriminator: {propertyName: kind, mapping: {fish: Fish, shrimp: '#/components/schemas/Crab'}}
    Fish: {type: object, properties: {kind: {type: string}, fins: {type: integer}}}
    Crab: {type: object, required: [claws], properties: {kind: {type: string}, claws: {type: integer}}}
    'Odd {name}/~': {type: array, items: {$ref: '#/x-parts/Part%20one'}}
    Food: {type: object, anyOf: [{required: [flakes]}, {required: [shrimps]}]}
    Fed: {anyOf: [{type: string, format: date}, {type: string, format: date-time}]}
x-parts:
  Part one: {type: integer, nullable: true}
";

fn validators() -> Validators {
    let loaded = load(&Source::new("aquarium", "aquarium.yaml", DOCUMENT.to_owned()));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    Validators::new(&loaded.api.unwrap())
}

#[track_caller]
fn check(schema: &str, direction: Direction, value: &Value, expected: &[&str]) {
    let id = SchemaId::new(&crate::pointer::join("/components/schemas", schema));
    let validator = validators().get(&id, direction).unwrap();
    let found: Vec<_> =
        validator.violations(value).into_iter().map(|one| format!("{} {}: {}", one.instance, one.schema, one.message)).collect();
    assert_eq!(found, expected, "{schema} {value}");
    assert_eq!(validator.is_valid(value), expected.is_empty());
}

#[test]
fn a_request_lacks_what_is_read_only_and_a_response_what_is_write_only() {
    check("Tank", Direction::Request, &json!({"litres": 1, "secret": "s"}), &[]);
    check("Tank", Direction::Request, &json!({"litres": 1}), &[" /components/schemas/Tank/required: `secret` is required"]);
    check("Tank", Direction::Response, &json!({"litres": 1, "id": "t"}), &[]);
    check("Tank", Direction::Response, &json!({"litres": 1}), &[" /components/schemas/Tank/required: `id` is required"]);
    check("Tank", Direction::Request, &json!({"litres": 1, "secret": "s", "spare": {"litres": 2, "secret": "s"}}), &[]);
}

#[test]
fn marks_are_seen_through_references_and_all_of() {
    check("Extended", Direction::Request, &json!({"name": "Ada"}), &[]);
    check(
        "Extended",
        Direction::Response,
        &json!({"name": "Ada"}),
        &[
            " /components/schemas/Extended/required: `stamp` is required",
            " /components/schemas/Extended/allOf/1/required: `age` is required",
        ],
    );
}

#[test]
fn keywords_of_openapi_3_0_keep_their_meaning() {
    let tank = |more: Value| {
        let mut value = json!({"litres": 1, "id": "t"});
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let place = |rest: &str| format!("/components/schemas/Tank/properties/{rest}");
    check("Tank", Direction::Response, &tank(json!({"keeper": null, "colour": null})), &[]);
    check(
        "Tank",
        Direction::Response,
        &tank(json!({"litres": 0})),
        &[&format!("/litres {}: must be more than 0", place("litres/exclusiveMinimum"))],
    );
    check(
        "Tank",
        Direction::Response,
        &tank(json!({"colour": "yes"})),
        &[&format!("/colour {}: must be one of `red`, `on`, `null`", place("colour/enum"))],
    );
    check(
        "Tank",
        Direction::Response,
        &tank(json!({"filled": "today"})),
        &[&format!("/filled {}: must have the format `date-time`", place("filled/format"))],
    );
    check(
        "Tank",
        Direction::Response,
        &tank(json!({"count": 2_147_483_648_u32})),
        &[&format!("/count {}: must be at most 2147483647", place("count/maximum"))],
    );
    check(
        "Tank",
        Direction::Response,
        &tank(json!({"depth": 1})),
        &[" /components/schemas/Tank/additionalProperties: `depth` is not allowed"],
    );
}

#[test]
fn a_violation_beside_null_is_that_of_the_alternative_that_was_meant() {
    check(
        "Tank",
        Direction::Response,
        &json!({"litres": 1, "id": "t", "keeper": {"name": "Augustus"}}),
        &["/keeper/name /components/schemas/Keeper/properties/name/maxLength: must have at most 5 characters"],
    );
}

#[test]
fn where_no_alternative_fits_each_is_told() {
    let needs = "needs one of `flakes`, `shrimps`";
    check("Food", Direction::Request, &json!({}), &[&format!(" /components/schemas/Food/anyOf: {needs}")]);
    let formats = "must have the format `date`, or must have the format `date-time`";
    check("Fed", Direction::Request, &json!("soon"), &[&format!(" /components/schemas/Fed/anyOf: {formats}")]);
}

#[test]
fn a_discriminator_picks_the_alternative() {
    check("Animal", Direction::Response, &json!({"kind": "fish", "fins": 2}), &[]);
    check("Animal", Direction::Response, &json!({"kind": "shrimp", "claws": 2}), &[]);
    check(
        "Animal",
        Direction::Response,
        &json!({"kind": "fish", "fins": "2"}),
        &["/fins /components/schemas/Fish/properties/fins/type: must be a whole number"],
    );
    let place = "/components/schemas/Animal/allOf/0";
    check("Animal", Direction::Response, &json!({"fins": 2}), &[&format!(" {place}/required: `kind` is required")]);
    check(
        "Animal",
        Direction::Response,
        &json!({"kind": "cat"}),
        &[&format!("/kind {place}/properties/kind/enum: must be one of `fish`, `shrimp`")],
    );
}

#[test]
fn odd_names_and_places_of_schemas_work() {
    check("Odd {name}/~", Direction::Response, &json!([1, null]), &[]);
    check("Odd {name}/~", Direction::Response, &json!(["1"]), &["/0 /x-parts/Part one/type: must be a whole number or null"]);
}

#[test]
fn a_pattern_that_cannot_be_compiled_costs_itself_alone() {
    let text = r"
openapi: 3.1.0
info: {title: Whelks, version: '1'}
paths: {}
components:
  schemas:
    Whelk:
      type: object
      additionalProperties: false
      properties: {name: {type: string, minLength: 2, pattern: '('}, code: {pattern: '/^[a-c]+$/i'}, size: {pattern: '^[0-9]{1-2}$'}}
      patternProperties: {'^[x-': {type: integer}, '^[\w-.]z': {type: integer}}
";
    let loaded = load(&Source::new("whelks", "whelks.yaml", text.to_owned()));
    let told: Vec<_> = loaded.problems.iter().map(|one| format!("{} {}:{}", one.rule, one.line, one.pointer)).collect();
    let place = "/components/schemas/Whelk";
    assert_eq!(
        told,
        [
            format!("pattern 11:{place}/patternProperties/^[x-"),
            format!("pattern 11:{place}/patternProperties/^[\\w-.]z"),
            format!("pattern 10:{place}/properties/name/pattern"),
            format!("pattern 10:{place}/properties/code/pattern"),
            format!("pattern 10:{place}/properties/size/pattern"),
        ]
    );
    let api = loaded.api.unwrap();
    let validator = Validators::new(&api).get(&SchemaId::new(place), Direction::Request).unwrap();
    let bad = json!({"name": "(", "code": "d", "size": "123", "-z": "1"});
    let mut found: Vec<_> = validator.violations(&bad).iter().map(|one| format!("{}: {}", one.instance, one.message)).collect();
    found.sort();
    assert_eq!(
        found,
        [
            "/-z: must be a whole number",
            "/code: must match `(?i:^[a-c]+$)`",
            "/name: must have at least 2 characters",
            "/size: must match `^[0-9]{1,2}$`",
        ]
    );
    assert!(validator.is_valid(&json!({"name": "((", "code": "aB", "size": "12", "other": true})));
}

/// What leads to much is looked up instead of copied, and nobody can tell.
#[test]
fn schemas_that_lead_far_are_shared() {
    let wide: Vec<_> = (0..150).map(|number| format!("p{number}: {{type: integer}}")).collect();
    let text = format!(
        "openapi: 3.0.3\npaths: {{}}\ncomponents:\n  schemas:\n    Wide: {{type: object, required: [p0], properties: {{{}, next: {{$ref: '#/components/schemas/Wide'}}, maybe: {{nullable: true, allOf: [{{$ref: '#/components/schemas/Wide'}}]}}}}}}\n    Holder: {{type: object, properties: {{wide: {{$ref: '#/components/schemas/Wide'}}}}}}\n",
        wide.join(", ")
    );
    let api = load(&Source::new("wide", "wide.yaml", text)).api.unwrap();
    let id = SchemaId::new("/components/schemas/Holder");
    let validator = Validators::new(&api).get(&id, Direction::Response).unwrap();
    let good = json!({"wide": {"p0": 1, "next": {"p0": 2, "maybe": null}, "maybe": {"p0": 3}}});
    assert!(validator.is_valid(&good) && validator.violations(&good).is_empty());
    let bad = json!({"wide": {"p0": "1", "next": {"maybe": {"p0": 3, "next": {"p1": 1.5}}}}});
    let mut found: Vec<_> =
        validator.violations(&bad).iter().map(|one| format!("{} {}: {}", one.instance, one.schema, one.message)).collect();
    found.sort();
    assert!(!validator.is_valid(&bad));
    assert_eq!(
        found,
        [
            "/wide/next /components/schemas/Wide/required: `p0` is required",
            "/wide/next/maybe/next /components/schemas/Wide/required: `p0` is required",
            "/wide/next/maybe/next/p1 /components/schemas/Wide/properties/p1/type: must be a whole number",
            "/wide/p0 /components/schemas/Wide/properties/p0/type: must be a whole number",
        ]
    );
}

#[test]
fn formats_are_what_their_standards_say() {
    let rows: &[(&str, &[&str], &[&str])] = &[
        // RFC 3339, 5.6: an offset is part of it, letters may be small, a leap second is one.
        (
            "date-time",
            &["2024-02-29T23:59:59Z", "2024-02-29t10:00:00.123456789z", "2016-12-31T23:59:60Z", "2024-01-01T00:00:00-03:30"],
            &[
                "2024-01-01T10:00:00",
                "2024-01-01",
                "2023-02-29T10:00:00Z",
                "2024-01-01T24:00:00Z",
                "2024-01-01T10:00Z",
                "2024-1-1T10:00:00Z",
            ],
        ),
        ("date", &["2024-02-29"], &["2023-02-29", "2024-2-29", "29.02.2024", "2024-02-29T00:00:00Z"]),
        ("time", &["10:00:00Z", "10:00:00.5+01:00"], &["10:00", "25:00:00Z"]),
        (
            "uuid",
            &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
            &["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"],
        ),
        ("email", &["a@b.example", "first.last+tag@sub.example"], &["a", "a@", "@b.example", "a b@c.example", "a@b@c.example"]),
        ("uri", &["https://a.example/b?c=d#e", "mailto:a@b.example", "urn:isbn:1"], &["/a/b", "a.example", "https://a b", "//a.example/b"]),
        ("uri-reference", &["/a/b", "https://a.example"], &["a b", "\\\\a"]),
        ("hostname", &["a.example", "x"], &["-a.example", "a..example", "a_b.example"]),
        ("ipv4", &["192.0.2.1"], &["192.0.2.256", "192.0.2", "192.0.02.1"]),
        ("ipv6", &["2001:db8::1", "::"], &["2001:db8::g", "1:2:3", "12345::"]),
        // RFC 3339, appendix A, which knows no fractions.
        ("duration", &["P1DT2H", "P3W"], &["1 day", "P", "PT", "PT0.5S"]),
        ("json-pointer", &["", "/a~1b"], &["a", "/a~2"]),
        ("regex", &["^a+$"], &["("]),
    ];
    for (format, good, bad) in rows {
        let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{Text: {{type: string, format: {format}}}}}}}\n");
        let api = load(&Source::new("texts", "texts.yaml", text)).api.unwrap();
        let validator = Validators::new(&api).get(&SchemaId::new("/components/schemas/Text"), Direction::Response).unwrap();
        let refused = |text: &&&str| !validator.is_valid(&json!(text));
        assert_eq!(good.iter().filter(refused).collect::<Vec<_>>(), [&""; 0], "{format}");
        assert_eq!(bad.iter().filter(|text| !refused(text)).collect::<Vec<_>>(), [&""; 0], "{format}");
        let keyword = validator.violations(&json!(bad[0])).pop().map(|violation| violation.keyword);
        assert_eq!(keyword.as_deref(), Some("format"));
    }
}
