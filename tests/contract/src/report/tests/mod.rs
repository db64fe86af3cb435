//! The forms of one run of a made-up vendor: a promise of each kind that came out in each way.

mod credentials;
mod curl;
mod machines;
mod people;

use std::time::{Duration, SystemTime};

use http::Method;
use specs::{Document, Source};

use super::{Finished, Report, Shown};
use crate::{
    Credentials, Redactor, Suite,
    case::{Case, Class, Failure, Kind, Outcome, Verdict, Wanted},
    exchange::{Exchange, Field, Intent, Request, Response, Visibility},
    rule::{self, Rule},
};

pub(crate) const QUARRY: &str = include_str!("quarry.yaml");
/// The base URL of the server.
pub(crate) const BASE: &str = "http://127.0.0.1:7070/v1";
/// What requests prove themselves with.
pub(crate) const PASS: &str = "Bearer tok_gneiss_7";

pub(crate) fn suite() -> Suite {
    let loaded = specs::load(&Source::new("quarry", "documents/quarry.yaml", QUARRY.to_owned()));
    assert_eq!(loaded.problems, []);
    Suite::new(loaded.api.unwrap(), 0)
}

fn document() -> Document {
    Document::read(&Source::new("quarry", "documents/quarry.yaml", QUARRY.to_owned())).0.unwrap()
}

pub(crate) fn redactor(suite: &Suite) -> Redactor {
    Redactor::new(suite.api(), &Credentials::of_document(suite.api()))
}

pub(crate) fn field(name: &str, value: &str) -> Field {
    let secret = ["authorization", "seal"].contains(&name.to_ascii_lowercase().as_str());
    Field { name: name.to_owned(), value: value.to_owned(), visibility: if secret { Visibility::Redacted } else { Visibility::Shown } }
}

pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: Option<&[u8]>) -> Request {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    let headers = headers.iter().map(|(name, value)| field(name, value)).collect();
    Request { method, elsewhere: None, path: path.to_owned(), query: Vec::new(), headers, body: body.map(<[u8]>::to_vec) }
}

pub(crate) fn exchange(operation: &str, intent: Intent, request: Request, response: Result<(u16, &str), &str>) -> Exchange {
    let response = response.map_err(str::to_owned).map(|(status, body)| {
        let headers = [("content-type", "application/json"), ("date", "Tue, 02 Jun 2026 10:00:00 GMT")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Response { status, headers, body: body.as_bytes().to_vec() }
    });
    let started = SystemTime::UNIX_EPOCH + Duration::from_millis(1_780_394_400_123);
    Exchange { operation: operation.to_owned(), intent, started, took: Duration::from_micros(2_500), request, response }
}

/// A creation with a body, which has credentials.
pub(crate) fn creation(body: &str, response: Result<(u16, &str), &str>) -> Exchange {
    let headers = [("Accept", "application/json"), ("Authorization", PASS), ("Content-Type", "application/json")];
    exchange("create_stone", Intent::Test, request("POST", "/quarries/q_1/stones", &headers, Some(body.as_bytes())), response)
}

pub(crate) fn case(operation: &str, name: &str, rule: Rule, place: &str, sentence: &str) -> Case {
    let kind = Kind::Accept(Wanted::default(), Vec::new());
    let [provider, operation, name, place, sentence] = ["quarry", operation, name, place, sentence].map(str::to_owned);
    Case { provider, operation, name, rule, place, sentence, class: Class::Safe, kind }
}

fn finished(case: Case, outcome: Outcome, exchanges: Vec<Exchange>) -> Finished {
    Finished { case, verdict: Verdict { outcome, exchanges }, cleaning: Vec::new(), took: Duration::from_millis(12), accepted: None }
}

/// What came of a run.
fn report() -> Report {
    let created = creation("{\"label\": \"  Slab  \", \"kind\": \"raw\"}", Ok((201, "{\"id\": \"s_9\", \"label\": \"Slab\"}")));
    let read = exchange(
        "get_stone",
        Intent::Observe,
        request("GET", "/stones/s_9", &[], None),
        Ok((200, "{\"id\": \"s_9\", \"label\": \"Slab\"}")),
    );
    let refused = creation("{}", Ok((500, "oh no")));
    let listed =
        exchange("list_stones", Intent::Test, request("GET", "/quarries/q_1/stones", &[("Authorization", PASS)], None), Ok((200, "[]")));
    let stored = case("create_stone", "keeps_label", rule::STORED, "/label", "`create_stone` keeps `label` as it was sent");
    let trimmed = Failure::at("/label", "\"  Slab  \"", "\"Slab\"", "`label` was sent as \"  Slab  \" and is \"Slab\"");
    let required =
        |name: &str, place: &str| case("create_stone", name, rule::REQUIRED, place, "`create_stone` refuses a body without `label`");
    let more = Failure::at("/0/colour", "", "\"grey\"", "`colour` is not declared");
    let page = case("list_stones", "answers_as_declared", rule::ANSWER_SCHEMA, "200", "successes of `list_stones` are as declared");
    let gone = |name: &str| case("get_stone", name, rule::UNKNOWN_ITEM, "", "`get_stone` refuses an item that does not exist");
    let blocked = || Outcome::Blocked("creating one of `stones` was answered 500".to_owned());
    let mock_only = || Outcome::Skipped("it runs on a mock alone".to_owned());
    Report {
        provider: "quarry".to_owned(),
        file: "documents/quarry.yaml".to_owned(),
        url: BASE.to_owned(),
        seed: 7,
        flags: vec!["--given".to_owned(), "stones=s 1".to_owned()],
        finished: vec![
            finished(
                case("list_stones", "accepts_the_documented_example", rule::EXAMPLE, "", "`list_stones` accepts its example"),
                Outcome::Passed,
                vec![listed.clone()],
            ),
            finished(page, Outcome::New(more), vec![listed]),
            finished(stored, Outcome::Failed(trimmed), vec![created, read]),
            finished(
                required("rejects_no_label", "/label"),
                Outcome::Failed(Failure::at("status", "422", "500", "answered 500, where 422 is due")),
                vec![refused.clone()],
            ),
            Finished {
                accepted: Some("the vendor knows".to_owned()),
                ..finished(required("rejects_null_label", "/label"), Outcome::Failed("answered 500".into()), vec![refused.clone()])
            },
            finished(gone("rejects_an_unknown_item"), blocked(), vec![refused.clone()]),
            finished(gone("rejects_it_twice"), blocked(), vec![refused]),
            finished(gone("is_refused_by_all"), mock_only(), Vec::new()),
            finished(gone("locks_nobody_out"), mock_only(), Vec::new()),
        ],
        residue: vec!["stones `s_9`: the vendor has no way to remove it".to_owned()],
        warnings: vec!["`quarry::get_stone::is_slow` is accepted until 2026-01-01, which is over\n  --> accepted.yaml:3".to_owned()],
        coverage: None,
    }
}

fn shown() -> Shown {
    Shown::new(&report(), &redactor(&suite()))
}
