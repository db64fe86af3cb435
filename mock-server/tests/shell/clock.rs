//! The clock of a sandbox.

use serde_json::{Value, json};

use crate::barge::{control, done, start};

const PATH: &str = "/sandboxes/red/clock";

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_is_set_and_moved_over_any_border() {
    let server = start().await;
    for (change, now) in [
        (json!({ "now": "2028-02-28T23:59:59Z", "advance": 1 }), "2028-02-29T00:00:00Z"),
        (json!({ "advance": 86_400 }), "2028-03-01T00:00:00Z"),
        (json!({ "now": "2027-02-28T23:59:59.5Z", "advance": 0.5 }), "2027-03-01T00:00:00Z"),
        (json!({ "now": "2100-02-28T12:00:00Z", "advance": 86_400 }), "2100-03-01T12:00:00Z"),
        (json!({ "now": "2026-01-01T00:00:00+02:00" }), "2025-12-31T22:00:00Z"),
        (json!({ "now": "1970-01-01T00:00:00Z", "advance": -1 }), "1969-12-31T23:59:59Z"),
        (json!({ "now": "9999-12-31T23:59:58Z", "advance": 1 }), "9999-12-31T23:59:59Z"),
        (json!({}), "9999-12-31T23:59:59Z"),
    ] {
        let state = done(&server, "PUT", PATH, &change);
        assert_eq!((state["now"].as_str(), state["mode"].as_str()), (Some(now), Some("frozen")), "{change}");
    }
    assert_eq!(done(&server, "GET", "/sandboxes/default/clock", &Value::Null)["now"], crate::barge::LATE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_runs_from_where_it_is_let_go() {
    let server = start().await;
    let state = done(&server, "PUT", PATH, &json!({ "mode": "running", "now": "2040-06-01T00:00:00Z" }));
    assert_eq!(state["mode"], "running");
    let later = done(&server, "PUT", PATH, &json!({ "advance": 3_600 }));
    assert!(later["now"].as_str().unwrap().starts_with("2040-06-01T01:00:"), "{later}");
    let frozen = done(&server, "PUT", PATH, &json!({ "mode": "frozen" }));
    assert_eq!(done(&server, "GET", PATH, &Value::Null), frozen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_no_clock_can_show_changes_nothing() {
    let server = start().await;
    for change in [
        json!({ "now": "9999-12-31T23:59:59Z", "advance": 1 }),
        json!({ "advance": 1e18 }),
        json!({ "advance": -1e12 }),
        json!({ "now": "+10000-01-01T00:00:00Z" }),
        json!({ "now": "-0001-01-01T00:00:00Z" }),
        json!({ "now": "2026-02-29T00:00:00Z" }),
        json!({ "now": "yesterday" }),
        json!({ "mode": "slow" }),
        json!({ "forward": 1 }),
    ] {
        let reply = control(&server, "PUT", PATH, &change);
        assert_eq!(reply.status, 400, "{change}: {reply:?}");
    }
    assert_eq!(done(&server, "GET", PATH, &Value::Null)["now"], crate::barge::LATE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_moves_the_clock_in_one_process() {
    let server = crate::barge::builder().start().await.unwrap();
    let red = server.named_sandbox("red").unwrap();
    red.freeze("2026-01-01T00:00:00Z".parse().unwrap());
    red.advance(std::time::Duration::from_hours(24));
    assert_eq!(red.now().to_rfc3339(), "2026-01-02T00:00:00+00:00");
    red.advance(std::time::Duration::MAX);
    assert_eq!(red.now().to_rfc3339(), "9999-12-31T23:59:59+00:00");
    let green = server.named_sandbox("green").unwrap();
    let before = green.now();
    green.advance(std::time::Duration::from_hours(1));
    assert!((green.now() - before).num_seconds() >= 3_600);
    green.advance(std::time::Duration::MAX);
    assert_eq!(green.now().format("%Y").to_string(), "9999");
}
