//! A page while it is read: facts as they are found, and which operation they are about.

use http::Method;

use super::{
    Basis, Claim, Fact, Format, Page, Place, Request, Side, Signature, Statement, Step, Unread,
    examples::Item,
    signature::{fits, path, resembles, shape, split},
};
use crate::api::{Location, SchemeKind, Status};

/// What has been read so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) operations: Vec<Signature>,
    /// The firmest basis of each operation.
    bases: Vec<Basis>,
    pub(super) facts: Vec<Fact>,
    unread: Vec<Unread>,
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
        let wanted = shape(&signature.path);
        self.operations.iter().position(|known| known.method == signature.method && shape(&known.path) == wanted)
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
            self.facts.push(Fact { line, operation, basis, statement });
        }
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
                for (position, (name, _)) in headers.iter().enumerate() {
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
        let like = |test: &dyn Fn(&str, &str) -> bool| {
            let fitting = |at: &usize| of_same_method(at) && self.operations.get(*at).is_some_and(|known| test(&whole, &known.path));
            (0..self.operations.len()).filter(fitting).max_by_key(length)
        };
        let found = like(&fits).or_else(|| self.current.filter(|current| like(&resembles) == Some(*current)));
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

    /// The page that came of it.
    pub(super) fn finish(mut self, name: &str, format: Format, last: usize) -> Page {
        self.merge_examples();
        self.settle();
        self.scopes();
        self.facts.sort_by_key(|fact| fact.line);
        self.unread.sort_by_key(|unread| unread.first);
        let lines = self.counted(last);
        Page { name: name.to_owned(), format, operations: self.operations, facts: self.facts, unread: self.unread, lines }
    }

    /// An operation that only examples name has values where its path has variables: it is one that the page names
    /// otherwise, or gets the variables that the page declares.
    fn merge_examples(&mut self) {
        let variables = self.path_variables();
        let firm: Vec<usize> =
            (0..self.operations.len()).filter(|at| self.bases.get(*at).is_some_and(|basis| *basis < Basis::Example)).collect();
        let mut kept: Vec<Signature> = Vec::new();
        let mut bases = Vec::new();
        let mut places = Vec::new();
        for position in firm.iter().copied().chain((0..self.operations.len()).filter(|at| !firm.contains(at))) {
            let (Some(known), Some(basis)) = (self.operations.get(position), self.bases.get(position)) else { continue };
            let mut known = known.clone();
            let same = |other: &&Signature| {
                other.method == known.method && (shape(&other.path) == shape(&known.path) || fits(&known.path, &other.path))
            };
            let home = kept[..firm.len().min(kept.len())].iter().filter(same).max_by_key(|other| other.path.len()).cloned();
            if *basis == Basis::Example && home.is_none() {
                known.path = filled(&known.path, &variables);
            }
            let target = home.clone().unwrap_or_else(|| known.clone());
            let at = kept.iter().position(|other| other.method == target.method && shape(&other.path) == shape(&target.path));
            places.push((position, at.unwrap_or(kept.len()), *basis == Basis::Example, home.is_some()));
            if at.is_none() {
                kept.push(target);
                bases.push(*basis);
            }
        }
        places.sort_unstable();
        self.move_facts(&places, &kept);
        self.operations = kept;
        self.bases = bases;
    }

    /// Gives facts the positions of their operations among those that are kept.
    fn move_facts(&mut self, places: &[(usize, usize, bool, bool)], kept: &[Signature]) {
        let mut prefixes: Vec<(usize, String)> = Vec::new();
        self.facts.retain_mut(|fact| {
            let Some((from, to, example, merged)) = fact.operation.and_then(|operation| places.get(operation)).copied() else {
                return true;
            };
            fact.operation = Some(to);
            if let (Statement::Operation(signature), true, Some(known)) = (&mut fact.statement, example, kept.get(to)) {
                if merged {
                    prefixes.push((fact.line, signature.path.clone()));
                }
                signature.path.clone_from(&known.path);
                return !merged || from == to;
            }
            true
        });
        for fact in &mut self.facts {
            let prefix = prefixes.iter().find(|(line, _)| *line == fact.line && fact.basis == Basis::Example);
            if let (Statement::Server(server), Some((_, example))) = (&mut fact.statement, prefix) {
                let home = kept.iter().filter(|known| fits(example, &known.path)).max_by_key(|known| known.path.len());
                server.push_str(&home.map(|home| before(example, &home.path)).unwrap_or_default());
            }
        }
    }

    fn path_variables(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for fact in &self.facts {
            if let Statement::Member { place: Place::Parameter { location: Location::Path, name }, .. } = &fact.statement
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
        names
    }

    /// On a page of one operation, everything is about it.
    fn settle(&mut self) {
        let only = |limit: Basis| {
            let mut firm = self.bases.iter().enumerate().filter(|(_, basis)| **basis < limit).map(|(position, _)| position);
            firm.next().filter(|_| firm.next().is_none())
        };
        let Some(only) = only(Basis::Example).or_else(|| only(Basis::Mention)) else { return };
        for fact in &mut self.facts {
            if fact.operation.is_none() && !matches!(fact.statement, Statement::Server(_)) {
                fact.operation = Some(only);
            }
        }
    }

    /// Scopes that sentences name are those of the page's tokens.
    fn scopes(&mut self) {
        let kind = self.facts.iter().find_map(|fact| match &fact.statement {
            Statement::Security { kind: kind @ SchemeKind::Bearer { .. }, .. } => Some(kind.clone()),
            _ => None,
        });
        let Some(kind) = kind else { return };
        for (line, scope) in std::mem::take(&mut self.pending_scopes) {
            self.push(line, None, Basis::Sentence, Statement::Security { kind: kind.clone(), scopes: vec![scope] });
        }
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

/// What an example's path has before that of its operation.
fn before(example: &str, template: &str) -> String {
    let wanted = template.split('/').count().saturating_sub(1);
    let given: Vec<&str> = example.split('/').collect();
    given[..given.len().saturating_sub(wanted)].join("/")
}

/// An example's path with variables where it has values: those that the page declares, when as many segments look like
/// values.
fn filled(written: &str, variables: &[String]) -> String {
    let segments: Vec<&str> = written.split('/').collect();
    let values: Vec<usize> = (0..segments.len()).filter(|at| segments.get(*at).is_some_and(|segment| is_value(segment))).collect();
    if values.len() != variables.len() {
        return written.to_owned();
    }
    let named = segments.iter().enumerate().map(|(at, segment)| match values.iter().position(|value| *value == at) {
        Some(place) if !segment.starts_with('{') => format!("{{{}}}", variables[place]),
        _ => (*segment).to_owned(),
    });
    named.collect::<Vec<_>>().join("/")
}

/// Whether a segment is a value and no word of the API: it has digits and is no version, or is a variable already.
fn is_value(segment: &str) -> bool {
    let version = segment.strip_prefix('v').is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit() || letter == '.'));
    let digits = segment.chars().filter(char::is_ascii_digit).count();
    segment.starts_with('{') || (digits > 0 && !version && (segment.len() > 5 || digits == segment.len() || segment.contains(['_', '-'])))
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
