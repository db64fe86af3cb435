//! When the page has been read: which operation is which, and what every fact is about.

use super::{Draft, MOST};
use crate::{
    api::{Location, SchemeKind},
    pages::{
        Basis, Format, Page, Place, Signature, Statement,
        signature::{fits, shape},
    },
};

impl Draft {
    /// The page that came of it.
    pub(in crate::pages) fn finish(mut self, name: &str, format: Format, last: usize) -> Page {
        self.merge_examples();
        self.settle();
        self.scopes();
        self.rebase();
        self.facts.sort_by_key(|fact| fact.line);
        self.unread.sort_by_key(|unread| unread.first);
        let lines = self.counted(last);
        Page { name: name.to_owned(), format, operations: self.operations, facts: self.facts, unread: self.unread, lines }
    }

    /// An operation that only examples name has values where its path has variables: it is one that the page names
    /// otherwise, or gets the variables that the page declares.
    fn merge_examples(&mut self) {
        if self.operations.len() > MOST {
            return;
        }
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

    /// A message whose `Host` is a server of the page, and whose path leaves out what that server has before it, is shown
    /// from there.
    fn rebase(&mut self) {
        let servers: Vec<String> = self
            .facts
            .iter()
            .filter_map(|fact| match &fact.statement {
                Statement::Server(url) if fact.basis <= Basis::Sentence => Some(url.clone()),
                _ => None,
            })
            .take(20)
            .collect();
        for fact in &mut self.facts {
            let Statement::Request(request) = &mut fact.statement else { continue };
            let host =
                request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host")).map(|(_, host)| format!("https://{host}"));
            let Some(target) = host.as_deref().and_then(|host| request.url.strip_prefix(host)) else { continue };
            let own = servers.iter().filter_map(|server| server.strip_prefix(host.as_deref().unwrap_or_default()));
            let mut bases = own.filter(|base| base.starts_with('/') && base.len() > 1).peekable();
            if bases.peek().is_some() && bases.all(|base| !target.starts_with(base)) {
                request.url = target.to_owned();
            }
        }
    }

    /// Scopes that sentences name are those of the page's tokens.
    fn scopes(&mut self) {
        let stated = || {
            self.facts.iter().filter_map(|fact| match &fact.statement {
                Statement::Security { kind, .. } => Some(kind),
                _ => None,
            })
        };
        let kind = stated().find(|kind| matches!(kind, SchemeKind::Bearer { .. })).or_else(|| stated().next()).cloned();
        let Some(kind) = kind else {
            for (line, scope) in std::mem::take(&mut self.pending_scopes) {
                self.unread(line, line, &scope, "a scope, and no credentials that it could be of");
            }
            return;
        };
        for (line, scope) in std::mem::take(&mut self.pending_scopes) {
            self.push(line, None, Basis::Sentence, Statement::Security { kind: kind.clone(), scopes: vec![scope] });
        }
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
