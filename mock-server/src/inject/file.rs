//! Rules that every sandbox begins with: from a file, in YAML or JSON, or from whoever starts the mock.

use specs::{Document, Problem, Severity, Source};

use super::{Fault, Rule, Wrong, plan::is_called, schema};
use crate::{Error, provider::Provider};

/// Reads a file of rules.
pub(crate) fn read(source: &Source, providers: &[&Provider]) -> Result<Vec<Rule>, Error> {
    let (document, problems) = Document::read(source);
    let errors: Vec<Problem> = problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect();
    let Some(document) = document.filter(|_| errors.is_empty()) else {
        return Err(Error::InvalidFaults { file: source.file.clone(), problems: errors });
    };
    let invalid = |(pointer, wrong): (String, Wrong)| {
        let problem = document.problem(Severity::Error, "invalid-fault", &pointer, &wrong.message, &wrong.help);
        Error::InvalidFaults { file: source.file.clone(), problems: vec![problem] }
    };
    let placed = schema::read(document.value.clone()).map_err(invalid)?;
    for (pointer, rules) in &placed {
        check(rules, providers).map_err(|wrong| invalid((format!("{pointer}/{}", wrong.member), wrong)))?;
    }
    Ok(placed.into_iter().flat_map(|(_, rules)| rules).collect())
}

/// Reads a rule that was made by code.
pub(crate) fn of(fault: Fault) -> Result<Vec<Rule>, Error> {
    fault.rules().map_err(|wrong| Error::InvalidFault { reason: wrong.message, help: wrong.help })
}

/// Checks that there is what rules name.
pub(crate) fn check(rules: &[Rule], providers: &[&Provider]) -> Result<(), Wrong> {
    rules.iter().try_for_each(|rule| check_one(rule, providers))
}

fn check_one(rule: &Rule, providers: &[&Provider]) -> Result<(), Wrong> {
    if let Some(name) = rule.scope.provider.as_deref() {
        known(name, "provider", &providers.iter().map(|provider| &*provider.name).collect::<Vec<_>>())?;
    }
    let Some(wanted) = rule.scope.operation.as_deref() else { return Ok(()) };
    let named = providers.iter().filter(|provider| rule.scope.provider.as_deref().is_none_or(|name| name == &*provider.name));
    let operations: Vec<&str> = named.flat_map(|provider| &provider.api().operations).map(|operation| operation.id.as_str()).collect();
    if operations.iter().any(|operation| is_called(operation, wanted)) { Ok(()) } else { known(wanted, "operation", &operations) }
}

fn known(name: &str, what: &str, all: &[&str]) -> Result<(), Wrong> {
    if all.contains(&name) {
        return Ok(());
    }
    let help = match specs::nearest(name, all.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let shown: Vec<_> = all.iter().take(20).map(|name| format!("`{name}`")).collect();
            let more = if all.len() > shown.len() { format!(" and {} more", all.len() - shown.len()) } else { String::new() };
            format!("there are {}{more}", shown.join(", "))
        }
    };
    Err(Wrong::new(what, &format!("no {what} is named `{name}`"), &help))
}
