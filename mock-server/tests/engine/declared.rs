//! What a document declares beyond the shape of its API: holders of credentials, scopes, which response answers what.

use serde_json::json;

use crate::conversation::{Conversation, JSON};

#[test]
fn a_credential_has_a_holder_who_may_do_some_things() {
    let mut sky = Conversation::new();
    let create = |sky: &mut Conversation, token: &str| {
        sky.with(&[("authorization", token)]).send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#);
        sky.body()["sighting"]["seen_by"].clone()
    };
    assert_eq!(create(&mut sky, "Bearer t0k"), json!("Vera"));
    assert_eq!(create(&mut sky, "Bearer ada"), json!("Ada"));
    assert_eq!(create(&mut sky, "Bearer gil"), json!("Gil"));
    let hands_off = json!({"fault": {"message": "hands off", "fields": {}}});
    sky.with(&[("authorization", "Bearer gil")]).send("DELETE", "/sightings/41", "", "").refuses(403, "insufficient-scope", &hands_off);
    sky.with(&[("authorization", "Bearer ada")]).send("DELETE", "/sightings/41", "", "").comes_to(204, "");
}

#[test]
fn a_response_answers_what_it_says_it_is_for() {
    let mut sky = Conversation::new();
    let put = |sky: &mut Conversation, body: &str| sky.send("PUT", "/sightings/41", JSON, body).body()["fault"]["fields"].clone();
    assert_eq!(
        put(&mut sky, r#"{"kind":"nova","title":"far too long to be a title"}"#),
        json!({"title": "must have at most 20 characters"})
    );
    sky.comes_to(409, "invalid-body");
    put(&mut sky, r#"{"kind":"nova","magnitude":99}"#);
    sky.comes_to(409, "invalid-body");
    put(&mut sky, r#"{"kind":"sun"}"#);
    sky.comes_to(400, "invalid-body");
}

#[test]
fn a_filter_may_look_at_several_properties() {
    let mut sky = Conversation::new();
    sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova","title":"Quiet","plain":"No TAIL at all"}"#);
    sky.get("/sightings?find=tail").answers_with(200, "/found/0/sid", &json!(43)).answers_with(200, "/found/1/sid", &json!(41));
    sky.get("/sightings?find=quiet").answers_with(200, "/found/0/sid", &json!(43)).lacks("/found/1");
}

#[test]
fn a_page_is_as_large_as_is_asked_for_where_nothing_says_how_large() {
    let mut sky = Conversation::new();
    for _ in 0..150 {
        sky.send("POST", "/domes/north/sightings", JSON, r#"{"kind":"nova"}"#);
    }
    sky.get("/sightings").answers_with(200, "/has_more", &json!(true)).lacks("/found/2");
    sky.get("/sightings?limit=500").answers_with(200, "/has_more", &json!(false)).answers_with(200, "/found/151/sid", &json!(41));
    sky.get("/sightings?limit=0").answers(200, &json!({"found": [], "has_more": false}));
}

#[test]
fn what_examples_show_is_there() {
    let mut sky = Conversation::new();
    sky.get("/domes/south/lenses/7").answers(200, &json!({"id": 7, "width": 30}));
    sky.get("/domes/south/lenses/9").answers(200, &json!({"id": 9, "width": 30}));
    sky.get("/domes/north/lenses/9").refuses_by(404, "unknown-item");
    sky.get("/domes/south/lenses/8").refuses_by(404, "unknown-item");
    sky.send("POST", "/domes/south/lenses", JSON, r#"{"width":2}"#).answers(201, &json!({"id": 10, "width": 2}));
    sky.send("DELETE", "/domes/south/lenses/9", "", "").comes_to(204, "");
    sky.get("/domes/south/lenses/9").refuses_by(404, "unknown-item");
}

#[test]
fn what_is_done_to_an_item_below_its_path_changes_it() {
    let mut sky = Conversation::new();
    sky.send("POST", "/sightings/41/flag", "", "").answers_with(200, "/flagged", &json!(true));
    sky.send("POST", "/sightings/41/flag", "", "").answers_with(200, "/flagged", &json!(false));
    sky.send("POST", "/sightings/99/flag", "", "").refuses_by(404, "unknown-item");
}

#[test]
fn what_is_minted_is_new_each_time() {
    let mut sky = Conversation::new();
    let mut slips: Vec<_> = (0..3).map(|_| sky.send("PATCH", "/sightings/41", JSON, "{}").body()["slip"].clone()).collect();
    slips.push(sky.send("PATCH", "/sightings/42", JSON, "{}").body()["slip"].clone());
    assert!(slips.iter().enumerate().all(|(position, slip)| slip.is_string() && !slips[..position].contains(slip)), "{slips:?}");
    sky.send("POST", "/broadcasts", JSON, r#"{"call":"x","domes":["north"],"remark":"r"}"#).answers_with(200, "/remark", &json!("r"));
    let first = sky.body()["ticket"].clone();
    sky.send("POST", "/broadcasts", JSON, r#"{"call":"x","domes":["north"]}"#).lacks("/remark");
    assert_ne!(first, sky.body()["ticket"]);
}
