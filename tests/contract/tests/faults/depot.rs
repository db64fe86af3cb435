//! A correct server of `depot.yaml`, written by hand and knowing nothing of `specs`, with its faults: what several ways
//! to make an item, things that no answer shows, and deletions ask of the cases.

use async_trait::async_trait;
use contract::{Request, Response, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::{Map, Value, json};

use crate::planted::{Fault, MOST, fault};

pub(crate) const FAULTS: &[Fault] = &[
    fault("a signature is no proof", &["take_parcel::accepts_each_query_proof"], &[]),
    fault("nothing ever breaks", &["drop_fob::accepts_each_query_reason"], &[]),
    fault("left labels are cut", &["leave_parcel::stores_label"], &[]),
    fault("sent labels are cut", &["send_parcel::stores_label"], &[]),
    fault("marks are lost", &["send_parcel::stores_marks"], &[]),
    fault("customs are shouted", &["send_parcel::stores_customs"], &[]),
    fault("customs are not told", &["send_parcel::stores_customs"], &[]),
    fault(
        "sent parcels are not listed",
        &["send_parcel::created_then_listed"],
        &["send_parcel::stores_label", "send_parcel::stores_marks"],
    ),
    fault("left parcels are not listed", &["leave_parcel::created_then_listed"], &["leave_parcel::stores_*", "take_parcel::*", "list_*"]),
    fault("one locker is all lockers", &["list_parcels::filters_by_locker"], &[]),
    fault("lockers seem empty", &["list_parcels::filters_by_locker"], &[]),
    fault("an unknown locker is any locker", &["list_parcels::filters_by_locker"], &[]),
    fault("carriers are ignored", &["list_parcels::filters_by_carrier"], &[]),
    fault("the first mark counts", &["list_parcels::filters_by_mark"], &[]),
    fault("marks are ignored", &["list_parcels::filters_by_mark"], &[]),
    fault("a search is for a whole label", &["list_parcels::filters_by_search"], &[]),
    fault("a search minds the case", &["list_parcels::filters_by_search"], &[]),
    fault("a search finds everything", &["list_parcels::filters_by_search"], &[]),
];

const LOCKERS: [&str; 2] = ["lk-1", "lk-2"];

type Row = Map<String, Value>;
type Answer = (u16, Value);

/// The server, with its rows and its fault.
pub(crate) struct Depot {
    fault: &'static str,
    rows: Mutex<Rows>,
}

struct Rows {
    parcels: Vec<Row>,
    fobs: Vec<String>,
    count: u32,
}

#[async_trait]
impl Transport for Depot {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let mut headers = Vec::new();
        let (status, body) = self.answer(request).unwrap_or_else(|status| (status, Value::Null));
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
        ["lockers", _, "parcels"] => Some("POST"),
        ["parcels"] => Some("GET, POST"),
        ["fobs"] => Some("GET"),
        ["parcels" | "fobs", _] => Some("DELETE"),
        _ => None,
    }
}

fn query(request: &Request, name: &str) -> Option<String> {
    let field = request.query.iter().find(|field| field.name == name)?;
    Some(percent_encoding::percent_decode_str(&field.value).decode_utf8_lossy().into_owned())
}

/// The body, when it is an object of known types.
fn body(request: &Request) -> Result<Row, u16> {
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
        "label" | "customs" => value.is_string(),
        "marks" => value.as_array().is_some_and(|marks| marks.iter().all(Value::is_string)),
        "to" => value["locker_id"].is_string(),
        _ => true,
    };
    if row.contains_key("label") && row.iter().all(is_right) { Ok(row) } else { Err(400) }
}

impl Depot {
    pub(crate) fn new(fault: &'static str) -> Self {
        let parcels = [
            json!({"id": "pc-01", "locker_id": "lk-1", "label": "Two green lamps", "marks": ["fragile", "tall"]}),
            json!({"id": "pc-02", "locker_id": "lk-2", "label": "A box of nails", "marks": ["heavy"]}),
        ];
        let parcels = parcels.into_iter().filter_map(|row| row.as_object().cloned()).collect();
        let fobs = ["fb-1", "fb-2", "fb-3"].map(str::to_owned).into();
        Self { fault, rows: Mutex::new(Rows { parcels, fobs, count: 2 }) }
    }

    fn has(&self, fault: &str) -> bool {
        self.fault == fault
    }

    fn answer(&self, request: &Request) -> Result<Answer, u16> {
        let mut rows = self.rows.lock();
        let allowed = allowed(request).ok_or(404_u16)?;
        if !allowed.split(", ").any(|method| method == request.method.as_str()) {
            return Err(405);
        }
        match (request.method.as_str(), &path(request)[..]) {
            ("POST", ["lockers", locker, _]) => {
                let mut parcel = self.add(&mut rows, &body(request)?, locker, "left")?;
                parcel.retain(|name, _| name == "id" || name == "label");
                Ok((201, Value::Object(parcel)))
            }
            ("POST", _) => self.send_parcel(&mut rows, body(request)?),
            ("GET", ["parcels"]) => Ok((200, self.list(&rows, request))),
            ("GET", _) => Ok((200, rows.fobs.iter().map(|id| json!({"id": id})).collect())),
            (_, ["parcels", id]) => {
                self.is_listed(request, "proof", ["photo", "signature"], "a signature is no proof")?;
                let at = rows.parcels.iter().position(|parcel| parcel["id"] == *id).ok_or(404_u16)?;
                rows.parcels.remove(at);
                Ok((204, Value::Null))
            }
            (_, [.., id]) => {
                self.is_listed(request, "reason", ["lost", "broken"], "nothing ever breaks")?;
                let at = rows.fobs.iter().position(|fob| fob == id).ok_or(404_u16)?;
                rows.fobs.remove(at);
                Ok((204, Value::Null))
            }
            _ => Err(404),
        }
    }

    /// Whether a parameter has one of two values, the second of which a fault refuses.
    fn is_listed(&self, request: &Request, name: &str, values: [&str; 2], refuses: &str) -> Result<(), u16> {
        match query(request, name) {
            Some(value) if !values.contains(&value.as_str()) || value == values[1] && self.has(refuses) => Err(400),
            _ => Ok(()),
        }
    }

    fn send_parcel(&self, rows: &mut Rows, mut body: Row) -> Result<Answer, u16> {
        let to = body.remove("to").ok_or(400_u16)?;
        let customs = body.remove("customs").filter(|_| !self.has("customs are not told"));
        let mut sent = self.add(rows, &body, to["locker_id"].as_str().unwrap_or_default(), "sent")?;
        sent.retain(|name, _| name == "id" || name == "label");
        if let Some(customs) = customs {
            let text = customs.as_str().unwrap_or_default();
            let told = if self.has("customs are shouted") { text.to_uppercase() } else { text.to_owned() };
            sent.insert("customs".to_owned(), json!(told));
        }
        Ok((201, json!({"sent": sent})))
    }

    /// Puts a parcel into a locker, and gives it as it was meant.
    fn add(&self, rows: &mut Rows, body: &Row, locker: &str, way: &str) -> Result<Row, u16> {
        if !LOCKERS.contains(&locker) {
            return Err(404);
        }
        rows.count += 1;
        let marks = body.get("marks").filter(|_| way == "sent" && !self.has("marks are lost")).cloned();
        let meant = json!({
            "id": format!("pc-{:02}", rows.count), "locker_id": locker, "label": body["label"], "marks": marks.unwrap_or(json!([])),
        });
        let meant = meant.as_object().cloned().unwrap_or_default();
        let mut kept = meant.clone();
        if self.fault == format!("{way} labels are cut") {
            let cut: String = body["label"].as_str().unwrap_or_default().chars().take(1_000).collect();
            kept.insert("label".to_owned(), json!(cut));
        }
        kept.insert("is_hidden".to_owned(), json!(self.fault == format!("{way} parcels are not listed")));
        rows.parcels.push(kept);
        Ok(meant)
    }

    fn list(&self, rows: &Rows, request: &Request) -> Value {
        let is_carried = query(request, "carrier").is_none_or(|carrier| carrier == "mules") || self.has("carriers are ignored");
        let (locker, mark, search) = (query(request, "locker"), query(request, "mark"), query(request, "search"));
        let in_locker = |parcel: &Row, locker: &String| {
            parcel["locker_id"] == *locker && !self.has("lockers seem empty")
                || self.has("one locker is all lockers")
                || self.has("an unknown locker is any locker") && !LOCKERS.contains(&locker.as_str())
        };
        let marked = |parcel: &Row, mark: &String| {
            let marks = parcel["marks"].as_array().map(Vec::as_slice).unwrap_or_default();
            let looked_at = if self.has("the first mark counts") { &marks[..marks.len().min(1)] } else { marks };
            looked_at.iter().any(|known| known == mark) || self.has("marks are ignored")
        };
        let found = |parcel: &Row, search: &String| {
            let label = parcel["label"].as_str().unwrap_or_default();
            match self.fault {
                "a search finds everything" => true,
                "a search is for a whole label" => label.eq_ignore_ascii_case(search),
                "a search minds the case" => label.contains(search),
                _ => label.to_lowercase().contains(&search.to_lowercase()),
            }
        };
        let is_wanted = |parcel: &&Row| {
            is_carried
                && parcel.get("is_hidden") != Some(&json!(true))
                && locker.as_ref().is_none_or(|locker| in_locker(parcel, locker))
                && mark.as_ref().is_none_or(|mark| marked(parcel, mark))
                && search.as_ref().is_none_or(|search| found(parcel, search))
        };
        let shown = |parcel: &Row| json!({"id": parcel["id"], "label": parcel["label"], "marks": parcel["marks"], "carrier": "mules"});
        rows.parcels.iter().filter(is_wanted).map(shown).collect()
    }
}
