//! The engine alone, without sockets: a made-up vendor's document, and conversations with it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may")]

mod conversation;
mod declared;
mod events;
mod fuzz;

use conversation::{Conversation, FORM, JSON, MULTIPART};
use serde_json::json;

#[test]
fn a_created_item_can_be_read_listed_changed_and_deleted() {
    let mut sky = Conversation::new();
    sky.send(
        "POST",
        "/domes/north/sightings",
        JSON,
        r#"{"kind":"nova","title":"New","plain":"a < b","tags":["x"],"marks":[{"name":"m"}],"unknown":1}"#,
    );
    let made = json!({"ok": true, "sighting": {
        "sid": 43, "dome": "north", "kind": "nova", "title": "New", "words": "<p>a &lt; b</p>", "plain": "a < b", "magnitude": 6, "seen_by": "Vera",
        "tags": ["x"], "marks": [{"label": "m", "weight": 1}], "flagged": false, "added_at": 1_800_000_000, "modified": 1_800_000_000}});
    sky.answers(201, &made);
    sky.has_header("x-origin", "tower");
    sky.get("/sightings/43").answers(200, &made["sighting"]);
    sky.get("/domes/north/sightings").answers_with(200, "/sightings/0/sid", &json!(43)).answers_with(200, "/meta/total", &json!(2));
    sky.later(60);
    sky.send("PATCH", "/sightings/43", JSON, r#"{"title":null}"#);
    sky.answers_with(200, "/title", &json!(null)).answers_with(200, "/added_at", &json!(1_800_000_000));
    sky.answers_with(200, "/modified", &json!(1_800_000_060)).lacks("/plain");
    sky.get("/sightings/43").answers_with(200, "/plain", &json!("a < b")).answers_with(200, "/title", &json!(null));
    sky.send("PUT", "/sightings/43", JSON, r#"{"kind":"comet"}"#);
    sky.answers_with(200, "/kind", &json!("comet")).answers_with(200, "/magnitude", &json!(6)).answers_with(200, "/dome", &json!("north"));
    sky.lacks("/marks");
    sky.send("DELETE", "/sightings/43", "", "").answers_nothing(204);
    sky.get("/sightings/43").refuses(404, "unknown-item", &json!({"fault": {"message": "nothing to be seen", "fields": {}}}));
    sky.send("DELETE", "/sightings/43", "", "").refuses_by(404, "unknown-item");
}

#[test]
fn rows_belong_to_their_parent() {
    let mut sky = Conversation::new();
    sky.get("/domes/south/sightings").answers_with(200, "/meta/total", &json!(1)).answers_with(200, "/sightings/0/sid", &json!(42));
    sky.get("/domes/west/sightings").refuses_by(404, "unknown-parent");
    sky.send("POST", "/domes/west/sightings", JSON, r#"{"kind":"nova"}"#).refuses_by(404, "unknown-parent");
}

#[test]
fn pages_visit_everything_once_and_filters_filter() {
    let mut sky = Conversation::new();
    for number in 0..5 {
        sky.send(
            "POST",
            "/domes/north/sightings",
            JSON,
            &format!(r#"{{"kind":"{}","magnitude":{number}}}"#, ["comet", "nova"][number % 2]),
        );
    }
    let mut seen = Vec::new();
    for page in 1..=4 {
        let body = sky.get(&format!("/domes/north/sightings?per_page=2&page={page}")).body();
        assert_eq!(body["meta"], json!({"page": page, "per_page": 2, "total": 6}));
        seen.extend(body["sightings"].as_array().unwrap().iter().map(|row| row["sid"].clone()));
    }
    assert_eq!(seen, [47, 46, 45, 44, 43, 41].map(|sid| json!(sid)));
    sky.get("/domes/north/sightings?kind=nova").answers_with(200, "/meta/total", &json!(2));
    sky.get("/domes/north/sightings?kind=nova&kind=comet&magnitude__lt=2").answers_with(200, "/meta/total", &json!(2));
    sky.get("/domes/north/sightings?flagged=true").answers_with(200, "/meta/total", &json!(0));
    sky.get("/domes/north/sightings?per_page=4").refuses_by(400, "invalid-parameter");
    sky.get("/domes/north/sightings?page=18446744073709551615&per_page=1").comes_to_status(200);
    sky.get("/domes/north/sightings?page=9223372036854775807&per_page=3").answers_with(200, "/sightings", &json!([]));
    sky.get("/domes/north/sightings?page=x").refuses_by(400, "invalid-parameter");
    sky.get("/domes/north/sightings?nonsense=1").answers_with(200, "/meta/total", &json!(6));
}

#[test]
fn a_batch_tells_what_came_of_each() {
    let mut sky = Conversation::new();
    sky.send("POST", "/broadcasts", JSON, r#"{"call":"look up","domes":["north","west","south"]}"#);
    let outcomes = sky.body()["outcomes"].clone();
    assert_eq!(outcomes.as_array().map(Vec::len), Some(3));
    assert_eq!(outcomes[1], json!({"dome": "west", "sent": false, "number": null}));
    assert_ne!(outcomes[0]["number"], outcomes[2]["number"]);
    sky.send("POST", "/broadcasts", JSON, r#"{"call":"","domes":["north"]}"#);
    sky.refuses(422, "invalid-body", &json!([{"path": "call", "msg": "call must have at least 1 character"}]));
}

#[test]
fn bodies_are_refused_for_what_is_wrong_with_them() {
    let mut sky = Conversation::new();
    let path = "/domes/north/sightings";
    for (content_type, body, status, rule) in [
        (JSON, "", 400, "missing-body"),
        (JSON, r#"{"kind":"#, 400, "malformed-body"),
        (JSON, r#"{"kind":"nova","kind":"nova"}"#, 400, "malformed-body"),
        (JSON, r#"{"title":"x"}"#, 400, "missing-property"),
        (JSON, r#"{"kind":"sun"}"#, 400, "invalid-body"),
        (JSON, r#"{"kind":"nova","title":"123456789012345678901"}"#, 400, "invalid-body"),
        (JSON, r#"{"kind":"nova","plain":null}"#, 400, "invalid-body"),
        (JSON, r#"{"kind":"nova","magnitude":31}"#, 400, "invalid-body"),
        (JSON, "[]", 400, "invalid-body"),
        ("text/plain", r#"{"kind":"nova"}"#, 415, "media-type"),
        ("", r#"{"kind":"nova"}"#, 415, "media-type"),
        ("application/json; charset=utf-8", r#"{"kind":"nova","title":null}"#, 201, ""),
        (FORM, "kind=nova&magnitude=2.5&tags=a&tags=b+c&flagged=true", 201, ""),
        (FORM, "kind=nova&magnitude=much", 400, "invalid-body"),
    ] {
        sky.send("POST", path, content_type, body).comes_to(status, rule);
    }
    sky.send("POST", path, JSON, r#"{"kind":"nova","marks":[{"name":"m"},{}]}"#);
    sky.refuses(400, "missing-property", &json!({"fault": {"message": "marks needs `name`", "fields": {"marks": "needs `name`"}}}));
    sky.explains("`/marks/1/name` is required");
    sky.send("PATCH", "/sightings/41", JSON, r#"{"zz":1}"#);
    sky.refuses(400, "invalid-body", &json!({"fault": {"message": "zz is not allowed", "fields": {"zz": "is not allowed"}}}));
    sky.get("/sightings/44").answers_with(200, "/tags", &json!(["a", "b c"])).answers_with(200, "/magnitude", &json!(2.5));
    sky.send("PATCH", "/sightings/41", JSON, r#"{"kind":"nova"}"#).comes_to(400, "invalid-body");
    let nested = format!(r#"{{"kind":{}"#, "[".repeat(5_000));
    sky.send("POST", path, JSON, &nested).comes_to(400, "malformed-body");
}

#[test]
fn credentials_are_checked_by_alternative() {
    let mut sky = Conversation::new();
    for (headers, query, status, rule) in [
        (vec![], "", 401, "missing-credentials"),
        (vec![("authorization", "Bearer any-thing")], "", 200, ""),
        (vec![("authorization", "bearer any-thing")], "", 200, ""),
        (vec![("authorization", "Bearer burnt")], "", 401, "unknown-credentials"),
        (vec![("authorization", "Bearer ")], "", 401, "malformed-credentials"),
        (vec![("authorization", "Basic dTpw")], "", 401, "wrong-scheme"),
        (vec![], "?key=k", 401, "missing-credentials"),
        (vec![("x-signature", "s")], "?key=k", 200, ""),
        (vec![("x-signature", " ")], "?key=k", 401, "malformed-credentials"),
    ] {
        sky.with(&headers).get(&format!("/sightings/41{query}")).comes_to(status, rule);
    }
    sky.with(&[("x-signature", "s")]).send("POST", "/domes/north/sightings?key=k", JSON, r#"{"kind":"nova"}"#);
    sky.answers_with(201, "/sighting/seen_by", &json!("Caro"));
    sky.with(&[]).get("/almanac/2024.csv").comes_to(200, "");
}

#[test]
fn paths_methods_and_media_types_are_matched_as_declared() {
    let mut sky = Conversation::new();
    sky.get("/sightings/41/").refuses_by(404, "unknown-path");
    sky.get("/nowhere").refuses_by(404, "unknown-path");
    sky.get("/sightings/abc").refuses_by(404, "invalid-parameter");
    sky.send("POST", "/sightings/41", JSON, "{}").refuses_by(405, "undeclared-method");
    sky.answers_with(405, "/fault/fields", &json!({})).has_header("allow", "GET, PATCH, PUT, DELETE, HEAD, OPTIONS");
    sky.send("OPTIONS", "/sightings/41", "", "").answers_nothing(204);
    sky.send("HEAD", "/sightings/41", "", "").answers_nothing(200);
    sky.send("HEAD", "/sightings/99", "", "").answers_nothing(404);
    sky.accepting("text/csv").get("/almanac/2024.csv").answers_text(200, "day,rise\n1,7:02\n");
    sky.accepting("application/json").get("/almanac/2024.ics").answers(200, &json!({"rise": "7:02"}));
    sky.accepting("image/png").get("/almanac/2024.ics").refuses_by(406, "not-acceptable");
}

#[test]
fn parameters_are_read_in_their_style() {
    let mut sky = Conversation::new();
    for (query, status) in [
        ("box[lat]=1.5&box[lon]=2", 200),
        ("box%5Blat%5D=1.5", 200),
        ("box[lon]=2", 400),
        ("box[lat]=high", 400),
        ("ids=1%7C2", 200),
        ("ids=1|2|3", 400),
        ("ids=1|x", 400),
    ] {
        sky.get(&format!("/almanac/2024.ics?{}", query.replace('|', "%7C"))).comes_to_status(status);
    }
    sky.get("/almanac/2024.pdf").comes_to_status(400);
}

#[test]
fn uploads_are_read_part_by_part() {
    let mut sky = Conversation::new();
    let part =
        |name: &str, file: &str, text: &str| format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n");
    let plate = part("plate", "; filename=\"p.raw\"", "10010");
    sky.send("POST", "/plates", MULTIPART, &format!("{plate}{}--edge--\r\n", part("exposure", "", "5"))).comes_to(201, "");
    sky.send("POST", "/plates", MULTIPART, &format!("{plate}{}--edge--\r\n", part("exposure", "", "0"))).comes_to(400, "invalid-body");
    sky.send("POST", "/plates", MULTIPART, &format!("{}--edge--\r\n", part("exposure", "", "5"))).comes_to(400, "missing-property");
    sky.send("POST", "/plates", MULTIPART, &plate).comes_to(400, "malformed-body");
}

#[test]
fn limits_are_counted_in_the_headers() {
    let mut sky = Conversation::new();
    sky.get("/sightings/41").has_header("x-left", "4");
    sky.get("/sightings/99").has_header("x-left", "3");
    sky.has_header("x-ends", "1800057600");
    sky.later(86_400);
    sky.get("/sightings/41").has_header("x-left", "4");
}

#[test]
fn ids_are_counted_by_what_is_created() {
    let mut sky = Conversation::new();
    sky.send("POST", "/domes/west/sightings", JSON, r#"{"kind":"nova"}"#).refuses_by(404, "unknown-parent");
    sky.send("PATCH", "/sightings/41", JSON, "{}").comes_to(200, "");
    sky.send("POST", "/broadcasts", JSON, r#"{"call":"x","domes":["north","south"]}"#).comes_to(200, "");
    sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#).answers_with(201, "/sighting/sid", &json!(43));
}

#[test]
fn the_same_requests_give_the_same_exchanges() {
    let talk = |sky: &mut Conversation| {
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#).body());
            all.push(sky.send("POST", "/broadcasts", JSON, r#"{"call":"x","domes":["north","south"]}"#).body());
        }
        all
    };
    assert_eq!(talk(&mut Conversation::new()), talk(&mut Conversation::new()));
}

#[test]
fn a_full_world_says_so() {
    let mut sky = Conversation::with_room(7);
    sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#).comes_to(201, "");
    sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#).comes_to(507, "too-many-rows");
    sky.send("DELETE", "/sightings/41", "", "").comes_to(204, "");
    sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#).comes_to(201, "");
}
