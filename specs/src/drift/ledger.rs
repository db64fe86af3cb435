//! What a comparison has found so far.
//!
//! The same difference is often stated in several lines of a page: in a field, a sentence and two examples. It is one
//! finding, at the first of these, kept by what differs and where. What follows from a difference that is known, as an
//! example with the new name in it, adds nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    api::{Api, Evidence, Operation},
    document::Document,
    pages::{Basis, Fact, Page},
    pointer,
};

use super::{
    finding::{Change, Finding, Held, Shown, Verdict},
    spot::Marks,
    words, written,
};

/// The rule of what is not there at all, from which all else that is said of it follows.
pub(super) const EXISTS: &str = "property";
/// The rule of an example that does not fit.
const EXAMPLE: &str = "example";

/// A difference, before the place is looked up.
pub(super) struct Difference<'o> {
    pub(super) verdict: Verdict,
    pub(super) rule: &'static str,
    pub(super) operation: Option<&'o Operation>,
    pub(super) subject: String,
    pub(super) message: String,
    /// JSON pointer of the place in the normalized document.
    pub(super) place: String,
    pub(super) marks: Marks,
    pub(super) remedy: Vec<Change>,
}

/// Everything found.
pub(super) struct Ledger<'a> {
    pub(super) api: &'a Api,
    pub(super) document: &'a Document,
    pub(super) findings: Vec<Finding>,
    /// The rules that are broken, by place and subject.
    known: HashMap<(String, String), Vec<(&'static str, Verdict)>>,
    /// The places of the document that the pages show, by normalized pointer.
    pub(super) shown: BTreeSet<String>,
    /// Places that a page agrees with although the document has them from elsewhere: evidence and the first fact.
    pub(super) proven: BTreeMap<String, (Evidence, Shown, Option<String>, String)>,
    /// Acceptances that silenced something.
    pub(super) used: BTreeSet<String>,
    pub(super) agreed: usize,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(api: &'a Api, document: &'a Document) -> Self {
        Self {
            api,
            document,
            findings: Vec::new(),
            known: HashMap::new(),
            shown: BTreeSet::new(),
            proven: BTreeMap::new(),
            used: BTreeSet::new(),
            agreed: 0,
        }
    }

    /// A fact agrees with what stands at a place.
    pub(super) fn agree(&mut self, page: &Page, fact: &Fact, operation: &Operation, place: &str, marks: &Marks) {
        self.agreed += 1;
        self.shown.insert(place.to_owned());
        if marks.evidence != Evidence::Page && fact.basis < Basis::Mention {
            let shown = shown(page, fact);
            let subject = words::subject(&fact.statement);
            self.proven.entry(place.to_owned()).or_insert((marks.evidence, shown, Some(operation.id.clone()), subject));
        }
    }

    /// A fact differs from what stands at a place.
    pub(super) fn differ(&mut self, page: &Page, fact: &Fact, difference: Difference) {
        let key = (difference.place.clone(), topic(&difference.subject).to_owned());
        let known = self.known.get(&key).map(Vec::as_slice).unwrap_or_default();
        let follows = |(rule, verdict): &(&str, Verdict)| *rule == difference.rule || (*verdict == Verdict::Missing && *rule == EXISTS);
        if known.iter().any(follows) || (!known.is_empty() && fact.basis >= Basis::Example) {
            return;
        }
        self.add(Some(shown(page, fact)), difference);
    }

    /// Adds a finding that no line of a page is behind, or one with its line.
    pub(super) fn add(&mut self, shown: Option<Shown>, difference: Difference) {
        let Difference { verdict, rule, operation, subject, message, place, marks, remedy } = difference;
        let accepted = self.accepted(&place, &marks, operation, &subject);
        if let Some(at) = &accepted {
            self.used.insert(at.clone());
        }
        let reason =
            accepted.and_then(|at| Some(pointer::get(self.api.schemas.root(), &at)?.get("x-drift-accepted")?.as_str()?.to_owned()));
        let held = self.held(&place, marks.evidence);
        self.known.entry((place, topic(&subject).to_owned())).or_default().push((rule, verdict));
        let operation = operation.map(|operation| operation.id.clone());
        self.findings.push(Finding { verdict, rule, operation, subject, message, shown, held, accepted: reason, remedy });
    }

    /// Whether something is known to differ at the place.
    pub(super) fn is_known(&self, place: &str, subject: &str) -> bool {
        self.known.contains_key(&(place.to_owned(), topic(subject).to_owned()))
    }

    /// That an example lacks what is no longer shown anywhere follows from that.
    pub(super) fn withdraw_example(&mut self, place: &str, subject: &str, operation: &Operation) {
        let key = (place.to_owned(), topic(subject).to_owned());
        let Some(known) = self.known.get_mut(&key) else { return };
        known.retain(|(rule, _)| *rule != EXAMPLE);
        if known.is_empty() {
            self.known.remove(&key);
        }
        let follows = |finding: &Finding| {
            finding.rule == EXAMPLE
                && topic(&finding.subject) == topic(subject)
                && finding.operation.as_deref() == Some(operation.id.as_str())
        };
        self.findings.retain(|finding| !follows(finding));
    }

    /// Where a place of the document was written.
    pub(super) fn held(&self, place: &str, evidence: Evidence) -> Held {
        let place = written::pointer(self.document, place);
        let origin = self.document.origin(&place);
        let file = self.document.file_of(&origin);
        Held { file: file.name.clone(), line: file.locate(&origin.pointer).0, pointer: origin.pointer, evidence }
    }

    /// The acceptance that covers a place: its own, one above it, or that of a neighbour whose reason names what is
    /// missing in backticks, since what is not there cannot carry a reason.
    fn accepted(&self, place: &str, marks: &Marks, operation: Option<&Operation>, subject: &str) -> Option<String> {
        let root = self.api.schemas.root();
        let none = Marks { evidence: Evidence::Page, accepted: None };
        let above = none.on(root, "", place).accepted;
        let name = subject.rsplit('`').nth(1).unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or(name);
        let near = || {
            self.neighbours(place).into_iter().find(|at| {
                let reason = pointer::get(root, at).and_then(|node| node.get("x-drift-accepted")).and_then(|reason| reason.as_str());
                !name.is_empty() && reason.is_some_and(|reason| reason.contains(&format!("`{name}`")))
            })
        };
        let whole = || operation.and_then(|operation| Marks::of(self.api, operation).accepted);
        marks.accepted.clone().or(above).or_else(near).or_else(whole)
    }

    /// The members of the objects and lists at a place that accept something.
    fn neighbours(&self, place: &str) -> Vec<String> {
        let root = self.api.schemas.root();
        let mut found = Vec::new();
        for at in [place.to_owned(), pointer::join(place, "properties"), pointer::join(place, "parameters")] {
            let Some(node) = pointer::get(root, &at) else { continue };
            let below: Vec<String> = match node {
                serde_json::Value::Object(members) => members.keys().map(|name| pointer::join(&at, name)).collect(),
                serde_json::Value::Array(items) => (0..items.len()).map(|position| pointer::index(&at, position)).collect(),
                _ => Vec::new(),
            };
            found.extend(below.into_iter().filter(|at| pointer::get(root, at).is_some_and(|node| node.get("x-drift-accepted").is_some())));
        }
        found
    }
}

/// What a subject is about at its place: a property of the answer is that of the answer `200`, whichever a page says.
fn topic(subject: &str) -> &str {
    let Some((_, rest)) = subject.split_once("property `") else { return subject };
    rest.split_once('`').map_or(subject, |(name, _)| name)
}

/// A fact as the page's side of a finding.
pub(super) fn shown(page: &Page, fact: &Fact) -> Shown {
    Shown { page: page.name.clone(), line: fact.line, text: words::fact(&fact.statement) }
}
