//! Whether requests came as they are expected, over the control API and in process.

use mock_server::{Expectation, MockServer};
use serde_json::{Value, json};

use crate::http::{Reply, get, post, send, start};

fn pick(server: &MockServer, body: &str) {
    assert_eq!(post(&format!("{}/trees/tree-07/pickings?by=ladder", server.base_url("orchard")), body).status, 201);
}

fn ask(server: &MockServer, query: &str, expected: &Value) -> Reply {
    let url = format!("{}/sandboxes/default/verify{query}", crate::http::control(server));
    send("POST", &url, &["Content-Type: application/json"], &expected.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_as_expected_is_named_by_its_exchanges() {
    let server = start().await;
    pick(&server, r#"{"kilos":4,"remark":"ripe"}"#);
    get(&format!("{}/pickings/pick-001", server.base_url("orchard")));
    pick(&server, r#"{"kilos":5}"#);
    for (expected, matching) in [
        (json!({"operation": "pick_fruit", "count": {"exactly": 2}}), json!([1, 3])),
        (json!({"operation": "pick_fruit", "body": {"remark": {"$regex": "^r"}}}), json!([1])),
        (json!({"operation": "pick_fruit", "body": {"remark": {"$absent": true}, "kilos": {"$in": [5, 6]}}}), json!([3])),
        (json!({"method": "get", "path": "*/pickings/*", "status": "2XX", "provider": "orchard"}), json!([2])),
        (json!({"query": {"by": "ladder"}, "headers": {"Content-Type": {"$contains": "json"}}, "count": {"at_most": 2}}), json!([1, 3])),
        (json!({"operation": "spill_picking", "count": {"exactly": 0}}), json!([])),
        (json!({"body": {"kilos": {"$in": vec![5; 2_000]}}}), json!([3])),
        (json!({}), json!([1, 2, 3])),
    ] {
        let found = ask(&server, "?fail=true", &json!({ "expectations": [expected] })).json();
        assert_eq!((&found["verified"], &found["expectations"][0]["matching"]), (&json!(true), &matching), "{expected}: {found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_request_is_told_with_its_differences() {
    let server = start().await;
    pick(&server, r#"{"kilos":4,"remark":"ripe"}"#);
    pick(&server, r#"{"kilos":9,"remark":"green"}"#);
    let expected =
        json!({"expectations": [{"operation": "pick_fruit", "body": {"kilos": 5, "remark": "ripe"}, "query": {"by": "ladder"}}]});
    let found = ask(&server, "", &expected).json();
    let nearest = &found["expectations"][0]["nearest"];
    assert_eq!((&found["verified"], &nearest["number"]), (&json!(false), &json!(1)));
    assert_eq!(nearest["differences"], json!([{"place": "/kilos", "expected": 5, "got": 4}]));
    assert_eq!(nearest["diff"], "  {\n-   \"kilos\": 5,\n+   \"kilos\": 4,\n    \"remark\": \"ripe\"\n  }\n");
    let said = found["explanation"].as_str().unwrap();
    assert!(said.contains("was expected once at least, and found never") && said.contains("nearest is exchange 1"), "{said}");
    let failed = ask(&server, "?fail=true", &expected);
    assert_eq!(failed.status, 409);
    assert!(failed.body.contains("nearest is exchange 1"), "{failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn order_and_others_count_where_that_is_asked_for() {
    let server = start().await;
    pick(&server, r#"{"kilos":4}"#);
    get(&format!("{}/pickings/pick-001", server.base_url("orchard")));
    let (made, read) = (json!({"operation": "pick_fruit"}), json!({"operation": "show_picking"}));
    for (expected, verified) in [
        (json!({"expectations": [made, read], "in_order": true}), true),
        (json!({"expectations": [read, made], "in_order": true}), false),
        (json!({"expectations": [read, made]}), true),
        (json!({"expectations": [made, read], "no_others": true}), true),
        (json!({"expectations": [read], "no_others": true}), false),
        (json!({"expectations": [made, made], "in_order": true}), false),
    ] {
        assert_eq!(ask(&server, "", &expected).json()["verified"], verified, "{expected}");
    }
    let others = ask(&server, "", &json!({"expectations": [read], "no_others": true})).json();
    assert_eq!(others["unexpected"], json!([1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expectation_that_is_none_is_refused_with_its_place() {
    let server = start().await;
    for (expected, said) in [
        (json!({"expectations": [{}, {"status": "many"}]}), "expectation 1 is not one: `status` is `many`"),
        (json!({"expectations": [{"body": {"a": {"$regex": "("}}}]}), "`$regex` at `/body/a`"),
        (json!({"expectations": [{"count": {"at_least": 3, "at_most": 2}}]}), "asks for 3 at least and 2 at most"),
        (json!({"expectations": [{"operaton": "x"}]}), "operaton"),
    ] {
        let reply = ask(&server, "", &expected);
        assert_eq!(reply.status, 400, "{reply:?}");
        assert!(reply.json()["message"].as_str().unwrap().contains(said), "{reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_request_keeps_its_secrets() {
    let server = start().await;
    let url = format!("{}/trees/tree-07/pickings?token=hush", server.base_url("orchard"));
    assert_eq!(post(&url, r#"{"kilos":4,"password":"hush"}"#).status, 201);
    let expected = json!({"expectations": [{"body": {"kilos": 5, "password": "other"}, "query": {"token": "other"}, "headers": {"x-gate-word": "other"}}]});
    let found = ask(&server, "", &expected).json();
    let places: Vec<_> = found["expectations"][0]["nearest"]["differences"].as_array().unwrap().iter().map(|one| &one["place"]).collect();
    assert_eq!(places, ["query.token", "header.x-gate-word", "/kilos", "/password"]);
    assert!(!found.to_string().contains("hush") && !found.to_string().contains("apple o'clock"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_in_rust_says_it_in_rust() {
    let server = start().await;
    pick(&server, r#"{"kilos":4}"#);
    let picked = || Expectation::operation("pick_fruit");
    server.journal().verify([picked().times(1).body(json!({"kilos": 4})).status(201), Expectation::any().at_most(1)]).unwrap();
    server.journal().verify_only([picked()]).unwrap();
    server.journal().verify_in_order([picked(), Expectation::request("DELETE", "*").never()]).unwrap();
    let error = server.journal().verify([picked().query("by", "hand").at_least(1)]).unwrap_err().to_string();
    assert!(error.contains("- query.by: hand\n    + query.by: ladder"), "{error}");
    assert!(server.journal().verify([picked().body(json!({"$regexp": ""}))]).is_err());
}
