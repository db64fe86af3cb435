//! Limits of rate: what the headers tell, who is refused, and how the control API has a hand in it.

use serde_json::{Value, json};

use crate::{
    barge::{LATE, builder, call, call_as, control, done, start},
    http::Reply,
};

const SHOW: &str = "/bookings/1";

fn check(reply: &Reply, headers: &[(&str, Option<&str>)]) {
    for (name, value) in headers {
        assert_eq!(reply.header(name), *value, "{name}: {reply:?}");
    }
}

fn enforce(server: &mock_server::MockServer, enforcement: &str) -> Value {
    done(server, "PUT", "/sandboxes/default/limits", &json!({ "enforcement": enforcement }))
}

fn advance(server: &mock_server::MockServer, seconds: f64) {
    done(server, "PUT", "/sandboxes/default/clock", &json!({ "advance": seconds }));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_header_holds_what_the_document_says_in_its_unit() {
    let server = start().await;
    check(
        &call(&server, "GET", SHOW, ""),
        &[
            ("ratelimit", Some(r#""burst";r=2;t=10, "daily";r=4;t=13"#)),
            ("ratelimit-policy", Some(r#""burst";q=3;w=10, "daily";q=5;w=86400"#)),
            ("x-burst", Some("limit=3, remaining=2, reset=10")),
            ("x-burst-used", Some("1")),
            ("x-burst-left", Some("2")),
            ("x-burst-ms", Some("10000")),
            ("x-day-max", Some("5")),
            ("x-day-ends", Some("1835395200")),
            ("x-day-ends-ms", Some("1835395200000")),
            ("x-day-ends-at", Some("2028-02-29T00:00:00+00:00")),
            ("x-day-ends-on", Some("Tue, 29 Feb 2028 00:00:00 GMT")),
            ("x-day-seconds", Some("13")),
            ("x-day-length", Some("86400")),
            ("x-day-length-ms", Some("86400000")),
            ("x-harbour-left", None),
            ("retry-after", None),
        ],
    );
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_enforcement_the_headers_stop_at_zero() {
    let server = start().await;
    let left: Vec<_> = (0..5)
        .map(|_| call(&server, "GET", SHOW, ""))
        .map(|reply| (reply.status, reply.header("x-burst-left").unwrap().to_owned()))
        .collect();
    assert_eq!(left, [(200, "2"), (200, "1"), (200, "0"), (200, "0"), (200, "0")].map(|(status, left)| (status, left.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_too_many_is_refused_in_the_words_of_the_vendor_until_the_window_is_over() {
    let server = start().await;
    enforce(&server, "on");
    for _ in 0..3 {
        assert_eq!(call(&server, "GET", SHOW, "").status, 200);
    }
    advance(&server, 4.5);
    let refused = call(&server, "GET", SHOW, "");
    assert_eq!((refused.status, refused.json()), (429, json!({ "why": "storm" })));
    check(&refused, &[("retry-after", Some("6")), ("x-burst-left", Some("0")), ("x-burst-ms", Some("5500"))]);
    assert!(refused.header("x-mock-problem").unwrap().starts_with("rate-limited; "), "{refused:?}");
    let entry = server.journal().last().unwrap();
    assert_eq!((entry.step.as_str(), entry.rejection.unwrap().rule.as_str()), ("limit", "rate-limited"));
    // What is refused is not counted: after the burst, two of the day are left.
    advance(&server, 5.5);
    assert_eq!([(); 3].map(|()| call(&server, "GET", SHOW, "").status), [200, 200, 429]);
    // The day is over at midnight, and that is when the header says to come again.
    check(&call(&server, "GET", SHOW, ""), &[("retry-after", Some("Tue, 29 Feb 2028 00:00:00 GMT")), ("x-day-seconds", Some("3"))]);
    advance(&server, 3.0);
    assert_eq!(call(&server, "GET", SHOW, "").status, 200);
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_bad_credentials_come_before_the_limit_and_bad_bodies_behind_it() {
    let server = start().await;
    enforce(&server, "on");
    for _ in 0..3 {
        call(&server, "GET", SHOW, "");
    }
    assert_eq!(call(&server, "GET", "/nowhere", "").status, 404);
    assert_eq!(call(&server, "PUT", SHOW, "").status, 405);
    assert_eq!(call(&server, "POST", "/ships/s2/bookings", "{}").status, 429);
    for _ in 0..4 {
        assert_eq!(call_as(&server, "torn", "GET", SHOW, "").status, 401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_credential_has_windows_of_its_own_and_an_account_has_one() {
    let server = start().await;
    enforce(&server, "on");
    for ticket in ["a-long-ticket", "another-long-ticket"] {
        check(&call_as(&server, ticket, "GET", SHOW, ""), &[("x-burst-left", Some("2"))]);
    }
    let harbour = |ticket| call_as(&server, ticket, "GET", "/harbour", "");
    let open = harbour("t1");
    check(&open, &[("x-harbour-left", Some("1")), ("x-tide", Some("7"))]);
    assert!(open.header("x-quota-left").unwrap().parse::<u32>().is_ok(), "a header that is only declared has a value too: {open:?}");
    check(&harbour("t2"), &[("x-harbour-left", Some("0"))]);
    assert_eq!(harbour("t3").status, 429);
    check(&call_as(&server, "t3", "GET", SHOW, ""), &[("x-burst-left", Some("2")), ("x-harbour-left", None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_need_not_send_as_many_requests_as_a_day_allows() {
    let server = start().await;
    let path = "/sandboxes/default/limits";
    let state = done(&server, "PUT", path, &json!({ "enforcement": "on", "limits": { "barge": { "daily": { "limit": 1 } } } }));
    assert_eq!(state["limits"]["barge"][1], json!({ "name": "daily", "limit": 1, "window": 86400, "windows": [] }));
    let first = call(&server, "GET", SHOW, "");
    check(&first, &[("x-day-max", Some("1")), ("ratelimit", Some(r#""burst";r=2;t=10, "daily";r=0;t=13"#))]);
    assert_eq!(call(&server, "GET", SHOW, "").status, 429);
    done(&server, "PUT", path, &json!({ "limits": {} }));
    assert_eq!(call(&server, "GET", SHOW, "").status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_api_shows_windows_by_credential_and_begins_them_anew() {
    let server = start().await;
    call_as(&server, "a-long-ticket", "GET", SHOW, "");
    call_as(&server, "a-long-ticket", "GET", SHOW, "");
    let state = done(&server, "GET", "/sandboxes/default/limits", &Value::Null);
    assert_eq!((state["enforcement"].as_str(), state["now"].as_str()), (Some("off"), Some(LATE)));
    let window = &state["limits"]["barge"][0]["windows"][0];
    assert_eq!(
        (window["used"].as_u64(), window["remaining"].as_u64(), window["ends"].as_str()),
        (Some(2), Some(1), Some("2028-02-28T23:59:57Z"))
    );
    let key = window["key"].as_str().unwrap();
    assert!(key.starts_with("a-lo…") && !key.contains("long-ticket"), "{key}");
    assert_eq!(control(&server, "DELETE", "/sandboxes/default/limits", &Value::Null).status, 204);
    check(&call_as(&server, "a-long-ticket", "GET", SHOW, ""), &[("x-burst-used", Some("1"))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_virtual_clock_a_day_passes_in_a_call() {
    let server = builder().start().await.unwrap();
    assert_eq!(enforce(&server, "virtual")["enforcement"], "virtual");
    assert_eq!(done(&server, "GET", "/sandboxes/default/clock", &Value::Null)["mode"], "frozen");
    for _ in 0..3 {
        assert_eq!(call(&server, "GET", SHOW, "").status, 200);
    }
    assert_eq!(call(&server, "GET", SHOW, "").status, 429);
    advance(&server, 86_400.0);
    assert_eq!(call(&server, "GET", SHOW, "").status, 200);
    assert_eq!(enforce(&server, "off")["enforcement"], "off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mock_that_enforces_does_so_in_every_sandbox_and_each_counts_for_itself() {
    let server = builder().enforce_limits().start().await.unwrap();
    for name in ["red", "green"] {
        let url = format!("{}{SHOW}?ticket=tk", server.named_sandbox(name).unwrap().base_url("barge"));
        assert_eq!([(); 4].map(|()| crate::http::send("GET", &url, &[], "").status), [200, 200, 200, 429], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_mean_nothing_are_refused_with_what_there_is() {
    let server = start().await;
    for (change, told) in [
        (json!({ "limits": { "ferri": {} } }), "there are `barge`"),
        (json!({ "limits": { "barge": { "weekly": {} } } }), "there are `burst`, `daily`, `harbour`"),
        (json!({ "limits": { "barge": { "burst": { "limit": 0 } } } }), "`/limits/barge/burst`"),
        (json!({ "enforcement": "maybe" }), "unknown variant `maybe`"),
        (json!({ "enforce": true }), "unknown field `enforce`"),
    ] {
        let reply = control(&server, "PUT", "/sandboxes/default/limits", &change);
        assert!(matches!(reply.status, 400 | 422) && reply.body.replace("\\\"", "\"").contains(told), "{change}: {reply:?}");
    }
}
