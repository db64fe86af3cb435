//! A server of `courier.yaml`, written by hand and knowing nothing of `specs`, that shows what was written after a while:
//! right when that is within the time it is given, wrong when it is not.

use std::time::Duration;

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::planted::{Fault, MOST, fault};

pub(crate) const FAULTS: &[Fault] = &[
    fault("the address is of another", &["send_message::created_then_readable"], &["*"]),
    fault("texts are trimmed", &["send_message::stores_text"], &[]),
    fault("a change is lost", &["change_message::updated_text_then_visible"], &["change_message::*"]),
    fault("what is deleted is still read", &["delete_message::deleted_then_gone"], &["change_message::refuses_what_was_deleted"]),
];

/// What may be different without being wrong.
pub(crate) const WAYS: &[&str] =
    &["addresses have a server", "addresses end in a slash", "deleting nothing is refused", "what lacks a receiver has none"];

type Row = Map<String, Value>;

/// The server, with its fault or way, and how long what was written takes to be seen.
pub(crate) struct Courier {
    fault: &'static str,
    delay: Duration,
    state: Mutex<State>,
}

struct State {
    rows: Vec<Row>,
    count: i64,
    /// What was there, since when.
    seen: Vec<(Instant, Vec<Row>)>,
}

#[async_trait]
impl Transport for Courier {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let mut headers = Vec::new();
        let (status, body) = self.answer(request, &mut headers).unwrap_or_else(|status| (status, Value::Null));
        if body.is_null() {
            return Ok(Response { status, headers, body: Vec::new() });
        }
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        Ok(Response { status, headers, body: body.to_string().into_bytes() })
    }
}

impl Courier {
    pub(crate) fn new(fault: &'static str, delay: Duration) -> Self {
        Self { fault, delay, state: Mutex::new(State { rows: Vec::new(), count: 7, seen: Vec::new() }) }
    }

    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn answer(&self, request: &Request, headers: &mut Vec<(String, String)>) -> Result<(u16, Value), u16> {
        let mut state = self.state.lock();
        let path: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
        let allowed = match path[..] {
            ["messages"] => "GET, POST",
            ["messages", _] => "GET, PATCH, DELETE",
            _ => return Err(404),
        };
        let method = request.method.as_str();
        if !allowed.split(", ").any(|known| known == method) {
            headers.push(("allow".to_owned(), allowed.to_owned()));
            return Err(405);
        }
        let Some(number) = path.get(1) else {
            if method == "GET" {
                return Ok((200, self.seen(&state).iter().map(|row| self.shown(row)).collect()));
            }
            let address = self.take(&mut state, body(request, true)?);
            headers.push(("location".to_owned(), address));
            return Ok((202, Value::Null));
        };
        let number: i64 = number.parse().map_err(|_| 400_u16)?;
        self.one(&mut state, number, request)
    }

    /// Takes a message, and gives its address.
    fn take(&self, state: &mut State, mut row: Row) -> String {
        state.count += 1;
        let number = state.count;
        row.insert("number".to_owned(), json!(number));
        if self.has("texts are trimmed") {
            row["text"] = row["text"].as_str().map(str::trim).unwrap_or_default().into();
        }
        state.rows.push(row);
        self.keep(state);
        let told = if self.has("the address is of another") { number - 1 } else { number };
        match self.fault {
            "addresses have a server" => format!("https://courier.example/messages/{told}?from=here"),
            "addresses end in a slash" => format!("/messages/{told}/"),
            _ => format!("/messages/{told}"),
        }
    }

    fn one(&self, state: &mut State, number: i64, request: &Request) -> Result<(u16, Value), u16> {
        let is_it = |row: &Row| row["number"] == number;
        if request.method == "GET" {
            return self.seen(state).iter().find(|row| is_it(row)).map(|row| (200, self.shown(row))).ok_or(404);
        }
        let at = state.rows.iter().position(is_it);
        if request.method == "DELETE" {
            match at {
                Some(_) if self.has("what is deleted is still read") => {}
                Some(at) => _ = state.rows.remove(at),
                None if self.has("deleting nothing is refused") => return Err(404),
                // Nothing says that this is refused.
                None => {}
            }
        } else {
            let row = &mut state.rows[at.ok_or(404_u16)?];
            let body = body(request, false)?;
            if !self.has("a change is lost") {
                row.extend(body);
            }
        }
        self.keep(state);
        Ok((204, Value::Null))
    }

    /// Notes what is there from now on.
    fn keep(&self, state: &mut State) {
        if !self.delay.is_zero() {
            let rows = state.rows.clone();
            state.seen.push((Instant::now(), rows));
        }
    }

    /// What is to be seen by now.
    fn seen(&self, state: &State) -> Vec<Row> {
        if self.delay.is_zero() {
            return state.rows.clone();
        }
        let old = state.seen.iter().rev().find(|(since, _)| since.elapsed() >= self.delay);
        old.map(|(_, rows)| rows.clone()).unwrap_or_default()
    }

    fn shown(&self, row: &Row) -> Value {
        let mut row = row.clone();
        if self.has("what lacks a receiver has none") && row.get("to").is_none_or(Value::is_null) {
            row.remove("to");
        }
        Value::Object(row)
    }
}

/// The body, when it is an object of known types.
fn body(request: &Request, is_whole: bool) -> Result<Row, u16> {
    let media = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"));
    let bytes = request.body.as_deref().ok_or(400_u16)?;
    if media.and_then(|field| field.value.split(';').next()) != Some("application/json") {
        return Err(415);
    }
    if bytes.len() > MOST {
        return Err(413);
    }
    let Ok(Value::Object(row)) = serde_json::from_slice(bytes) else { return Err(400) };
    let is_right = |(name, value): (&String, &Value)| match name.as_str() {
        "text" => value.is_string(),
        "to" => value.is_string() || value.is_null(),
        _ => true,
    };
    let declared = |name: &str| ["text", "to"].contains(&name);
    if is_whole && !row.contains_key("text") || !row.iter().all(is_right) {
        return Err(400);
    }
    Ok(row.into_iter().filter(|(name, _)| declared(name)).collect())
}
