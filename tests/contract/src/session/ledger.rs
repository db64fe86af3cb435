//! The ledger: what a run made, written to a file before and after each request that makes something.
//!
//! A line for each event, appended and never changed, so that a run that is cut off at any point leaves a file that says
//! what may be there: a line that was not finished is the last one, and an intention that no later line speaks of is a
//! request whose answer nobody saw. On somebody's account an intention is on the disk before its request is sent.
//! A database was rejected: a person can read the file, and nothing is needed to do so.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The form of the file.
const FORM: u32 = 1;

/// What a ledger is about.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Opening {
    /// The form of the file.
    pub ledger: u32,
    /// The file of the document.
    pub document: String,
    /// The base URL of the server.
    pub url: String,
    /// What marks the texts of the run.
    pub run: String,
}

impl Opening {
    /// The opening of a ledger of this form.
    #[must_use]
    pub fn new(document: &str, url: &str, run: &str) -> Self {
        Self { ledger: FORM, document: document.to_owned(), url: url.to_owned(), run: run.to_owned() }
    }
}

/// What is made by one request.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Intention {
    /// Counted from 0 in this ledger.
    pub(crate) number: usize,
    pub(crate) case: String,
    pub(crate) operation: String,
    pub(crate) resource: String,
    /// The keys of the parents, by property.
    pub(crate) parents: Vec<(String, Value)>,
    /// The body.
    pub(crate) sent: Value,
    /// The texts that hold the run's mark, by JSON pointer into the body.
    pub(crate) marked: Vec<(String, String)>,
    /// The key, where the request chooses it.
    pub(crate) key: Option<Value>,
    /// The keys that were there before, where nothing that was sent can hold a mark.
    pub(crate) before: Option<Vec<Value>>,
}

/// What came of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Fate {
    /// Nobody knows.
    Open,
    /// These are there. An empty list: something is, and its keys are not known.
    Made(Vec<Value>),
    /// The server said that it made nothing, by this status.
    Refused(u16),
    /// It is gone again.
    Removed,
}

/// An intention with its fate.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) intention: Intention,
    pub(crate) fate: Fate,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Intends(Box<Intention>),
    Fate(usize, Fate),
}

/// The entries of a run, and the file that keeps them.
#[derive(Debug)]
pub(crate) struct Ledger {
    file: Option<File>,
    durable: bool,
    pub(crate) entries: Vec<Entry>,
}

impl Ledger {
    /// A ledger that is forgotten with the process: for rehearsals.
    pub(crate) fn in_memory() -> Self {
        Self { file: None, durable: false, entries: Vec::new() }
    }

    /// A new ledger; `durable` ones survive a power cut.
    pub(crate) fn create(path: &Path, opening: &Opening, durable: bool) -> io::Result<Self> {
        let mut ledger = Self { file: Some(File::create(path)?), durable, entries: Vec::new() };
        ledger.write(&serde_json::to_string(opening)?)?;
        Ok(ledger)
    }

    /// Reads a ledger and goes on writing to it.
    pub(crate) fn open(path: &Path) -> Result<(Opening, Self), Unreadable> {
        let unreadable = |line: usize, why: String| Unreadable { path: path.to_owned(), line, why };
        let text = std::fs::read_to_string(path).map_err(|error| unreadable(0, error.to_string()))?;
        let mut lines = text.lines().enumerate();
        let first = lines.next().map(|(_, line)| line).unwrap_or_default();
        let opening: Opening =
            serde_json::from_str(first).map_err(|error| unreadable(1, format!("no ledger begins like this: {error}")))?;
        if opening.ledger != FORM {
            return Err(unreadable(1, format!("it is of form {}, and this program knows form {FORM}", opening.ledger)));
        }
        let mut entries: Vec<Entry> = Vec::new();
        let whole = text.ends_with('\n');
        let last = text.lines().count();
        for (at, line) in lines {
            match serde_json::from_str(line) {
                Ok(Line::Intends(intention)) => entries.push(Entry { intention: *intention, fate: Fate::Open }),
                Ok(Line::Fate(number, fate)) => {
                    let entry = entries.iter_mut().find(|entry| entry.intention.number == number);
                    entry.ok_or_else(|| unreadable(at + 1, format!("nothing is known of {number}")))?.fate = fate;
                }
                // The process ended while it wrote: its request was not sent yet.
                Err(_) if at + 1 == last && !whole => {}
                Err(error) => return Err(unreadable(at + 1, error.to_string())),
            }
        }
        let mut file = OpenOptions::new().append(true).open(path).map_err(|error| unreadable(0, error.to_string()))?;
        if !whole {
            file.write_all(b"\n").map_err(|error| unreadable(last, error.to_string()))?;
        }
        Ok((opening, Self { file: Some(file), durable: true, entries }))
    }

    /// Notes what a request is about to make.
    pub(crate) fn intend(&mut self, intention: Intention) -> io::Result<usize> {
        let number = intention.number;
        self.write(&serde_json::to_string(&Line::Intends(Box::new(intention.clone())))?)?;
        if let Some(file) = self.file.as_ref().filter(|_| self.durable) {
            file.sync_data()?;
        }
        self.entries.push(Entry { intention, fate: Fate::Open });
        Ok(number)
    }

    /// Notes what came of it.
    pub(crate) fn tell(&mut self, number: usize, fate: Fate) -> io::Result<()> {
        self.write(&serde_json::to_string(&Line::Fate(number, fate.clone()))?)?;
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.intention.number == number) {
            entry.fate = fate;
        }
        Ok(())
    }

    fn write(&mut self, line: &str) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(format!("{line}\n").as_bytes())
    }
}

/// Why a ledger cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("failed to read the ledger `{}`{}: {why}", path.display(), if *line > 0 { format!(", line {line}") } else { String::new() })]
pub struct Unreadable {
    path: PathBuf,
    line: usize,
    why: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn intention(number: usize) -> Intention {
        Intention {
            number,
            case: "shop::add::stores_text".to_owned(),
            operation: "add".to_owned(),
            resource: "things".to_owned(),
            parents: vec![("shop".to_owned(), json!(7))],
            sent: json!({"text": "a contract-1-1"}),
            marked: vec![("/text".to_owned(), "a contract-1-1".to_owned())],
            key: None,
            before: None,
        }
    }

    #[test]
    fn what_was_written_is_read_again_and_an_unfinished_line_is_nothing() {
        let path = std::env::temp_dir().join(format!("contract-ledger-{}", std::process::id()));
        let opening = Opening::new("shop.yaml", "http://127.0.0.1:1", "1");
        let mut ledger = Ledger::create(&path, &opening, true).unwrap();
        for number in 0..3 {
            ledger.intend(intention(number)).unwrap();
        }
        ledger.tell(0, Fate::Made(vec![json!("t-1")])).unwrap();
        ledger.tell(1, Fate::Refused(400)).unwrap();
        drop(ledger);
        let mut text = std::fs::read_to_string(&path).unwrap();
        text.push_str("{\"intends\":{\"number\":3");
        std::fs::write(&path, text).unwrap();
        let (read, mut ledger) = Ledger::open(&path).unwrap();
        assert_eq!(read, opening);
        let fates: Vec<&Fate> = ledger.entries.iter().map(|entry| &entry.fate).collect();
        assert_eq!(fates, [&Fate::Made(vec![json!("t-1")]), &Fate::Refused(400), &Fate::Open]);
        ledger.tell(2, Fate::Removed).unwrap();
        assert!(Ledger::open(&path).unwrap_err().to_string().contains("line 7"));
        std::fs::remove_file(&path).unwrap();
    }
}
