//! Paths that one request fits twice, and operations that promise no success.

use std::collections::HashMap;

use crate::{
    api::{Api, Operation, Part, Segment, Status},
    pointer,
    problem::Problems,
};

/// Paths that differ in the names of their variables alone, and paths of which neither is more exact than the other.
pub(super) fn ambiguous(api: &Api, problems: &mut Problems) {
    let mut by_form: HashMap<String, &Operation> = HashMap::new();
    for operation in &api.operations {
        let other = *by_form.entry(form(&operation.segments)).or_insert(operation);
        if other.segments != operation.segments {
            report(problems, operation, other, "they differ in the names of their variables alone");
        }
    }
    crossing(&by_form, problems);
}

/// `/a/{x}/c` and `/a/b/{y}`: a request can fit both, each is more exact in one place. Only paths with as many
/// segments and the same first word are compared.
fn crossing(by_form: &HashMap<String, &Operation>, problems: &mut Problems) {
    let mut groups: HashMap<(usize, &[Part]), Vec<&Operation>> = HashMap::new();
    for operation in by_form.values() {
        let mixes = operation.segments.iter().any(is_variable) && operation.segments.len() > 1;
        if mixes {
            groups.entry((operation.segments.len(), operation.segments[0].parts.as_slice())).or_default().push(operation);
        }
    }
    for group in groups.values_mut() {
        group.sort_by(|one, other| one.path.cmp(&other.path));
        for (position, operation) in group.iter().enumerate() {
            if let Some(other) = group[..position].iter().find(|other| cross(&operation.segments, &other.segments)) {
                report(problems, operation, other, "a request can fit both, and neither is more exact");
            }
        }
    }
}

fn report(problems: &mut Problems, operation: &Operation, other: &Operation, why: &str) {
    let path = pointer::split_last(&operation.pointer).map_or("", |(path, _)| path);
    let message = format!("the paths `{}` and `{}` are ambiguous: {why}", other.path, operation.path);
    problems.warning("ambiguous-paths", path, &message, "merge the two paths, or make one of them different");
}

/// The path with nameless variables.
fn form(segments: &[Segment]) -> String {
    let mut text = String::new();
    for segment in segments {
        text.push('/');
        for part in &segment.parts {
            text.push_str(if let Part::Literal(literal) = part { literal } else { "{}" });
        }
    }
    text
}

fn is_variable(segment: &Segment) -> bool {
    matches!(segment.parts.as_slice(), [Part::Variable(_)])
}

fn cross(one: &[Segment], other: &[Segment]) -> bool {
    let pairs = || one.iter().zip(other);
    let fits = pairs().all(|(one, other)| one.parts == other.parts || is_variable(one) || is_variable(other));
    let only_first = pairs().any(|(one, other)| is_variable(one) && !is_variable(other));
    let only_second = pairs().any(|(one, other)| !is_variable(one) && is_variable(other));
    fits && only_first && only_second
}

/// Operations whose success is not declared.
pub(super) fn answers(api: &Api, problems: &mut Problems) {
    for operation in &api.operations {
        let has_success = operation.success().is_some() || operation.responses.iter().any(|response| is_redirect(response.status));
        if !has_success && !operation.responses.is_empty() {
            let place = pointer::join(&operation.pointer, "responses");
            problems.warning("no-success", &place, "no response of success is declared", "add the status that a good request gets");
        }
    }
}

fn is_redirect(status: Status) -> bool {
    matches!(status, Status::Exactly(100..=399) | Status::Range(1..=3))
}
