//! The cases of a document, and the places that have none, each with the reason.

mod answers;
mod batches;
mod body;
mod changes;
mod class;
mod credentials;
mod hardship;
mod links;
mod lists;
mod orders;
mod parameters;
mod path;
mod properties;
mod requests;
mod server_set;
mod values;
mod varied;

use specs::api::Operation;

pub(crate) use self::{answers::ASPECTS, requests::sendable};
use crate::{
    case::{Case, Empty, Kind},
    rule::{self, Rule},
    suite::Suite,
};

/// All cases, by operation and then in the order of the rules, and all places without one.
pub(crate) fn enumerate(suite: &Suite) -> (Vec<Case>, Vec<Empty>) {
    let (mut cases, mut empty) = (Vec::new(), Vec::new());
    for operation in &suite.api.operations {
        let mut sheet = Sheet { suite, operation, cases: Vec::new(), empty: Vec::new() };
        requests::fill(&mut sheet);
        varied::fill(&mut sheet);
        credentials::fill(&mut sheet);
        body::fill(&mut sheet);
        parameters::fill(&mut sheet);
        hardship::fill(&mut sheet);
        path::fill(&mut sheet);
        answers::fill(&mut sheet);
        changes::fill(&mut sheet);
        server_set::fill(&mut sheet);
        lists::fill(&mut sheet);
        links::fill(&mut sheet);
        let order = |rule: &Rule| rule::ALL.iter().position(|known| known == rule);
        sheet.cases.sort_by_key(|case| order(&case.rule));
        sheet.empty.sort_by_key(|empty| order(&empty.rule));
        cases.append(&mut sheet.cases);
        empty.append(&mut sheet.empty);
    }
    (cases, empty)
}

/// The cases of one operation, as they are found.
struct Sheet<'s> {
    suite: &'s Suite,
    operation: &'s Operation,
    cases: Vec<Case>,
    empty: Vec<Empty>,
}

impl Sheet<'_> {
    /// Adds a case. A name that is taken gets a number.
    fn case(&mut self, rule: Rule, place: &str, name: &str, sentence: String, kind: Kind) {
        let is_accepted = matches!(kind, Kind::Accept(..) | Kind::Reach(..));
        if is_accepted && self.operation.success().or_else(|| self.operation.redirect()).is_none() {
            return self.none(rule, place, "no success is declared");
        }
        let name = heck::AsSnakeCase(name).to_string();
        let taken = |name: &str| self.cases.iter().any(|case| case.name == name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or(name.clone());
        self.cases.push(Case {
            provider: self.suite.api.name.clone(),
            operation: self.operation.id.clone(),
            name,
            rule,
            place: place.to_owned(),
            sentence,
            class: class::of(self.suite, self.operation, rule, &kind),
            kind,
        });
    }

    /// Notes that a rule has no case at a place.
    fn none(&mut self, rule: Rule, place: &str, reason: impl Into<String>) {
        self.empty.push(Empty { operation: self.operation.id.clone(), rule, place: place.to_owned(), reason: reason.into() });
    }

    /// Notes the same for several rules at a place.
    fn none_of_place(&mut self, rules: &[Rule], place: &str, reason: &str) {
        for rule in rules {
            self.none(*rule, place, reason);
        }
    }

    /// Notes the same for several rules.
    fn none_of(&mut self, rules: &[Rule], reason: &str) {
        for rule in rules {
            self.none(*rule, "", reason);
        }
    }
}

/// A place as part of a name: the properties of a pointer, and at its end whether it is an element.
fn words(pointer: &str) -> String {
    let is_position = |token: &str| token.parse::<usize>().is_ok();
    let mut words: Vec<_> = specs::pointer::tokens(pointer).filter(|token| !is_position(token)).collect();
    if words.is_empty() {
        words.push("the_body".into());
    }
    if specs::pointer::tokens(pointer).last().is_some_and(|token| is_position(&token)) {
        words.push("item".into());
    }
    words.join("_")
}
