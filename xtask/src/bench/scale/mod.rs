//! `cargo xtask bench --scale`: what the size of a document costs.
//!
//! The same kind of document is served at several sizes, and one whose text alone is large. Sizes take turns within a
//! round, as the servers of the other benchmark do, and rates are compared within a round.

mod document;
mod report;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::Value;

use self::report::{Measured, Round, SIZES};
use super::{
    WARM_UP,
    load::{self, Request},
    programs, send,
    server::Server,
};
use crate::{Exit, Failure, args, workspace};

/// Operations and text of the document whose text is large: 13 MB.
const LARGE: (usize, usize) = (1_200, 51_500);

/// How many operations get their first request.
const FIRST: usize = 25;

/// Measures and reports.
pub(crate) fn run(wanted: &args::Bench, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let folder = workspace::target()?.join("bench");
    let bench = Bench { program: programs::mock()?, time: Duration::from_secs_f64(wanted.seconds), folder };
    let documents = SIZES.map(|size| (size, 0)).into_iter().chain([LARGE]);
    let files = documents.map(|(operations, padding)| bench.write(operations, padding)).collect::<Result<Vec<_>, _>>()?;
    let Some((large, files)) = files.split_last() else { return Ok(Exit::Done) };
    let mut rounds = Vec::new();
    for number in 0..wanted.rounds {
        let mut round = Round::default();
        for turn in 0..SIZES.len() {
            let which = (number + turn) % SIZES.len();
            round.sizes[which] = bench.measure(&files[which], SIZES[which])?;
        }
        round.large = bench.start(large)?.ready_after.as_secs_f64() * 1000.0;
        rounds.push(round);
        writeln!(screen, "round {}: ready after {}", number + 1, rounds[number])?;
        screen.flush()?;
    }
    writeln!(screen)?;
    Ok(if report::write(&rounds, screen)? { Exit::Done } else { Exit::Attention })
}

struct Bench {
    program: PathBuf,
    folder: PathBuf,
    time: Duration,
}

impl Bench {
    fn write(&self, operations: usize, padding: usize) -> Result<PathBuf, Failure> {
        let file = self.folder.join(format!("scale-{operations}{}.json", if padding == 0 { "" } else { "-large" }));
        let text = document::document(operations, padding).to_string();
        let written = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&file, text));
        written.map_err(|error| Failure::new(format!("cannot write `{}`", file.display())).because(error))?;
        Ok(file)
    }

    fn start(&self, document: &Path) -> Result<Server, Failure> {
        let document = document.to_string_lossy();
        Server::start(&self.program, &["--root", &document, "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"], &self.folder)
    }

    fn measure(&self, document: &Path, operations: usize) -> Result<Measured, Failure> {
        let server = self.start(document)?;
        let resident = server.resident()?;
        let groups = document::groups(operations);
        // Spread over the document; the last group is kept for the load.
        let step = (groups / FIRST).max(1);
        let first = (0..groups.saturating_sub(1)).step_by(step).take(FIRST).map(|group| first(&server, group));
        let first = first.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or_default();
        let read = read(&server, groups - 1)?;
        let broken = |error| Failure::new("the load broke off").because(error);
        load::sustained(server.address, &read, WARM_UP).map_err(broken)?;
        let count = load::sustained(server.address, &read, self.time).map_err(broken)? as f64;
        let ready = server.ready_after.as_secs_f64() * 1000.0;
        Ok(Measured { ready, resident, first: first.as_secs_f64() * 1000.0, rate: count / self.time.as_secs_f64() })
    }
}

/// How long the first create and the first list of a group take, the longer of the two.
fn first(server: &Server, group: usize) -> Result<Duration, Failure> {
    let timed = |request: &Request| {
        let start = Instant::now();
        send(server, request).map(|_| start.elapsed())
    };
    Ok(timed(&create(group))?.max(timed(&Request::new("GET", &document::collection(group), &[], b""))?))
}

fn create(group: usize) -> Request {
    let headers = [("content-type".to_owned(), "application/json".to_owned())];
    Request::new("POST", &document::collection(group), &headers, document::body().to_string().as_bytes())
}

/// The read of something that was created.
fn read(server: &Server, group: usize) -> Result<Request, Failure> {
    let created = send(server, &create(group))?;
    let key = serde_json::from_slice::<Value>(&created.body).ok().and_then(|thing| Some(thing.get("id")?.as_str()?.to_owned()));
    let key = key.ok_or_else(|| Failure::new("what was created has no `id`"))?;
    Ok(Request::new("GET", &format!("{}/{key}", document::collection(group)), &[], b""))
}
