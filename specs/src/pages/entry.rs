//! Entries of lists: members with their types, refusals by their status, values of the member around them.

use super::{
    Basis, Claim, Place, Statement, Step, Type,
    definition::Definition,
    line::Line,
    prose::{Listed, Reader},
    section::{self, Section},
    sentence, status_words,
    words::words,
};
use crate::api::{Location, Status};

impl Reader {
    /// An entry of a list: the definition of a member, or a paragraph.
    pub(super) fn item(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        while self.nest.last().is_some_and(|(depth, _, _)| *depth >= self.depth) {
            self.nest.pop();
        }
        if self.values.as_ref().is_some_and(|listed| listed.depth >= self.depth) {
            self.listed();
        }
        if self.value(first) || self.refusal(first) || self.define(lines) {
            return;
        }
        self.sentences(lines);
    }

    /// Takes an entry as one of the values that the entry around it announces.
    pub(super) fn value(&mut self, line: &Line) -> bool {
        let Some(listed) = &mut self.values else { return false };
        let Some(word) = words(&line.text).into_iter().next().filter(|_| self.depth > listed.depth) else { return false };
        listed.values.push(sentence::typed(&word, listed.kind.as_ref()));
        self.draft.bears(line.number, line.number);
        true
    }

    /// States the values that were listed.
    pub(super) fn listed(&mut self) {
        if let Some(listed) = self.values.take().filter(|listed| listed.values.len() > 1) {
            self.draft.claim(listed.line, Basis::Field, &listed.place, Claim::Enum(listed.values));
        }
    }

    /// `404 Not Found: there is no such note` among refusals.
    pub(super) fn refusal(&mut self, line: &Line) -> bool {
        let found = words(&line.text);
        let Some((status, _)) = status_words::leading(&line.text) else { return false };
        let listed = matches!(self.section, Section::Errors | Section::Response(None));
        let dashed = found.first().is_some_and(|word| word.quoted || word.after.contains(':') || word.before.contains('*'));
        let dashed = dashed
            || found.get(1).is_some_and(|word| word.is(&["-", "\u{2013}"]))
            || found.first().is_some_and(|word| word.after.contains('\u{2014}'));
        if !(listed || dashed) {
            return false;
        }
        self.draft.status(line.number, Basis::Field, status);
        let code = found.get(1).filter(|word| word.quoted && word.text.contains('_'));
        if let Some(code) = code {
            let status = Some(Status::Exactly(status));
            self.draft.state(line.number, Basis::Field, Statement::ErrorCode { status, code: code.text.clone() });
        }
        true
    }

    /// `` `title` (string, required): the title ``.
    pub(super) fn define(&mut self, lines: &[Line]) -> bool {
        let text = lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ");
        let line = lines.first().map_or(1, |line| line.number);
        let Some(definition) = Definition::read(&text) else { return false };
        if self.is_value(&definition) {
            return true;
        }
        if self.object.is_some() {
            let last = lines.last().map_or(line, |last| last.number);
            self.draft.unread(line, last, &text, "an object that is described apart from any operation");
            return true;
        }
        let Some(place) = self.defined(&definition) else { return false };
        self.draft.claim(line, Basis::Field, &place, Claim::Exists);
        let kind = definition.phrase.as_ref().and_then(|phrase| phrase.kind.clone());
        let claims = definition.phrase.map(|phrase| phrase.claims()).unwrap_or_default();
        self.draft.claims(line, Basis::Field, &place, claims);
        self.draft.claims(line, Basis::Field, &place, definition.required.map(Claim::Required));
        let mut claims = sentence::claims(&definition.rest, kind.as_ref());
        claims.retain(|claim| kind.is_none() || !matches!(claim, Claim::Type(own) if Some(own) == kind.as_ref()));
        if definition.required.is_none() {
            claims.extend(sentence::required(&definition.rest).map(Claim::Required));
        }
        self.draft.claims(line, Basis::Sentence, &place, claims);
        self.draft.bears(line, lines.last().map_or(line, |last| last.number));
        let rest = definition.rest.trim_end().to_lowercase();
        let announced =
            ["one of:", "values:", "options:", "values are:", "either:", "of the following:"].iter().any(|end| rest.ends_with(end));
        if announced && self.depth > 0 {
            self.values = Some(Listed { line, depth: self.depth, place: place.clone(), kind: kind.clone(), values: Vec::new() });
        }
        self.nest.push((self.depth, place, kind));
        true
    }

    /// Whether an entry is a value of the member that the entry around it defines.
    pub(super) fn is_value(&self, definition: &Definition) -> bool {
        let scalar = |kind: &Option<Type>| kind.as_ref().is_some_and(|kind| !kind.is("object") && !kind.is("array"));
        definition.phrase.is_none() && self.nest.last().is_some_and(|(depth, _, kind)| *depth < self.depth && scalar(kind))
    }

    /// The place of a member that is defined here.
    pub(super) fn defined(&self, definition: &Definition) -> Option<Place> {
        let typed = definition.phrase.is_some() || definition.required.is_some();
        if let Some((_, parent @ Place::Property { .. }, kind)) = self.nest.last().filter(|(depth, _, _)| *depth < self.depth) {
            let step = kind.as_ref().filter(|kind| kind.is("array")).map(|_| Step::Item);
            return section::below(parent, &definition.name, step);
        }
        let operation = self.draft.current.and_then(|current| self.draft.operations.get(current));
        let in_path = operation.is_some_and(|operation| operation.path.contains(&format!("{{{}}}", definition.name)));
        let section = match self.introduced.unwrap_or(self.section) {
            Section::Request if in_path => Section::Parameters(Location::Path),
            Section::Other if typed && in_path => Section::Parameters(Location::Path),
            Section::Other if typed => Section::Request,
            other => other,
        };
        section.place(&definition.name, operation.map(|operation| &operation.method))
    }
}
