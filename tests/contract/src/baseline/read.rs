//! A file's text becomes entries, or problems with line and fix: an entry that is misread would hide a failure.

use std::{fs, io, path::Path};

use chrono::NaiveDate;
use serde_json::Value;
use specs::{Document, Problem, Severity, Source, nearest, pointer};

use super::{Baseline, Entry, Said};

const RULE: &str = "baseline";
const KEYS: [&str; 8] = ["case", "rule", "place", "got", "blocked", "reason", "since", "expires"];

impl Baseline {
    /// Reads a file; where there is none, nothing is accepted.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file, line and fix.
    pub fn open(path: &Path) -> Result<Self, Vec<Problem>> {
        let file = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => Self::read(&file, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self { file, ..Self::default() }),
            Err(error) => {
                let (message, help) = (format!("the file cannot be read: {error}"), "name another one".to_owned());
                let severity = Severity::Error;
                Err(vec![Problem { rule: RULE, severity, file, line: 0, column: 0, pointer: String::new(), message, help }])
            }
        }
    }

    /// Reads a text.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file, line and fix.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut baseline = Self { file: file.to_owned(), entries: Vec::new(), text: text.to_owned() };
        if is_blank(text) {
            return Ok(baseline);
        }
        let (document, mut problems) = Document::read(&Source::new("baseline", file, text.to_owned()));
        problems.retain(|problem| problem.severity == Severity::Error);
        let Some(document) = document.filter(|_| problems.is_empty()) else { return Err(problems) };
        let mut reader = Reader { document: &document, problems };
        baseline.entries = reader.entries();
        if reader.problems.is_empty() { Ok(baseline) } else { Err(reader.problems) }
    }
}

/// Whether a text has nothing but comments.
pub(super) fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#') || line == "---")
}

struct Reader<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn entries(&mut self) -> Vec<Entry> {
        let top = &self.document.value;
        let Some(members) = top.as_object() else {
            self.problem("", "this is no object", "write `accepted:` with a list of failures below");
            return Vec::new();
        };
        for key in members.keys().filter(|key| *key != "accepted") {
            self.problem(&pointer::join("", key), &format!("nothing is called `{key}` here"), "write `accepted`");
        }
        let listed = match top.get("accepted") {
            Some(Value::Array(listed)) => listed.as_slice(),
            None | Some(Value::Null) => &[],
            Some(_) => {
                self.problem("/accepted", "this is no list", "write a list of failures: `- case: …`");
                &[]
            }
        };
        let mut entries: Vec<Entry> = Vec::new();
        for (position, value) in listed.iter().enumerate() {
            let at = pointer::index("/accepted", position);
            let Some(entry) = self.entry(value, &at) else { continue };
            let is_same = |known: &&Entry| known.case == entry.case && known.said == entry.said;
            if let Some(known) = entries.iter().find(is_same) {
                self.problem(&at, &format!("this failure is accepted in line {} already", known.at.0), "take one of them out");
            }
            entries.push(entry);
        }
        entries
    }

    fn entry(&mut self, value: &Value, at: &str) -> Option<Entry> {
        let Some(members) = value.as_object() else {
            self.problem(at, "this is no object", "write `case`, `rule`, `reason`, `since` and `expires`");
            return None;
        };
        for key in members.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let near = nearest(key, KEYS).map(|near| format!("write `{near}`"));
            let help = near.unwrap_or_else(|| format!("write one of `{}`", KEYS.join("`, `")));
            self.problem(&pointer::join(at, key), &format!("nothing is called `{key}` here"), &help);
        }
        let (case, rule) = (self.needed(value, at, "case"), self.needed(value, at, "rule"));
        let (reason, said) = (self.needed(value, at, "reason"), self.said(value, at));
        let (since, expires) = (self.date(value, at, "since"), self.date(value, at, "expires"));
        if let Some((since, expires)) = since.zip(expires).filter(|(since, expires)| expires < since) {
            self.problem(
                &pointer::join(at, "expires"),
                &format!("{expires} is before {since}"),
                "write the last day on which it is accepted",
            );
        }
        Some(Entry {
            case: case?,
            rule: rule?,
            said: said?,
            reason: reason?,
            since: since?,
            expires: expires?,
            at: self.document.locate(at),
        })
    }

    fn said(&mut self, value: &Value, at: &str) -> Option<Said> {
        let blocked = match value.get("blocked") {
            None => false,
            Some(Value::Bool(blocked)) => *blocked,
            Some(_) => {
                self.problem(&pointer::join(at, "blocked"), "this is neither `true` nor `false`", "write `blocked: true`, or leave it out");
                return None;
            }
        };
        let (place, got) = (self.text(value, at, "place")?, self.text(value, at, "got")?);
        if blocked && (place.is_some() || got.is_some()) {
            let help = "leave out `place` and `got`, or `blocked`";
            self.problem(&pointer::join(at, "blocked"), "what is blocked has no place and got nothing", help);
            return None;
        }
        Some(if blocked { Said::Blocked } else { Said::Failed { place: place.unwrap_or_default(), got } })
    }

    /// A text that has to be there.
    fn needed(&mut self, value: &Value, at: &str, key: &str) -> Option<String> {
        let text = self.text(value, at, key)?;
        let text = text.filter(|text| !text.trim().is_empty());
        if text.is_none() {
            let help = if key == "reason" { "write why it is accepted" } else { "write it, or let `--accept` write the entry" };
            self.problem(at, &format!("`{key}` is missing"), help);
        }
        text
    }

    /// A text that may be there; `None` for something else.
    #[expect(clippy::option_option, reason = "what is not there and what is no text are told apart")]
    fn text(&mut self, value: &Value, at: &str, key: &str) -> Option<Option<String>> {
        match value.get(key) {
            None => Some(None),
            Some(Value::String(text)) => Some(Some(text.clone())),
            Some(_) => {
                self.problem(&pointer::join(at, key), "this is no text", "put it in quotes");
                None
            }
        }
    }

    fn date(&mut self, value: &Value, at: &str, key: &str) -> Option<NaiveDate> {
        let text = self.needed(value, at, key)?;
        let date = text.parse().ok();
        if date.is_none() {
            self.problem(&pointer::join(at, key), &format!("`{text}` is no date"), "write it as 2027-01-31");
        }
        date
    }

    fn problem(&mut self, at: &str, message: &str, help: &str) {
        self.problems.push(self.document.problem(Severity::Error, RULE, at, message, help));
    }
}
