//! One aspect of the answers of an operation: of its successes, or of its refusals.

use specs::{api::Operation, resources::Action};

use crate::{
    accept::is_due,
    case::{Aspect, BodyOf, Case, Class, Edit, Failure, Items, Kind, Refusal, Wanted},
    cases::sendable,
    check, edit, refusal,
    suite::Suite,
    target::Place,
    world::{Step, Stop, World, blocked, skip},
};

/// Checks an aspect of every kind of success.
pub(crate) async fn successes(world: &World<'_>, operation: &Operation, aspect: Aspect) -> Step<()> {
    let mut succeeded = false;
    for wanted in valid(world.suite, operation) {
        let response = world.call(operation, &wanted).await?;
        if is_due(operation, &response) {
            succeeded = true;
            judged(world, aspect, check::answer(world.suite, operation, &response, aspect))?;
        }
    }
    if succeeded { Ok(()) } else { blocked("no valid request was answered with a success") }
}

/// What a vendor may have added since the document was written is no failure of an account.
fn judged(world: &World<'_>, aspect: Aspect, failure: Option<Failure>) -> Step<()> {
    match failure {
        None => Ok(()),
        Some(failure) if aspect == Aspect::Documented && world.target.place == Place::Live => Err(Stop::New(failure)),
        Some(failure) => Err(Stop::Failed(failure)),
    }
}

/// Valid requests of all kinds.
fn valid(suite: &Suite, operation: &Operation) -> Vec<Wanted> {
    let mut all = Vec::new();
    let reads = operation.role.as_ref().is_none_or(|role| matches!(role.action, Action::Read | Action::List));
    if reads {
        all.push(Wanted { items: Items::Documented, ..Wanted::default() });
    }
    all.push(Wanted::default());
    if let Some((media, _, _)) = suite.body(operation) {
        all.push(Wanted { body: BodyOf::Minimal, ..Wanted::default() });
        let shown = media.examples.iter().filter_map(|example| sendable(suite, media, &example.value).ok());
        all.extend(shown.map(|body| Wanted { body: BodyOf::Verbatim(body), ..Wanted::default() }));
    }
    all
}

/// Checks an aspect of one refusal per rule.
pub(crate) async fn refusals(world: &World<'_>, operation: &Operation, aspect: Aspect) -> Step<()> {
    let mut rules = Vec::new();
    let mut refused = false;
    for case in world.suite.cases().iter().filter(|case| case.operation == operation.id) {
        let Some((wanted, edit, due)) = wrong(world, operation, case) else { continue };
        if rules.contains(&case.rule) {
            continue;
        }
        rules.push(case.rule);
        let draft = world.draft(operation, wanted).await?;
        let request = match edit::apply(world, operation, &draft, edit) {
            Err(Stop::Skipped(_)) => continue,
            request => request?,
        };
        let response = world.send(operation, request).await?;
        // What is malformed in a path may as well name nothing, whether or not the document says so.
        let is_elsewhere = aspect == Aspect::Status && due == Refusal::Path && response.status == 404;
        if (400..600).contains(&response.status) {
            refused = true;
            let failure = check::answer(world.suite, operation, &response, aspect).filter(|_| !is_elsewhere);
            judged(world, aspect, failure)?;
        }
    }
    match (refused, rules.is_empty()) {
        (true, _) => Ok(()),
        (false, true) => skip("no wrong request may be sent here"),
        (false, false) => blocked("no wrong request was refused"),
    }
}

/// The wrong request of a case, when the document declares a status for it, and when it may be sent here.
fn wrong<'c>(world: &World<'_>, operation: &Operation, case: &'c Case) -> Option<(&'c Wanted, &'c Edit, Refusal)> {
    let Kind::Refuse(wanted, edits, due) = &case.kind else { return None };
    let is_allowed = case.class == Class::Safe || world.target.place != Place::Live;
    let edit = edits.first().filter(|_| is_allowed && refusal::is_declared(operation, *due))?;
    Some((wanted, edit, *due))
}
