//! Rows over the control API, and sandboxes as documents.

use serde_json::{Value, json};

use crate::barge::{call, control, done, start};

const BOOKINGS: &str = "/sandboxes/default/state/barge/bookings";

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_listed_with_the_parents_that_reading_does_not_show() {
    let server = start().await;
    assert_eq!(call(&server, "POST", "/ships/s2/bookings", r#"{"seats":4}"#).status, 201);
    let rows = done(&server, "GET", BOOKINGS, &Value::Null);
    assert_eq!(rows, json!([{ "no": 1, "seats": 2, "ship": "s/1" }, { "no": 2, "seats": 4, "ship": "s2" }]));
    assert_eq!(done(&server, "GET", &format!("{BOOKINGS}?offset=1&limit=5"), &Value::Null), json!([rows[1]]));
    let all = done(&server, "GET", "/sandboxes/default/state", &Value::Null);
    assert_eq!(all["barge"]["bookings"], rows);
    assert_eq!(all, done(&server, "GET", "/state", &Value::Null));
    // What is read can be put back, and nothing is lost.
    done(&server, "PUT", BOOKINGS, &rows);
    assert_eq!(call(&server, "GET", "/ships/s2/bookings", "").json(), json!({ "all": [{ "no": 2, "seats": 4 }] }));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_seeded_added_changed_and_removed() {
    let server = start().await;
    let seeded = done(&server, "PUT", BOOKINGS, &json!([{ "no": 40, "seats": 1, "ship": "s2" }, { "seats": 2, "ship": "s2" }]));
    assert_eq!(seeded, json!([{ "no": 40, "seats": 1, "ship": "s2" }, { "no": 2, "seats": 2, "ship": "s2" }]));
    let added = control(&server, "POST", BOOKINGS, &json!({ "no": 7, "seats": 3 }));
    assert_eq!((added.status, added.json()), (201, json!([{ "no": 7, "seats": 3 }])));
    assert_eq!(call(&server, "POST", "/ships/s2/bookings", r#"{"seats":4}"#).json(), json!({ "no": 41, "seats": 4 }));
    assert_eq!(
        done(&server, "PUT", &format!("{BOOKINGS}/50"), &json!({ "seats": 5, "ship": "s/1" })),
        json!({ "no": 50, "seats": 5, "ship": "s/1" })
    );
    assert_eq!(done(&server, "PATCH", &format!("{BOOKINGS}/50"), &json!({ "seats": 6 })), json!({ "no": 50, "seats": 6, "ship": "s/1" }));
    assert_eq!(call(&server, "GET", "/bookings/50", "").json(), json!({ "no": 50, "seats": 6 }));
    assert_eq!(done(&server, "GET", &format!("{BOOKINGS}/50"), &Value::Null)["ship"], "s/1");
    assert_eq!(control(&server, "DELETE", &format!("{BOOKINGS}/50"), &Value::Null).status, 204);
    assert_eq!(call(&server, "GET", "/bookings/50", "").status, 404);
    assert_eq!(done(&server, "GET", BOOKINGS, &Value::Null).as_array().map(Vec::len), Some(4));
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_may_hold_a_slash() {
    let server = start().await;
    let ships = "/sandboxes/default/state/barge/ships";
    assert_eq!(done(&server, "GET", &format!("{ships}/s%2F1"), &Value::Null), json!({ "code": "s/1" }));
    done(&server, "PUT", &format!("{ships}/a%2Fb%20%C3%A9"), &json!({ "code": "a/b é" }));
    assert_eq!(control(&server, "DELETE", &format!("{ships}/a%2Fb%20%C3%A9"), &Value::Null).status, 204);
}

fn refused(server: &mock_server::MockServer, method: &str, path: &str, body: &Value, status: u16, told: &str) {
    let reply = control(server, method, path, body);
    let message = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(reply.status == status && message.contains(told), "{method} {path} {body}: {reply:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_refused_with_what_is_wrong_and_changes_nothing() {
    let server = start().await;
    let before = done(&server, "GET", BOOKINGS, &Value::Null);
    let one = format!("{BOOKINGS}/1");
    refused(&server, "PUT", BOOKINGS, &json!([{ "seats": 2 }, { "seats": 99 }]), 422, "`/1`: `maximum` at `/seats`: must be at most 9");
    refused(&server, "POST", BOOKINGS, &json!({ "seats": 2, "seat": 1 }), 422, "`/0/seat`: `bookings` has no such property");
    refused(&server, "POST", BOOKINGS, &json!("many"), 422, "`/0`: a row is an object");
    refused(&server, "PUT", &one, &json!({ "no": 2, "seats": 2 }), 422, "the key of the row is `2`, and that of the address is `1`");
    refused(&server, "PATCH", &one, &json!({ "seats": null }), 422, "unchecked=true");
    refused(&server, "POST", BOOKINGS, &json!([{ "no": 9, "seats": 1 }, { "no": 1, "seats": 1 }]), 409, "has the key `1` already");
    refused(&server, "PUT", BOOKINGS, &json!([{ "no": 9, "seats": 1 }, { "no": 9, "seats": 1 }]), 409, "has the key `9` already");
    refused(&server, "POST", BOOKINGS, &json!([{ "no": 9, "seats": 1 }, { "no": 9, "seats": 1 }]), 409, "has the key `9` already");
    refused(&server, "GET", &format!("{BOOKINGS}/77"), &Value::Null, 404, "there are `1`");
    refused(&server, "GET", "/sandboxes/default/state/barge/boats", &Value::Null, 404, "there are `bookings`, `ships`");
    refused(&server, "GET", "/sandboxes/default/state/fairy/boats", &Value::Null, 404, "there are `barge`");
    refused(&server, "GET", "/sandboxes/a%20b/state", &Value::Null, 400, "cannot name a sandbox");
    refused(&server, "PUT", BOOKINGS, &json!({}), 400, "expected a sequence");
    assert_eq!(done(&server, "GET", BOOKINGS, &Value::Null), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_does_not_conform_can_be_put_there_all_the_same_and_the_journal_tells() {
    let server = start().await;
    done(&server, "PATCH", &format!("{BOOKINGS}/1?unchecked=true"), &json!({ "seats": 99 }));
    assert_eq!(call(&server, "GET", "/bookings/1", "").json()["seats"], 99);
    assert_eq!(server.journal().defects(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_comes_back_the_same_and_goes_on_where_it_was() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap();
    red.seed(11);
    let create = |name: &str| {
        let url = format!("{}/ships/s2/bookings?ticket=tk-aa", server.named_sandbox(name).unwrap().base_url("barge"));
        crate::http::send("POST", &url, &["Content-Type: application/json"], r#"{"seats":4}"#)
    };
    create("red");
    done(&server, "PUT", "/sandboxes/red/limits", &json!({ "enforcement": "on", "limits": { "barge": { "burst": { "limit": 4 } } } }));
    let exported = crate::http::send("GET", &format!("{}/sandboxes/red/export", server.control_url().unwrap()), &[], "");
    done(&server, "PUT", "/sandboxes/blue/import", &exported.json());
    let again = crate::http::send("GET", &format!("{}/sandboxes/blue/export", server.control_url().unwrap()), &[], "");
    assert_eq!(exported.body, again.body);
    for _ in 0..4 {
        let (one, other) = (create("red"), create("blue"));
        let shown = |reply: &crate::http::Reply| (reply.status, reply.body.clone(), reply.header("ratelimit").map(str::to_owned));
        assert_eq!(shown(&one), shown(&other));
    }
    assert_eq!(red.export(), server.named_sandbox("blue").unwrap().export());
    let other = crate::barge::builder().start().await.unwrap();
    let green = other.named_sandbox("green").unwrap();
    green.import(red.export()).unwrap();
    assert_eq!(green.export(), red.export());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_does_not_fit_changes_nothing() {
    let server = start().await;
    let path = "/sandboxes/default/import";
    let whole = done(&server, "GET", "/sandboxes/default/export", &Value::Null);
    let with = |pointer: &str, value: Value| {
        let mut changed = whole.clone();
        *changed.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {whole}")) = value;
        changed
    };
    let row = |key: &str| json!({ "key": key, "item": {} });
    let rows = "/providers/barge/rows";
    refused(&server, "PUT", path, &with("/version", json!(2)), 422, "`/version`: 2 is not known");
    refused(&server, "PUT", path, &with("/providers", json!({ "fairy": {} })), 422, "`/providers/fairy`: no such provider");
    refused(
        &server,
        "PUT",
        path,
        &with(rows, json!({ "boats": [] })),
        422,
        "`/providers/barge/rows/boats`: `barge` has no resource `boats`",
    );
    refused(
        &server,
        "PUT",
        path,
        &with(rows, json!({ "ships": [row("a"), row("a")] })),
        422,
        "`/providers/barge/rows/ships/1`: another row",
    );
    let misplaced = json!({ "bookings": [{ "key": "1", "item": {}, "parents": { "boat": "x" } }] });
    refused(&server, "PUT", path, &with(rows, misplaced), 422, "`boat` is no parent of `bookings`; there are `ship`");
    refused(
        &server,
        "PUT",
        path,
        &with(rows, json!({ "ships": [{ "key": "a", "item": 1 }] })),
        422,
        "`/providers/barge/rows/ships/0`: the item",
    );
    refused(&server, "PUT", path, &with(rows, json!({ "ships": [{ "item": {} }] })), 400, "providers.barge.rows.ships[0]");
    refused(&server, "PUT", path, &with("/clock", json!({ "ahead": i64::MAX })), 422, "`/clock`");
    refused(&server, "PUT", path, &json!({}), 400, "version");
    assert_eq!(done(&server, "GET", "/sandboxes/default/export", &Value::Null), whole);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_added_in_one_process() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap();
    let row = red.insert("barge", "bookings", json!({ "seats": 3, "ship": "s2" })).unwrap();
    assert_eq!(row, json!({ "no": 2, "seats": 3, "ship": "s2" }));
    assert_eq!(red.state().rows("barge", "bookings").len(), 2);
    let wrong = red.insert("barge", "bookings", json!({ "seats": 0 })).unwrap_err().to_string();
    assert!(wrong.contains("`/seats`"), "{wrong}");
}
