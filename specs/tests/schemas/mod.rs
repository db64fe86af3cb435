//! Schemas of any kind, and schemas that are drawn around a value.

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// A document of three schemas that may refer to each other and to themselves.
pub(crate) fn document() -> impl Strategy<Value = Value> {
    (any_schema(), any_schema(), any_schema()).prop_map(|(root, one, two)| json!({"Root": root, "One": one, "Two": two}))
}

/// A schema that says anything, what contradicts itself too.
fn any_schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        3 => leaf(),
        1 => select(vec!["Root", "One", "Two"]).prop_map(|name| json!({"$ref": format!("#/components/schemas/{name}")})),
        1 => select(vec![json!(true), json!({}), json!({"type": "null"}), json!({"type": "boolean"})]),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let named = || (select(vec!["a", "b", "c", "kind"]), inner.clone());
        prop_oneof![
            (vec(named(), 0..4), vec(select(vec!["a", "b", "d"]), 0..3), select(vec![json!(true), json!(false)]), 0..3_u8).prop_map(
                |(properties, required, others, least)| {
                    let properties: Map<String, Value> = properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
                    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": others, "minProperties": least})
                }
            ),
            (inner.clone(), 0..3_u8, 0..4_u8, any::<bool>()).prop_map(|(items, least, more, unique)| {
                json!({"type": "array", "items": items, "minItems": least, "maxItems": least + more, "uniqueItems": unique})
            }),
            (select(vec!["allOf", "anyOf", "oneOf"]), vec(inner.clone(), 1..4)).prop_map(|(keyword, branches)| json!({keyword: branches})),
            (leaf_of_any_type(), inner.clone()).prop_map(|(schema, not)| with(schema, "not", not)),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(one, then, other)| json!({"if": one, "then": then, "else": other})),
            (inner.clone(), inner.clone()).prop_map(|(items, contains)| json!({"type": "array", "items": items, "contains": contains})),
        ]
    })
}

fn leaf_of_any_type() -> impl Strategy<Value = Value> {
    prop_oneof![leaf(), Just(json!({})), Just(json!({"type": ["string", "null"]}))]
}

fn leaf() -> impl Strategy<Value = Value> {
    let text = (0..6_usize, 0..9_usize).prop_map(|(least, most)| json!({"type": "string", "minLength": least, "maxLength": most}));
    let pattern =
        select(vec!["^[a-z]+$", "[0-9]", "^(?!x).{3}$", "^a|b$"]).prop_map(|pattern| json!({"type": "string", "pattern": pattern}));
    let format = select(vec!["date", "uuid", "email", "uri", "byte"]).prop_map(|format| json!({"type": "string", "format": format}));
    let number = (select(vec!["integer", "number"]), -20..20_i32, 0..30_i32, 1..7_i32)
        .prop_map(|(kind, least, more, step)| json!({"type": kind, "minimum": least, "maximum": least + more, "multipleOf": step}));
    let listed =
        vec(select(vec![json!("x"), json!(1), json!(null), json!(2.5), json!([1])]), 1..4).prop_map(|options| json!({"enum": options}));
    prop_oneof![text, pattern, format, number, listed]
}

/// A value, and a schema that it fits.
pub(crate) fn around_a_value() -> impl Strategy<Value = (Value, Value)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        (-1_000..1_000_i32).prop_map(Value::from),
        (-400..400_i32).prop_map(|quarters| json!(f64::from(quarters) / 4.0)),
        "[a-z]{0,8}".prop_map(Value::from),
        Just(Value::Null),
    ];
    let value = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(vec!["id", "name", "size", "kind"]), inner), 0..4).prop_map(|members| members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>()
                .into()),
        ]
    });
    (value, any::<u64>()).prop_map(|(value, seed)| (drawn(&value, &mut Dice(seed)), value))
}

/// Numbers that decide what a schema says of the value.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }
}

fn drawn(value: &Value, dice: &mut Dice) -> Value {
    let schema = match value {
        Value::Null => json!({"type": "null"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) => around_number(number.as_f64().unwrap_or_default(), number.is_i64(), dice),
        Value::String(text) => around_text(text, dice),
        Value::Array(elements) => around_array(elements, dice),
        Value::Object(members) => around_object(members, dice),
    };
    composed(schema, value, dice)
}

/// The schema alone or among others.
fn composed(schema: Value, value: &Value, dice: &mut Dice) -> Value {
    let other = if value.is_string() { json!({"type": "integer"}) } else { json!({"type": "string", "minLength": 2}) };
    match dice.below(9) {
        0 => json!({"oneOf": [other, schema]}),
        1 => json!({"anyOf": [schema, other]}),
        2 => json!({"allOf": [schema, {"not": other}]}),
        3 => with(schema, "not", json!({"const": "no such text"})),
        4 if schema.get("type").is_some_and(Value::is_string) => {
            let kind = schema["type"].clone();
            with(schema, "type", json!([kind, if value.is_boolean() { "null" } else { "boolean" }]))
        }
        5 => json!({"if": {"type": "object"}, "then": schema, "else": schema}),
        _ => schema,
    }
}

fn around_number(number: f64, is_whole: bool, dice: &mut Dice) -> Value {
    let mut schema = json!({"type": if is_whole && dice.one_in(2) { "integer" } else { "number" }});
    let reach = [0.0, 0.25, 3.0, 500.0][dice.below(4)];
    match dice.below(4) {
        0 => schema = with(schema, "minimum", json!(number - reach)),
        1 => schema = with(schema, "exclusiveMaximum", json!(number + reach + 0.25)),
        2 => schema = with(with(schema, "minimum", json!(number - reach)), "maximum", json!(number + reach)),
        _ => {}
    }
    let step = [0.25, 0.5, 1.0, 5.0].into_iter().rev().find(|step| number % step == 0.0);
    if dice.one_in(2) { with(schema, "multipleOf", json!(step.unwrap_or(0.25))) } else { schema }
}

fn around_text(text: &str, dice: &mut Dice) -> Value {
    let length = text.chars().count();
    match dice.below(5) {
        0 => json!({"type": "string", "minLength": length.saturating_sub(dice.below(3)), "maxLength": length + dice.below(9)}),
        1 => json!({"type": "string", "pattern": format!("^[a-z]{{{length}}}$")}),
        2 => json!({"type": "string", "pattern": "^[a-z]*$", "maxLength": length}),
        3 => json!({"enum": [text, "other"]}),
        _ => json!({"type": "string"}),
    }
}

fn around_array(elements: &[Value], dice: &mut Dice) -> Value {
    if dice.one_in(2) {
        let items: Vec<Value> = elements.iter().map(|element| drawn(element, dice)).collect();
        if items.is_empty() {
            return json!({"type": "array", "maxItems": dice.below(3)});
        }
        return json!({"type": "array", "prefixItems": items, "items": false, "minItems": elements.len()});
    }
    let mut unlike = Vec::new();
    for element in elements {
        if !unlike.contains(&element) {
            unlike.push(element);
        }
    }
    let items = json!({"anyOf": unlike.iter().map(|element| drawn(element, dice)).collect::<Vec<_>>()});
    let items = if unlike.is_empty() { json!({}) } else { items };
    json!({"type": "array", "items": items, "maxItems": elements.len() + dice.below(2)})
}

fn around_object(members: &Map<String, Value>, dice: &mut Dice) -> Value {
    let mut properties: Map<String, Value> = members.iter().map(|(name, value)| (name.clone(), drawn(value, dice))).collect();
    properties.insert("spare".to_owned(), json!({"type": "integer", "minimum": 4}));
    let required: Vec<&String> = members.keys().filter(|_| dice.one_in(2)).collect();
    let mut schema = json!({"type": "object", "properties": properties, "required": required});
    if dice.one_in(2) {
        schema = with(schema, "additionalProperties", json!(false));
    }
    match dice.below(4) {
        0 => with(schema, "minProperties", json!(members.len())),
        1 => with(schema, "maxProperties", json!(members.len())),
        2 => json!({"allOf": [schema, {"properties": {"spare": {"maximum": 9}}}]}),
        _ => schema,
    }
}

fn with(mut schema: Value, keyword: &str, value: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.insert(keyword.to_owned(), value);
    }
    schema
}
