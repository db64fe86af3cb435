//! Answers that are chosen beforehand.

use mock_server::{Answer, AtEnd, Error, MockServer};
use serde_json::{Value, json};
use specs::Source;

use crate::http::{KEY, get, orchard, post, send, start};

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_gives_its_answers_in_order_and_then_its_own() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    server
        .answer("show_picking", [Answer::code(404), Answer::pass(), Answer::literal(418, json!({ "tea": true })).header("X-Pot", "brown")])
        .unwrap();
    let first = get(&url);
    assert_eq!((first.status, first.header("preference-applied")), (404, Some("code=404")));
    assert_eq!(get(&url).json()["ref"], "pick-001");
    let third = get(&url);
    assert_eq!((third.status, third.json(), third.header("x-pot")), (418, json!({ "tea": true }), Some("brown")));
    assert_eq!(get(&url).status, 200);
    let marks: Vec<_> = server.journal().entries().into_iter().map(|entry| entry.faults).collect();
    assert_eq!(marks, [vec!["answer 1 of 3 of a sequence"], vec![], vec!["answer 3 of 3 of a sequence"], vec![]]);
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sequence_goes_on_as_it_says() {
    let server = start().await;
    for (at_end, expected) in
        [(AtEnd::Pass, [404, 401, 200, 200]), (AtEnd::Repeat, [404, 401, 401, 401]), (AtEnd::Loop, [404, 401, 404, 401])]
    {
        let sandbox = server.named_sandbox(&format!("{at_end:?}")).unwrap();
        sandbox.answer_until("showPicking", [Answer::code(404), Answer::code(401)], at_end).unwrap();
        let url = format!("{}/pickings/pick-001", sandbox.base_url("orchard"));
        assert_eq!([(); 4].map(|()| get(&url).status), expected, "{at_end:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_refused_takes_no_answer() {
    let server = start().await;
    let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
    server.answer("show_picking", [Answer::code(404)]).unwrap();
    assert_eq!(send("GET", &url, &[], "").status, 401);
    assert_eq!([get(&url).status, get(&url).status], [404, 200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_set_shown_and_taken_away_over_the_control_api() {
    let server = start().await;
    let url = format!("{}/sandboxes/default/answers", server.control_url().unwrap());
    let json = ["Content-Type: application/json"];
    let body = json!({ "operation": "pick_fruit", "unchecked": true, "answers": [{ "status": 500, "body": "down", "times": 2 }, { "code": 422 }] });
    let put = send("POST", &url, &json, &body.to_string());
    assert_eq!((put.status, put.json()["left"].clone()), (201, json!(3)), "{put:?}");
    let pick = || send("POST", &format!("{}/trees/tree-07/pickings", server.base_url("orchard")), &[], "");
    let first = pick();
    assert_eq!((first.status, first.body.as_str()), (500, "down"));
    let shown = get(&url).json();
    assert_eq!((&shown[0]["given"], &shown[0]["left"], &shown[0]["provider"]), (&json!(1), &json!(2), &json!("orchard")));
    assert_eq!([pick().status, pick().status, pick().status], [500, 422, 401]);
    assert_eq!(send("POST", &url, &json, &body.to_string()).status, 201);
    assert_eq!(send("DELETE", &format!("{url}?operation=show_picking"), &[], "").status, 204);
    assert_eq!(get(&url).json().as_array().map(Vec::len), Some(1));
    assert_eq!(send("DELETE", &url, &[], "").status, 204);
    assert_eq!((get(&url).json(), pick().status), (json!([]), 401));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_is_refused_when_it_is_set() {
    let server = start().await;
    let url = format!("{}/sandboxes/default/answers", server.control_url().unwrap());
    for (operation, answers, said) in [
        ("pick_friut", json!([{ "code": 404 }]), "did you mean `pick_fruit`?"),
        ("pick_fruit", json!([{ "code": 418 }]), "declares no response `418`"),
        ("pick_fruit", json!([{ "pass": true }, { "example": "none" }]), "`answers/1`"),
        ("pick_fruit", json!([]), "has no answers"),
        ("pick_fruit", json!([{ "code": 404, "status": 200 }]), "one of the three"),
    ] {
        let reply =
            send("POST", &url, &["Content-Type: application/json"], &json!({ "operation": operation, "answers": answers }).to_string());
        assert!(reply.status == 400 && reply.body.contains(said), "{reply:?}");
    }
    assert!(matches!(server.answer("nothing_of_the_kind", [Answer::code(200)]), Err(Error::InvalidAnswer { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn examples_and_dynamic_answers_are_those_of_the_document() {
    let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths:\n  /wind:\n    get:\n      operationId: wind\n      responses:\n        '200':\n          \
        description: ok\n          content:\n            application/json:\n              schema: {type: object, required: [knots], properties: {knots: {type: integer, minimum: 1}}}\n              \
        examples: {calm: {value: {knots: 1}}, gale: {value: {knots: 40}}}\n";
    let server = MockServer::builder().source(Source::new("kites", "kites.yaml", text.to_owned())).document("kites").start().await.unwrap();
    server.answer("wind", [Answer::example("gale"), Answer::dynamic(), Answer::literal(200, json!({ "knots": "many" }))]).unwrap();
    let url = format!("{}/wind", server.base_url("kites"));
    assert_eq!(get(&url).json(), json!({ "knots": 40 }));
    assert!(get(&url).json()["knots"].is_i64());
    assert_eq!(get(&url).json()["knots"], Value::from("many"));
    let last = server.journal().last().unwrap();
    assert_eq!((last.notes.len(), last.defects.len()), (1, 0), "what somebody gave is no defect of the mock");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_takes_answers_away() {
    let server = MockServer::builder().source(orchard()).document("orchard").start().await.unwrap();
    server.answer("pick_fruit", [Answer::code(404)]).unwrap();
    server.state().reset();
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", server.base_url("orchard")), r#"{"kilos":4}"#).status, 201);
    let prefers = send("GET", &format!("{}/pickings/pick-001", server.base_url("orchard")), &[KEY, "Prefer: code=404"], "");
    assert_eq!(prefers.header("preference-applied"), Some("code=404"));
}
