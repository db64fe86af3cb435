//! A run of many cases: in order or several at once, until all are done, one has failed, or somebody has had enough.
//!
//! Cases of one resource that count what a list shows are run alone; all others share it. What a case made is removed
//! when it is over. What comes out is in the order of the document, whatever ran when.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::Instant,
};

use futures_util::{StreamExt, stream};
use tokio::sync::RwLock;

use crate::{
    case::{Case, Failure, Outcome, Verdict},
    plan::Plan,
    report::Finished,
    suite::Suite,
    target::Target,
};

/// After so many cases in a row without an answer nobody is there.
const SILENT: usize = 3;

/// How a run goes.
pub struct Runner<'a> {
    /// The document with its cases.
    pub suite: &'a Suite,
    /// The server.
    pub target: &'a Target,
    /// How many cases run at once.
    pub jobs: usize,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// What cases are known to send, when what may be sent is limited.
    pub plan: Option<&'a Plan>,
}

/// What happens in a run.
pub enum Event<'a> {
    /// A case begins.
    Begins(&'a Case),
    /// A case is over.
    Ends(&'a Finished),
}

/// What came of a run.
pub struct Ran {
    /// The cases that were run, in their order.
    pub finished: Vec<Finished>,
    /// Why nobody seems to be there.
    pub unreachable: Option<String>,
}

struct State {
    families: HashMap<String, RwLock<()>>,
    is_over: AtomicBool,
    silent: AtomicUsize,
}

impl Runner<'_> {
    /// Runs these cases.
    pub async fn run(&self, cases: &[&Case], tell: impl Fn(Event<'_>)) -> Ran {
        let families = families(self.suite);
        let locks = families.values().map(|family| (family.clone(), RwLock::new(()))).collect();
        let state = State { families: locks, is_over: AtomicBool::new(false), silent: AtomicUsize::new(0) };
        let one = |case| self.one(case, &families, &state, &tell);
        let mut finished: Vec<(usize, Finished)> = stream::iter(cases.iter().enumerate())
            .map(|(position, case)| async move { (position, one(*case).await) })
            .buffer_unordered(self.jobs.max(1))
            .filter_map(|(position, finished)| async move { Some((position, finished?)) })
            .collect()
            .await;
        finished.sort_by_key(|(position, _)| *position);
        let mut finished: Vec<Finished> = finished.into_iter().map(|(_, finished)| finished).collect();
        let unreachable = (state.silent.load(Ordering::Relaxed) >= SILENT.min(cases.len())).then(|| silence(&finished)).flatten();
        for one in &mut finished {
            one.verdict.outcome = judged(one.verdict.outcome.clone());
        }
        Ran { finished, unreachable }
    }

    async fn one(&self, case: &Case, families: &HashMap<String, String>, state: &State, tell: &impl Fn(Event<'_>)) -> Option<Finished> {
        let family = self.family(case, families).and_then(|family| state.families.get(family));
        let is_alone = case.needs_a_resource_alone();
        let _alone = match family.filter(|_| is_alone) {
            Some(lock) => Some(lock.write().await),
            None => None,
        };
        let _shared = match family.filter(|_| !is_alone) {
            Some(lock) => Some(lock.read().await),
            None => None,
        };
        let session = self.target.session.as_deref();
        if state.is_over.load(Ordering::Relaxed) || session.is_some_and(crate::Session::is_stopped) {
            return None;
        }
        tell(Event::Begins(case));
        let clock = Instant::now();
        let verdict = match self.kept_out(case) {
            Some(why) => Verdict { outcome: Outcome::Skipped(why), exchanges: Vec::new() },
            None => self.suite.run(case, self.target).await,
        };
        let cleaning = match session {
            Some(session) => session.clean_up_after(self.suite, self.target, &case.id()).await,
            None => Vec::new(),
        };
        let finished = Finished { case: case.clone(), verdict, cleaning, took: clock.elapsed(), accepted: None };
        self.watch(&finished, state);
        tell(Event::Ends(&finished));
        Some(finished)
    }

    /// Why a case is not begun.
    fn kept_out(&self, case: &Case) -> Option<String> {
        if let Some(why) = case.refused_by(self.target.place) {
            return Some(why.to_owned());
        }
        let step = self.plan?.step(&case.id())?;
        if let Some(why) = &step.skipped {
            return Some(why.clone());
        }
        let session = self.target.session.as_deref()?;
        let (left, most) = session.left()?;
        (left < step.tally.requests).then(|| format!("of the {most} requests that are allowed too few are left"))
    }

    fn watch(&self, finished: &Finished, state: &State) {
        match &finished.verdict.outcome {
            Outcome::Unreachable(_) => {
                if state.silent.fetch_add(1, Ordering::Relaxed) + 1 >= SILENT {
                    state.is_over.store(true, Ordering::Relaxed);
                }
            }
            // What sent nothing says nothing of who is there.
            _ if finished.verdict.exchanges.is_empty() => {}
            _ => state.silent.store(0, Ordering::Relaxed),
        }
        if self.fail_fast && !finished.verdict.outcome.is_fine() {
            state.is_over.store(true, Ordering::Relaxed);
        }
    }

    fn family<'f>(&self, case: &Case, families: &'f HashMap<String, String>) -> Option<&'f String> {
        let role = self.suite.api().operation(&case.operation)?.role.as_ref()?;
        families.get(&role.resource)
    }
}

/// Why nobody seems to be there, when the last cases had no answer at all.
fn silence(finished: &[Finished]) -> Option<String> {
    finished.iter().rev().find_map(|finished| match &finished.verdict.outcome {
        Outcome::Unreachable(why) => Some(why.clone()),
        _ => None,
    })
}

/// Where others were answered, no answer is a failure.
fn judged(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Unreachable(why) => {
            let what = format!("no answer came: {why}");
            Outcome::Failed(Failure { what, place: String::new(), expected: "an answer".to_owned(), got: "none".to_owned() })
        }
        other => other,
    }
}

/// Resources that hang together, each by one name: what is made below a parent changes what is listed there.
fn families(suite: &Suite) -> HashMap<String, String> {
    let resources = &suite.api().resources;
    let mut families: HashMap<String, String> = resources.iter().map(|resource| (resource.name.clone(), resource.name.clone())).collect();
    for resource in resources {
        for parent in &resource.parents {
            let own = families.get(&resource.name).cloned().unwrap_or_default();
            let Some(other) = families.get(&parent.resource).cloned() else { continue };
            families.values_mut().filter(|family| **family == own).for_each(|family| family.clone_from(&other));
        }
    }
    families
}
