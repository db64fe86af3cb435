//! A verb that could not do its work: what failed, why, and the command or edit that mends it.

use std::{error::Error, fmt, io};

/// Why a verb could not do its work.
#[derive(Debug)]
pub struct Failure {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    help: Option<String>,
}

impl Failure {
    /// `message` says what failed: a lower-case fragment.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None, help: None }
    }

    /// Why it failed.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The command or edit that mends it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// As a person reads it on a terminal: the chain of causes on one line, then the help.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        let mut cause = self.source.as_deref().map(|source| source as &dyn Error);
        while let Some(source) = cause {
            write!(f, ": {source}")?;
            cause = source.source();
        }
        if let Some(help) = &self.help {
            write!(f, "\nhelp: {help}")?;
        }
        Ok(())
    }
}

/// The one thing that fails everywhere without more to say: the screen.
impl From<io::Error> for Failure {
    fn from(source: io::Error) -> Self {
        Self::new("cannot write to the screen").because(source)
    }
}
