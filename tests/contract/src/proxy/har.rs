//! The file of exchanges: a log in the format HAR 1.2, which browsers open.
//!
//! Entries are written as they come, and the file is closed behind each of them: it is whole at any time, and how long
//! the proxy runs is no matter of memory.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::PathBuf,
};

use super::{error::Error, told::Told};

/// What stands behind the entries.
const END: &str = "\n]}}\n";

/// A file of exchanges.
pub(super) struct HarFile {
    path: PathBuf,
    file: File,
    /// Where the next entry goes.
    at: u64,
    entries: u64,
}

impl HarFile {
    /// Begins a file.
    pub(super) fn create(path: PathBuf) -> Result<Self, Error> {
        let start = "{\"log\":{\"version\":\"1.2\",\"entries\":[";
        let begun = File::create(&path).and_then(|mut file| {
            file.write_all(start.as_bytes())?;
            file.write_all(END.as_bytes())?;
            Ok(file)
        });
        match begun {
            Ok(file) => Ok(Self { path, file, at: start.len() as u64, entries: 0 }),
            Err(source) => Err(Error::Har { path, source }),
        }
    }

    /// Adds an exchange.
    pub(super) fn add(&mut self, told: &Told) -> Result<(), Error> {
        self.write(&told.exchange.operation).map_err(|source| Error::Har { path: self.path.clone(), source })
    }

    fn write(&mut self, entry: &str) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.at))?;
        self.file.write_all(entry.as_bytes())?;
        self.entries += 1;
        self.at += entry.len() as u64;
        self.file.write_all(END.as_bytes())
    }
}
