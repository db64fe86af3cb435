//! A correct server of `aviary.yaml`, written by hand and knowing nothing of `specs`, with its faults: what a server
//! sets by itself, in which order it lists, and what hangs on a parent. What it does differently without being wrong
//! (its ways) is asked for by name too.

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::{aviary_lists as lists, aviary_rows as rows};

pub(crate) type Row = Map<String, Value>;
pub(crate) type Answer = (u16, Value);

/// The server, with its rows and its fault, or its way.
pub(crate) struct Aviary {
    pub(crate) fault: &'static str,
    rows: Mutex<Rows>,
}

#[derive(Default)]
pub(crate) struct Rows {
    /// Oldest first.
    pub(crate) birds: Vec<Row>,
    /// What was deleted.
    dead: Vec<Row>,
    pub(crate) count: u32,
    feeds: Vec<String>,
}

#[async_trait]
impl Transport for Aviary {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let mut headers = Vec::new();
        let (status, body) = self.answer(request, &mut headers).unwrap_or_else(|status| (status, Value::Null));
        if status == 405 {
            headers.push(("allow".to_owned(), allowed(request).unwrap_or_default().to_owned()));
        }
        if body.is_null() {
            return Ok(Response { status, headers, body: Vec::new() });
        }
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        Ok(Response { status, headers, body: body.to_string().into_bytes() })
    }
}

fn path(request: &Request) -> Vec<&str> {
    request.path.trim_start_matches('/').split('/').collect()
}

fn allowed(request: &Request) -> Option<&'static str> {
    match path(request)[..] {
        ["cages", _, "birds"] => Some("GET, POST"),
        ["cages", _, "birds", _] => Some("GET, PATCH, PUT, DELETE"),
        ["cages", _, "flocks"] => Some("POST"),
        ["birds"] | ["feeds", _] => Some("GET"),
        _ => None,
    }
}

impl Aviary {
    pub(crate) fn new(fault: &'static str) -> Self {
        let birds = [
            json!({"id": "bd-1", "cage_id": "cg-1", "name": "Otto", "tame": true, "mood": "settled",
                "created_at": "2026-01-01T10:00:00Z", "updated_at": "2026-01-01T10:00:00Z"}),
            json!({"id": "bd-2", "cage_id": "cg-2", "name": "Maja", "weight": 31, "tame": false, "mood": "new",
                "created_at": "2026-01-02T10:00:00Z", "updated_at": "2026-01-03T10:00:00Z"}),
        ];
        let birds = birds.into_iter().filter_map(|row| row.as_object().cloned()).collect();
        let rows = Rows { birds, dead: Vec::new(), count: 10, feeds: vec!["fd-1".to_owned()] };
        Self { fault, rows: Mutex::new(rows) }
    }

    /// Puts in a bird of somebody else, and takes out the oldest of theirs when there are so many.
    pub(crate) fn visit(&self, number: usize, most: usize) {
        let mut rows = self.rows.lock();
        let others = |bird: &Row| bird["id"].as_str().is_some_and(|id| id.starts_with("private"));
        let bird = json!({"id": format!("private-{number}"), "cage_id": "cg-1", "name": format!("private {number}"), "song": "private song",
            "weight": number, "tame": true, "mood": "settled", "created_at": self.now(rows.count), "updated_at": self.now(rows.count)});
        rows.birds.extend(bird.as_object().cloned());
        if rows.birds.iter().filter(|bird| others(bird)).count() > most
            && let Some(oldest) = rows.birds.iter().position(others)
        {
            rows.birds.remove(oldest);
        }
    }

    /// The birds of others.
    pub(crate) fn visitors(&self) -> Vec<Row> {
        let rows = self.rows.lock();
        rows.birds.iter().filter(|bird| bird["name"].as_str().is_some_and(|name| name.starts_with("private"))).cloned().collect()
    }

    pub(crate) fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn answer(&self, request: &Request, headers: &mut Vec<(String, String)>) -> Result<Answer, u16> {
        let mut rows = self.rows.lock();
        let method = request.method.as_str();
        if !allowed(request).ok_or(404_u16)?.split(", ").any(|known| known == method) {
            return Err(405);
        }
        match path(request)[..] {
            ["birds"] => Ok((200, lists::all(self, &rows, request))),
            ["feeds", feed] => {
                let is_open = rows.feeds.iter().any(|known| known == feed) && !(self.has("feeds are closed") && feed != "fd-1");
                if is_open { Ok((200, json!(["seeds"]))) } else { Err(404) }
            }
            ["cages", cage, ref rest @ ..] => {
                let cages = if self.has("cages have other names") { ["kf-8", "kf-9"] } else { ["cg-1", "cg-2"] };
                if !cages.contains(&cage) {
                    return Err(404);
                }
                match (method, rest) {
                    ("GET", ["birds"]) => lists::page(self, &rows, cage, request),
                    ("POST", ["birds"]) => {
                        let row = self.add(&mut rows, cage, rows::body(self, request, true)?)?;
                        let feed = format!("fd-{}", rows.count);
                        headers.push(("x-feed".to_owned(), feed.clone()));
                        rows.feeds.push(feed);
                        Ok((201, rows::shown(self, &row)))
                    }
                    (_, ["flocks"]) => self.flock(&mut rows, cage, request),
                    (_, [_, id]) => self.bird(&mut rows, cage, id, request),
                    _ => Err(404),
                }
            }
            _ => Err(404),
        }
    }

    /// A time, a while after the one before.
    fn now(&self, count: u32) -> String {
        match self.fault {
            "all happens at once" => "2026-02-01T10:00:00Z".to_owned(),
            "times have other zones" => format!("2026-02-01T1{}:{:02}:{:02}.250+01:00", 1 + count / 360, count / 6 % 60, count % 6 * 10),
            _ => format!("2026-02-01T1{}:{:02}:{:02}Z", count / 360, count / 6 % 60, count % 6 * 10),
        }
    }

    /// Puts a bird into a cage, and gives it as it was meant.
    fn add(&self, rows: &mut Rows, cage: &str, body: Row) -> Result<Row, u16> {
        if self.is_taken(rows, &body) {
            return Err(409);
        }
        rows.count += 1;
        let count = rows.count;
        let mut row = json!({"tame": false}).as_object().cloned().unwrap_or_default();
        let sent = |name: &str, fault: &str| body.get(name).filter(|_| self.has(fault)).cloned();
        let id = if self.has("ids are few") { format!("bd-{}", 10 + count % 2) } else { format!("bd-{count}") };
        let (id, now) = (sent("id", "an id is taken").unwrap_or(json!(id)), self.now(count));
        let mood = sent("mood", "a mood is taken").unwrap_or(json!("new"));
        let created = match self.fault {
            "birds are dated back" => format!("2026-01-{:02}T10:00:00Z", 30 - count % 20),
            _ => now.clone(),
        };
        let created = sent("created_at", "a creation time is taken").unwrap_or(json!(created));
        let updated = match self.fault {
            "birds change before they come" => json!("2026-01-15T10:00:00Z"),
            "another clock writes changes" => json!(self.now(count - 1).replace('Z', ".700Z")),
            "no change has no time" => Value::Null,
            _ => created.clone(),
        };
        row.extend(body.into_iter().filter(|(name, _)| !rows::SET.contains(&name.as_str())));
        for (name, value) in [("id", id), ("cage_id", json!(cage)), ("mood", mood), ("created_at", created), ("updated_at", updated)] {
            row.insert(name.to_owned(), value);
        }
        if self.has("another clock writes changes") {
            row.insert("created_at".to_owned(), json!(now.replace('Z', ".100Z")));
            row.insert("updated_at".to_owned(), json!(now));
        }
        let meant = row.clone();
        rows::store(self, &mut row);
        rows.birds.push(row);
        Ok(meant)
    }

    /// Whether the name of a bird is there already, where that matters.
    fn is_taken(&self, rows: &Rows, body: &Row) -> bool {
        self.has("names are there once") && rows.birds.iter().any(|bird| bird["name"] == body["name"])
    }

    fn flock(&self, rows: &mut Rows, cage: &str, request: &Request) -> Result<Answer, u16> {
        let body = rows::json(request)?;
        let sent = body["birds"].as_array().filter(|birds| !birds.is_empty()).ok_or(400_u16)?;
        let checked: Vec<Result<Row, u16>> = sent.iter().map(|bird| rows::checked(self, bird, true)).collect();
        let is_in_parts = self.has("flocks come in parts, the last first");
        if let Some(Err(status)) = checked.iter().find(|one| one.is_err()).filter(|_| !is_in_parts || checked.iter().all(Result::is_err)) {
            return Err(*status);
        }
        let is_whole = checked.iter().all(Result::is_ok);
        if checked.iter().flatten().any(|bird| self.is_taken(rows, bird)) {
            return Err(409);
        }
        let mut shown = Vec::new();
        for bird in checked.into_iter().flatten() {
            shown.push(rows::shown(self, &self.add(rows, cage, bird)?));
        }
        match self.fault {
            "flocks turn around" => shown.reverse(),
            "flocks come in parts, the last first" if !is_whole => shown.reverse(),
            "the last of a flock is not told" if shown.len() > 1 => _ = shown.pop(),
            _ => {}
        }
        Ok((201, json!({"birds": shown})))
    }

    /// Reads, changes, replaces or deletes a bird.
    fn bird(&self, rows: &mut Rows, cage: &str, id: &str, request: &Request) -> Result<Answer, u16> {
        let method = request.method.as_str();
        let missing = if self.has("what is gone was there") { 410 } else { 404 };
        let is_open = match method {
            "GET" => self.has("any cage shows any bird"),
            "PATCH" => self.has("any cage changes any bird"),
            "PUT" => self.has("any cage replaces any bird"),
            _ => self.has("any cage frees any bird"),
        };
        let is_it = |bird: &Row| bird["id"] == id && (bird["cage_id"] == cage || is_open);
        let Some(at) = rows.birds.iter().position(is_it) else {
            let dead = rows.dead.iter().find(|bird| is_it(bird));
            return match (method, dead) {
                ("PATCH", Some(bird)) if self.has("the dead can change") => Ok((200, rows::shown(self, bird))),
                ("PUT", Some(bird)) if self.has("the dead can be replaced") => Ok((200, rows::shown(self, bird))),
                ("DELETE", Some(_)) if self.has("the dead can die") => Ok((204, Value::Null)),
                ("DELETE", _) if self.has("deleting nothing succeeds") => Ok((204, Value::Null)),
                _ => Err(missing),
            };
        };
        match method {
            "GET" => return Ok((200, rows::shown(self, &rows.birds[at]))),
            "DELETE" => {
                if self.has("a neighbour goes along") && at > 2 {
                    rows.birds.remove(at - 1);
                    rows.birds.remove(at - 1);
                } else {
                    let dead = rows.birds.remove(at);
                    rows.dead.push(dead);
                }
                return Ok((204, Value::Null));
            }
            _ => {}
        }
        let body = rows::body(self, request, method == "PUT")?;
        if self.has("names are there once") && rows.birds.iter().any(|bird| bird["id"] != id && Some(&bird["name"]) == body.get("name")) {
            return Err(409);
        }
        rows.count += 1;
        let now = self.now(rows.count);
        let bird = &mut rows.birds[at];
        if method == "PUT" {
            rows::replace(self, bird, body);
        } else {
            rows::change(self, bird, body);
        }
        match self.fault {
            "a change is a creation" => _ = bird.insert("created_at".to_owned(), json!(now)),
            "a change turns back the clock" => _ = bird.insert("updated_at".to_owned(), json!("2020-01-01T00:00:00Z")),
            _ => {}
        }
        if !self.has("a change turns back the clock") {
            bird.insert("updated_at".to_owned(), json!(now));
        }
        Ok((200, rows::shown(self, bird)))
    }

    /// Those that were deleted and are listed all the same.
    pub(crate) fn listed<'r>(&self, rows: &'r Rows) -> Vec<&'r Row> {
        let dead = rows.dead.iter().filter(|_| self.has("the list of all has the dead"));
        rows.birds.iter().chain(dead).collect()
    }
}
