//! A conversation with the engine: one world, a clock that is set by hand, and what the last answer must be.

use chrono::{DateTime, Utc};
use mock_server::{
    engine::{Conditions, Engine, EngineOptions, Exchange, Request},
    state::World,
};
use serde_json::Value;

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=edge";

const PREFIX: &str = "/sky/modern/api";

pub(crate) struct Conversation {
    engine: Engine,
    world: World,
    now: DateTime<Utc>,
    headers: http::HeaderMap,
    last: Option<Exchange>,
}

impl Conversation {
    pub(crate) fn new() -> Self {
        Self::with_room(1_000)
    }

    pub(crate) fn with_room(max_rows: usize) -> Self {
        let text = include_str!("../fixtures/observatory.yaml");
        let loaded = specs::load(&specs::Source::new("sky", "observatory.yaml", text.to_owned()));
        let options = EngineOptions { prefix: PREFIX.to_owned(), also: Vec::new(), max_rows, seed: 7 };
        let (engine, problems) = Engine::new(loaded.api.unwrap(), &options);
        assert!(problems.is_empty(), "{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        let world = engine.world();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let mut new = Self { engine, world, now, headers: http::HeaderMap::new(), last: None };
        new.with(&[("authorization", "Bearer t0k")]);
        new
    }

    /// These headers from now on, and no others.
    pub(crate) fn with(&mut self, headers: &[(&'static str, &str)]) -> &mut Self {
        self.headers = headers.iter().map(|(name, value)| ((*name).parse::<http::HeaderName>().unwrap(), value.parse().unwrap())).collect();
        self
    }

    pub(crate) fn accepting(&mut self, accept: &str) -> &mut Self {
        self.headers.insert("accept", accept.parse().unwrap());
        self
    }

    pub(crate) fn later(&mut self, seconds: i64) {
        self.now += chrono::TimeDelta::seconds(seconds);
    }

    pub(crate) fn get(&mut self, path: &str) -> &mut Self {
        self.send("GET", path, "", "")
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, content_type: &str, body: &str) -> &mut Self {
        let mut headers = self.headers.clone();
        if !content_type.is_empty() {
            headers.insert("content-type", content_type.parse().unwrap());
        }
        let target = format!("{PREFIX}{}", path.replace('[', "%5B").replace(']', "%5D")).parse().unwrap();
        let request =
            Request { method: method.parse().unwrap(), target, headers, body: body.to_owned().into(), oversized: false, sandbox: None };
        let exchange = self.engine.exchange(&self.world, request, &Conditions::at(self.now));
        assert_eq!(exchange.defects, Vec::<String>::new(), "{method} {path}");
        self.last = Some(exchange);
        self
    }

    pub(crate) fn body(&self) -> Value {
        let body = self.exchange().response.body();
        serde_json::from_slice(body).unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(body)))
    }

    #[track_caller]
    pub(crate) fn answers(&mut self, status: u16, body: &Value) -> &mut Self {
        self.comes_to_status(status);
        assert_eq!(self.body(), *body);
        self
    }

    #[track_caller]
    pub(crate) fn answers_with(&mut self, status: u16, pointer: &str, value: &Value) -> &mut Self {
        self.comes_to_status(status);
        assert_eq!(self.body().pointer(pointer), Some(value), "{pointer} of {}", self.body());
        self
    }

    #[track_caller]
    pub(crate) fn answers_text(&mut self, status: u16, text: &str) {
        self.comes_to_status(status);
        assert_eq!(*self.exchange().response.body(), text);
    }

    #[track_caller]
    pub(crate) fn answers_nothing(&mut self, status: u16) {
        self.comes_to_status(status);
        assert!(self.exchange().response.body().is_empty());
    }

    #[track_caller]
    pub(crate) fn lacks(&mut self, pointer: &str) {
        assert_eq!(self.body().pointer(pointer), None);
    }

    #[track_caller]
    pub(crate) fn refuses(&mut self, status: u16, rule: &str, body: &Value) {
        self.comes_to(status, rule);
        assert_eq!(self.body(), *body);
    }

    #[track_caller]
    pub(crate) fn refuses_by(&mut self, status: u16, rule: &str) {
        self.comes_to(status, rule);
    }

    /// What the developer is told about a refusal.
    #[track_caller]
    pub(crate) fn explains(&mut self, message: &str) {
        let found = self.exchange().rejection.as_ref().map(|rejection| rejection.message.as_str());
        assert_eq!(found, Some(message));
    }

    /// The status, and the rule of the refusal; empty for none.
    #[track_caller]
    pub(crate) fn comes_to(&mut self, status: u16, rule: &str) {
        self.comes_to_status(status);
        let refused = self.exchange().rejection.as_ref().map_or("", |rejection| rejection.rule);
        assert_eq!(refused, rule, "{:?}", self.exchange().rejection);
    }

    #[track_caller]
    pub(crate) fn comes_to_status(&mut self, status: u16) {
        let exchange = self.exchange();
        assert_eq!(exchange.response.status().as_u16(), status, "{:?}", exchange.rejection);
    }

    #[track_caller]
    pub(crate) fn has_header(&mut self, name: &str, value: &str) {
        let found = self.exchange().response.headers().get(name).map(|found| found.to_str().unwrap());
        assert_eq!(found, Some(value));
    }

    fn exchange(&self) -> &Exchange {
        self.last.as_ref().unwrap()
    }
}
