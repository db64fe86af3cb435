//! Alternatives: which of one side is which of the other.
//!
//! By the value of the discriminator, else by the name of the component, else by what it says, else by what it is most
//! like. Each step is a look-up in a table; the last is bounded, for it compares each with each.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    super::{ledger::Spot, rules, words},
    Look,
    facets::{Types, types_of},
    print::fingerprint,
    view::{Term, Union},
};
use crate::api::{SchemaId, Schemas};

/// Most pairs of alternatives that are compared for likeness.
const MOST_LIKENESSES: usize = 4096;

/// What an alternative is known by.
struct Alternative {
    id: SchemaId,
    name: Option<String>,
    values: Vec<String>,
    print: u64,
    types: Types,
    properties: HashSet<String>,
}

impl Look<'_, '_> {
    /// Alternatives on both sides, list by list.
    pub(super) fn unions(&mut self) {
        let (old, new) = (self.old, self.new);
        for (before, after) in old.unions.iter().zip(&new.unions) {
            self.union(before, after);
        }
        if old.unions.len() != new.unions.len() {
            let words = |number: usize| format!("{number} lists of alternatives");
            let [was, is] = self.here();
            let sides = [Spot::of(was.pointer, words(old.unions.len())), Spot::of(is.pointer, words(new.unions.len()))];
            self.tell(&rules::CONDITION_CHANGED, sides);
        }
    }

    fn union(&mut self, old: &Union, new: &Union) {
        let places = || [Spot::at(old.place.clone()), Spot::at(new.place.clone())];
        match (old.nullable, new.nullable) {
            (false, true) => self.tell(&rules::NULL_ADMITTED, places()),
            (true, false) => self.tell(&rules::NULL_REFUSED, places()),
            _ => {}
        }
        let known = |schemas: &Schemas, union: &Union| -> Vec<Alternative> {
            union.alternatives.iter().map(|id| alternative(schemas, id, union.discriminator)).collect()
        };
        let (before, after) = (known(self.old.schemas, old), known(self.new.schemas, new));
        let partners = matched(&before, &after);
        self.discriminator(old, new);
        if old.exclusive != new.exclusive && new.discriminator.is_none() && !are_apart(&after) {
            let rule = if new.exclusive { &rules::ALTERNATIVES_EXCLUSIVE } else { &rules::ALTERNATIVES_INCLUSIVE };
            self.tell(rule, places());
        }
        for (one, partner) in before.iter().zip(&partners) {
            match partner {
                Some(position) => self.pair(one, &after[*position], old, new),
                None => self.tell(&rules::ALTERNATIVE_REMOVED, [Spot::of(one.id.pointer(), called(one)), Spot::at(new.place.clone())]),
            }
        }
        for (position, one) in after.iter().enumerate() {
            if !partners.contains(&Some(position)) {
                self.tell(&rules::ALTERNATIVE_ADDED, [Spot::at(old.place.clone()), Spot::of(one.id.pointer(), called(one))]);
            }
        }
    }

    fn pair(&mut self, old: &Alternative, new: &Alternative, was: &Union, is: &Union) {
        let told = |one: &Alternative| words::list(one.values.iter().map(String::as_str));
        if was.discriminator.is_some() && is.discriminator.is_some() && !old.values.is_empty() && !new.values.is_empty() {
            let is_kept = old.values.iter().all(|value| new.values.contains(value));
            if !is_kept {
                self.tell(&rules::DISCRIMINATOR_CHANGED, [Spot::of(was.place.clone(), told(old)), Spot::of(is.place.clone(), told(new))]);
            }
        }
        let step = new.name.as_ref().map_or_else(String::new, |name| format!("<{name}>"));
        self.beside(step, [vec![Term::new(&old.id)], vec![Term::new(&new.id)]]);
    }

    fn discriminator(&mut self, old: &Union, new: &Union) {
        let property = |union: &Union| union.discriminator.and_then(|one| one.get("propertyName")).map(words::value);
        let (before, after) = (property(old), property(new));
        let rule = match (&before, &after) {
            _ if before == after => return,
            (None, _) => &rules::DISCRIMINATOR_ADDED,
            (_, None) => &rules::DISCRIMINATOR_REMOVED,
            _ => &rules::DISCRIMINATOR_CHANGED,
        };
        self.tell(rule, [Spot { pointer: old.place.clone(), words: before }, Spot { pointer: new.place.clone(), words: after }]);
    }

    /// Alternatives on one side alone: what the other side has is one of them.
    pub(super) fn lift(&mut self) {
        let (old, new) = (self.old, self.new);
        let node = &self.walk.nodes[self.number];
        let (before, after) = (node.old.clone(), node.new.clone());
        let is_added = old.unions.is_empty();
        let (whole, view) = if is_added { (old, new) } else { (new, old) };
        let union = &view.unions[0];
        let known: Vec<Alternative> = union.alternatives.iter().map(|id| alternative(view.schemas, id, union.discriminator)).collect();
        let terms = if is_added { &before } else { &after };
        let single = terms.first().map(|term| alternative(whole.schemas, &term.id, None));
        let chosen = single.and_then(|single| likest(&single, &known)).unwrap_or_default();
        if union.nullable != whole.types.has(Types::NULL) && whole.types != Types::ALL {
            let rule = if is_added == union.nullable { &rules::NULL_ADMITTED } else { &rules::NULL_REFUSED };
            self.tell(rule, self.here());
        }
        let plain = |terms: &[Term]| terms.iter().map(|term| Term { id: term.id.clone(), plain: true }).collect::<Vec<_>>();
        let with = |mut terms: Vec<Term>| {
            terms.insert(0, Term::new(&known[chosen].id));
            terms
        };
        let sides = if is_added { [before.clone(), with(plain(&after))] } else { [with(plain(&before)), after.clone()] };
        self.beside(String::new(), sides);
        let [was, is] = self.here();
        for one in known.iter().enumerate().filter(|(position, _)| *position != chosen).map(|(_, one)| one) {
            let spot = Spot::of(one.id.pointer(), called(one));
            if is_added {
                self.tell(&rules::ALTERNATIVE_ADDED, [was.clone(), spot]);
            } else {
                self.tell(&rules::ALTERNATIVE_REMOVED, [spot, is.clone()]);
            }
        }
    }
}

fn alternative(schemas: &Schemas, id: &SchemaId, discriminator: Option<&Value>) -> Alternative {
    let (resolved, value) = schemas.resolve(id);
    let target = format!("#{}", resolved.pointer());
    let mapping = discriminator.and_then(|one| one.get("mapping")).and_then(Value::as_object);
    let mut values: Vec<String> = mapping.into_iter().flatten().filter(|(_, to)| **to == *target).map(|(value, _)| value.clone()).collect();
    values.sort_unstable();
    let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect();
    let name = resolved.component();
    Alternative { name, values, print: fingerprint(value), types: types_of(value).unwrap_or(Types::ALL), properties, id: resolved }
}

/// For each old alternative the position of the new one that it is now.
fn matched(old: &[Alternative], new: &[Alternative]) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; old.len()];
    let mut free: Vec<bool> = vec![true; new.len()];
    let keys: [fn(&Alternative) -> Vec<String>; 3] =
        [|one| one.values.clone(), |one| one.name.clone().into_iter().collect(), |one| vec![one.print.to_string()]];
    for key in keys {
        let mut known: HashMap<String, usize> = HashMap::new();
        for (position, one) in new.iter().enumerate().filter(|(position, _)| free[*position]) {
            for key in key(one) {
                known.entry(key).or_insert(position);
            }
        }
        for (one, partner) in old.iter().zip(&mut found).filter(|(_, partner)| partner.is_none()) {
            let position = key(one).iter().find_map(|key| known.get(key).copied()).filter(|position| free[*position]);
            if let Some(position) = position {
                (*partner, free[position]) = (Some(position), false);
            }
        }
    }
    let left = found.iter().filter(|partner| partner.is_none()).count() * free.iter().filter(|free| **free).count();
    if left <= MOST_LIKENESSES {
        liken(old, new, &mut found, &mut free);
    }
    found
}

/// Pairs what is left, the most alike first.
fn liken(old: &[Alternative], new: &[Alternative], found: &mut [Option<usize>], free: &mut [bool]) {
    let mut likenesses: Vec<(usize, usize, usize)> = Vec::new();
    for (one, before) in old.iter().enumerate().filter(|(one, _)| found[*one].is_none()) {
        let others = new.iter().enumerate().filter(|(other, _)| free[*other]);
        likenesses.extend(others.map(|(other, after)| (likeness(before, after), one, other)).filter(|(likeness, ..)| *likeness > 0));
    }
    likenesses.sort_by(|one, other| other.0.cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    for (_, one, other) in likenesses {
        if found[one].is_none() && free[other] {
            (found[one], free[other]) = (Some(other), false);
        }
    }
}

/// How alike two alternatives are; 0 when they are different things.
fn likeness(one: &Alternative, other: &Alternative) -> usize {
    if one.types != other.types {
        return 0;
    }
    let common = one.properties.intersection(&other.properties).count();
    let most = one.properties.len().max(other.properties.len());
    match most {
        // Of one type, and without properties to tell them apart.
        0 => 1,
        most if common * 2 >= most => 1 + common * 100 / most,
        _ => 0,
    }
}

fn likest(single: &Alternative, known: &[Alternative]) -> Option<usize> {
    let same = known.iter().position(|one| one.name.is_some() && one.name == single.name || one.print == single.print);
    let alike = || known.iter().enumerate().map(|(position, one)| (likeness(single, one), position)).filter(|(likeness, _)| *likeness > 0);
    same.or_else(|| alike().max_by_key(|(likeness, position)| (*likeness, std::cmp::Reverse(*position))).map(|(_, position)| position))
}

/// Whether no value fits two of them, by type.
fn are_apart(all: &[Alternative]) -> bool {
    let mut seen = Types::NONE;
    all.iter().all(|one| {
        let is_new = !seen.has(one.types);
        seen = seen.or(one.types);
        is_new
    })
}

fn called(one: &Alternative) -> String {
    match &one.name {
        Some(name) => words::code(name),
        None => format!("a schema of {}", if one.types == Types::ALL { "any type".to_owned() } else { one.types.words() }),
    }
}
