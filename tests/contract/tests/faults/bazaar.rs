//! A correct server of `bazaar.yaml`, written by hand and knowing nothing of `specs`: correct in more than one way, with
//! the faults that only such a vendor can have.
//!
//! What it does otherwise than usual is called as the faults are, though it is no fault: the document leaves it open.

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use http::Method;
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::{
    planted::{Fault, fault},
    stall,
};

pub(crate) const FAULTS: &[Fault] = &[
    fault("tags come alone", &["list_stalls::accepts_query_tags"], &[]),
    fault("brackets mean nothing", &["list_stalls::accepts_query_near"], &[]),
    fault("a trace has one step", &["list_stalls::accepts_header_x_trace"], &[]),
    fault("there is no moon", &["list_stalls::accepts_each_cookie_theme"], &[]),
    fault("signs are booleans", &["list_stalls::accepts_each_query_sign"], &[]),
    fault("99 is the most", &["list_stalls::accepts_query_most_at_its_maximum"], &[]),
    fault("a layer is all", &["draw_map::accepts_the_documented_example"], &["draw_map::*"]),
    fault("calendars end in 2099", &["read_calendar::accepts_path_year_at_its_maximum"], &[]),
    fault("calendars begin in 1899", &["read_calendar::rejects_path_year_below_its_minimum"], &[]),
    fault("there is no autumn", &["read_calendar::accepts_each_path_season"], &[]),
    fault("stall 999 is one too many", &["visit_stall::accepts_path_number_at_its_maximum"], &["*::accepts_path_number_at_its_maximum"]),
    fault("the last ware is priced", &["visit_stall::succeeds_with_documented_properties_alone"], &["put_up_stall::created_then_*"]),
    fault("fruit weighs nothing", &["put_up_stall::rejects_missing_wares_weight"], &["rebuild_stall::rejects_missing_wares_weight"]),
    fault(
        "free is a price",
        &["put_up_stall::rejects_price_amount_below_its_minimum"],
        &["rebuild_stall::rejects_price_amount_below_its_minimum"],
    ),
    fault("nothing costs more than 100", &["list_stalls::accepts_query_price"], &[]),
    fault("a riddle tells where", &["draw_map::refuses_with_documented_properties_alone"], &[]),
    fault("the sky is not told", &["glance_up::succeeds_with_the_declared_headers"], &[]),
];

/// How it may be correct otherwise.
pub(crate) const WAYS: &[&str] = &[
    "all that is wrong is 422",
    "what is read and wrong is 422",
    "an odd type is an odd request",
    "an odd number is nobody's",
    "strangers are forbidden to come",
    "strangers are asked before all else",
    "an odd seal is an odd request",
    "an item has no other methods",
    "every path has HEAD and OPTIONS",
    "a query is read as what it looks like",
    "what is only read is refused",
    "much ends the connection",
];

type Row = Map<String, Value>;
/// Status and body.
pub(crate) type Answer = (u16, Value);

/// The server, with its rows and what is peculiar to it.
pub(crate) struct Bazaar {
    peculiar: &'static str,
    stalls: Mutex<Vec<Row>>,
}

#[async_trait]
impl Transport for Bazaar {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        if request.body.as_ref().is_some_and(|body| body.len() > 100_000) && self.is("much ends the connection") {
            return Err(Unreachable::new(request, "the connection was closed"));
        }
        let (status, body) = self.answer(request).unwrap_or_else(|refusal| refusal);
        let mut headers = Vec::new();
        if status == 405 {
            headers.push(("allow".to_owned(), self.allowed(request)));
        }
        if request.method == Method::HEAD {
            headers.push(("x-sky".to_owned(), "clear".to_owned()));
            headers.retain(|_| !self.is("the sky is not told"));
            return Ok(Response { status, headers, body: Vec::new() });
        }
        if !body.is_null() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        Ok(Response { status, headers, body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() } })
    }
}

pub(crate) fn no<T>(status: u16) -> Result<T, Answer> {
    Err((status, json!({"no": "no"})))
}

fn path(request: &Request) -> Vec<String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    request.path.trim_start_matches('/').split('/').map(decoded).collect()
}

fn methods(request: &Request) -> &'static str {
    match path(request).iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["stalls"] => "GET, POST",
        ["stalls", _] => "GET, PUT, DELETE",
        ["calendar", _, _] | ["maps", _] => "GET",
        ["weather"] => "GET, HEAD",
        ["bell"] => "POST",
        _ => "",
    }
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
}

impl Bazaar {
    pub(crate) fn new(peculiar: &'static str) -> Self {
        let stalls = [
            json!({"number": 1, "name": "Figs and dates", "sign": "on", "since": "2024-05-01T08:00:00Z", "wares": [{"kind": "fruit", "weight": 2}, {"kind": "tool", "handle": "reed"}]}),
            json!({"number": 2, "name": "Lamps", "sign": "off", "since": "2024-05-02T08:00:00Z", "wares": [{"kind": "tool", "handle": "brass"}]}),
        ];
        let mut stalls: Vec<Row> = stalls.into_iter().filter_map(|row| row.as_object().cloned()).collect();
        if peculiar == "nobody is there yet" {
            stalls.clear();
        }
        Self { peculiar, stalls: Mutex::new(stalls) }
    }

    pub(crate) fn is(&self, peculiar: &str) -> bool {
        self.peculiar == peculiar
    }

    fn allowed(&self, request: &Request) -> String {
        let more = if self.is("every path has HEAD and OPTIONS") { ", HEAD, OPTIONS" } else { "" };
        format!("{}{more}", methods(request))
    }

    fn answer(&self, request: &Request) -> Result<Answer, Answer> {
        let path = path(request);
        let known = methods(request);
        let is_there = known.split(", ").any(|method| method == request.method.as_str());
        if !is_there && header(request, "x-seal").is_none() && self.is("strangers are asked before all else") {
            return no(401);
        }
        if known.is_empty() {
            return no(404);
        }
        if !is_there {
            return no(if self.is("an item has no other methods") && path.len() == 2 { 404 } else { 405 });
        }
        match (request.method.as_str(), &path.iter().map(String::as_str).collect::<Vec<_>>()[..]) {
            ("GET", ["stalls"]) => {
                self.knows(request)?;
                self.list(request)
            }
            ("POST", ["stalls"]) => {
                self.knows(request)?;
                let stall = stall::read(self, self.body(request)?)?;
                Ok(self.put_up(stall))
            }
            (_, ["stalls", number]) => self.one(request, number),
            (_, ["calendar", year, season]) => self.calendar(year, season),
            (_, ["maps", layers]) => self.map(layers),
            (_, ["weather"]) => Ok((200, json!({"sky": "clear"}))),
            _ => {
                let times = self.body(request).is_ok_and(|body| body.get("times").is_some_and(Value::is_i64));
                no(if times { 402 } else { 400 })
            }
        }
    }

    fn knows(&self, request: &Request) -> Result<(), Answer> {
        match header(request, "x-seal") {
            None if self.is("strangers are forbidden to come") => no(403),
            Some("") if self.is("an odd seal is an odd request") => no(400),
            None | Some("") => no(401),
            Some(_) => Ok(()),
        }
    }

    /// The body as an object, or how it is refused.
    fn body(&self, request: &Request) -> Result<Value, Answer> {
        let media = header(request, "content-type");
        let is_json = media.is_some_and(|media| media.split(';').next() == Some("application/json"));
        let is_looked_at = media.is_none() && self.is("what has no type is looked at");
        if !is_json && !is_looked_at {
            return no(if self.is("an odd type is an odd request") { 400 } else { 415 });
        }
        let bytes = request.body.as_deref().unwrap_or_default();
        let wrong = if self.is("all that is wrong is 422") { 422 } else { 400 };
        serde_json::from_slice(bytes).or_else(|_| no(wrong))
    }

    /// How a value is refused that is read and not valid.
    pub(crate) fn invalid(&self) -> u16 {
        match self.peculiar {
            "all that is wrong is 422" | "what is read and wrong is 422" => 422,
            "what is read and wrong is a conflict" => 409,
            _ => 400,
        }
    }

    fn put_up(&self, mut stall: Row) -> Answer {
        let mut stalls = self.stalls.lock();
        let last = stalls.iter().filter_map(|row| row["number"].as_i64()).max().unwrap_or_default();
        stall.insert("number".to_owned(), json!(last + 1));
        stall.insert("since".to_owned(), json!("2025-06-01T08:00:00+03:00"));
        stalls.push(stall.clone());
        (201, Value::Object(stall))
    }

    fn one(&self, request: &Request, number: &str) -> Result<Answer, Answer> {
        let most = if self.is("stall 999 is one too many") { 998 } else { 999 };
        let Some(number) = number.parse::<i64>().ok().filter(|number| (1..=most).contains(number)) else {
            return no(if self.is("an odd number is nobody's") { 404 } else { 400 });
        };
        let at = self.stalls.lock().iter().position(|row| row["number"] == number);
        match (request.method.as_str(), at) {
            ("GET", Some(at)) => {
                let mut shown = self.stalls.lock()[at].clone();
                if self.is("the last ware is priced")
                    && let Some(ware) = shown.get_mut("wares").and_then(Value::as_array_mut).and_then(|wares| wares.last_mut())
                {
                    ware["price"] = json!(3);
                }
                Ok((200, Value::Object(shown)))
            }
            ("PUT", _) => {
                let mut stall = stall::read(self, self.body(request)?)?;
                stall.insert("number".to_owned(), json!(number));
                stall.insert("since".to_owned(), json!("2025-06-01T08:00:00+03:00"));
                let mut stalls = self.stalls.lock();
                stalls.retain(|row| row["number"] != number);
                stalls.push(stall.clone());
                stalls.sort_by_key(|row| row["number"].as_i64());
                Ok((201, Value::Object(stall)))
            }
            ("DELETE", Some(at)) => {
                self.stalls.lock().remove(at);
                Ok((204, Value::Null))
            }
            _ => no(404),
        }
    }

    fn calendar(&self, year: &str, season: &str) -> Result<Answer, Answer> {
        let first = if self.is("calendars begin in 1899") { 1899 } else { 1900 };
        let last = if self.is("calendars end in 2099") { 2099 } else { 2100 };
        let is_year = year.parse::<i64>().is_ok_and(|year| (first..=last).contains(&year));
        let is_season = season == "spring" || season == "autumn" && !self.is("there is no autumn");
        match (is_year && is_season, year) {
            (false, _) => no(400),
            // What is valid need not be there.
            (true, "1900" | "2100") => no(404),
            (true, _) => Ok((200, json!({"days": ["2024-03-20"]}))),
        }
    }

    /// `;layers=walls;layers=wells`.
    fn map(&self, layers: &str) -> Result<Answer, Answer> {
        let named: Option<Vec<&str>> = layers.split(';').skip(1).map(|layer| layer.strip_prefix("layers=")).collect();
        let is_one_too_many = self.is("a layer is all") && layers.matches(';').count() > 1;
        match named.filter(|named| !named.is_empty() && named.iter().all(|name| name.chars().count() > 1) && !is_one_too_many) {
            Some(named) => Ok((200, json!({"layers": named}))),
            None if self.is("a riddle tells where") => Err((400, json!({"no": "no", "at": 7}))),
            None => no(400),
        }
    }

    fn list(&self, request: &Request) -> Result<Answer, Answer> {
        let asked = stall::asked(self, request)?;
        let stalls = self.stalls.lock();
        let listed: Vec<Value> =
            stalls.iter().filter(|row| asked.as_ref().is_none_or(|sign| row["sign"] == **sign)).cloned().map(Value::Object).collect();
        Ok((200, listed.into()))
    }
}
