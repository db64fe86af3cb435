//! One run against one server: a ledger is opened, the cases are run, what they made is removed.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    arguments::{Safety, Sending},
    documents::Loaded,
    failure::Failure,
    interrupt::Interrupt,
    server, tell,
};
use crate::{
    Allow, Case, Credentials, Opening, Pace, Place, Policy, Session, Suite, Target,
    pace::Settings,
    plan::Plan,
    report::{Counts, Progress, Report},
    runner::{Event, Ran, Runner},
};

/// How long requests that are under way may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many rows that stay are told one by one where nobody minds them.
const TOLD: usize = 3;

/// What is to be run, and where.
pub(super) struct Campaign<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) seed: u64,
    pub(super) url: &'a str,
    pub(super) place: Place,
    pub(super) credentials: Credentials,
    pub(super) safety: &'a Safety,
    pub(super) sending: &'a Sending,
    /// What marks the texts that are made.
    pub(super) mark: String,
    /// The file of the ledger, when it has a name.
    pub(super) ledger: Option<&'a Path>,
}

/// What came of it.
pub(super) struct Done {
    pub(super) report: Report,
    pub(super) credentials: Credentials,
    /// The exit code of the signal that ended it.
    pub(super) signal: Option<u8>,
    /// Why nobody seems to be there.
    pub(super) unreachable: Option<String>,
}

/// A mark that no other run has, as far as chance goes.
pub(super) fn mark(given: Option<&String>) -> String {
    given.cloned().unwrap_or_else(|| (0..6).map(|_| fastrand::char('a'..='z')).collect())
}

impl Campaign<'_> {
    /// Runs these cases.
    pub(super) async fn run(self, cases: &[&Case]) -> Result<Done, Failure> {
        let suite = &self.loaded.suite;
        let policy = server::policy(self.place, self.safety);
        let plan = plan(self.safety, suite, cases, &policy).await?;
        let jobs = self.sending.jobs;
        let pace = Pace::new(suite.api(), self.place, &Settings { jobs, seed: self.seed, ..Settings::default() });
        let http = server::http(self.url)?;
        let (ledger, session) = self.open(policy)?;
        let session = Arc::new(session);
        let mut target = Target::new(Box::new(pace.around(http)), self.credentials.clone());
        target.given = server::given(self.safety);
        target.place = self.place;
        target.settle = self.sending.settle;
        target.session = Some(Arc::clone(&session));
        let runner = Runner { suite, target: &target, jobs, fail_fast: self.sending.fail_fast, plan: plan.as_ref() };
        let (ran, signal) = until_a_signal(&runner, cases, &session, &pace).await?;
        if session.is_clean() && self.ledger.is_none() {
            _ = fs::remove_file(&ledger);
        }
        let residue = if self.place == Place::Live { session.residue() } else { short(session.residue(), &ledger) };
        let unreachable = ran.unreachable.clone();
        Ok(Done { report: self.report(ran, residue), credentials: self.credentials, signal, unreachable })
    }

    /// A new ledger. One that has something to tell is not written over.
    fn open(&self, policy: Policy) -> Result<(PathBuf, Session), Failure> {
        let state = &self.sending.state;
        tell::state(state)?;
        let own = || state.join(format!("{}-{}.ledger", self.loaded.suite.api().name, self.mark));
        let file = self.ledger.map_or_else(own, Path::to_owned);
        if file.exists() {
            match Session::resume(&file, policy.clone()) {
                Ok((_, old)) if old.is_clean() => {}
                Ok(_) => {
                    let what = format!("the ledger `{}` is of a run that left something", file.display());
                    return Err(Failure::new(what, format!("`contract clean {}` removes it", file.display())));
                }
                Err(error) => return Err(Failure::new(error, "name a file that is not there yet by `--ledger`")),
            }
        }
        let document = PathBuf::from(&self.loaded.file);
        let document = document.canonicalize().unwrap_or(document);
        let opening = Opening::new(&document.display().to_string(), self.url, &self.mark);
        let failed = |error| Failure::new(format!("failed to write `{}`: {error}", file.display()), "name another file by `--ledger`");
        let session = Session::new(&file, &opening, policy).map_err(failed)?;
        Ok((file, session))
    }

    fn report(&self, ran: Ran, residue: Vec<String>) -> Report {
        Report {
            provider: self.loaded.suite.api().name.clone(),
            file: self.loaded.file.clone(),
            url: self.url.to_owned(),
            seed: self.seed,
            flags: self.safety.flags(),
            finished: ran.finished,
            residue,
            ..Report::default()
        }
    }
}

/// On this machine nobody minds each row that stays.
fn short(residue: Vec<String>, ledger: &Path) -> Vec<String> {
    let count = residue.len();
    if count <= TOLD {
        return residue;
    }
    let more = format!("{} more, all of them in the ledger `{}`", count - TOLD + 1, ledger.display());
    residue.into_iter().take(TOLD - 1).chain([more]).collect()
}

/// What the cases would send, where that decides what is run.
async fn plan(safety: &Safety, suite: &Suite, cases: &[&Case], policy: &Policy) -> Result<Option<Plan>, Failure> {
    let is_live = policy.place == Place::Live;
    if !is_live && policy.most.is_none() && policy.allow == Allow::ALL {
        return Ok(None);
    }
    if is_live && policy.allow.create {
        let missing = server::missing_parents(suite, cases, safety);
        if !missing.is_empty() {
            let flags = missing.iter().map(|property| format!("`--given {property}=…`")).collect::<Vec<_>>().join(" and ");
            let what = "what is created on an account goes below a parent that is there for tests, and none is named";
            return Err(Failure::new(what, format!("say {flags}, or look alone with `--read-only`")));
        }
    }
    let generous = Policy { residue: true, ..policy.clone() };
    let plan = Plan::of(suite, cases, &generous, &policy.given).await;
    if is_live && plan.stays() > 0 && !policy.residue {
        let what = format!("{} rows would stay for good, because nothing deletes them", plan.stays());
        return Err(Failure::new(what, "say `--allow-residue`, choose cases by `--filter`, or look alone with `--read-only`"));
    }
    Ok(Some(plan))
}

/// Runs until all is done or a signal comes; what was made is removed then.
async fn until_a_signal(runner: &Runner<'_>, cases: &[&Case], session: &Session, pace: &Pace) -> Result<(Ran, Option<u8>), Failure> {
    let help = "this should not happen; please report it";
    let mut interrupt = Interrupt::listen().map_err(|error| Failure::new(format!("failed to listen for signals: {error}"), help))?;
    let progress = RefCell::new((Progress::on_terminal(), Counts::default()));
    let tell = |event: Event<'_>| {
        let (line, counts) = &mut *progress.borrow_mut();
        match event {
            Event::Begins(case) => {
                let waits = pace.waiting().map_or_else(|| case.id(), |waiting| format!("{}: {}", case.id(), waiting.why));
                line.show(counts, cases.len(), &waits);
            }
            Event::Ends(finished) => counts.add(finished),
        }
    };
    let mut running = Box::pin(runner.run(cases, tell));
    let mut signal = None;
    let ran = tokio::select! {
        ran = &mut running => ran,
        code = interrupt.next() => {
            signal = Some(code);
            session.stop();
            let rest = tokio::time::timeout(PATIENCE, &mut running).await;
            rest.unwrap_or(Ran { finished: Vec::new(), unreachable: None })
        }
    };
    // What is still under way is given up: it would keep others from being sent.
    drop(running);
    progress.borrow_mut().0.clear();
    pace.clean();
    tokio::select! {
        _ = session.clean_up(runner.suite, runner.target) => {}
        code = interrupt.next() => signal = Some(code),
    }
    Ok((ran, signal))
}
