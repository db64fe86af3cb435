//! A member of a page that is rendered to text, as its lines come: name and type first, details after.

use serde_json::Value;

use super::{
    Basis, Claim, Fact, Place, Side, Statement, Step, Type,
    draft::{Draft, property},
    section::{self, Section},
    sentence,
    type_words::Phrase,
};
use crate::api::Location;

/// How deep members may be nested.
const DEEPEST: usize = 32;

/// The members of one part of a page, and how deep they are nested.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The members whose own members are being listed, outermost first.
    parents: Vec<Parent>,
    /// The last member.
    pub(super) last: Option<(Place, Option<Type>)>,
    /// The step before the name of each member, where the body is a list.
    pub(super) base: Option<Step>,
}

#[derive(Clone, Debug)]
struct Parent {
    place: Place,
    step: Option<Step>,
    /// How many more members it has, where the page says so.
    left: Option<usize>,
    /// Whether its members are written with its name before theirs.
    dotted: bool,
    /// Whether members of several variants follow, so that an example alone tells which are its own.
    varied: bool,
}

impl Members {
    /// Forgets everything: another part begins.
    pub(super) fn clear(&mut self) {
        self.parents.clear();
        self.last = None;
        self.base = None;
    }

    /// What follows are members of the last one; how many, where the page says so.
    pub(super) fn open(&mut self, left: Option<usize>) {
        if let Some((place, kind)) = self.last.as_ref().filter(|_| self.parents.len() < DEEPEST) {
            let step = kind.as_ref().filter(|kind| kind.is("array")).map(|_| Step::Item);
            self.parents.push(Parent { place: place.clone(), step, left, dotted: false, varied: false });
        }
    }

    /// What follows are members of variants of the last one.
    pub(super) fn vary(&mut self) {
        let before = self.parents.len();
        self.open(None);
        if let Some(parent) = self.parents.get_mut(before) {
            parent.varied = true;
        }
    }

    /// Whether members of variants follow.
    pub(super) fn is_varied(&self) -> bool {
        self.parents.last().is_some_and(|parent| parent.varied)
    }

    /// Values that examples show of the last member.
    pub(super) fn shown(&self, draft: &Draft) -> Vec<String> {
        match &self.last {
            Some((Place::Property { side, path }, _)) => {
                let found = bodies(draft, *side).filter_map(|body| at(body, path));
                found.filter_map(|value| value.as_str().map(str::to_owned)).collect()
            }
            Some((Place::Parameter { location: Location::Query, name }, _)) => draft.bodies().filter_map(|fact| sent(fact, name)).collect(),
            _ => Vec::new(),
        }
    }

    /// A member of the innermost one was passed over whose name repeats that one's.
    pub(super) fn passed(&mut self, name: &str) {
        self.shortened(name);
        self.last = None;
    }

    /// What follows are no more members of the innermost one.
    pub(super) fn close(&mut self) {
        self.parents.pop();
    }

    /// States that there is a member of this name and type, and returns its place.
    pub(super) fn state(&mut self, draft: &mut Draft, line: usize, section: Section, name: &str, phrase: &Phrase) -> Option<Place> {
        let name = self.shortened(name);
        let place = self.place(draft, section, &name)?;
        draft.claim(line, Basis::Field, &place, Claim::Exists);
        draft.claims(line, Basis::Field, &place, phrase.claims());
        self.last = Some((place.clone(), phrase.kind.clone()));
        Some(place)
    }

    /// A name without the names of the members around it, where the page repeats them; others are then left.
    fn shortened(&mut self, name: &str) -> String {
        if !name.contains('.') {
            while self.parents.pop_if(|parent| parent.dotted).is_some() {}
            return name.to_owned();
        }
        for (at, parent) in self.parents.iter().enumerate().rev() {
            let prefix = dotted(&parent.place);
            let rest = name.strip_prefix(&prefix).and_then(|rest| rest.trim_start_matches("[]").strip_prefix('.'));
            if let Some(rest) = rest {
                let rest = rest.to_owned();
                self.parents[at].dotted = true;
                self.parents.truncate(at + 1);
                return rest;
            }
        }
        self.parents.clear();
        name.to_owned()
    }

    fn place(&mut self, draft: &Draft, section: Section, name: &str) -> Option<Place> {
        loop {
            let Some(parent) = self.parents.last_mut() else {
                let place = section.place(name, None)?;
                return Some(self.base.clone().map_or(place.clone(), |step| inside(place, step)));
            };
            let counted = parent.left.map(|left| left > 0);
            let told = if counted.is_none() { belongs(draft, parent, name) } else { None };
            if parent.varied && told.is_none() {
                self.last = None;
                return None;
            }
            let fits = counted.unwrap_or(told != Some(false));
            if fits {
                parent.left = parent.left.map(|left| left - 1);
                return section::below(&parent.place, name, parent.step.clone());
            }
            self.parents.pop();
        }
    }

    /// The claims of a sentence about the last member.
    pub(super) fn describe(&self, draft: &mut Draft, line: usize, text: &str) {
        let Some((place, kind)) = &self.last else { return };
        let known = |keyword: &Claim| {
            draft
                .facts
                .iter()
                .rev()
                .take(60)
                .any(|fact| matches!(&fact.statement, Statement::Member { place: other, claim } if other == place && claim == keyword))
        };
        let claims: Vec<Claim> = sentence::claims(text, kind.as_ref()).into_iter().filter(|claim| !known(claim)).collect();
        draft.claims(line, Basis::Sentence, place, claims);
    }

    /// A claim about the last member.
    pub(super) fn claim(&self, draft: &mut Draft, line: usize, claim: Claim) {
        match &self.last {
            Some((place, _)) => {
                let basis = if matches!(claim, Claim::Example(_)) { Basis::Example } else { Basis::Field };
                draft.claim(line, basis, place, claim);
            }
            None => draft.unread(line, line, &format!("{claim:?}"), "it is said of nothing"),
        }
    }

    pub(super) fn kind(&self) -> Option<&Type> {
        self.last.as_ref().and_then(|(_, kind)| kind.as_ref())
    }
}

/// A property of the elements of the body, which is a list.
fn inside(place: Place, step: Step) -> Place {
    match place {
        Place::Property { side, mut path } => {
            path.insert(0, step);
            property(side, path)
        }
        other => other,
    }
}

/// Whether an example of the body has such a name below the parent, or beside it; `None` when no example tells.
fn belongs(draft: &Draft, parent: &Parent, name: &str) -> Option<bool> {
    let Place::Property { side, path } = &parent.place else { return None };
    let mut told = None;
    for body in bodies(draft, *side) {
        let mut inside = path.clone();
        inside.extend(parent.step.clone());
        let below = at(body, &inside).and_then(Value::as_object);
        if below.is_some_and(|members| members.contains_key(name)) {
            return Some(true);
        }
        let outside = (0..path.len()).filter_map(|depth| at(body, &path[..depth])).filter_map(Value::as_object);
        if outside.into_iter().any(|members| members.contains_key(name)) {
            told = Some(false);
        }
    }
    told
}

/// The examples of a body that the page has shown.
pub(super) fn bodies(draft: &Draft, side: Side) -> impl Iterator<Item = &Value> {
    let sent = side == Side::Request;
    draft.bodies().filter_map(move |fact| match &fact.statement {
        Statement::Answer { body, .. } if !sent => Some(body),
        Statement::Request(request) if sent => match &request.body {
            Some(super::Payload::Json(body)) => Some(body),
            _ => None,
        },
        Statement::Member { place, claim: Claim::Example(body) } if *place == property(side, Vec::new()) => Some(body),
        _ => None,
    })
}

/// The value of a query parameter in an example of a request.
fn sent(fact: &Fact, name: &str) -> Option<String> {
    let Statement::Request(request) = &fact.statement else { return None };
    let query = request.url.split_once('?')?.1;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// What stands in a body at some steps; of a list, its first element that has it.
fn at<'v>(body: &'v Value, path: &[Step]) -> Option<&'v Value> {
    let Some((step, rest)) = path.split_first() else { return Some(body) };
    match step {
        Step::Property(name) => at(body.get(name)?, rest),
        Step::Item => body.as_array()?.iter().take(20).find_map(|item| at(item, rest)),
    }
}

/// A place as pages write it: `owner.address`.
fn dotted(place: &Place) -> String {
    let Place::Property { path, .. } = place else { return String::new() };
    let names = path.iter().filter_map(|step| match step {
        Step::Property(name) => Some(name.as_str()),
        Step::Item => None,
    });
    names.collect::<Vec<_>>().join(".")
}
