//! Whether an example goes to the vendor, and what it needs for that from the environment.

use std::{env, error::Error};

/// Whether `--live` was given.
pub(crate) fn wanted() -> bool {
    env::args().skip(1).any(|argument| argument == "--live")
}

/// A variable that `--live` needs.
pub(crate) fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|why| format!("`--live` needs `{name}`: {why}").into())
}
