//! Two documents become changes, each judged by how callers of today fare with it.
//!
//! What is compared are two models, never two texts: where a schema stands (inline, in a component, behind `$ref`,
//! within `allOf`), in which order, in which version of OpenAPI, is seen by nobody who calls, and is no change. The
//! verdict is the consumer's: a vendor's new optional response property is fine, and a new value of a response's `enum`
//! is not. Each rule is a row of a table that is judged by, printed by `--explain`, and tested with its own example.
//!
//! Schemas are compared in pairs, each pair and direction once, by a queue and not by recursion, so that neither cycles
//! nor depth matter. `allOf` is merged to what it demands together, when a pair is looked at and no earlier. Merging can
//! make new combinations of schemas without end in a document that is written to do so; a bound on the effort is told
//! as a change of its own (`too-tangled`), because what was not compared is not known to be the same.
//!
//! The crate `drift` (0.2.0, looked at in source) was not taken. It is maintained, and its idea of judging inputs and
//! outputs apart is the one used here; but it reads documents by `openapiv3`, thus 3.0 alone, and gives up where one
//! does not fit those types; it does not look at headers, security or servers; `allOf` of several schemas, `anyOf`, and
//! changed limits end as "unhandled"; and a change of it has a message, but no stable id to explain or to set a
//! severity by. Its classes are those of a publisher (backward, forward), which a caller would have to translate.

mod change;
mod ledger;
mod messages;
mod operations;
mod parameters;
mod rule;
mod rules;
mod schema;
mod security;
mod servers;
mod severity;
#[cfg(test)]
mod tests;
mod words;

use crate::api::{Api, Direction, Loaded};
pub use change::{Change, Side};
use ledger::{Ledger, Origin, Spot};
pub use rule::{Frame, Judged, Release, Rule, Wire};
pub use rules::{all as rules, rule};
pub use severity::Severities;

/// The changes from one document to another, the worst first. A side that is `None`, or of which no model could be
/// made, is a document that is not there.
#[must_use]
pub fn compare(old: Option<&Loaded>, new: Option<&Loaded>) -> Vec<Change> {
    within(schema::MOST_EFFORT, old, new)
}

/// The changes that so much effort finds.
fn within(effort: usize, old: Option<&Loaded>, new: Option<&Loaded>) -> Vec<Change> {
    let api = |loaded: Option<&'_ Loaded>| loaded.is_some_and(|loaded| loaded.api.is_some());
    let (was, is) = (old.filter(|_| api(old)), new.filter(|_| api(new)));
    let models = (was.and_then(|loaded| loaded.api.as_ref()), is.and_then(|loaded| loaded.api.as_ref()));
    match models {
        (None, None) => Vec::new(),
        (None, Some(api)) => whole(&rules::DOCUMENT_ADDED, was, is, [None, Some(api)]),
        (Some(api), None) => whole(&rules::DOCUMENT_REMOVED, was, is, [Some(api), None]),
        (Some(before), Some(after)) => {
            let mut comparison = Comparison::new(before, after, effort);
            comparison.run();
            let reached = comparison.reached();
            comparison.ledger.settle(was, is, reached)
        }
    }
}

fn whole(rule: &'static Rule, old: Option<&Loaded>, new: Option<&Loaded>, sides: [Option<&Api>; 2]) -> Vec<Change> {
    let mut ledger = Ledger::default();
    let spot = |api: Option<&Api>| Spot { pointer: String::new(), words: api.map(words::document) };
    ledger.tell(rule, None, Origin::Document, "", sides.map(spot));
    ledger.settle(old, new, vec![Vec::new()])
}

/// Two models, and what was found between them.
struct Comparison<'a> {
    old: &'a Api,
    new: &'a Api,
    ledger: Ledger,
    walk: schema::Walk<'a>,
    /// Ids of the operations that are compared.
    operations: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn new(old: &'a Api, new: &'a Api, effort: usize) -> Self {
        let walk = schema::Walk::new(&old.schemas, &new.schemas, effort);
        Self { old, new, ledger: Ledger::default(), walk, operations: Vec::new() }
    }

    fn run(&mut self) {
        self.document();
        servers::compare(self, Origin::Document, [(&self.old.servers, "/servers"), (&self.new.servers, "/servers")]);
        operations::compare(self);
        self.walk.drain(&mut self.ledger);
    }

    fn document(&mut self) {
        let (old, new) = (self.old, self.new);
        for (member, before, after) in [
            ("/info/title", &old.title, &new.title),
            ("/info/version", &old.version, &new.version),
            ("/info/description", &old.description, &new.description),
        ] {
            if before != after {
                let sides = [Spot::of(member, words::quoted(before)), Spot::of(member, words::quoted(after))];
                self.ledger.tell(&rules::DOCUMENT_TEXT, None, Origin::Document, "", sides);
            }
        }
    }

    /// The ids of the operations that each entry reaches.
    fn reached(&self) -> Vec<Vec<String>> {
        let pairs = self.ledger.entries.iter().filter_map(|entry| if let Origin::Pair(pair) = entry.origin { Some(pair) } else { None });
        let reached = self.walk.reached(pairs);
        let names = |numbers: &[usize]| numbers.iter().filter_map(|number| self.operations.get(*number).cloned()).collect();
        let of = |origin: Origin| match origin {
            Origin::Document => Vec::new(),
            Origin::Operation(number) => names(&[number]),
            Origin::Pair(pair) => names(reached.get(&pair).map_or(&[][..], Vec::as_slice)),
        };
        self.ledger.entries.iter().map(|entry| of(entry.origin)).collect()
    }

    /// Tells of a place in a request or a response.
    fn tell(&mut self, rule: &'static Rule, direction: Option<Direction>, operation: usize, at: &str, sides: [Spot; 2]) {
        self.ledger.tell(rule, direction, Origin::Operation(operation), at, sides);
    }

    /// Tells of text for people that changed.
    fn text(&mut self, operation: usize, at: &str, sides: [(&str, &str); 2]) {
        let [(old, before), (new, after)] = sides;
        if before != after {
            let sides = [Spot::of(old, words::quoted(before)), Spot::of(new, words::quoted(after))];
            self.tell(&rules::OPERATION_TEXT, None, operation, at, sides);
        }
    }
}
