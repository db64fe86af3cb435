//! A run for CI servers: a suite for the provider, with a test for each case.
//!
//! A broken promise is a failure; what could not be tested, since something before it did not work or no answer came, is
//! an error, so that a run in which nothing was tested is not green. What is accepted is skipped, and says so; what is
//! new has passed, and says so. Unlike in other forms, each case says how long it took, since readers plot it.

use quick_junit::{NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{
    Colour, Shown,
    shown::Told,
    text::{facts, proof},
};
use crate::case::{Failure, Outcome};

/// A run, as `JUnit`'s XML.
///
/// # Errors
/// When it cannot be written as XML.
pub fn junit(shown: &Shown) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new(shown.provider.as_str());
    let properties = [("document", shown.file.clone()), ("url", shown.url.clone()), ("seed", shown.seed.to_string())];
    suite.add_properties(properties.map(|(name, value)| Property::new(name, value)));
    suite.add_test_cases(shown.cases.iter().map(case));
    suite.set_time(shown.cases.iter().map(|told| told.took).sum());
    let told: Vec<&str> = shown.residue.iter().chain(&shown.warnings).map(String::as_str).collect();
    if !told.is_empty() {
        suite.set_system_out(told.join("\n"));
    }
    let mut report = Report::new("contract");
    report.add_test_suite(suite);
    report.to_string()
}

fn case(told: &Told) -> TestCase {
    let mut case = TestCase::new(told.case.name.as_str(), status(told));
    case.set_classname(format!("{}::{}", told.case.provider, told.case.operation)).set_time(told.took);
    if let (Outcome::New(failure), None) = (&told.outcome, &told.accepted) {
        case.set_system_out(format!("new: {}\n{}", failure.what, description(told, failure)));
    }
    case
}

fn status(told: &Told) -> TestCaseStatus {
    if let (Some(reason), false) = (&told.accepted, matches!(told.outcome, Outcome::Passed | Outcome::Skipped(_))) {
        return skipped(&format!("accepted: {reason}"));
    }
    let wrong = |kind, rule: &str, message: &str, description: String| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_type(rule).set_message(message).set_description(description);
        status
    };
    match &told.outcome {
        Outcome::Passed | Outcome::New(_) => TestCaseStatus::success(),
        Outcome::Skipped(reason) => skipped(reason),
        Outcome::Failed(failure) => wrong(
            NonSuccessKind::Failure,
            told.case.rule.name,
            &failure.what,
            format!("{}\n{}", told.case.sentence, description(told, failure)),
        ),
        Outcome::Blocked(reason) => wrong(NonSuccessKind::Error, "blocked", reason, format!("{}\n{}", told.case.sentence, proof(told))),
        Outcome::Unreachable(reason) => wrong(NonSuccessKind::Error, "unreachable", reason, told.case.sentence.clone()),
    }
}

fn skipped(reason: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(reason);
    status
}

fn description(told: &Told, failure: &Failure) -> String {
    format!("{}{}", facts(told, failure, Colour::Plain), proof(told))
}
