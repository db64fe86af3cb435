//! A correct server of `loft.yaml`, written by hand and knowing nothing of `specs`, with its faults: items that are
//! wrapped when they are sent, and show most of what they have below one property.

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::planted::{Fault, fault};

pub(crate) const FAULTS: &[Fault] = &[
    fault("names are trimmed", &["create_pigeon::stores_attributes_name", "put_pigeon::updated_attributes_name_then_visible"], &[]),
    fault("races are lost", &["create_pigeon::stores_attributes_race"], &["put_pigeon::updated_attributes_race_then_visible"]),
    fault("a time of creation is taken", &["create_pigeon::does_not_take_attributes_created_at"], &[]),
    fault(
        "a change is a creation",
        &["change_pigeon::times_do_not_run_backwards_when_it_changes"],
        &["change_pigeon::updated_*", "change_pigeon::null_clears_*"],
    ),
    fault("a change forgets the rings", &["change_pigeon::updated_attributes_name_then_visible"], &["change_pigeon::*"]),
    fault("null is no race", &["change_pigeon::null_clears_attributes_race"], &[]),
    fault("a put pigeon keeps its name", &["put_pigeon::updated_attributes_name_then_visible"], &[]),
];

/// What a server may do differently without being wrong.
pub(crate) const WAYS: &[&str] = &["what is put is new", "the newest come first"];

type Row = Map<String, Value>;

/// The server, with its rows and its fault, or its way.
pub(crate) struct Loft {
    fault: &'static str,
    state: Mutex<(Vec<(String, Row)>, u32)>,
}

#[async_trait]
impl Transport for Loft {
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

/// The attributes that a request sends.
fn attributes(request: &Request, is_whole: bool) -> Result<Row, u16> {
    let media = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"));
    let bytes = request.body.as_deref().ok_or(400_u16)?;
    if media.and_then(|field| field.value.split(';').next()) != Some("application/json") {
        return Err(415);
    }
    let body: Value = serde_json::from_slice(bytes).map_err(|_| 400_u16)?;
    let sent = body["data"]["attributes"].as_object().ok_or(400_u16)?;
    let is_right = |(name, value): (&String, &Value)| match name.as_str() {
        "name" => value.is_string(),
        "race" => value.is_string() || value.is_null(),
        "rings" => value.as_f64().is_some_and(|rings| rings >= 0.0 && rings.fract() == 0.0),
        _ => true,
    };
    if is_whole && !sent.contains_key("name") || !sent.iter().all(is_right) {
        return Err(400);
    }
    let is_known = |name: &str| ["name", "race", "rings", "createdAt"].contains(&name);
    Ok(sent.iter().filter(|(name, _)| is_known(name)).map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn shown(id: &str, row: &Row) -> Value {
    json!({"id": id, "attributes": row})
}

impl Loft {
    pub(crate) fn new(fault: &'static str) -> Self {
        let first = json!({"name": "Grau", "createdAt": "2026-01-01T10:00:00Z", "modifiedAt": "2026-01-01T10:00:00Z"});
        let rows = first.as_object().map(|row| ("pg-1".to_owned(), row.clone())).into_iter().collect();
        Self { fault, state: Mutex::new((rows, 1)) }
    }

    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn answer(&self, request: &Request, headers: &mut Vec<(String, String)>) -> Result<(u16, Value), u16> {
        let path: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
        let allowed = match path[..] {
            ["pigeons"] => "GET, POST",
            ["pigeons", _] => "GET, PATCH, PUT, DELETE",
            _ => return Err(404),
        };
        let method = request.method.as_str();
        if !allowed.split(", ").any(|known| known == method) {
            headers.push(("allow".to_owned(), allowed.to_owned()));
            return Err(405);
        }
        let (rows, count) = &mut *self.state.lock();
        let Some(id) = path.get(1) else {
            if method == "GET" {
                let all = rows.iter().map(|(id, row)| shown(id, row));
                let all: Vec<Value> = if self.has("the newest come first") { all.rev().collect() } else { all.collect() };
                return Ok((200, json!({"data": all})));
            }
            let sent = attributes(request, true)?;
            *count += 1;
            let id = format!("pg-{count}");
            return Ok((201, json!({"data": self.put(rows, &id, sent, *count)})));
        };
        let at = rows.iter().position(|(known, _)| known == id);
        match method {
            "GET" => Ok((200, json!({"data": shown(id, &rows[at.ok_or(404_u16)?].1)}))),
            "DELETE" => {
                rows.remove(at.ok_or(404_u16)?);
                Ok((204, Value::Null))
            }
            "PUT" => {
                let mut sent = attributes(request, true)?;
                *count += 1;
                let old = at.map(|at| rows.remove(at).1);
                if let Some(name) = old.as_ref().and_then(|old| old.get("name")).filter(|_| self.has("a put pigeon keeps its name")) {
                    sent.insert("name".to_owned(), name.clone());
                }
                let created = old.and_then(|mut old| old.remove("createdAt")).filter(|_| !self.has("what is put is new"));
                let mut row = self.put(rows, id, sent, *count);
                if let Some(created) = created {
                    row["attributes"]["createdAt"] = created.clone();
                    rows.last_mut().map(|(_, row)| row.insert("createdAt".to_owned(), created));
                }
                Ok((if at.is_some() { 200 } else { 201 }, json!({"data": row})))
            }
            _ => {
                let row = &mut rows[at.ok_or(404_u16)?].1;
                let sent = attributes(request, false)?;
                *count += 1;
                self.change(row, sent, *count);
                Ok((200, json!({"data": shown(id, row)})))
            }
        }
    }

    /// Keeps a pigeon, and gives it as it was meant.
    fn put(&self, rows: &mut Vec<(String, Row)>, id: &str, mut sent: Row, count: u32) -> Value {
        let now = json!(format!("2026-02-01T10:{:02}:{:02}Z", count / 6 % 60, count % 6 * 10));
        let created = sent.remove("createdAt").filter(|_| self.has("a time of creation is taken"));
        sent.insert("createdAt".to_owned(), created.unwrap_or_else(|| now.clone()));
        sent.insert("modifiedAt".to_owned(), now);
        let meant = shown(id, &sent);
        match self.fault {
            "names are trimmed" => sent["name"] = json!(sent["name"].as_str().unwrap_or_default().trim()),
            "races are lost" => _ = sent.remove("race"),
            _ => {}
        }
        rows.push((id.to_owned(), sent));
        meant
    }

    fn change(&self, row: &mut Row, mut sent: Row, count: u32) {
        sent.remove("createdAt");
        if self.has("null is no race") {
            sent.retain(|_, value| !value.is_null());
        }
        if self.has("a change forgets the rings") && !sent.contains_key("rings") {
            row.remove("rings");
        }
        row.extend(sent);
        let now = json!(format!("2026-02-01T10:{:02}:{:02}Z", count / 6 % 60, count % 6 * 10));
        row.insert("modifiedAt".to_owned(), now.clone());
        if self.has("a change is a creation") {
            row.insert("createdAt".to_owned(), now);
        }
    }
}
