//! A mock of a document, started as a program for as long as it is needed.
//!
//! It says in a file where it is when it is ready. It is a group of processes of its own, so that who interrupts a run
//! does not end the mock before the run has cleaned up; it is ended when it is dropped.

#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::{
    env, fs,
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use indexmap::IndexMap;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::Program;

/// Between two looks for the file.
const GLANCE: Duration = Duration::from_millis(20);
/// How often one looks for the last words of a mock that has ended.
const GLANCES: usize = 50;
/// How much of what it says on standard error is kept.
const KEPT: usize = 4 << 10;

/// A mock that runs.
#[derive(Debug)]
pub struct Mock {
    child: Child,
    ready: PathBuf,
    url: String,
}

/// Why there is no mock.
#[derive(Debug, thiserror::Error)]
pub enum NoMock {
    /// The program is nowhere.
    #[error(
        "there is no program `{name}`, neither beside this one nor in `PATH`\nhelp: `cargo install --path {name}` makes it, or give the address of a mock that runs"
    )]
    Nowhere {
        /// The program.
        name: String,
    },
    /// Cargo does not build it.
    #[error("cargo does not build `{name}`\nhelp: `cargo build -p {name}` says why")]
    Unbuilt {
        /// The program.
        name: String,
    },
    /// It does not start.
    #[error("`{}` does not start: {source}\nhelp: give the address of a mock that runs", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It ended before it was ready.
    #[error("the mock ended before it was ready ({status}){}\nhelp: `{command}` shows the same", said(told))]
    Ended {
        /// How.
        status: ExitStatus,
        /// What it said.
        told: String,
        /// How it was started.
        command: String,
    },
    /// It is not ready in time.
    #[error("the mock is not ready after {}{}\nhelp: `{command}` shows why", crate::pace::spelled(*waited), said(told))]
    Late {
        /// How long it was waited for.
        waited: Duration,
        /// What it said.
        told: String,
        /// How it was started.
        command: String,
    },
    /// What it says is not understood.
    #[error("the mock does not say where `{name}` is\nhelp: `contract` and the mock have to be of the same version")]
    Unclear {
        /// The document.
        name: String,
    },
}

fn said(told: &str) -> String {
    if told.trim().is_empty() { String::new() } else { format!(": {}", told.trim()) }
}

/// What the mock writes when it is ready.
#[derive(Deserialize)]
struct Ready {
    providers: IndexMap<String, String>,
}

impl Mock {
    /// What the program is called.
    pub const PROGRAM: &'static str = "mock-server";
    /// How long a mock may take to get ready.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// Starts a mock of the document in this file, whose provider has this name, and waits until it is ready.
    ///
    /// # Errors
    /// When it does not start, ends, or is not ready in time.
    pub async fn start(program: &Program, document: &Path, name: &str, patience: Duration) -> Result<Self, NoMock> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let ready = env::temp_dir().join(format!("contract-mock-{}-{count}.json", std::process::id()));
        _ = fs::remove_file(&ready);
        let mut command = command(program, document, &ready);
        let shown = shown(&command);
        let child = command.spawn().map_err(|source| NoMock::Start { program: program.path.clone(), source })?;
        let mut mock = Self { child, ready, url: String::new() };
        let (told, listener) = mock.listen();
        let started = Instant::now();
        mock.url = loop {
            if let Ok(text) = fs::read_to_string(&mock.ready) {
                let address = address(&text, name);
                break address.ok_or_else(|| NoMock::Unclear { name: name.to_owned() })?;
            }
            let waited = started.elapsed();
            if let Ok(Some(status)) = mock.child.try_wait() {
                // What it said last may still be on its way.
                for _ in (0..GLANCES).take_while(|_| !listener.is_finished()) {
                    sleep(GLANCE).await;
                }
                return Err(NoMock::Ended { status, told: told.lock().clone(), command: shown });
            }
            if waited > patience {
                return Err(NoMock::Late { waited: patience, told: told.lock().clone(), command: shown });
            }
            sleep(GLANCE).await;
        };
        Ok(mock)
    }

    /// The base URL of the document's server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The number of its process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Keeps the last that it says, and keeps its pipe from filling up.
    fn listen(&mut self) -> (Arc<Mutex<String>>, JoinHandle<()>) {
        let told = Arc::new(Mutex::new(String::new()));
        let (kept, pipe) = (Arc::clone(&told), self.child.stderr.take());
        let listener = thread::spawn(move || {
            let Some(mut pipe) = pipe else { return };
            let mut buffer = [0; 1024];
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                let mut kept = kept.lock();
                kept.push_str(&String::from_utf8_lossy(&buffer[..read]));
                let from = kept.len().saturating_sub(KEPT);
                let from = (from..kept.len()).find(|at| kept.is_char_boundary(*at)).unwrap_or_default();
                kept.drain(..from);
            }
        });
        (told, listener)
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_file(&self.ready);
    }
}

fn command(program: &Program, document: &Path, ready: &Path) -> Command {
    let mut command = Command::new(&program.path);
    command.args(&program.before).args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--root"]);
    // A name without a folder would be taken for that of a document that is built in.
    let document = if document.components().count() > 1 { document.to_owned() } else { Path::new(".").join(document) };
    command.arg(document).arg("--ready-file").arg(ready);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// The command as it is typed.
fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).take_while(|word| word != "--ready-file").collect::<Vec<_>>().join(" ")
}

/// The address of a document, from what the mock writes when it is ready.
fn address(text: &str, name: &str) -> Option<String> {
    let Ready { mut providers } = serde_json::from_str(text).ok()?;
    let alone = (providers.len() == 1).then(|| providers.pop()).flatten().map(|(_, url)| url);
    alone.or_else(|| providers.shift_remove(name))
}
