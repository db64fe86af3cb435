//! A correct server of `pantry.yaml`, written by hand and knowing nothing of `specs`, into which one fault at a time is
//! planted: each place that a fault changes asks for it by name.

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::{lists, planted::MOST, recipe};

/// The server, with its rows and its fault.
pub(crate) struct Pantry {
    pub(crate) fault: &'static str,
    rows: Mutex<Rows>,
}

#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) recipes: Vec<Map<String, Value>>,
    pub(crate) entries: Vec<Map<String, Value>>,
    count: u32,
    is_down: bool,
}

/// An answer: status and body.
pub(crate) type Answer = (u16, Value);

const COOKBOOKS: [&str; 2] = ["cb_1a2b", "cb_9z8y"];

#[async_trait]
impl Transport for Pantry {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        if self.ends_at(request) {
            let (method, path) = (request.method.clone(), request.path.clone());
            return Err(Unreachable { method, path, source: "the connection was closed".into() });
        }
        let mut headers = Vec::new();
        let (status, mut body) = self.answer(request, &mut headers);
        self.tell_more(request, status, &mut body);
        let is_refusal = status >= 400;
        let media = match (is_refusal, self.fault) {
            (false, "success is text/json") => "text/json",
            (true, "refusal is plain json") => "application/json",
            (false, _) => "application/json; charset=utf-8",
            (true, _) => "application/problem+json",
        };
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        if !bytes.is_empty() {
            headers.push(("content-type".to_owned(), media.to_owned()));
        }
        match self.fault {
            "no cost header" => {}
            "cost is a word" => headers.push(("x-cost".to_owned(), "cheap".to_owned())),
            _ => headers.push(("x-cost".to_owned(), "1".to_owned())),
        }
        Ok(Response { status, headers, body: bytes })
    }
}

fn path(request: &Request) -> Vec<&str> {
    request.path.trim_start_matches('/').split('/').collect()
}

fn holds(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|window| window == text.as_bytes())
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
}

fn authorization(request: &Request) -> Option<&str> {
    header(request, "authorization")
}

pub(crate) fn refuse(status: u16, message: &str) -> Answer {
    (status, json!({"code": status.to_string(), "message": message}))
}

impl Pantry {
    pub(crate) fn new(fault: &'static str) -> Self {
        let seed = [
            json!({"id": "rc_00000001", "cookbook_id": "cb_1a2b", "title": "Pea soup", "course": "starter"}),
            json!({"id": "rc_00000002", "cookbook_id": "cb_1a2b", "title": "Plum tart", "course": "dessert", "minutes": 90}),
        ];
        let with_dates = |mut row: Value| {
            row["created_at"] = json!("2026-01-01T10:00:00Z");
            row["updated_at"] = json!("2026-01-01T10:00:00Z");
            row.as_object().cloned().unwrap_or_default()
        };
        let rows = Rows { recipes: seed.into_iter().map(with_dates).collect(), entries: Vec::new(), count: 10, is_down: false };
        Self { fault, rows: Mutex::new(rows) }
    }

    pub(crate) fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    /// Faults of a server that does not bear a request, and says nothing.
    fn ends_at(&self, request: &Request) -> bool {
        let body = request.body.as_deref().unwrap_or_default();
        match self.fault {
            "nesting ends the connection" => body.starts_with(&[b'['; 1_000]),
            "a NUL ends the connection" => holds(body, r"\u0000"),
            "half a character ends the connection" => holds(body, r#"\ud83c""#),
            "much ends the server" => {
                let mut rows = self.rows.lock();
                rows.is_down |= body.len() > MOST;
                rows.is_down
            }
            _ => false,
        }
    }

    /// Faults of a server that does not bear a request, and says so.
    fn breaks_at(&self, request: &Request) -> bool {
        let body = request.body.as_deref().unwrap_or_default();
        match self.fault {
            "nesting is an error" => body.starts_with(&[b'['; 1_000]),
            "a NUL in a path is an error" => request.path.contains("%00"),
            "a NUL in a query is an error" => request.query.iter().any(|field| field.value.contains("%00")),
            "the rest of a character is an error" => holds(body, r#""\udf32"#),
            "much is an error" => body.len() > MOST,
            _ => false,
        }
    }

    /// Faults of an answer that tells more than the document.
    fn tell_more(&self, request: &Request, status: u16, body: &mut Value) {
        match (self.fault, &path(request)[..]) {
            ("answers tell how long they took", ["recipes", _]) if status == 200 => body["took"] = json!(3),
            ("recipes have a rank", ["cookbooks", ..]) if status == 200 => {
                if let Some(first) = body.pointer_mut("/recipes/0") {
                    first["rank"] = json!(1);
                }
            }
            _ => {}
        }
    }

    fn answer(&self, request: &Request, headers: &mut Vec<(String, String)>) -> Answer {
        let path = path(request);
        if self.breaks_at(request) {
            return refuse(500, "oh");
        }
        let mut rows = self.rows.lock();
        let allowed = match path[..] {
            ["cookbooks", _, "recipes"] => "GET, POST",
            ["recipes", _, "entries"] | ["suggestions"] => "GET",
            ["recipes", _] => "GET, PATCH, DELETE",
            ["entries"] => "POST",
            _ if self.has("any path is one") => return (200, json!([])),
            _ => return refuse(404, "no such path"),
        };
        let method = match request.method.as_str() {
            "PUT" if self.has("PUT is PATCH") && allowed.contains("PATCH") => "PATCH",
            other => other,
        };
        if !allowed.split(", ").any(|known| known == method) {
            match self.fault {
                "no Allow" => {}
                "Allow lacks DELETE" => headers.push(("allow".to_owned(), allowed.replace(", DELETE", ""))),
                _ => headers.push(("allow".to_owned(), allowed.to_owned())),
            }
            return refuse(405, "no such method");
        }
        if path[..] != ["suggestions"] && !self.is_known(request) {
            return refuse(401, "who are you");
        }
        let is_guest = authorization(request) == Some("Bearer tok_guest") && !self.has("guests may write");
        if is_guest && method == "POST" && path[0] == "cookbooks" {
            return refuse(403, "guests only read");
        }
        match (method, &path[..]) {
            ("GET", ["cookbooks", cookbook, "recipes"]) => lists::recipes(self, &rows, cookbook, request),
            ("POST", ["cookbooks", cookbook, "recipes"]) => self.create(&mut rows, cookbook, request),
            (_, ["recipes", id]) => self.item(&mut rows, method, id, request),
            ("GET", ["recipes", id, "entries"]) => lists::entries(self, &rows, id),
            ("POST", ["entries"]) => self.create_entries(&mut rows, request),
            _ => lists::suggestions(self, request),
        }
    }

    fn is_known(&self, request: &Request) -> bool {
        let Some(authorization) = authorization(request) else {
            return match header(request, "x-kitchen-key") {
                None => self.has("credentials are optional"),
                Some("") => self.has("an empty key counts"),
                Some(key) => (key != "key_rust" || self.has("a revoked key counts")) && !self.has("keys do not count"),
            };
        };
        match authorization.split_once(' ') {
            Some(("Bearer", token)) => match token {
                "tok_mould" => self.has("a revoked token counts"),
                "tok_stale" => self.has("an expired token counts"),
                other => !other.is_empty(),
            },
            Some(_) => self.has("any scheme counts"),
            None => authorization == "Bearer" && self.has("a bare scheme counts"),
        }
    }

    /// The body as JSON, of the right media type.
    fn body(&self, request: &Request) -> Result<Value, Answer> {
        let Some(bytes) = &request.body else {
            return if self.has("no body is an empty one") { Ok(json!({})) } else { Err(refuse(400, "no body")) };
        };
        let is_one = match header(request, "content-type") {
            None => self.has("no media type is JSON"),
            Some(media) if media.contains(';') && self.has("a charset confuses") => false,
            Some(media) => media.split(';').next() == Some("application/json") || self.has("any media type counts"),
        };
        if !is_one {
            return Err(refuse(415, "not JSON"));
        }
        if bytes.len() > MOST {
            return Err(refuse(413, "too much"));
        }
        if bytes.is_empty() && self.has("no bytes are an empty body") {
            return Ok(json!({}));
        }
        if std::str::from_utf8(bytes).is_err() && !self.has("broken letters are read") {
            return Err(refuse(400, "not UTF-8"));
        }
        let text = String::from_utf8_lossy(bytes);
        let text = if self.has("commas may trail") { text.replace(",}", "}") } else { text.into_owned() };
        serde_json::from_str(&text).map_err(|error| refuse(400, &error.to_string()))
    }

    /// Whether this recipe exists.
    fn find(rows: &Rows, id: &str) -> Option<usize> {
        rows.recipes.iter().position(|row| row["id"] == id)
    }

    pub(crate) fn is_cookbook(&self, id: &str) -> Result<(), Answer> {
        let is_well_formed =
            id.len() == 7 && id.starts_with("cb_") && id[3..].bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        let is_there = COOKBOOKS.contains(&id) && !(id == COOKBOOKS[0] && self.has("the first cookbook is not there"));
        match (is_well_formed, is_there) {
            (false, _) => Err(refuse(400, "no cookbook has such an id")),
            (true, false) => Err(refuse(404, "no such cookbook")),
            (true, true) => Ok(()),
        }
    }

    fn create(&self, rows: &mut Rows, cookbook: &str, request: &Request) -> Answer {
        match self.is_cookbook(cookbook) {
            Err(refusal) if refusal.0 != 404 || !self.has("any cookbook takes recipes") => return refusal,
            _ => {}
        }
        let body = self.body(request).and_then(|body| recipe::check(self, body, recipe::Required::All));
        let mut row = match body {
            Ok(body) => body,
            Err(refusal) => {
                if self.has("refused recipes are kept") {
                    let copy = rows.recipes[0].clone();
                    rows.recipes.push(copy);
                }
                return if self.has("a wrong body is 422") && refusal.0 == 400 { refuse(422, "wrong") } else { refusal };
            }
        };
        rows.count += 1;
        let id = format!("rc_{:08}", rows.count);
        row.insert("id".to_owned(), json!(id));
        row.insert("cookbook_id".to_owned(), json!(cookbook));
        let now = format!("2026-02-01T10:{:02}:{:02}Z", rows.count / 60 % 60, rows.count % 60);
        row.insert("created_at".to_owned(), json!(now));
        row.insert("updated_at".to_owned(), json!(now));
        let shown = json!({"recipe": row});
        recipe::store(self, &mut row);
        if self.has("a new recipe is lost") {
            return (201, shown);
        }
        if self.has("a new recipe takes the place of an old one") && rows.recipes.len() > 1 {
            rows.recipes.remove(1);
        }
        rows.recipes.push(row);
        (if self.has("created is 200") { 200 } else { 201 }, shown)
    }

    fn item(&self, rows: &mut Rows, method: &str, id: &str, request: &Request) -> Answer {
        let is_well_formed =
            id.len() == 11 && id.starts_with("rc_") && id[3..].bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if !is_well_formed {
            return refuse(400, "no recipe has such an id");
        }
        let found = Self::find(rows, id)
            .filter(|at| !rows.recipes[*at].contains_key("deleted") || method == "GET" && self.has("deleted recipes can be read"));
        let Some(at) = found else {
            return match (method, self.fault) {
                ("DELETE", "deleting nothing succeeds") => (204, Value::Null),
                ("PATCH", "changing nothing succeeds") | ("GET", "reading nothing gives the first") => {
                    (200, json!({"recipe": rows.recipes[0]}))
                }
                _ => refuse(404, "no such recipe"),
            };
        };
        match method {
            "GET" => (200, json!({"recipe": recipe::read(self, &rows.recipes[at])})),
            "PATCH" => self.update(rows, at, request),
            _ => self.delete(rows, at),
        }
    }

    fn update(&self, rows: &mut Rows, at: usize, request: &Request) -> Answer {
        let body = match self.body(request).and_then(|body| recipe::check(self, body, recipe::Required::None)) {
            Ok(body) => body,
            Err(refusal) => {
                if self.has("refused changes age") {
                    rows.recipes[at].insert("created_at".to_owned(), json!("2020-01-01T00:00:00Z"));
                }
                return refusal;
            }
        };
        let row = &mut rows.recipes[at];
        let mut changed = row.clone();
        recipe::change(self, &mut changed, body);
        changed.insert("updated_at".to_owned(), json!("2026-03-01T10:00:00Z"));
        if !self.has("changes are only shown") {
            row.clone_from(&changed);
        }
        let shown = if self.has("changes are not shown") { Value::Object(row.clone()) } else { Value::Object(changed) };
        (200, json!({"recipe": shown}))
    }

    fn delete(&self, rows: &mut Rows, at: usize) -> Answer {
        let row = rows.recipes[at].clone();
        match self.fault {
            "deleted recipes are kept" => {}
            "deleted recipes can be read" | "deleted recipes are listed" => _ = rows.recipes[at].insert("deleted".to_owned(), json!(true)),
            "namesakes are deleted too" => rows.recipes.retain(|other| other["title"] != row["title"]),
            _ => _ = rows.recipes.remove(at),
        }
        (204, Value::Null)
    }

    fn create_entries(&self, rows: &mut Rows, request: &Request) -> Answer {
        let body = match self.body(request) {
            Ok(body) => body,
            Err(refusal) => return refusal,
        };
        let ids: Option<Vec<&str>> = body["recipe_ids"].as_array().and_then(|ids| ids.iter().map(Value::as_str).collect());
        let (Some(ids), Some(text)) = (ids.filter(|ids| !ids.is_empty()), body["text"].as_str().filter(|text| !text.is_empty())) else {
            return refuse(400, "an entry is a text for recipes");
        };
        let mut results = Vec::new();
        for id in ids {
            let is_known = Self::find(rows, id).is_some() || self.has("entries of unknown recipes take another");
            if is_known {
                rows.count += 1;
                let owner = Self::find(rows, id).map_or("rc_00000002", |_| id);
                let entry = json!({"entry_id": rows.count, "recipe_id": owner, "text": text});
                rows.entries.push(entry.as_object().cloned().unwrap_or_default());
            }
            results.push(json!({"recipe_id": id, "ok": is_known}));
        }
        match self.fault {
            "results are in reverse" => results.reverse(),
            "results leave out failures" => results.retain(|result| result["ok"] == true),
            _ => {}
        }
        (201, json!({"results": results}))
    }
}
