//! The same requests on the same seed and clock give the same exchanges, byte by byte.

use std::fmt::Write as _;

use mock_server::MockServer;
use serde_json::Value;
use specs::{
    Api,
    api::{Direction, Location, Operation},
    sample::Sampler,
    validate::Validators,
};

use crate::http::{Line, Reply};

const REQUESTS: u64 = 1_000;
/// What differs each time: the transport's own.
const OWN: [&str; 2] = ["date", "x-request-id"];

/// A request as it is sent, but for the sandbox.
struct Sent {
    method: String,
    target: String,
    headers: Vec<String>,
    body: String,
}

/// A document, and what makes values of its schemas.
struct Player {
    api: Api,
    validators: Validators,
    base: String,
    /// A header that carries one.
    credential: String,
}

impl Player {
    fn all(server: &MockServer) -> Vec<Self> {
        let served = server.providers();
        let one = |source: specs::Source| {
            let summary = served.iter().find(|summary| summary.name == source.name).unwrap();
            let api = specs::load(&source).api.unwrap();
            let base = summary.base_url.strip_prefix(server.url()).unwrap().to_owned();
            let line = |one: &mock_server::CredentialSummary| match one.sent_as.split_once(' ') {
                Some(("header", name)) => Some(format!("{name}: {}", one.example)),
                Some(("Authorization:", "Bearer")) => Some(format!("Authorization: Bearer {}", one.example)),
                _ => None,
            };
            let credential = summary.credentials.iter().find_map(line).unwrap();
            Self { validators: Validators::new(&api), api, base, credential }
        };
        mock_server::embedded().map(one).collect()
    }

    /// A request that means something, or nearly; `known` are ids that answers held.
    fn request(&self, number: u64, random: &mut fastrand::Rng, known: &[String]) -> Sent {
        let operation = &self.api.operations[random.usize(..self.api.operations.len())];
        let sampler = Sampler::new(&self.api.schemas, &self.validators, Direction::Request, number);
        let target = self.target(operation, &sampler, number, random, known);
        let mut headers: Vec<String> = Vec::new();
        if random.u8(..) > 20 {
            headers.push(self.credential.clone());
        }
        for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Header) {
            let value = parameter.examples.first().map(|example| example.value.clone());
            let value = value.or_else(|| sampler.random(parameter.schema.as_ref()?, number).ok());
            headers.extend(
                value.map(|value| format!("{}: {}", parameter.name, text(&value).replace(|letter: char| !letter.is_ascii_graphic(), "."))),
            );
        }
        let mut body = String::new();
        let media = operation.body.as_ref().and_then(|body| body.content.iter().find(|media| media.is_json()));
        if let Some(media) = media {
            headers.push("Content-Type: application/json".to_owned());
            let example = media.examples.first().map(|example| example.value.clone());
            let sampled = media.schema.as_ref().and_then(|schema| sampler.random(schema, number).ok());
            let value = if random.bool() { example.or(sampled) } else { sampled.or(example) };
            body = value.map_or_else(String::new, |value| value.to_string());
            if random.u8(..) < 30 {
                body.truncate(body.floor_char_boundary(body.len() / 2));
            }
        }
        Sent { method: operation.method.to_string().to_uppercase(), target, headers, body }
    }

    fn target(&self, operation: &Operation, sampler: &Sampler, number: u64, random: &mut fastrand::Rng, known: &[String]) -> String {
        let mut path = operation.path.split(['?', '#']).next().unwrap().to_owned();
        let mut query = String::new();
        for parameter in &operation.parameters {
            let example = parameter.examples.first().map(|example| text(&example.value));
            let sampled = || parameter.schema.as_ref().and_then(|schema| sampler.random(schema, number).ok()).map(|value| text(&value));
            match parameter.location {
                Location::Path => {
                    let value = match random.u8(..3) {
                        0 if !known.is_empty() => known[random.usize(..known.len())].clone(),
                        1 => sampled().or(example).unwrap_or_default(),
                        _ => example.or_else(sampled).unwrap_or_default(),
                    };
                    path = path.replace(&format!("{{{}}}", parameter.name), &escaped(&value));
                }
                Location::Query if parameter.required || random.bool() => {
                    let value = if random.bool() { example.or_else(sampled) } else { sampled().or(example) };
                    let start = if query.is_empty() { '?' } else { '&' };
                    let _ = write!(query, "{start}{}={}", escaped(&parameter.name), escaped(&value.unwrap_or_default()));
                }
                _ => {}
            }
        }
        format!("{}{path}{query}", self.base)
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn escaped(text: &str) -> String {
    let each = text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") });
    each.collect()
}

/// Ids in an answer.
fn ids(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            let id = map.iter().filter(|(name, _)| name.to_ascii_lowercase().ends_with("id"));
            found.extend(id.filter_map(|(_, id)| id.as_str()).map(str::to_owned));
            map.values().for_each(|value| ids(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| ids(value, found)),
        _ => {}
    }
}

/// An answer as text, without what is the transport's, and with the same words for server and sandbox everywhere.
fn shown(server: &MockServer, sandbox: &str, reply: &Reply) -> String {
    let mut text = format!("{}\n", reply.status);
    for (name, value) in reply.headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
        let _ = writeln!(text, "{name}: {value}");
    }
    text.push_str(&reply.body);
    let text = text.replace(server.url(), "http://data").replace(server.control_url().unwrap(), "http://control");
    text.replace(&format!("/sandboxes/{sandbox}/"), "/sandboxes/it/")
}

/// Sends the script in a sandbox that is named by header, and returns the answers.
fn play(server: &MockServer, players: &[Player], sandbox: &str, requests: u64) -> Vec<(String, String)> {
    let mut random = fastrand::Rng::with_seed(20);
    let (mut line, mut known, mut answers) = (Line::to(server), Vec::new(), Vec::new());
    for number in 0..requests {
        let player = &players[random.usize(..players.len())];
        let sent = player.request(number, &mut random, &known);
        let named = format!("x-mock-sandbox: {sandbox}");
        let headers: Vec<&str> = sent.headers.iter().map(String::as_str).chain([named.as_str()]).collect();
        let reply = line.send(&sent.method, &sent.target, &headers, &sent.body);
        if let Ok(value) = serde_json::from_str(&reply.body) {
            ids(&value, &mut known);
        }
        answers.push((format!("{} {} {}", sent.method, sent.target, sent.body), shown(server, sandbox, &reply)));
    }
    answers
}

fn compare(what: &str, first: &[(String, String)], second: &[(String, String)]) {
    for (number, (one, other)) in first.iter().zip(second).enumerate() {
        assert_eq!(one, other, "request {number}, {what}");
    }
    assert_eq!(first.len(), second.len());
}

async fn start() -> MockServer {
    MockServer::builder().seed(5).clock("2026-03-01T12:00:00Z".parse().unwrap()).start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_requests_give_the_same_bytes() {
    let server = start().await;
    let players = Player::all(&server);
    let play = |server: &MockServer, sandbox: &str| play(server, &players, sandbox, REQUESTS);
    let first = play(&server, "default");
    let statuses = |start: &str| first.iter().filter(|(_, answer)| answer.starts_with(start)).count();
    assert!(statuses("2") > 300 && statuses("4") > 100 && statuses("5") == 0, "{} {} {}", statuses("2"), statuses("4"), statuses("5"));
    let made = first.iter().filter(|(request, answer)| request.starts_with("POST") && answer.starts_with("201")).count();
    assert!(made > 50, "{made}");
    let state = server.state().export();
    server.state().reset();
    compare("after a reset", &first, &play(&server, "default"));
    assert_eq!(server.state().export(), state);
    compare("in another sandbox", &first, &play(&server, "other"));
    let second = start().await;
    compare("on another server", &first, &play(&second, "default"));
    assert_eq!(second.state().export(), state);
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_seed_gives_other_ids() {
    let (one, other) = (start().await, MockServer::builder().seed(6).clock("2026-03-01T12:00:00Z".parse().unwrap()).start().await.unwrap());
    let made = |server: &MockServer| -> Vec<String> {
        let created = |(_, answer): &(String, String)| answer.starts_with("201").then(|| answer.clone());
        play(server, &Player::all(server), "default", 100).iter().filter_map(created).collect()
    };
    assert_ne!(made(&one), made(&other));
}
