//! What a script sends, and which answers it takes.

use serde_json::{Value, json};

use crate::{one_step, response, run};

/// The request that a step makes, as the echo shows it.
async fn sends(step: Value, expected: Value) {
    let mut step = step;
    step["answers"] = expected;
    run(&one_step(&step), response(200, &[], "")).await.unwrap_or_else(|broken| panic!("{broken}"));
}

/// The step takes the first answer, and tells this about the second.
async fn takes(step: Value, right: (u16, &[(&str, &str)], &str), wrong: (u16, &[(&str, &str)], &str), told: &str) {
    run(&one_step(&step), response(right.0, right.1, right.2)).await.unwrap_or_else(|broken| panic!("{broken}"));
    let broken = run(&one_step(&step), response(wrong.0, wrong.1, wrong.2)).await.expect_err("the answer is wrong").to_string();
    assert!(broken.starts_with("kiosk.script.yaml:1: the step went otherwise\n") && broken.contains(told), "{broken}");
}

#[tokio::test]
async fn the_query_is_sent_as_it_is_written() {
    sends(json!({"send": "GET /papers/today?a=%2f&a&b=c d"}), json!({"/target": "/papers/today?a=%2f&a&b=c d"})).await;
    sends(json!({"send": "PURGE /papers/x?a"}), json!({"/method": "PURGE", "/target": "/papers/x?a&stamp=st%2D1"})).await;
}

#[tokio::test]
async fn what_the_operation_asks_for_is_sent_unless_the_step_says_otherwise() {
    let basic = |pair: &str| json!(["authorization", format!("Basic {pair}")]);
    sends(json!({"send": "GET /papers/7"}), json!({"/target": "/papers/7?stamp=st%2D1", "/headers": []})).await;
    sends(json!({"send": "GET /papers/today"}), json!({"/target": "/papers/today", "/headers": []})).await;
    sends(json!({"send": "PUT /papers/7"}), json!({"/headers/0": basic("YWRhOnB3")})).await;
    sends(json!({"send": "GET /papers/7.pdf"}), json!({"/target": "/papers/7.pdf?stamp=st%2D1", "/headers/0": basic("YWRhOnB3")})).await;
    sends(json!({"send": "GET /papers/7", "as": "nobody"}), json!({"/target": "/papers/7", "/headers": []})).await;
    sends(json!({"send": "GET /papers/7", "as": "badge"}), json!({"/target": "/papers/7", "/headers/0": basic("YWRhOnB3")})).await;
    sends(
        json!({"send": "GET /papers/7", "as": {"badge": "a:b", "stamp": "s"}}),
        json!({"/target": "/papers/7?stamp=s", "/headers/0": basic("YTpi")}),
    )
    .await;
}

#[tokio::test]
async fn bodies_are_sent_with_their_media_type() {
    let typed = |media: &str| json!(["content-type", media]);
    sends(json!({"json": {"a": [1, null]}}), json!({"/body": r#"{"a":[1,null]}"#, "/headers/0": typed("application/json")})).await;
    let form = json!({"form": {"a b": "c&d", "e": [1, true]}});
    sends(form, json!({"/body": "a%20b=c%26d&e=1&e=true", "/headers/0": typed("application/x-www-form-urlencoded")})).await;
    sends(json!({"text": "{", "type": "application/json"}), json!({"/body": "{", "/headers/0": typed("application/json")})).await;
    sends(json!({"bytes": "aGk=", "type": null}), json!({"/body": "hi", "/headers": []})).await;
    sends(json!({"text": ""}), json!({"/body": "", "/headers/0": typed("text/plain")})).await;
}

#[tokio::test]
async fn headers_are_sent_beside_those_of_the_file_or_in_their_place() {
    let file = |headers: Value| {
        let steps = json!([{"send": "GET /papers/today", "gets": 200, "headers": headers, "answers": {"/headers": {"is": "array"}}, "keep": {"sent": "/headers"}},
            {"send": "GET /papers/today", "gets": 200, "json": "{sent}", "keep": {"body": "/body"}}]);
        json!({"headers": {"X-Desk": 4}, "promises": [{"promise": "it is so", "steps": steps}]})
    };
    let expect = |headers: Value, body: &str| {
        let mut script = file(headers);
        script["promises"][0]["steps"][1]["answers"] = json!({"/body": body});
        script.to_string()
    };
    for (headers, sent) in [
        (json!({"X-Tag": ["a", "b"]}), r#"[["x-desk","4"],["x-tag","a"],["x-tag","b"]]"#),
        (json!({"x-desk": "5"}), r#"[["x-desk","5"]]"#),
        (json!({"x-desk": null}), "[]"),
    ] {
        run(&expect(headers, sent), response(200, &[], "")).await.unwrap_or_else(|broken| panic!("{broken}"));
    }
}

#[tokio::test]
async fn a_long_text_is_written_as_what_it_repeats() {
    let long = json!({"with": {"long": {"repeat": "ab", "times": 3}}, "promises": [{"promise": "it is so", "steps": [
        {"send": "GET /papers/today", "gets": 200, "text": "{long}!", "answers": {"/body": "ababab!"}}]}]});
    run(&long.to_string(), response(200, &[], "")).await.unwrap_or_else(|broken| panic!("{broken}"));
}

#[tokio::test]
async fn values_are_kept_from_bodies_and_headers() {
    let text = |second: Value| {
        let first = json!({"send": "GET /papers/{paper}", "gets": 200, "keep": {"half": "/half", "tag": "ETag"}});
        json!({"with": {"paper": "a/b"}, "promises": [{"promise": "it is so", "steps": [first, second]}]}).to_string()
    };
    let second = json!({"send": "PUT /papers/{tag}", "gets": "2XX", "json": ["{half}", "{tag}!"], "answers": {"/target": "/papers/%22t%22", "/body": r#"[0.5,"\"t\"!"]"#, "/half": "{half}"}});
    run(&text(second), response(200, &[("etag", "\"t\"")], "")).await.unwrap_or_else(|broken| panic!("{broken}"));
    let broken = run(&text(json!({"send": "GET /papers/7", "gets": 200})), response(200, &[], "")).await.expect_err("nothing is kept");
    assert!(broken.to_string().contains("expected something to keep as `tag`, got nothing"), "{broken}");
}

#[tokio::test]
async fn statuses_headers_types_and_texts_are_looked_at() {
    takes(json!({"gets": [200, "5XX"]}), (503, &[], "x"), (404, &[], "x"), "status: expected 200 or 5XX, got 404").await;
    let limit = json!({"answers-headers": {"X-Limit": 60, "x-gone": {"is": "absent"}, "vary": ["a", "b"]}});
    let right: (u16, &[_], _) = (200, &[("x-limit", "60"), ("vary", "a"), ("Vary", "b")], "x");
    takes(
        limit.clone(),
        right,
        (200, &[("x-limit", "61"), ("vary", "a"), ("vary", "b")], "x"),
        "header `X-Limit`: expected `\"60\"`, got `\"61\"`",
    )
    .await;
    takes(limit.clone(), right, (200, &[("x-limit", "60"), ("vary", "a")], "x"), "header `vary`: expected `[\"a\",\"b\"]`, got `[\"a\"]`")
        .await;
    takes(
        limit,
        right,
        (200, &[("x-limit", "60"), ("x-gone", ""), ("vary", "a"), ("vary", "b")], "x"),
        "expected what is absent, got `\"\"`",
    )
    .await;
    let csv = json!({"answers-type": "text/csv"});
    takes(
        csv,
        (200, &[("content-type", "text/csv; charset=utf-8")], "x"),
        (200, &[("content-type", "text/plain")], "x"),
        "media type: expected",
    )
    .await;
    takes(json!({"answers-text": 7}), (200, &[], "7"), (200, &[], "7\n"), r#"body: expected `"7"`, got `"7\n"`"#).await;
    takes(json!({"answers-bytes": "aGk="}), (200, &[], "hi"), (200, &[], "ho"), "body: expected 2 bytes, got 2 others").await;
    takes(json!({"answers": {"": [1]}}), (200, &[], "[1]"), (200, &[], "[1"), "``: expected `[1]`, got nothing").await;
}

#[tokio::test]
async fn every_matcher_can_miss() {
    for (expected, right, wrong, told) in [
        (json!(2), "2.0", "2.5", "expected `2`, got `2.5`"),
        (json!("{{id}}"), "\"{id}\"", "\"id\"", "expected `\"{id}\"`, got `\"id\"`"),
        (json!({"equals": {"a": 1}}), r#"{"a":1}"#, r#"{"a":1,"b":2}"#, "expected `{\"a\":1}`, got"),
        (json!({"is": "integer"}), "3.0", "3.5", "expected what is integer, got `3.5`"),
        (json!({"is": "null"}), "null", "false", "expected what is null, got `false`"),
        (json!({"is": null}), "null", "0", "expected what is null, got `0`"),
        (json!({"is": "present"}), "null", "", "expected what is present, got nothing"),
        (json!({"is": "absent"}), "", "null", "expected what is absent, got `null`"),
        (json!({"matches": "^a{2}$"}), "\"aa\"", "\"aaa\"", "expected a text that matches `^a{2}$`, got `\"aaa\"`"),
        (json!({"size": 2}), "\"äö\"", "[1]", "expected a size of 2, got `[1]`"),
        (json!({"contains": "b"}), "\"abc\"", "\"ac\"", "expected what contains `\"b\"`, got `\"ac\"`"),
        (
            json!({"contains": {"has": {"/n": 2}}}),
            r#"[{"n":1},{"n":2}]"#,
            r#"[{"n":1}]"#,
            "expected what contains what has `2` at `/n`, got",
        ),
        (json!({"each": {"is": "string"}}), r#"["a"]"#, "[]", "expected elements that are what is string each, got `[]`"),
        (json!({"each": {"is": "string"}}), r#"["a"]"#, r#"["a",1]"#, "expected elements that are what is string each, got"),
        (json!({"has": {"/a/0": 1}}), r#"{"a":[1,2]}"#, r#"{"a":[2]}"#, "`/v`: at `/a/0` expected `1`, got `2`"),
        (json!({"not": {"contains": 1}}), "[2]", "[1]", "expected anything but what contains `1`, got `[1]`"),
        (
            json!({"like": {"a": [{"b": "x", "c": null}]}}),
            r#"{"a":[{"b":"","c":1}],"d":1}"#,
            r#"{"a":[{"b":"","c":1},{"b":""}]}"#,
            "at `/a/1/c` expected a value, got nothing",
        ),
        (json!({"like": [1]}), "[2, 3]", "[]", "expected an element, got `[]`"),
        (json!({"like": [1]}), "[2, 3]", "[2, \"3\"]", "at `/1` expected a value like `1`, got `\"3\"`"),
        (json!({"is": "string", "size": 1}), "\"a\"", "[1]", "expected what is string, got `[1]`"),
    ] {
        let body = |value: &str| if value.is_empty() { "{}".to_owned() } else { format!("{{\"v\":{value}}}") };
        let step = json!({"answers": {"/v": expected}});
        takes(step, (200, &[], &body(right)), (200, &[], &body(wrong)), told).await;
    }
}
