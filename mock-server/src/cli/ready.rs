//! The file that says that a mock is ready, and where: for scripts that start one and wait.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use mock_server::{Error, MockServer};
use serde_json::{Map, Value, json};

use super::failure::Failure;

/// The file, which is not there until the mock is ready.
pub(crate) struct ReadyFile<'p>(&'p Path);

impl<'p> ReadyFile<'p> {
    /// Removes what an earlier mock left, so that nobody takes that for this one.
    pub(crate) fn clear(path: &'p Path) -> Result<Self, Failure> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(cannot_write(path, error)),
            _ => Ok(Self(path)),
        }
    }

    /// Writes the file in one step, so that whoever sees it sees all of it.
    pub(crate) fn write(self, server: &MockServer) -> Result<(), Failure> {
        replace(self.0, &content(server)).map_err(|error| cannot_write(self.0, error))
    }
}

fn cannot_write(path: &Path, source: io::Error) -> Failure {
    Failure::from(Error::Write { path: path.to_owned(), source })
}

fn content(server: &MockServer) -> String {
    let providers = server.providers().into_iter().map(|provider| (provider.name, Value::from(provider.base_url)));
    let providers: Map<String, Value> = providers.collect();
    let mut ready = json!({
        "url": server.url(),
        "control_url": server.control_url(),
        "providers": providers,
        "pid": std::process::id(),
    });
    for (name, value) in [("control_token", server.control_token()), ("certificate", server.certificate())] {
        if let Some(value) = value {
            ready[name] = Value::from(value);
        }
    }
    format!("{ready:#}\n")
}

/// A file beside the wanted one becomes the wanted one: renaming is atomic only within a folder.
fn replace(path: &Path, content: &str) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    let beside = path.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
    private(&beside)?.write_all(content.as_bytes())?;
    fs::rename(&beside, path).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

/// A new file that no other user of the machine can read, because a token may be in it.
fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
