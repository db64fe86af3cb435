//! `cargo xtask bench`: what a request costs the mock, against dropshot and hyper with nothing behind them.
//!
//! The figure to trust is the server's processor time for a request, which the load generator on the same cores does
//! not disturb as it does the rate. Servers take turns within a round, the first one changing from round to round, so
//! that what else the machine does meets all of them alike.

pub(crate) mod load;
pub(crate) mod plan;
mod programs;
mod report;
mod scale;
pub(crate) mod server;

use std::{io::Write, path::PathBuf, time::Duration};

use load::{Answer, Request};
use plan::Plan;
use report::{Load, Measured, Round, SERVERS};
use server::Server;

use crate::{Exit, Failure, args, workspace};

/// Position of the mock in [`SERVERS`].
const MOCK: usize = 0;

/// Load before the measurement: connections open, caches fill.
const WARM_UP: Duration = Duration::from_millis(200);

/// Measures and reports.
pub(crate) fn run(wanted: &args::Bench, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if wanted.scale {
        return scale::run(wanted, screen);
    }
    let plan = Plan::from_documents()?;
    let bench = Bench::prepare(plan, Duration::from_secs_f64(wanted.seconds))?;
    let words = bench.plan.words();
    writeln!(screen, "{words}: {} rounds, {} s each\n", wanted.rounds, wanted.seconds)?;
    let mut rounds = Vec::new();
    for number in 0..wanted.rounds {
        rounds.push(bench.round(number)?);
        writeln!(screen, "{}", progress(number, &rounds[number]))?;
        screen.flush()?;
    }
    writeln!(screen)?;
    Ok(if report::write(&rounds, screen)? { Exit::Done } else { Exit::Attention })
}

fn progress(number: usize, round: &Round) -> String {
    let costs = |cost: fn(&Measured) -> f64| round.map(|one| format!("{:.1}", cost(&one))).join(" / ");
    let (get, post) = (costs(|one| one.get.cost), costs(|one| one.post.cost));
    format!("round {}: {} µs: GET {get}, POST {post}", number + 1, SERVERS.join(" / "))
}

/// All that stays the same from round to round.
struct Bench {
    plan: Plan,
    programs: [PathBuf; SERVERS.len()],
    folder: PathBuf,
    time: Duration,
    /// Lengths of the mock's answers to the read and to the create: what the bare servers answer.
    lengths: [String; 2],
    /// The read and the create that the mock answered: what the bare servers are sent.
    sent: Option<[Request; 2]>,
}

impl Bench {
    fn prepare(plan: Plan, time: Duration) -> Result<Self, Failure> {
        let programs = programs::build()?;
        let folder = workspace::target()?.join("bench");
        let mut bench = Self { plan, programs, folder, time, lengths: [String::new(), String::new()], sent: None };
        let mock = bench.start(MOCK)?;
        let [(read, shown), (create, created)] = bench.requests(&mock)?;
        bench.lengths = [shown.body.len().to_string(), created.body.len().to_string()];
        bench.sent = Some([read, create]);
        Ok(bench)
    }

    fn round(&self, number: usize) -> Result<Round, Failure> {
        let mut round = Round::default();
        for turn in 0..SERVERS.len() {
            let server = (number + turn) % SERVERS.len();
            round[server] = self.measure(server)?;
        }
        Ok(round)
    }

    fn measure(&self, which: usize) -> Result<Measured, Failure> {
        let server = self.start(which)?;
        let idle = server.resident()?;
        let [read, create] = match &self.sent {
            Some(sent) if which != MOCK => sent.clone(),
            _ => self.requests(&server)?.map(|(request, _)| request),
        };
        let get = self.load(&server, &read)?;
        let resident = server.resident()?;
        let post = self.load(&server, &create)?;
        Ok(Measured { ready: server.ready_after.as_secs_f64() * 1000.0, idle, resident, get, post })
    }

    fn start(&self, which: usize) -> Result<Server, Failure> {
        let [get, post] = &self.lengths;
        let mock = ["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--max-rows", "1000000000"];
        let bare = ["--get-bytes", get, "--post-bytes", post];
        Server::start(&self.programs[which], if which == MOCK { &mock } else { &bare }, &self.folder)
    }

    /// The read and the create, each with the answer to its first sending.
    fn requests(&self, server: &Server) -> Result<[(Request, Answer); 2], Failure> {
        let base = server.base(&self.plan.provider);
        let unclear = || Failure::new(format!("the document of `{}` does not say how to call it", self.plan.provider));
        let create = self.plan.create(&base).ok_or_else(unclear)?;
        let created = send(server, &create)?;
        let read = self.plan.read(&base, &created.body).ok_or_else(unclear)?;
        let answer = send(server, &read)?;
        Ok([(read, answer), (create, created)])
    }

    fn load(&self, server: &Server, request: &Request) -> Result<Load, Failure> {
        let broken = |error| Failure::new("the load broke off").because(error);
        load::sustained(server.address, request, WARM_UP).map_err(broken)?;
        let before = server.processor_time()?;
        let count = load::sustained(server.address, request, self.time).map_err(broken)? as f64;
        let used = server.processor_time()?.saturating_sub(before);
        Ok(Load { cost: used.as_secs_f64() * 1e6 / count, rate: count / self.time.as_secs_f64() })
    }
}

/// Sends a request once; what is not a success is shown, since it would be measured in vain.
fn send(server: &Server, request: &Request) -> Result<Answer, Failure> {
    let answer = load::once(server.address, request).map_err(|error| Failure::new("a request found no answer").because(error))?;
    if (200..300).contains(&answer.status) {
        return Ok(answer);
    }
    Err(Failure::new(format!("a request was refused with {}: {}", answer.status, String::from_utf8_lossy(&answer.body))))
}
