//! Who is the odd one out of a document, a mock and a vendor; and the program that the mock is.

#[cfg(unix)]
mod mock;
mod screens;
mod verdicts;

use std::time::Duration;

use contract::{
    Failure, Outcome, Suite, Verdict,
    compare::Comparison,
    report::{Finished, Report},
};
use specs::Source;

/// A made-up vendor's document.
const KITCHEN: &str = "
openapi: 3.1.0
info: {title: Kitchen, version: '1'}
paths:
  /pans:
    post:
      operationId: addPan
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string, maxLength: 9}}}
      responses: {'201': {description: Added.}, '422': {description: Refused.}}
";

/// Some of its cases, in words of our own.
const CASES: [(&str, &str); 4] = [
    ("rejects_missing_name", "a pan without a name is refused"),
    ("rejects_malformed_json", "a pan that is not JSON is refused"),
    ("rejects_too_long_name", "a pan with a long name is refused"),
    ("accepts_the_minimal_body", "a pan with a name is accepted"),
];

/// What came of the first cases of the document on one of the servers; `None` for one that was not run.
fn report(url: &str, outcomes: &[Option<Outcome>]) -> Report {
    let api = specs::load(&Source::new("kitchen", "kitchen.yaml", KITCHEN.to_owned())).api.expect("the document is sound");
    let suite = Suite::new(api, 0);
    let cases = CASES.iter().filter_map(|(name, sentence)| {
        let mut case = suite.cases().iter().find(|case| case.name == *name)?.clone();
        (*sentence).clone_into(&mut case.sentence);
        Some(case)
    });
    let finished = cases.zip(outcomes).filter_map(|(case, outcome)| {
        let verdict = Verdict { outcome: outcome.clone()?, exchanges: Vec::new() };
        Some(Finished { case, verdict, cleaning: Vec::new(), took: Duration::ZERO, accepted: None })
    });
    Report {
        provider: "kitchen".to_owned(),
        file: "kitchen.yaml".to_owned(),
        url: url.to_owned(),
        seed: 7,
        finished: finished.collect(),
        ..Report::default()
    }
}

fn compared(pairs: &[(Option<Outcome>, Option<Outcome>)]) -> Comparison {
    let (a, b): (Vec<_>, Vec<_>) = pairs.iter().cloned().unzip();
    Comparison::of(("mock", &report("http://127.0.0.1:1", &a)), ("vendor", &report("https://kitchen.example", &b)))
}

#[expect(clippy::unnecessary_wraps, reason = "in a table there are cases that were not run")]
fn failed(place: &str, got: &str) -> Option<Outcome> {
    let what = format!("{place} is {got}");
    Some(Outcome::Failed(Failure { what, place: place.to_owned(), expected: "422".to_owned(), got: got.to_owned() }))
}

#[expect(clippy::unnecessary_wraps, reason = "in a table there are cases that were not run")]
fn passed() -> Option<Outcome> {
    Some(Outcome::Passed)
}
