//! Running one case.

use specs::api::Operation;

use crate::{
    absent,
    accept::{Missing, accept},
    answers,
    case::{Case, Failure, Kind, Outcome, Verdict, Whose},
    laws, refuse, shown,
    suite::Suite,
    survive::survive,
    target::Target,
    world::{Step, Stop, World, fail},
};

impl Suite {
    /// Runs one case of this suite against a target.
    pub async fn run(&self, case: &Case, target: &Target) -> Verdict {
        let world = World::new(self, target).of(case);
        let outcome = match self.api.operation(&case.operation) {
            Some(operation) => absent::excuse(&world, outcome(run(&world, operation, case).await)).await,
            None => Outcome::Skipped("the document has no such operation".to_owned()),
        };
        Verdict { outcome, exchanges: world.exchanges() }
    }
}

fn outcome(step: Step<()>) -> Outcome {
    match step {
        Ok(()) => Outcome::Passed,
        Err(Stop::Failed(failure)) => Outcome::Failed(failure),
        Err(Stop::New(failure)) => Outcome::New(failure),
        Err(Stop::Skipped(why)) => Outcome::Skipped(why),
        Err(Stop::Blocked(what)) => Outcome::Blocked(what),
        Err(Stop::Unreachable(error)) => match error.over_limit() {
            Some(over) => Outcome::Skipped(over.to_string()),
            None if error.is_nobody() => Outcome::Unreachable(chain(&error)),
            None => Outcome::Failed(Failure::at("", "an answer", "none", format!("no answer came: {}", chain(&error)))),
        },
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

async fn run(world: &World<'_>, operation: &Operation, case: &Case) -> Step<()> {
    match &case.kind {
        Kind::Shown => shown::check(world.suite, operation).map_or(Ok(()), fail),
        Kind::Accept(wanted, edits) => accept(world, operation, wanted, edits, Missing::Fails).await,
        Kind::Reach(wanted, edits) => accept(world, operation, wanted, edits, Missing::IsFine).await,
        Kind::Refuse(wanted, edits, due) => refuse::refuse(world, operation, wanted, edits, *due).await,
        Kind::Survive(wanted, edits, strain) => survive(world, operation, wanted, edits, *strain).await,
        Kind::Method(methods) => refuse::method(world, operation, methods).await,
        Kind::Answers(Whose::Successes, aspect) => answers::successes(world, operation, *aspect).await,
        Kind::Answers(Whose::Refusals, aspect) => answers::refusals(world, operation, *aspect).await,
        Kind::Law(law) => laws::run(world, operation, law).await,
    }
}
