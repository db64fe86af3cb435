//! What a comparison leaves behind for whoever asks how it came to its verdict: all exchanges with both servers, and the
//! verdict in a form for programs and one for people.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Comparison, Form};

impl Comparison {
    /// Writes the evidence to a folder, which is made if need be: the exchanges as they were told of each server, and the
    /// verdict. Gives the files.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn record(&self, folder: &Path, exchanges: (&str, &str), told: impl Fn(Form) -> String) -> io::Result<Vec<PathBuf>> {
        fs::create_dir_all(folder)?;
        let (mut a, mut b) = (file_name(&self.a.name), file_name(&self.b.name));
        if a == b {
            (a, b) = (format!("{a}-a"), format!("{b}-b"));
        }
        let files = [
            (format!("{a}.har"), exchanges.0.to_owned()),
            (format!("{b}.har"), exchanges.1.to_owned()),
            ("verdict.json".to_owned(), told(Form::Json)),
            ("verdict.md".to_owned(), told(Form::Markdown)),
        ];
        files.into_iter().map(|(name, text)| write(folder, &name, &text)).collect()
    }
}

/// Writes a file in one step, so that nobody finds half of it.
fn write(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    let (path, beside) = (folder.join(name), folder.join(format!(".{name}.{}", std::process::id())));
    fs::write(&beside, text)?;
    fs::rename(&beside, &path).inspect_err(|_| _ = fs::remove_file(&beside))?;
    Ok(path)
}

/// What a server is called, as a file may be.
fn file_name(name: &str) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() || "-_.".contains(character) { character } else { '-' };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches(['.', '-']);
    if name.is_empty() || name == "verdict" { "server".to_owned() } else { name.to_owned() }
}
