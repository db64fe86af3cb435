//! `contract run`: the cases against a server.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    FAILED, UNREACHABLE,
    arguments::Run,
    documents::{path, suite},
    failure::Failure,
    interrupt::Interrupt,
    server,
};
use crate::{
    Case, Credentials, Http, Opening, Outcome, Patient, Place, Session, Suite, Target,
    plan::Plan,
    runner::{Ran, Runner},
};

/// How long requests that are under way may take to end after a signal.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) async fn run(arguments: &Run, seed: u64) -> Result<u8, Failure> {
    let document = path(&arguments.document)?;
    let suite = suite(&document, seed)?;
    let place = server::place(&arguments.url, &arguments.safety)?;
    let cases = arguments.choice.of(&suite)?;
    let policy = server::policy(place, &arguments.safety);
    let plan = plan(arguments, &suite, &cases, &policy).await?;
    let (ledger, session) = open(arguments, &document, &suite, policy)?;
    let session = Arc::new(session);
    let target = target(arguments, &suite, place, &session)?;
    let runner = Runner { suite: &suite, target: &target, jobs: arguments.jobs, fail_fast: arguments.fail_fast, plan: plan.as_ref() };
    let (ran, signal) = until_a_signal(&runner, &cases, &session).await?;
    let mut code = 0;
    for finished in &ran.finished {
        match &finished.verdict.outcome {
            Outcome::Failed(failure) => println!("FAIL {}\n  {}\n  {}", finished.case.id(), finished.case.sentence, failure.what),
            Outcome::Blocked(what) => println!("BLOCKED {}\n  {what}", finished.case.id()),
            Outcome::Skipped(why) => println!("SKIPPED {}\n  {why}", finished.case.id()),
            _ => {}
        }
        if !finished.verdict.outcome.is_fine() {
            if let Some(exchange) = finished.verdict.exchanges.last() {
                println!("{exchange}");
            }
            code = FAILED;
        }
    }
    println!("{} cases, {} requests", ran.finished.len(), session.tally().requests);
    for line in session.residue() {
        println!("left: {line}");
    }
    if session.residue().is_empty() && arguments.ledger.is_none() {
        _ = std::fs::remove_file(&ledger);
    }
    if let Some(why) = ran.unreachable {
        eprintln!("error: {why}\nhelp: is the server running, and `--url` its address?");
        return Ok(UNREACHABLE);
    }
    Ok(signal.unwrap_or(code))
}

/// What the cases would send, where that decides what is run.
async fn plan(arguments: &Run, suite: &Suite, cases: &[&Case], policy: &crate::Policy) -> Result<Option<Plan>, Failure> {
    let safety = &arguments.safety;
    if policy.place != Place::Live && safety.max_requests.is_none() && policy.allow == crate::Allow::ALL {
        return Ok(None);
    }
    if policy.place == Place::Live && policy.allow.create {
        let missing = server::missing_parents(suite, cases, safety);
        if !missing.is_empty() {
            let flags = missing.iter().map(|property| format!("`--given {property}=…`")).collect::<Vec<_>>().join(" and ");
            let what = "what is created on an account goes below a parent that is there for tests, and none is named";
            return Err(Failure::new(what, format!("say {flags}, or look alone with `--read-only`")));
        }
    }
    let generous = crate::Policy { residue: true, ..policy.clone() };
    let plan = Plan::of(suite, cases, &generous, &policy.given).await;
    if policy.place == Place::Live && plan.stays() > 0 && !policy.residue {
        let what = format!("{} rows would stay for good, because nothing deletes them", plan.stays());
        return Err(Failure::new(what, "say `--allow-residue`, choose cases by `--filter`, or look alone with `--read-only`"));
    }
    Ok(Some(plan))
}

fn target(arguments: &Run, suite: &Suite, place: Place, session: &Arc<Session>) -> Result<Target, Failure> {
    let url = &arguments.url;
    let http =
        Http::new(url).map_err(|error| Failure::new(format!("`{url}` cannot be used: {error}"), "give the base URL of the server"))?;
    let credentials = Credentials::of_environment(suite.api(), |name| std::env::var(name).ok());
    let mut target = Target::new(Box::new(Patient(http)), credentials);
    target.given = server::given(&arguments.safety);
    target.place = place;
    target.settle = arguments.settle;
    target.session = Some(Arc::clone(session));
    Ok(target)
}

/// A new ledger. One that has something to tell is not written over.
fn open(arguments: &Run, document: &std::path::Path, suite: &Suite, policy: crate::Policy) -> Result<(PathBuf, Session), Failure> {
    let run = arguments.mark.clone().unwrap_or_else(|| (0..6).map(|_| fastrand::char('a'..='z')).collect());
    let file = match &arguments.ledger {
        Some(file) => file.clone(),
        None => {
            let help = "name another folder by `--state`, or the ledger's file by `--ledger`";
            let made = state(&arguments.state);
            made.map_err(|error| Failure::new(format!("failed to write to `{}`: {error}", arguments.state.display()), help))?;
            arguments.state.join(format!("{}-{run}.ledger", suite.api().name))
        }
    };
    if let Ok((_, old)) = Session::resume(&file, policy.clone())
        && !old.is_clean()
    {
        let what = format!("the ledger `{}` is of a run that left something", file.display());
        return Err(Failure::new(what, format!("`contract clean {}` removes it", file.display())));
    }
    let document = document.canonicalize().unwrap_or_else(|_| document.to_owned());
    let opening = Opening::new(&document.display().to_string(), &arguments.url, &run);
    let session = Session::new(&file, &opening, policy);
    let session = session
        .map_err(|error| Failure::new(format!("failed to write `{}`: {error}", file.display()), "name another file by `--ledger`"))?;
    Ok((file, session))
}

/// The folder of what runs keep, which is nobody's to commit.
fn state(folder: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(".gitignore"), "*\n")
}

/// Runs until all is done or a signal comes; what was made is removed then.
async fn until_a_signal(runner: &Runner<'_>, cases: &[&Case], session: &Session) -> Result<(Ran, Option<u8>), Failure> {
    let help = "this should not happen; please report it";
    let mut interrupt = Interrupt::listen().map_err(|error| Failure::new(format!("cannot listen for signals: {error}"), help))?;
    let running = runner.run(cases, |_| {});
    tokio::pin!(running);
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
    tokio::select! {
        _ = session.clean_up(runner.suite, runner.target) => {}
        code = interrupt.next() => signal = Some(code),
    }
    Ok((ran, signal))
}
