//! `contract run`: the cases against a server, and what is told of them.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{
    UNREACHABLE,
    arguments::Run,
    documents::{self, Loaded, path},
    failure::Failure,
    interrupt::Interrupt,
    server,
    tell::{self, Written},
};
use crate::{
    Allow, Case, Opening, Pace, Place, Policy, Session, Suite, Target,
    pace::Settings,
    plan::Plan,
    report::{Counts, Progress, Report, last},
    runner::{Event, Ran, Runner},
};

/// How long requests that are under way may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(arguments: &Run, seed: u64) -> Result<u8, Failure> {
    let document = path(&arguments.document)?;
    let loaded = documents::load(&document, seed)?;
    let suite = &loaded.suite;
    let place = server::place(&arguments.url, &arguments.safety)?;
    let cases = cases(arguments, suite, seed)?;
    let tell = tell::Telling::new(arguments)?;
    let policy = server::policy(place, &arguments.safety);
    let credentials = server::credentials(suite.api(), place)?;
    let plan = plan(arguments, suite, &cases, &policy).await?;
    let pace = Pace::new(suite.api(), place, &Settings { jobs: arguments.jobs, seed, ..Settings::default() });
    let http = server::http(&arguments.url)?;
    let (ledger, session) = open(arguments, &document, suite, policy)?;
    let session = Arc::new(session);
    let mut target = Target::new(Box::new(pace.around(http)), credentials);
    target.given = server::given(&arguments.safety);
    target.place = place;
    target.settle = arguments.settle;
    target.session = Some(Arc::clone(&session));
    let runner = Runner { suite, target: &target, jobs: arguments.jobs, fail_fast: arguments.fail_fast, plan: plan.as_ref() };
    let (ran, signal) = until_a_signal(&runner, &cases, &session, &pace).await?;
    if session.is_clean() && arguments.ledger.is_none() {
        _ = fs::remove_file(&ledger);
    }
    if let Some(why) = &ran.unreachable {
        eprintln!("error: {why}\nhelp: is the server running, and `--url` its address?");
        return Ok(UNREACHABLE);
    }
    let mut report = report(arguments, &loaded, seed, ran);
    report.residue = session.residue();
    if !session.is_clean() && place != Place::Live {
        report.residue = short(report.residue, &ledger);
    }
    let written = Written { loaded: &loaded, target: &target };
    let code = tell.all(&mut report, &written)?;
    Ok(signal.unwrap_or(code))
}

/// On this machine nobody minds each row that stays.
fn short(residue: Vec<String>, ledger: &Path) -> Vec<String> {
    let count = residue.len();
    if count <= 3 {
        return residue;
    }
    let first = residue.into_iter().take(2);
    first.chain([format!("{} more, all of them in the ledger `{}`", count - 2, ledger.display())]).collect()
}

/// The cases that are wanted.
fn cases<'s>(arguments: &Run, suite: &'s Suite, seed: u64) -> Result<Vec<&'s Case>, Failure> {
    let chosen = arguments.choice.of(suite)?;
    if !arguments.last_failed {
        return Ok(chosen);
    }
    let file = last_file(arguments, suite);
    let help = "run without `--last-failed` first, and with the same `--state`";
    let last = last::read(&file).map_err(|error| Failure::new(format!("failed to read `{}`: {error}", file.display()), help))?;
    if last.seed != seed {
        let what = format!("the last run had the seed {}, and this one has {seed}", last.seed);
        return Err(Failure::new(what, format!("say `--seed {}`", last.seed)));
    }
    let failed: Vec<&Case> = chosen.into_iter().filter(|case| last.ids.contains(&case.id())).collect();
    if failed.is_empty() { Err(Failure::new("nothing failed last time", "run without `--last-failed`")) } else { Ok(failed) }
}

/// Where it is kept what failed last.
pub(super) fn last_file(arguments: &Run, suite: &Suite) -> PathBuf {
    arguments.state.join(format!("{}.last", suite.api().name))
}

/// What the cases would send, where that decides what is run.
async fn plan(arguments: &Run, suite: &Suite, cases: &[&Case], policy: &Policy) -> Result<Option<Plan>, Failure> {
    let is_live = policy.place == Place::Live;
    if !is_live && policy.most.is_none() && policy.allow == Allow::ALL {
        return Ok(None);
    }
    if is_live && policy.allow.create {
        let missing = server::missing_parents(suite, cases, &arguments.safety);
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

/// A new ledger. One that has something to tell is not written over.
fn open(arguments: &Run, document: &Path, suite: &Suite, policy: Policy) -> Result<(PathBuf, Session), Failure> {
    let run = arguments.mark.clone().unwrap_or_else(|| (0..6).map(|_| fastrand::char('a'..='z')).collect());
    tell::state(&arguments.state)?;
    let own = || arguments.state.join(format!("{}-{run}.ledger", suite.api().name));
    let file = arguments.ledger.clone().unwrap_or_else(own);
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
    let document = document.canonicalize().unwrap_or_else(|_| document.to_owned());
    let opening = Opening::new(&document.display().to_string(), &arguments.url, &run);
    let session = Session::new(&file, &opening, policy);
    let failed = |error| Failure::new(format!("failed to write `{}`: {error}", file.display()), "name another file by `--ledger`");
    Ok((file.clone(), session.map_err(failed)?))
}

/// Runs until all is done or a signal comes; what was made is removed then.
async fn until_a_signal(runner: &Runner<'_>, cases: &[&Case], session: &Session, pace: &Pace) -> Result<(Ran, Option<u8>), Failure> {
    let help = "this should not happen; please report it";
    let mut interrupt = Interrupt::listen().map_err(|error| Failure::new(format!("cannot listen for signals: {error}"), help))?;
    let progress = RefCell::new((Progress::on_terminal(), Counts::default()));
    let tell = |event: Event<'_>| {
        let (line, counts) = &mut *progress.borrow_mut();
        match event {
            Event::Begins(case) => line.show(counts, cases.len(), &case.id()),
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

fn report(arguments: &Run, loaded: &Loaded, seed: u64, ran: Ran) -> Report {
    let safety = &arguments.safety;
    let mut flags: Vec<String> = Vec::new();
    let switches = [(safety.live, "--live"), (safety.read_only, "--read-only"), (safety.allow_residue, "--allow-residue")];
    flags.extend(switches.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| flag.to_owned()));
    flags.extend(safety.given.iter().flat_map(|(name, key)| ["--given".to_owned(), format!("{name}={}", crate::wire::scalar(key))]));
    Report {
        provider: loaded.suite.api().name.clone(),
        file: loaded.file.clone(),
        url: arguments.url.clone(),
        seed,
        flags,
        finished: ran.finished,
        ..Report::default()
    }
}
