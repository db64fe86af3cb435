//! Running one case.

use http::Method;
use serde_json::Value;
use specs::{api::Operation, resources::Action};

use crate::{
    case::{Aspect, BodyOf, Case, Edit, Failure, Items, Kind, Outcome, Refusal, Verdict, Wanted, Whose},
    check,
    draft::{self, Draft},
    edit,
    exchange::Response,
    laws, refusal,
    suite::{Suite, key_in},
    target::Target,
    world::{Step, Stop, World, blocked, fail, role, skip},
};

impl Suite {
    /// Runs one case of this suite against a target.
    pub async fn run(&self, case: &Case, target: &Target) -> Verdict {
        let world = World::new(self, target).of(case);
        let outcome = match self.api.operation(&case.operation) {
            Some(operation) => outcome(run(&world, operation, case).await),
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
        Kind::Accept(wanted, edits) => accept(world, operation, wanted, edits).await,
        Kind::Refuse(wanted, edits, refusal) => refuse(world, operation, wanted, edits, *refusal).await,
        Kind::Method(methods) => method(world, operation, methods).await,
        Kind::Answers(Whose::Successes, aspect) => successes(world, operation, *aspect).await,
        Kind::Answers(Whose::Refusals, aspect) => refusals(world, operation, *aspect).await,
        Kind::Law(law) => laws::run(world, operation, law).await,
    }
}

async fn accept(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit]) -> Step<()> {
    let mut draft = world.draft(operation, wanted).await?;
    let mut gone = Vec::new();
    for (position, edit) in edits.iter().enumerate() {
        if position > 0 && consumes(operation) {
            gone.extend(key(operation, &draft));
            draft = world.draft(operation, &another(world.suite, operation, wanted, &gone)?).await?;
        }
        // Of what the client names there is one of each name.
        if position > 0 && operation.role.as_ref().is_some_and(|role| role.action == Action::Create && role.key.is_some()) {
            draft = world.draft(operation, wanted).await?;
        }
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        if !is_due(operation, &response) {
            return fail(Failure::no_success(response.status, "answered"));
        }
    }
    Ok(())
}

/// Whether a response is one that a valid request is due: a success, or where the operation leads when it has none.
fn is_due(operation: &Operation, response: &Response) -> bool {
    let leads = || operation.success().is_none() && operation.redirect().is_some() && (300..400).contains(&response.status);
    response.is_success() || leads()
}

/// Whether a success leaves nothing to send the next request for.
fn consumes(operation: &Operation) -> bool {
    operation.role.as_ref().is_some_and(|role| role.action == Action::Delete)
}

/// The key of the item that a request names.
fn key(operation: &Operation, draft: &Draft) -> Option<Value> {
    draft::get(operation.role.as_ref()?.key.as_ref()?, &draft.values, draft.body.as_ref())
}

/// The request for another item than those that are gone: a new one, or a row of the document.
fn another(suite: &Suite, operation: &Operation, wanted: &Wanted, gone: &[Value]) -> Step<Wanted> {
    let role = role(operation)?;
    if suite.creating(role, None).is_some() {
        return Ok(wanted.clone());
    }
    let name = suite.key(&role.resource);
    let rows = suite.api.mock.seed.get(&role.resource).into_iter().flatten();
    let left = rows.filter_map(|row| Some((row, key_in(row, name)?))).find(|(_, key)| !gone.contains(key));
    let Some((row, key)) = left else { return skip(format!("{} of `{}` exist, and nothing creates more", gone.len(), role.resource)) };
    let parents = role.parents.iter().filter_map(|(property, _)| Some((property.clone(), row.get(property)?.clone()))).collect();
    Ok(Wanted { key: Some(key.clone()), parents, ..wanted.clone() })
}

async fn refuse(world: &World<'_>, operation: &Operation, wanted: &Wanted, edits: &[Edit], due: Refusal) -> Step<()> {
    let draft = world.draft(operation, wanted).await?;
    for edit in edits {
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        refusal::check(operation, due, response.status).or_else(fail)?;
    }
    Ok(())
}

/// Sends each method that the path does not have.
async fn method(world: &World<'_>, operation: &Operation, methods: &[Method]) -> Step<()> {
    let draft = world.draft(operation, &Wanted { items: Items::Documented, ..Wanted::default() }).await?;
    let same = |other: &&Operation| other.path == operation.path && other.servers == operation.servers;
    let declared: Vec<&Method> = world.suite.api.operations.iter().filter(same).map(|other| &other.method).collect();
    for method in methods {
        let mut request = draft.request.clone();
        request.method = method.clone();
        let response = world.send(operation, request).await?;
        match response.status {
            404 if operation.path.contains('{') => {}
            405 => allowed(&response, method, &declared)?,
            status => {
                let what = format!("{method} was answered {status}, where 405 is due");
                return fail(Failure::at("status", "405", status.to_string(), what));
            }
        }
    }
    Ok(())
}

fn allowed(response: &Response, method: &Method, declared: &[&Method]) -> Step<()> {
    let headers: Vec<&str> =
        response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("allow")).map(|(_, value)| value.as_str()).collect();
    if headers.is_empty() {
        return fail(format!("405 for {method} without a header `Allow`"));
    }
    let named: Vec<String> = headers.join(",").split(',').map(|name| name.trim().to_ascii_uppercase()).collect();
    match declared.iter().find(|method| !named.contains(&method.to_string())) {
        Some(missing) => fail(format!("`Allow: {}` lacks {missing}", headers.join(", "))),
        None if named.contains(&method.to_string()) => fail(format!("`Allow: {}` names {method}, which was refused", headers.join(", "))),
        None => Ok(()),
    }
}

/// Checks an aspect of every kind of success.
async fn successes(world: &World<'_>, operation: &Operation, aspect: Aspect) -> Step<()> {
    let mut succeeded = false;
    for wanted in valid(world.suite, operation) {
        let response = world.call(operation, &wanted).await?;
        if is_due(operation, &response) {
            succeeded = true;
            check::answer(world.suite, operation, &response, aspect).map_or(Ok(()), fail)?;
        }
    }
    if succeeded { Ok(()) } else { blocked("no valid request was answered with a success") }
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
        let shown = media.examples.iter().map(|example| BodyOf::Verbatim(example.value.clone()));
        all.extend(shown.map(|body| Wanted { body, ..Wanted::default() }));
    }
    all
}

/// Checks an aspect of one refusal per rule.
async fn refusals(world: &World<'_>, operation: &Operation, aspect: Aspect) -> Step<()> {
    let mut rules = Vec::new();
    let mut refused = false;
    for case in world.suite.cases().iter().filter(|case| case.operation == operation.id) {
        let Kind::Refuse(wanted, edits, due) = &case.kind else { continue };
        if rules.contains(&case.rule) || !refusal::is_declared(operation, *due) {
            continue;
        }
        rules.push(case.rule);
        let draft = world.draft(operation, wanted).await?;
        let Some(edit) = edits.first() else { continue };
        let response = world.send(operation, edit::apply(world, operation, &draft, edit)?).await?;
        if (400..600).contains(&response.status) {
            refused = true;
            check::answer(world.suite, operation, &response, aspect).map_or(Ok(()), fail)?;
        }
    }
    if refused { Ok(()) } else { blocked("no wrong request was refused") }
}
