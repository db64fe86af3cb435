//! A page while it is read: facts as they are found, and which operation they are about.

mod settle;

use std::collections::HashMap;

use http::Method;

use super::{
    Basis, Claim, Fact, Place, Request, Side, Signature, Statement, Step, Type, Unread,
    examples::Item,
    signature::{fits, path, resembles, shape, split},
};
use crate::api::{SchemeKind, Status};

/// How many operations a page may have for its examples to be laid beside each of them.
const MOST: usize = 1_000;

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) operations: Vec<Signature>,
    /// The firmest basis of each operation.
    bases: Vec<Basis>,
    pub(super) facts: Vec<Fact>,
    unread: Vec<Unread>,
    /// Where parameters and properties of requests are stated, by operation and name.
    sent: HashMap<(Option<usize>, String), Place>,
    /// The types of places.
    kinds: HashMap<Place, Type>,
    /// The facts that show a body, by position.
    bodies: Vec<usize>,
    /// Operations by method and shape of path.
    shapes: HashMap<(Method, String), usize>,
    /// Spans of lines that bear facts.
    bearing: Vec<(usize, usize)>,
    /// Scopes that were named, and where.
    pub(super) pending_scopes: Vec<(usize, String)>,
    /// The operation that the page is speaking of.
    pub(super) current: Option<usize>,
}

impl Draft {
    /// States an operation, and returns its position.
    pub(super) fn operation(&mut self, line: usize, basis: Basis, method: Method, target: &str) -> Option<usize> {
        let (server, _) = split(target);
        let signature = Signature { method, path: path(target)? };
        let known = self.known(&signature);
        let position = known.unwrap_or_else(|| {
            self.shapes.insert((signature.method.clone(), shape(&signature.path)), self.operations.len());
            self.operations.push(signature.clone());
            self.bases.push(basis);
            self.operations.len() - 1
        });
        if let Some(known) = self.bases.get_mut(position) {
            *known = basis.min(*known);
        }
        self.push(line, Some(position), basis, Statement::Operation(signature));
        if let Some(server) = server.filter(|_| basis != Basis::Mention) {
            self.push(line, None, basis, Statement::Server(server.to_owned()));
        }
        Some(position)
    }

    /// The operation of this method whose path is this one, but for the names of variables.
    fn known(&self, signature: &Signature) -> Option<usize> {
        self.shapes.get(&(signature.method.clone(), shape(&signature.path))).copied()
    }

    /// States something of the current operation.
    pub(super) fn state(&mut self, line: usize, basis: Basis, statement: Statement) {
        self.push(line, self.current, basis, statement);
    }

    /// States something of an operation, or of all.
    pub(super) fn push(&mut self, line: usize, operation: Option<usize>, basis: Basis, statement: Statement) {
        self.bears(line, line);
        let same = |known: &&Fact| known.line == line && known.operation == operation && known.statement == statement;
        if self.facts.iter().rev().take(40).find(same).is_none() {
            self.index(operation, &statement);
            self.facts.push(Fact { line, operation, basis, statement });
        }
    }

    /// Remembers what later lines are understood by.
    fn index(&mut self, operation: Option<usize>, statement: &Statement) {
        let body = match statement {
            Statement::Request(_) | Statement::Answer { .. } => true,
            Statement::Member { place: Place::Property { path, .. }, claim: Claim::Example(_) } => path.is_empty(),
            _ => false,
        };
        if body {
            self.bodies.push(self.facts.len());
        }
        let Statement::Member { place, claim } = statement else { return };
        if let Claim::Type(kind) = claim {
            self.kinds.insert(place.clone(), kind.clone());
        }
        let name = match place {
            Place::Parameter { name, .. } => name.clone(),
            Place::Property { side: Side::Request, path } if !path.is_empty() => written(path),
            _ => return,
        };
        self.sent.entry((operation, name)).or_insert_with(|| place.clone());
    }

    /// The parameter or property of the current operation's request that has this name.
    pub(super) fn sent(&self, name: &str) -> Option<&Place> {
        self.sent.get(&(self.current, name.to_owned()))
    }

    /// The type that the page gives a place.
    pub(super) fn kind(&self, place: &Place) -> Option<&Type> {
        self.kinds.get(place)
    }

    /// The facts that show bodies, the latest first; of many, the latest alone.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Fact> {
        self.bodies.iter().rev().take(40).filter_map(|at| self.facts.get(*at))
    }

    /// Claims something of a parameter or property.
    pub(super) fn claim(&mut self, line: usize, basis: Basis, place: &Place, claim: Claim) {
        self.state(line, basis, Statement::Member { place: place.clone(), claim });
    }

    pub(super) fn claims(&mut self, line: usize, basis: Basis, place: &Place, claims: impl IntoIterator<Item = Claim>) {
        for claim in claims {
            self.claim(line, basis, place, claim);
        }
    }

    pub(super) fn security(&mut self, line: usize, basis: Basis, kind: SchemeKind) {
        self.state(line, basis, Statement::Security { kind, scopes: Vec::new() });
    }

    pub(super) fn status(&mut self, line: usize, basis: Basis, status: u16) {
        self.state(line, basis, Statement::Status(Status::Exactly(status)));
    }

    /// These lines are part of a fact that is stated elsewhere.
    pub(super) fn bears(&mut self, first: usize, last: usize) {
        match self.bearing.last_mut() {
            Some((_, end)) if *end == first || *end + 1 == first => *end = last.max(*end),
            _ => self.bearing.push((first, last)),
        }
    }

    /// What bears facts and was not understood.
    pub(super) fn unread(&mut self, first: usize, last: usize, text: &str, reason: &str) {
        self.bears(first, last);
        let text = text.trim().chars().take(2_000).collect();
        self.unread.push(Unread { first, last, text, reason: reason.to_owned() });
    }

    /// States an example that says itself what it is; the others are returned.
    pub(super) fn example(&mut self, item: &Item) -> Option<usize> {
        match item {
            Item::Request { first, last, request } => {
                self.bears(*first, *last);
                self.request(*first, request);
            }
            Item::Answer { first, last, status, headers, body } => {
                self.bears(*first, *last);
                self.status(*first, Basis::Example, *status);
                let carried = ["content-length", "date", "connection", "server", "transfer-encoding"];
                for (position, (name, value)) in headers.iter().enumerate() {
                    if name.eq_ignore_ascii_case("content-type") {
                        let name = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
                        let side = Side::Response(Some(Status::Exactly(*status)));
                        self.state(first + 1 + position, Basis::Example, Statement::MediaType { side, name });
                        continue;
                    }
                    if carried.contains(&name.to_ascii_lowercase().as_str()) {
                        continue;
                    }
                    let place = Place::Header { status: Some(Status::Exactly(*status)), name: name.clone() };
                    self.claim(first + 1 + position, Basis::Example, &place, Claim::Exists);
                }
                if let Some(body) = body {
                    self.state(*first, Basis::Example, Statement::Answer { status: Some(*status), body: body.clone() });
                }
            }
            Item::Broken { first, last, text, reason } => self.unread(*first, *last, text, reason),
            Item::Json { first, .. } => return Some(*first),
            Item::Line(line) => return Some(line.number),
        }
        None
    }

    /// States a request, of the operation that it is an example of.
    fn request(&mut self, line: usize, request: &Request) {
        let Some(whole) = path(&request.url) else {
            return self.push(line, self.current, Basis::Example, Statement::Request(request.clone()));
        };
        let of_same_method = |position: &usize| self.operations.get(*position).is_some_and(|known| known.method == request.method);
        let length = |position: &usize| self.operations.get(*position).map_or(0, |known| known.path.len());
        let exact = self.known(&Signature { method: request.method.clone(), path: whole.clone() });
        let like = |test: &dyn Fn(&str, &str) -> bool| {
            if self.operations.len() > MOST {
                return None;
            }
            let fitting = |at: &usize| of_same_method(at) && self.operations.get(*at).is_some_and(|known| test(&whole, &known.path));
            (0..self.operations.len()).filter(fitting).max_by_key(length)
        };
        let found = exact.or_else(|| like(&fits)).or_else(|| self.current.filter(|current| like(&resembles) == Some(*current)));
        let basis = if request.url.starts_with('/') { Basis::Field } else { Basis::Example };
        let operation = found.or_else(|| self.operation(line, basis, request.method.clone(), &request.url));
        if let (Some(position), Basis::Field) = (found, basis) {
            self.push(line, Some(position), basis, Statement::Operation(Signature { method: request.method.clone(), path: whole.clone() }));
        }
        self.current = operation.or(self.current);
        self.push(line, self.current, Basis::Example, Statement::Request(request.clone()));
    }

    /// States JSON as the answer with a status.
    pub(super) fn answer(&mut self, item: &Item, status: Option<u16>) {
        let Item::Json { first, last, value, partial } = item else { return };
        if *partial {
            self.unread(*first, *last, &value.to_string(), "the example leaves something out");
            return;
        }
        self.bears(*first, *last);
        self.state(*first, Basis::Example, Statement::Answer { status, body: value.clone() });
    }

    /// States JSON as a value of a place.
    pub(super) fn sample(&mut self, item: &Item, place: &Place) {
        let Item::Json { first, last, value, partial } = item else { return };
        if *partial {
            self.unread(*first, *last, &value.to_string(), "the example leaves something out");
            return;
        }
        self.bears(*first, *last);
        self.claim(*first, Basis::Example, place, Claim::Example(value.clone()));
    }

    fn counted(&mut self, last: usize) -> usize {
        self.bearing.sort_unstable();
        let mut counted = 0;
        let mut done = 0;
        for (first, end) in &self.bearing {
            let (first, end) = ((*first).max(done + 1), (*end).min(last));
            if end >= first {
                counted += end - first + 1;
                done = end;
            }
        }
        counted
    }
}

/// The steps to a property as pages write them.
fn written(path: &[Step]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            Step::Property(property) if name.is_empty() => name.push_str(property),
            Step::Property(property) => name.push_str(&format!(".{property}")),
            Step::Item => name.push_str("[]"),
        }
    }
    name
}

/// A property of a body by its steps.
pub(super) fn property(side: Side, path: Vec<Step>) -> Place {
    Place::Property { side, path }
}

/// The steps that a dotted name means: `items[].name`, `owner.id`.
pub(super) fn steps(name: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in name.split('.') {
        let list = part.ends_with("[]") || part.ends_with("[*]") || part.ends_with("[0]") || part.ends_with("[i]") || part.ends_with("[n]");
        let plain = if list { part.rsplit_once('[').map_or(part, |(name, _)| name) } else { part };
        match plain {
            "" | "*" | "[]" => {}
            name => steps.push(Step::Property(name.to_owned())),
        }
        if list || plain == "*" {
            steps.push(Step::Item);
        }
    }
    steps
}
