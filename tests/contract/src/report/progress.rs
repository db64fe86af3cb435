//! One line on a terminal that says how far a run is, written over and over, and gone when the run ends.

use std::io::{self, IsTerminal, Write};

use super::Counts;

/// How many columns a terminal has at least; what is longer would wrap, and a wrapped line cannot be written over.
const COLUMNS: usize = 80;
/// To the first column, and nothing behind it.
const CLEAR: &str = "\r\u{1b}[K";

/// The line. It is written to nothing but a terminal, and cleared when it goes.
#[derive(Debug)]
pub struct Progress<W: Write = io::Stderr> {
    out: Option<W>,
    is_drawn: bool,
}

impl Progress {
    /// A line on standard error, if that is a terminal.
    #[must_use]
    pub fn on_terminal() -> Self {
        let is_terminal = io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        Self { out: is_terminal.then(io::stderr), is_drawn: false }
    }
}

impl<W: Write> Progress<W> {
    /// A line on this terminal.
    pub fn on(out: W) -> Self {
        Self { out: Some(out), is_drawn: false }
    }

    /// Shows how many of all cases came out how, and which case is running.
    pub fn show(&mut self, counts: &Counts, all: usize, running: &str) {
        let broken = [(counts.failed, "failed"), (counts.blocked, "blocked"), (counts.unanswered, "unanswered"), (counts.new, "new")];
        let broken = broken.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!(", {number} {word}"));
        let width = all.to_string().len();
        let text = format!("{:>width$}/{all}{}  {running}", counts.all(), broken.collect::<String>());
        let text: String = text.chars().take(COLUMNS - 1).collect();
        self.write(&format!("{CLEAR}{text}"));
        self.is_drawn = self.out.is_some();
    }

    /// Takes the line away, before something else is written.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_drawn) {
            self.write(CLEAR);
        }
    }

    /// Whoever cannot be shown how far a run is does not stop it.
    fn write(&mut self, text: &str) {
        if let Some(out) = &mut self.out {
            _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
    }
}

impl<W: Write> Drop for Progress<W> {
    fn drop(&mut self) {
        self.clear();
    }
}
