//! What a webhook that says nothing of its payload but a schema sends of a row.

use chrono::{TimeZone as _, Utc};
use mock_server::engine::{Conditions, Engine, EngineOptions};
use serde_json::{Value, json};
use specs::Source;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Kiln, version: '1'}
x-mock: {seed: {pots: [{id: pot-1, glaze: celadon, secret: s}]}}
paths:
  /pots:
    get: {responses: {'200': {description: all, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pot'}}}}}}}
  /pots/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
components:
  schemas:
    Pot: {type: object, required: [id], properties: {id: {type: string}, glaze: {type: string}}}
webhooks:
  potDeleted:
    post:
      responses: {'200': {description: heard}}
";

/// The payload and what is wrong with it, for the content of a request body.
fn payload(content: &str) -> (Value, Vec<String>) {
    let text = match content {
        "" => DOCUMENT.to_owned(),
        content => format!("{DOCUMENT}      requestBody: {{content: {content}}}\n"),
    };
    let loaded = specs::load(&Source::new("kiln", "kiln.yaml", text));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let options = EngineOptions { prefix: String::new(), also: Vec::new(), max_rows: 9, seed: 0 };
    let (engine, _) = Engine::new(loaded.api.unwrap(), &options);
    let conditions = Conditions::at(Utc.with_ymd_and_hms(2026, 2, 1, 8, 0, 0).unwrap());
    let event = engine.example_event(&engine.world(), 0, None, &conditions).unwrap();
    let value: Value = serde_json::from_slice(&event.body).unwrap();
    let id = json!(event.id).to_string();
    let again = engine.example_event(&engine.world(), 0, None, &conditions).unwrap();
    assert_eq!((again.id, again.body), (event.id, event.body), "the same number gives the same event");
    (serde_json::from_str(&value.to_string().replace(&id, "\"ID\"")).unwrap(), event.defects)
}

fn check(content: &str, expected: &Value) {
    assert_eq!(payload(content), (expected.clone(), Vec::new()), "{content}");
}

#[test]
fn a_row_stands_where_the_payload_has_its_place() {
    let pot = json!({"id": "pot-1", "glaze": "celadon"});
    let reference = "{$ref: '#/components/schemas/Pot'}";
    let object = |properties: &str| format!("{{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}");
    for (content, expected) in [
        (String::new(), json!({"type": "potDeleted", "timestamp": "2026-02-01T08:00:00.000Z", "data": pot})),
        (format!("{{application/json: {{schema: {reference}}}}}"), pot.clone()),
        (format!("{{application/json: {{schema: {{type: array, items: {reference}}}}}}}"), json!([pot])),
        (
            object(&format!("type: {{type: string, enum: [pot.made, pot.deleted]}}, pot: {reference}")),
            json!({"type": "pot.deleted", "pot": pot}),
        ),
        (object(&format!("event: {{type: string}}, subject: {reference}")), json!({"event": "potDeleted", "subject": pot})),
        (
            object("id: {type: string}, data: {type: object, properties: {glaze: {type: string}}}"),
            json!({"id": "ID", "data": {"glaze": "celadon"}}),
        ),
        (object("topic: {const: ends}, glaze: {type: string}"), json!({"topic": "ends", "glaze": "celadon"})),
        (object("sentAt: {type: integer}, id: {type: string}"), json!({"sentAt": 1_769_932_800, "id": "pot-1"})),
        ("{application/json: {schema: {type: object}, example: {shape: bowl}}}".to_owned(), json!({"shape": "bowl"})),
    ] {
        check(&content, &expected);
    }
}

#[test]
fn a_payload_that_cannot_be_right_is_told() {
    let (_, defects) =
        payload("{application/json: {schema: {type: object, required: [id], properties: {id: {type: string}}}, example: {id: 1}}}");
    assert_eq!(defects, Vec::<String>::new(), "the row has one that fits");
    let (_, defects) = payload("{application/json: {schema: {type: object, required: [kiln], properties: {kiln: false}}}}");
    assert!(defects.len() == 1 && defects[0].starts_with("the payload of `potDeleted`"), "{defects:?}");
}
