//! `cargo xtask browser`: pages of another origin may use the mock, and its API reference works, as a browser sees it.
//!
//! The checks are `tests/browser/*.mjs`, since only a browser knows what it lets a page do. Here they get what they need:
//! the programs, their packages, and a mock. Where those are not there and cannot be had, the verb fails, and the step
//! of `cargo xtask ci` is skipped with the reason: nobody has to install a browser to work on a document.

mod packages;
mod tools;

use std::{io::Write, path::PathBuf, process::Command};

use tools::Tools;

use crate::{Exit, Failure, bench::server::Server, workspace};

/// Each check, and where to look when it fails.
const CHECKS: [(&str, &str); 2] = [
    ("fetch.mjs", "`mock-server/src/data/cors.rs` decides what a page may do"),
    ("reference.mjs", "`mock-server/src/control/reference/` is the page, and `start.js` in it what the page does"),
];

/// How the checks ended.
pub(crate) enum Outcome {
    Passed,
    /// With where to look.
    Failed(&'static str),
    Lacking(Lack),
}

/// What this machine does not have.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    /// A lower-case fragment.
    pub(crate) what: String,
    /// The command that mends it.
    pub(crate) help: String,
}

impl Lack {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

/// Checks, and counts what is lacking as a failure.
pub(crate) fn run(screen: &mut dyn Write) -> Result<Exit, Failure> {
    match check(screen)? {
        Outcome::Passed => Ok(Exit::Done),
        Outcome::Failed(help) => {
            writeln!(screen, "error: a check in the browser failed\nhelp: {help}")?;
            Ok(Exit::Failed)
        }
        Outcome::Lacking(Lack { what, help }) => Err(Failure::new(what).help(help)),
    }
}

/// Checks, and leaves it to the caller what to think of what is lacking.
pub(crate) fn check(screen: &mut dyn Write) -> Result<Outcome, Failure> {
    let folder = folder();
    let tools = match Tools::of_this_machine(packages::oldest_node(&folder)?) {
        Ok(tools) => tools,
        Err(lack) => return Ok(Outcome::Lacking(lack)),
    };
    if let Some(lack) = packages::install(&folder, &tools)? {
        return Ok(Outcome::Lacking(lack));
    }
    // For the whole workspace, so that features are those that everything else is built with.
    if !workspace::succeeds(&mut workspace::cargo(&["build", "--quiet", "--workspace", "--bin", "mock-server"]))? {
        return Err(Failure::new("the mock does not build"));
    }
    let target = workspace::target()?;
    let program = target.join("debug").join(format!("mock-server{}", std::env::consts::EXE_SUFFIX));
    let mock = Server::start(&program, &["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"], &target.join("browser"))?;
    let [url, control] = mock.urls().ok_or_else(|| Failure::new("the ready file of the mock does not name its URLs"))?;
    screen.flush()?;
    for (script, help) in CHECKS {
        let mut check = Command::new(&tools.node);
        check.arg(folder.join(script)).args([url, control]).env("CHROMIUM", &tools.chromium);
        if !workspace::succeeds(&mut check)? {
            return Ok(Outcome::Failed(help));
        }
    }
    Ok(Outcome::Passed)
}

fn folder() -> PathBuf {
    workspace::root().join("tests").join("browser")
}
