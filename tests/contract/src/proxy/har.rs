//! The file of exchanges: a log in the format HAR 1.2, which browsers open, with what was found beside each entry.
//!
//! Entries are written as they come, and the file is closed behind each of them: it is whole at any time, and how long
//! the proxy runs is no matter of memory.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::PathBuf,
};

use serde_json::{Value, json};

use super::{
    error::Error,
    finding::{Finding, Grade},
    told::Told,
};
use crate::report::har::{CLOSING, entry, opening};

/// A file of exchanges.
pub(super) struct HarFile {
    path: PathBuf,
    file: File,
    /// Where the next entry goes.
    at: u64,
    is_empty: bool,
}

impl HarFile {
    /// Begins a file.
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let opening = opening();
        let begun = File::create(&path).and_then(|mut file| {
            file.write_all(opening.as_bytes())?;
            file.write_all(CLOSING.as_bytes())?;
            Ok(file)
        });
        match begun {
            Ok(file) => Ok(Self { path, file, at: opening.len() as u64, is_empty: true }),
            Err(source) => Err(Error::Har { path, source }),
        }
    }

    /// Adds an exchange with the server at a base URL.
    pub(super) fn add(&mut self, told: &Told, base: &str) -> Result<(), Error> {
        let found = told.findings.iter().map(found).collect();
        let rules = told.findings.iter().map(|finding| finding.rule.name);
        let comment: Vec<&str> = std::iter::once(told.exchange.operation.as_str()).filter(|id| !id.is_empty()).chain(rules).collect();
        let entry = entry(&told.exchange, found, comment.join(", "), base);
        self.write(&entry).map_err(|source| Error::Har { path: self.path.clone(), source })
    }

    /// Writes over what closed the file, and closes it anew.
    fn write(&mut self, entry: &str) -> io::Result<()> {
        let text = format!("{}\n{entry}", if self.is_empty { "" } else { "," });
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(format!("{text}{CLOSING}").as_bytes())?;
        self.is_empty = false;
        self.at += text.len() as u64;
        Ok(())
    }
}

fn found(finding: &Finding) -> Value {
    let failure = &finding.failure;
    json!({
        "rule": finding.rule.name,
        "side": finding.side(),
        "grade": if finding.grade == Grade::New { "new" } else { "wrong" },
        "place": failure.place,
        "what": failure.what,
        "expected": failure.expected,
        "got": failure.got,
    })
}
