//! A correct server of `garden.yaml` on a socket, that remembers every request, and can be told to keep silent once it
//! has stored something.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use parking_lot::Mutex;
use serde_json::{Map, Value, json};

/// The gardens: nobody's own, and two that are somebody's.
const GARDENS: [&str; 3] = ["gd-own", "gd-ann", "gd-bea"];

/// The token that is good.
pub(crate) const TOKEN: &str = "tok-rose-1a2b3c4d";

/// What the server does beyond being correct.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Habit {
    #[default]
    None,
    /// The n-th request of this method is done, told to whoever waits, and never answered.
    HangsAfter(&'static str, usize),
    /// Any token will do.
    TakesAnyToken,
    /// Every n-th creation is done, and the connection closed without an answer.
    ClosesAfter(usize),
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) text: String,
}

struct State {
    rows: Vec<Map<String, Value>>,
    count: usize,
    seen: Vec<Seen>,
    habit: Habit,
    tell: mpsc::Sender<()>,
}

/// The server; it ends with the test.
pub(crate) struct Garden {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    hangs: mpsc::Receiver<()>,
}

impl Garden {
    pub(crate) fn start(habit: Habit) -> Self {
        let (tell, hangs) = mpsc::channel();
        let foreign = |number: usize, garden: &str| {
            let row = json!({"id": format!("pl-{number}"), "garden_id": garden, "name": format!("Zanzibar {number}"), "kind": "tree", "remark": "Zanzibar"});
            row.as_object().cloned().unwrap_or_default()
        };
        let rows = (0..7).map(|number| foreign(number, GARDENS[number % 3])).collect();
        let state = Arc::new(Mutex::new(State { rows, count: 100, seen: Vec::new(), habit, tell }));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("a listener has an address"));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                thread::spawn(move || serve(&state, stream));
            }
        });
        Self { url, state, hangs }
    }

    /// The rows as text, so that they can be compared byte for byte.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.state.lock().rows.iter().map(|row| Value::from(row.clone()).to_string()).collect()
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.state.lock().seen.clone()
    }

    /// Puts a row of somebody's into the garden for tests.
    pub(crate) fn plant(&self, name: &str) {
        let row = json!({"id": "pl-foreign", "garden_id": "gd-own", "name": name});
        self.state.lock().rows.extend(row.as_object().cloned());
    }

    /// Waits until a request hangs; from then on the server is well-behaved.
    pub(crate) fn wait_until_it_hangs(&self) -> bool {
        let hangs = self.hangs.recv_timeout(Duration::from_mins(1)).is_ok();
        self.state.lock().habit = Habit::None;
        hangs
    }
}

fn serve(state: &Mutex<State>, stream: TcpStream) {
    let Ok(mut out) = stream.try_clone() else { return };
    let mut reader = BufReader::new(stream);
    while let Some((seen, authorization, media, body)) = read(&mut reader) {
        let mut state = state.lock();
        state.seen.push(seen.clone());
        let (status, answer, allow) = state.answer(&seen, &authorization, &media, body.as_deref());
        let of_method = state.seen.iter().filter(|one| one.method == seen.method).count();
        match state.habit {
            Habit::HangsAfter(method, number) if seen.method == method && of_method == number => {
                _ = state.tell.send(());
                drop(state);
                thread::park();
            }
            Habit::ClosesAfter(number) if status == 201 && of_method % number == 0 => return,
            _ => {}
        }
        let text = if answer.is_null() { String::new() } else { answer.to_string() };
        let media = if text.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let allow = allow.map(|allow| format!("Allow: {allow}\r\n")).unwrap_or_default();
        let head = format!("HTTP/1.1 {status} -\r\n{media}{allow}Content-Length: {}\r\n\r\n", text.len());
        if out.write_all(format!("{head}{text}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(Seen, String, String, Option<Vec<u8>>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let (mut length, mut authorization, mut media) = (None, String::new(), String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        else {
            break;
        };
        match name.as_str() {
            "content-length" => length = value.parse::<usize>().ok(),
            "authorization" => authorization = value,
            "content-type" => media = value,
            _ => {}
        }
    }
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let text = String::from_utf8_lossy(&body).into_owned();
    Some((Seen { method, target, text }, authorization, media, length.map(|_| body)))
}

type Answer = (u16, Value, Option<&'static str>);

fn refuse(status: u16) -> Answer {
    (status, json!({"error": status.to_string()}), None)
}

impl State {
    fn answer(&mut self, seen: &Seen, authorization: &str, media: &str, body: Option<&[u8]>) -> Answer {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let allow = match path[..] {
            ["gardens", _, "plants"] => "GET, POST",
            ["plants", _] => "GET, PATCH, DELETE",
            _ => return refuse(404),
        };
        if !allow.split(", ").any(|method| method == seen.method) {
            return (405, json!({"error": "method"}), Some(allow));
        }
        let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
        if token != TOKEN && (self.habit != Habit::TakesAnyToken || token.is_empty()) {
            return refuse(401);
        }
        let fields = if seen.method == "GET" || seen.method == "DELETE" { Ok(Map::new()) } else { fields(media, body) };
        let answer = fields.and_then(|fields| match path[..] {
            ["gardens", garden, _] if !GARDENS.contains(&garden) => Err(404),
            ["gardens", garden, _] if seen.method == "GET" => self.list(garden, query),
            ["gardens", garden, _] => self.create(garden, fields),
            [_, id] => self.item(&seen.method, id, fields),
            _ => Err(404),
        });
        answer.map_or_else(refuse, |(status, value)| (status, value, None))
    }

    fn list(&self, garden: &str, query: &str) -> Result<(u16, Value), u16> {
        let (mut offset, mut limit, mut kind) = (0, 20, None);
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let number = || value.parse::<usize>().map_err(|_| 400_u16);
            match name {
                "offset" => offset = number()?,
                "limit" => limit = Some(number()?).filter(|limit| (1..=50).contains(limit)).ok_or(400_u16)?,
                "kind" => kind = Some(value).filter(|kind| ["tree", "shrub", "herb"].contains(kind)).ok_or(400_u16).map(Some)?,
                _ => {}
            }
        }
        let is_wanted =
            |row: &&Map<String, Value>| row["garden_id"] == garden && kind.is_none_or(|kind| row.get("kind") == Some(&json!(kind)));
        let all: Vec<_> = self.rows.iter().filter(is_wanted).collect();
        let page: Vec<_> = all.iter().skip(offset).take(limit).collect();
        Ok((200, json!({"plants": page, "total": all.len()})))
    }

    fn create(&mut self, garden: &str, fields: Map<String, Value>) -> Result<(u16, Value), u16> {
        if !fields.contains_key("name") {
            return Err(400);
        }
        self.count += 1;
        let mut row = Map::from_iter([("id".to_owned(), json!(format!("pl-{}", self.count))), ("garden_id".to_owned(), json!(garden))]);
        row.extend(fields);
        self.rows.push(row.clone());
        Ok((201, row.into()))
    }

    fn item(&mut self, method: &str, id: &str, fields: Map<String, Value>) -> Result<(u16, Value), u16> {
        let at = self.rows.iter().position(|row| row["id"] == id).ok_or(404_u16)?;
        match method {
            "DELETE" => {
                self.rows.remove(at);
                return Ok((204, Value::Null));
            }
            "PATCH" => self.rows[at].extend(fields),
            _ => {}
        }
        Ok((200, self.rows[at].clone().into()))
    }
}

/// The properties of a body, when all of them are valid.
fn fields(media: &str, body: Option<&[u8]>) -> Result<Map<String, Value>, u16> {
    let body = body.ok_or(400_u16)?;
    if media.split(';').next() != Some("application/json") {
        return Err(415);
    }
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else { return Err(400) };
    let is_valid = |(name, value): (&String, &Value)| match name.as_str() {
        "name" => value.as_str().is_some_and(|text| (1..=60).contains(&text.chars().count())),
        "kind" => value.as_str().is_some_and(|kind| ["tree", "shrub", "herb"].contains(&kind)),
        "remark" => value.is_null() || value.is_string(),
        _ => false,
    };
    if fields.iter().all(is_valid) { Ok(fields) } else { Err(400) }
}
