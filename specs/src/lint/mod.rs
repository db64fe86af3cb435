//! What a document says that a reader would stumble over, although it can be loaded.
//!
//! [`load`](crate::load) reports what cannot be used. Rules in here are about what can: paths that one request fits
//! twice, examples that break their own schema, extensions where nothing reads them. They look at the document as
//! written where layout matters, and at the model where meaning does.

mod answers;
mod components;
#[cfg(feature = "validate")]
mod examples;
mod extensions;
#[cfg(feature = "edit")]
mod fixes;
mod names;
mod operations;
mod paths;
mod resources;
mod rules;
mod schemas;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::HashSet;

#[cfg(feature = "edit")]
pub use fixes::{Fix, fixes};
pub use rules::{Rule, nearest_rule, rule, rules};

use crate::{
    api::{Api, Loaded},
    document::{Document, Source},
    problem::{Problem, Problems},
};

/// The problems of a document that can be loaded, beyond those that loading reports, in the order of the rules.
#[must_use]
pub fn lint(document: &Document, api: &Api) -> Vec<Problem> {
    let mut problems = Problems::new(document);
    paths::ambiguous(api, &mut problems);
    paths::answers(api, &mut problems);
    operations::lint(document, api, &mut problems);
    schemas::lint(api, &mut problems);
    extensions::lint(document, &mut problems);
    resources::lint(api, &mut problems);
    answers::lint(api, &mut problems);
    names::lint(document, api, &mut problems);
    components::unused(document, &mut problems);
    #[cfg(feature = "validate")]
    examples::lint(api, &mut problems);
    problems.into_found()
}

/// Loads a document and lints it: all its problems, each place told about once, in the order of lines.
#[must_use]
pub fn check(source: &Source) -> Loaded {
    let mut loaded = crate::load(source);
    if let (Some(document), Some(api)) = (&loaded.document, &loaded.api) {
        let found = lint(document, api);
        let place = |problem: &Problem| (problem.file.clone(), problem.pointer.clone());
        let known: HashSet<_> = loaded.problems.iter().map(place).collect();
        loaded.problems.extend(found.into_iter().filter(|problem| !known.contains(&place(problem))));
        sort(&mut loaded.problems, &source.file);
    }
    loaded
}

/// Puts problems in the order in which a person goes through them: the document's own file first, then by line.
pub fn sort(problems: &mut [Problem], file: &str) {
    problems.sort_by(|one, other| {
        let rank = |problem: &Problem| (problem.file != file, problem.line, problem.column);
        let files = if rank(one).0 && rank(other).0 { one.file.cmp(&other.file) } else { std::cmp::Ordering::Equal };
        files.then_with(|| rank(one).cmp(&rank(other)))
    });
}
