//! What counts as reached, row by row.

use serde_json::json;

use super::{Coverage, Kind};
use crate::{
    Exchange, Intent, Suite,
    report::tests::{creation, exchange, field, request, suite},
};

const FORM: &str = "application/x-www-form-urlencoded";

/// The places of a kind that these exchanges reach.
fn reached(suite: &Suite, kind: Kind, exchanges: &[Exchange]) -> Vec<String> {
    let coverage = Coverage::of(suite, exchanges);
    let places = coverage.places().iter().filter(|place| place.kind == kind && place.is_reached);
    places.map(|place| format!("{} {}", place.operation, place.name).trim_end().to_owned()).collect()
}

fn check(kind: Kind, exchanges: &[Exchange], expected: &[&str]) {
    assert_eq!(reached(&suite(), kind, exchanges), expected, "{kind:?} of {exchanges:?}");
}

fn list(query: &[(&str, &str)], headers: &[(&str, &str)], response: Result<(u16, &str), &str>) -> Exchange {
    let mut request = request("GET", "/quarries/q_1/stones", headers, None);
    request.query = query.iter().map(|(name, value)| field(name, value)).collect();
    exchange("list_stones", Intent::Test, request, response)
}

#[test]
fn operations_are_asked_and_succeed() {
    let exchanges = [creation("{}", Ok((422, ""))), list(&[], &[], Ok((200, "[]")))];
    check(Kind::Asked, &exchanges, &["list_stones", "create_stone"]);
    check(Kind::Succeeded, &exchanges, &["list_stones"]);
    check(Kind::Asked, &[exchange("get_stone", Intent::Test, request("GET", "/stones/1", &[], None), Err("no"))], &["get_stone"]);
    // Another method is no request for the operation, and another operation is none of the document's.
    check(Kind::Asked, &[exchange("get_stone", Intent::Test, request("PUT", "/stones/1", &[], None), Ok((405, "")))], &[]);
    check(Kind::Asked, &[exchange("get_gem", Intent::Test, request("GET", "/stones/1", &[], None), Ok((405, "")))], &[]);
}

#[test]
fn parameters_are_sent() {
    check(Kind::Parameter, &[list(&[], &[("x-units", "m")], Ok((401, "")))], &["list_stones path quarry_id", "list_stones header X-Units"]);
    check(Kind::Parameter, &[list(&[("kind", "other")], &[], Err("no"))], &["list_stones path quarry_id", "list_stones query kind"]);
    check(Kind::EnumValue, &[list(&[("kind", "other")], &[], Err("no"))], &[]);
    check(Kind::EnumValue, &[list(&[("kind", "cut")], &[], Err("no"))], &["list_stones query kind = cut"]);
    let elsewhere = exchange("list_stones", Intent::Test, request("GET", "/quarries/stones?kind=raw", &[], None), Ok((404, "")));
    check(Kind::Parameter, &[elsewhere], &["list_stones query kind"]);
}

#[test]
fn properties_and_values_are_sent() {
    let body = json!({"id": "no", "label": null, "sizes": [{"unit": "ft"}], "tags": {"any": "x"}, "kind": null, "below": {"label": "x", "kind": "raw"}});
    let sent = [creation(&body.to_string(), Ok((422, "")))];
    let properties = ["/label", "/kind", "/sizes", "/tags", "/below", "/sizes/*/unit"];
    check(Kind::RequestProperty, &sent, &properties.map(|name| format!("create_stone {name}")).each_ref().map(String::as_str));
    check(Kind::EnumValue, &sent, &["create_stone /kind = null", "create_stone /sizes/*/unit = ft"]);
    check(Kind::RequestProperty, &[creation("not json", Ok((400, "")))], &[]);
}

#[test]
fn forms_are_read_back() {
    let rows = [
        (FORM, "label=a+b&kind=cut&sizes[0][unit]=m&sizes[0][width]=1"),
        (FORM, "label=a&kind=cut&sizes=%7B%22unit%22%3A%22m%22%2C%22width%22%3A1%7D"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"label\"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\ncut\r\n--x\r\nContent-Disposition: form-data; name=\"sizes[][unit]\"\r\n\r\nm\r\n--x\r\nContent-Disposition: form-data; name=\"sizes[][width]\"\r\n\r\n1\r\n--x--\r\n",
        ),
    ];
    for (media_type, body) in rows {
        let sent = request("POST", "/quarries/q_1/stones", &[("content-type", media_type)], Some(body.as_bytes()));
        let sent = [exchange("create_stone", Intent::Test, sent, Ok((201, "")))];
        let properties = ["/label", "/kind", "/sizes", "/sizes/*/width", "/sizes/*/unit"].map(|name| format!("create_stone {name}"));
        assert_eq!(reached(&suite(), Kind::RequestProperty, &sent), properties, "{body}");
        check(Kind::EnumValue, &sent, &["create_stone /kind = cut", "create_stone /sizes/*/unit = m"]);
    }
}

#[test]
fn statuses_and_properties_are_seen() {
    check(Kind::Status, &[list(&[], &[], Ok((418, "")))], &["list_stones 4XX"]);
    check(Kind::Status, &[list(&[], &[], Ok((500, "")))], &[]);
    let seen = [list(&[], &[], Ok((200, "[{\"id\": null}, {\"tags\": {}}]")))];
    check(Kind::ResponseProperty, &seen, &["list_stones 200 /*/id", "list_stones 200 /*/tags"]);
    // What another status shows is none of it.
    check(Kind::ResponseProperty, &[list(&[], &[], Ok((404, "[{\"id\": 1}]")))], &[]);
}

#[test]
fn what_was_reached_is_told_in_a_table() {
    let coverage =
        Coverage::of(&suite(), &[creation("{\"label\": \"a\"}", Ok((201, "{\"id\": 1, \"label\": 1}"))), list(&[], &[], Ok((200, "[]")))]);
    assert_eq!(format!("{coverage}{}", coverage.unreached()), include_str!("table.txt"));
}
