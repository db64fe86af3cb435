//! Each promise is broken by the smallest wrong exchange, and found by its rule alone.

use contract::proxy::Finding;

use crate::{Client, header, message, options, proxied, upstream::Upstream};

const OK: &str = "GET /jars/7 HTTP/1.1\nauthorization: Bearer tok\n";
const CREATE: &str = "POST /shelves/sh_1/jars HTTP/1.1\nauthorization: Bearer tok\ncontent-type: application/json\n";
const LIST: &str = "GET /shelves/sh_1/jars?limit=5 HTTP/1.1\nauthorization: Bearer tok\nx-units: metric\n";
const JSON: &str = "content-type: application/json\n";

/// An exchange, and what is found in it: rule and place.
struct Row {
    name: &'static str,
    request: String,
    answer: String,
    found: &'static [&'static str],
}

fn row(name: &'static str, request: (&str, &str), answer: (&str, &str), found: &'static [&'static str]) -> Row {
    let text = |(head, body): (&str, &str)| String::from_utf8(message(head, body.as_bytes())).unwrap();
    Row { name, request: text(request), answer: text((&format!("HTTP/1.1 {}", answer.0), answer.1)), found }
}

fn jar() -> (&'static str, &'static str) {
    ("200 OK\ncontent-type: application/json\n", r#"{"id": 7, "title": "Plums"}"#)
}

fn made() -> (&'static str, &'static str) {
    ("201 Created\ncontent-type: application/json\n", r#"{"id": 8, "title": "Pears"}"#)
}

fn jars() -> (&'static str, &'static str) {
    ("200 OK\ncontent-type: application/json\nx-cost: 3\n", r#"{"jars": [{"id": 7, "title": "Plums"}]}"#)
}

async fn check(rows: Vec<Row>) {
    let mut wrong = Vec::new();
    for Row { name, request, answer, found } in rows {
        let upstream = Upstream::new(move |_| answer.clone().into_bytes()).await;
        let (told, marked) = proxied(options(&upstream.url("/v1")), async |port| {
            let mut client = Client::new(port).await;
            client.send(request.as_bytes()).await;
            let answer = client.receive().await.unwrap();
            header(&answer, "x-contract-findings").unwrap_or_default().to_owned()
        })
        .await;
        let place = |finding: &Finding| format!("{} {}", finding.rule.name, finding.failure.place).trim().to_owned();
        let seen: Vec<String> = told.summary.findings().map(|repeated| place(&repeated.finding)).collect();
        let due = if found.is_empty() { String::new() } else { format!("{}; {}", found.len(), found.join("; ")) };
        if seen != found || marked != due {
            wrong.push(format!("{name}: found {seen:?} and marked `{marked}`, where {found:?} is due\n{}", told.screen));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nothing_is_found_in_what_is_right() {
    let form = "POST /shelves/sh_1/jars?key=k HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\n";
    let parts = "POST /shelves/sh_1/jars?key=k HTTP/1.1\ncontent-type: multipart/form-data; boundary=b\n";
    let part = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nPears\r\n--b--\r\n";
    let every = "GET /shelves/sh_1/jars?limit=50&tags=sweet,sour&where[size]=3&key=k HTTP/1.1\nx-units: metric\ncookie: lang=de\n";
    let conditional = "GET /jars/7 HTTP/1.1\nauthorization: Bearer tok\nif-none-match: \"a\"\n";
    check(vec![
        row("a read", (OK, ""), jar(), &[]),
        row("a list", (LIST, ""), jars(), &[]),
        row("every parameter", (every, ""), jars(), &[]),
        row("a creation", (CREATE, r#"{"title": "Pears", "size": 2}"#), made(), &[]),
        row("a form", (form, "title=Pears&size=2&tags=a&tags=b"), made(), &[]),
        row("a multipart body", (parts, part), made(), &[]),
        row("no credentials where none are needed", ("GET /jars/mine HTTP/1.1\n", ""), jar(), &[]),
        row("a refusal as declared", (OK, ""), ("404 Not Found\ncontent-type: application/json\n", r#"{"why": "gone"}"#), &[]),
        row("no body by its status", (&OK.replace("GET", "DELETE"), ""), ("204 No Content\n", ""), &[]),
        row("too many requests", (OK, ""), ("429 Too Many Requests\nretry-after: 1\n", ""), &[]),
        row("nothing new since then", (conditional, ""), ("304 Not Modified\netag: \"a\"\n", ""), &[]),
        row("asking what may be asked", ("OPTIONS /jars/7 HTTP/1.1\n", ""), ("204 No Content\n", ""), &[]),
        row(
            "null where any value may be",
            ("POST /labels HTTP/1.1\ncontent-type: application/octet-stream\n", "\u{1}"),
            ("200 OK\ncontent-type: application/octet-stream\n", "\u{2}"),
            &[],
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_wrong_request_is_found() {
    let create = |body: &'static str| (CREATE, body);
    let form = CREATE.replace("application/json", "application/x-www-form-urlencoded");
    check(vec![
        row("path", ("GET /bottles/7 HTTP/1.1\n", ""), jar(), &["undeclared_path /bottles/7"]),
        row("path with the documented base", ("GET /v1/jars/7 HTTP/1.1\n", ""), jar(), &["undeclared_path /v1/jars/7"]),
        row("method", (&OK.replace("GET", "PATCH"), ""), jar(), &["undeclared_method /jars/7"]),
        row("path parameter", (&OK.replace('7', "seven"), ""), jar(), &["invalid_parameter path.id"]),
        row("query parameter", (&LIST.replace("=5", "=51"), ""), jars(), &["invalid_parameter query.limit"]),
        row("list in a query", (&LIST.replace("limit=5", "tags=sweet,salty"), ""), jars(), &["invalid_parameter query.tags"]),
        row("object in a query", (&LIST.replace("limit=5", "where[size]=big"), ""), jars(), &["invalid_parameter query.where"]),
        row("header", (&LIST.replace("metric", "miles"), ""), jars(), &["invalid_parameter header.X-Units"]),
        row("cookie", (&format!("{LIST}cookie: lang=fr\n"), ""), jars(), &["invalid_parameter cookie.lang"]),
        row("no header", (&LIST.replace("x-units: metric\n", ""), ""), jars(), &["missing_parameter header.X-Units"]),
        row("new parameter", (&LIST.replace("limit", "limits"), ""), jars(), &["undeclared_parameter query.limits"]),
        row("new parameter by its brackets", (&LIST.replace("limit", "a[b]"), ""), jars(), &["undeclared_parameter query.a[b]"]),
        row("no body", create(""), made(), &["missing_body"]),
        row("new body", (&OK.replace("GET", "DELETE"), "{}"), ("204 No Content\n", ""), &["undeclared_body"]),
        row("media type", (&CREATE.replace("json", "xml"), "<a/>"), made(), &["undeclared_media_type header.Content-Type"]),
        row("no media type", (&CREATE.replace(JSON, ""), "{}"), made(), &["undeclared_media_type header.Content-Type"]),
        row("no JSON", create("{"), made(), &["malformed_body"]),
        row("a name twice", create(r#"{"title": "a", "title": "b"}"#), made(), &["malformed_body"]),
        row("property", create(r#"{"title": "Elderberries"}"#), made(), &["invalid_body /title"]),
        row("no property", create(r#"{"size": 1}"#), made(), &["invalid_body /title"]),
        row("another property", create(r#"{"title": "a", "colour": "b"}"#), made(), &["invalid_body /colour"]),
        row("two properties", create(r#"{"title": 1, "size": "a"}"#), made(), &["invalid_body /title", "invalid_body /size"]),
        row("property of a form", (&form, "title=a&size=b"), made(), &["invalid_body /size"]),
        row("no credentials", (&OK.replace("authorization", "x-other"), ""), jar(), &["missing_credentials header.Authorization"]),
        row("scheme", (&OK.replace("Bearer", "Basic"), ""), jar(), &["missing_credentials header.Authorization"]),
        row("credentials", (&OK.replace(" tok", ""), ""), jar(), &["malformed_credentials header.Authorization"]),
    ])
    .await;
}

#[tokio::test]
async fn a_wrong_answer_is_found() {
    let json = |status: &str, body: &'static str| -> (String, &'static str) { (format!("{status}\n{JSON}"), body) };
    let rows = [
        ("status", OK, json("418 Teapot", r#"{"why": "tea"}"#), &["answer_status status"] as &'static [&'static str]),
        ("broken", OK, json("500 Oh", r#"{"why": "oh"}"#), &["answer_status status"]),
        ("unasked for", OK, ("304 Not Modified\n".to_owned(), ""), &["answer_status status"]),
        ("media type", OK, ("200 OK\ncontent-type: text/html\n".to_owned(), "<p>"), &["answer_media_type Content-Type"]),
        ("no body", OK, ("200 OK\n".to_owned(), ""), &["answer_media_type Content-Type"]),
        ("no header", LIST, json("200 OK", r#"{"jars": []}"#), &["answer_headers X-Cost"]),
        ("header", LIST, json("200 OK\nx-cost: much", r#"{"jars": []}"#), &["answer_headers X-Cost"]),
        ("no JSON", OK, json("200 OK", "{"), &["answer_schema"]),
        ("property", OK, json("200 OK", r#"{"id": "7", "title": "Plums"}"#), &["answer_schema /id"]),
        ("format", OK, json("200 OK", r#"{"id": 7, "title": "Plums", "opened_at": "today"}"#), &["answer_format /opened_at"]),
        ("new property", OK, json("200 OK", r#"{"id": 7, "title": "Plums", "colour": "red"}"#), &["answer_undocumented /colour"]),
        ("refusal", OK, json("404 Not Found", "{}"), &["answer_schema"]),
    ];
    let rows = rows.into_iter().map(|(name, request, (head, body), found)| row(name, (request, ""), (&head, body), found));
    check(rows.collect()).await;
}

#[tokio::test]
async fn both_sides_may_be_wrong() {
    let found = &["invalid_body /size", "answer_schema /id"];
    check(vec![row("both", (CREATE, r#"{"title": "a", "size": "b"}"#), (made().0, r#"{"id": null, "title": ""}"#), found)]).await;
}
