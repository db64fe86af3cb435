//! Requests of any kind: the engine answers every one of them and never panics, and what it sends conforms.

use std::{cell::RefCell, collections::BTreeSet};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use mock_server::engine::{Conditions, Engine, EngineOptions, Request};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

const PATHS: &[&str] = &[
    "/berths",
    "/berths/1",
    "/berths/first",
    "/berths/1:leave",
    "/berths/x:leave",
    "/charts/.a.png",
    "/charts/a.b.svg",
    "/ropes/;coil=1;coil=2/",
    "/ropes/;coil=x",
    "/",
    "",
];
/// Of paths: what breaks routers.
const PIECES: &[&str] =
    &["/", "//", ":", ".", "..", ";", "%2F", "%", "%zz", "%00", "%F0%9F%8C%8A", "%ff", "+", "-1", "18446744073709551616", "#"];
/// Of queries: what the document has, and what breaks decoders.
const PAIRS: &[&str] = &[
    "ids=1%7C2",
    "ids=1|2",
    "ids=",
    "tags=a%20b",
    "filter%5Bdepth%5D=1",
    "filter%5Bkind%5D=x",
    "filter%5B%5B%5D",
    "filter%5Bdepth",
    "length=1",
    "length=1.5",
    "names=a,b",
    "names=a%40example.com",
    "where=%7B%22bay%22%3A1%7D",
    "where=%7B",
    "pass=1",
    "page=1",
    "limit=99999999999",
    "=",
    "%zz=%ff",
    "",
];
const METHODS: &[&str] = &["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "PURGE"];
const HEADERS: &[&str] = &["accept", "content-type", "x-range", "cookie", "authorization", "prefer", "if-match", "content-encoding"];
const VALUES: &[&str] = &[
    "application/json",
    "application/json; q=0.x",
    "*/*;q=2, text/*",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    "application/merge-patch+json",
    "application/json-patch+json",
    "application/octet-stream",
    "1,2",
    "1,,2",
    "crew=a; crew",
    "crew=%zz",
    "Basic a2V5Og==",
    "Basic =",
    "Bearer",
    "code=404",
    "code=x, dynamic=true",
    "dynamic=true",
    "example=none",
    "",
    ",;=",
];
const BODIES: &[&str] = &[
    "{\"depth\":1}",
    "{\"depth\":-1e400}",
    "[]",
    "{",
    "null",
    "\"\\ud800\"",
    "depth=1&kind=wet",
    "depth=%zz&&=",
    "--b\r\nContent-Disposition: form-data; name=\"depth\"\r\n\r\n1\r\n--b--\r\n",
    "--b\r\n\r\n",
    "--b--",
    "[{\"op\":\"replace\",\"path\":\"/depth\",\"value\":2}]",
    "[{\"op\":\"remove\",\"path\":\"\"}]",
    "{\"id\":null,\"ship\":{\"name\":null}}",
];

/// Bodies with the type that they are of.
const SENT: &[(&str, &str)] = &[
    ("application/json", r#"{"depth":1,"kind":"wet"}"#),
    ("application/x-www-form-urlencoded", "depth=1&tags=a&tags=b"),
    ("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"depth\"\r\n\r\n1\r\n--b--\r\n"),
    ("text/plain", "deep"),
    ("application/merge-patch+json", r#"{"kind":null}"#),
    ("application/json-patch+json", r#"[{"op":"replace","path":"/depth","value":2}]"#),
];

fn request() -> impl Strategy<Value = Request> {
    let odd = prop_oneof![9 => select(PIECES).prop_map(str::to_owned), 1 => "[ -~]{0,4}"];
    let path =
        (select(PATHS), prop_oneof![3 => Just(Vec::new()), 1 => vec(odd, 1..4)]).prop_map(|(path, odd)| format!("{path}{}", odd.concat()));
    let pairs = prop_oneof![1 => Just(Vec::new()), 1 => vec(select(PAIRS), 1..5)].prop_map(|pairs| pairs.join("&"));
    let target = (path, pairs).prop_map(|(path, pairs)| if pairs.is_empty() { path } else { format!("{path}?{pairs}") });
    let under = prop_oneof![19 => Just("/harbour"), 1 => Just("")];
    let value = prop_oneof![6 => select(VALUES).prop_map(|value| value.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..6)];
    let body = prop_oneof![6 => select(BODIES).prop_map(|body| body.as_bytes().to_vec()), 1 => vec(any::<u8>(), 0..40)];
    let odd = (vec((select(HEADERS), value), 0..4), body);
    let plain = select(SENT).prop_map(|(kind, body)| (vec![("content-type", kind.as_bytes().to_vec())], body.as_bytes().to_vec()));
    let sent = prop_oneof![odd, plain];
    let oversized = prop_oneof![9 => Just(false), 1 => Just(true)];
    (select(METHODS), under, target, sent, oversized).prop_filter_map(
        "what is no address never reaches the engine",
        |(method, under, target, (named, body), oversized)| {
            let target = format!("{under}{target}").parse::<Uri>().ok()?;
            let mut headers = HeaderMap::new();
            for (name, value) in named {
                headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(&value).ok()?);
            }
            let method = Method::from_bytes(method.as_bytes()).ok()?;
            Some(Request { method, target, headers, body: body.into(), oversized, sandbox: None })
        },
    )
}

#[test]
fn any_request_is_answered() {
    let source = specs::Source::new("harbour", "harbour.yaml", include_str!("../fixtures/harbour.yaml").to_owned());
    let loaded = specs::load(&source);
    let options = EngineOptions { prefix: "/harbour".to_owned(), also: Vec::new(), max_rows: 50, seed: 7 };
    let (engine, _) = Engine::new(loaded.api.unwrap(), &options);
    let now = chrono::DateTime::UNIX_EPOCH;
    let config = Config { cases: 3_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let world = engine.world();
    let seen = RefCell::new(BTreeSet::new());
    let result = runner.run(&vec(request(), 1..3), |requests| {
        for request in requests {
            let exchange = engine.exchange(&world, request, &Conditions::at(now));
            seen.borrow_mut().insert(exchange.response.status().as_u16());
            prop_assert_eq!(&exchange.defects, &Vec::<String>::new(), "{:?}", exchange.request);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    let seen = seen.into_inner();
    for status in [200, 201, 202, 204, 400, 404, 405, 406, 413, 415] {
        assert!(seen.contains(&status), "no request came to {status}: {seen:?}");
    }
}
