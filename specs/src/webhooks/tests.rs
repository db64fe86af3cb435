//! When webhooks are sent, and what is said about them.

use crate::{
    Source,
    api::Api,
    webhooks::{Algorithm, Key, Occasion, Origin, Webhook},
};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Quay, version: '1'}
paths:
  /berths:
    post:
      operationId: openBerth
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}
      responses: {'201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}}
      callbacks:
        moored:
          '{$request.body#/tell}': {post: {requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'204': {description: ok}}}}
  /berths/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}}
    delete:
      operationId: closeBerth
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
components:
  schemas:
    Berth: {type: object, properties: {id: {type: string}, tell: {type: string}, length: {type: number}}}
webhooks:
";

fn api(webhooks: &str) -> (Api, Vec<String>) {
    let loaded = crate::load(&Source::new("quay", "quay.yaml", format!("{DOCUMENT}{webhooks}")));
    let problems = loaded.problems.iter().map(|problem| format!("{} {}", problem.rule, problem.pointer)).collect();
    (loaded.api.unwrap(), problems)
}

fn hook<'a>(api: &'a Api, name: &str) -> &'a Webhook {
    api.webhooks.iter().find(|webhook| webhook.name == name).unwrap()
}

fn check(name: &str, body: &str, expected: &[&str]) {
    let schema =
        if body.is_empty() { String::new() } else { format!("requestBody: {{content: {{application/json: {{schema: {body}}}}}}}, ") };
    let (api, problems) = api(&format!("  {name}: {{post: {{{schema}responses: {{'200': {{description: ok}}}}}}}}\n"));
    assert_eq!(problems, Vec::<String>::new());
    let found = hook(&api, name);
    let occasions: Vec<_> = found.occasions.iter().map(ToString::to_string).collect();
    assert_eq!(occasions, expected, "{name}: {}", found.why);
    assert!(!found.why.is_empty());
}

#[test]
fn a_name_says_when_a_webhook_is_sent() {
    for (name, body, expected) in [
        ("berthCreated", "", &["create berths"][..]),
        ("berth.updated", "", &["update berths"]),
        ("BERTH_DELETED", "", &["delete berths"]),
        ("on-berth-removed", "", &["delete berths"]),
        ("newBerth", "", &["create berths"]),
        ("harbourBerthChanged", "", &["update berths"]),
        ("slotCreated", "{$ref: '#/components/schemas/Berth'}", &["create berths"]),
        ("created", "{type: object, properties: {data: {$ref: '#/components/schemas/Berth'}}}", &["create berths"]),
        ("slotCreated", "{type: object}", &[]),
        ("berth", "{$ref: '#/components/schemas/Berth'}", &[]),
    ] {
        check(name, body, expected);
    }
}

#[test]
fn a_callback_follows_its_operation() {
    let (api, _) = api("  {}\n");
    let found = hook(&api, "moored");
    assert_eq!((found.origin, found.target.as_deref()), (Origin::Callback, Some("{$request.body#/tell}")));
    assert_eq!(found.occasions, [Occasion::Operation("open_berth".to_owned())]);
}

#[test]
fn what_is_declared_goes_before_what_is_inferred() {
    let (api, problems) = api("  berthCreated: {post: {responses: {'200': {description: ok}}}}
x-mock:
  webhooks:
    berthCreated: {on: [closeBerth, {resource: berths, action: delete}], set: {id: row.id}, retries: [1, 2], signature: standard-webhooks}
    closing: {on: closeBerth, signature: {algorithm: hmac-sha1, header: x-sum, value: 'sha1={signature}'}, url: 'http://there.example'}
");
    assert_eq!(problems, Vec::<String>::new());
    let created = hook(&api, "berthCreated");
    assert_eq!((created.origin, created.why.as_str(), created.occasions.len()), (Origin::Webhook, "declared", 2));
    assert_eq!((created.retries.as_deref(), created.set.len()), (Some(&[1, 2][..]), 1));
    assert_eq!(created.signature.as_ref().map(|signature| signature.key), Some(Key::Base64));
    let closing = hook(&api, "closing");
    let signature = closing.signature.as_ref().unwrap();
    assert_eq!((signature.algorithm, signature.signed.as_str(), signature.key), (Algorithm::HmacSha1, "{body}", Key::Text));
    assert_eq!((closing.origin, closing.target.as_deref()), (Origin::Mock, Some("http://there.example")));
}

#[test]
fn what_names_nothing_is_told() {
    for (said, expected) in [
        ("{on: closeBerht}", "x-mock /x-mock/webhooks/a/on"),
        ("{on: {resource: boats, action: create}}", "x-mock /x-mock/webhooks/a/on"),
        ("{on: {resource: berths, action: read}}", "x-mock /x-mock/webhooks/a/on"),
        ("{on: closeBerth, signature: {algorithm: md5, header: x}}", "x-mock /x-mock/webhooks/a/signature/algorithm"),
        ("{on: closeBerth, signature: {algorithm: plain}}", "x-mock /x-mock/webhooks/a/signature"),
    ] {
        let (_, problems) = api(&format!("  {{}}\nx-mock: {{webhooks: {{a: {said}}}}}\n"));
        assert_eq!(problems, [expected], "{said}");
    }
}
