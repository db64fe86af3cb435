//! What objects and arrays hold.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    super::{ledger::Spot, rule::Rule, rules, words},
    Look,
    facets::Types,
    print::fingerprint,
    view::{Term, View},
};
use crate::{
    api::{Direction, SchemaId, Schemas},
    pointer,
};

/// Keywords that are compared as a whole.
const CONDITIONS: [&str; 11] = [
    "not",
    "if",
    "then",
    "else",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
];

/// Properties, items, and conditions.
pub(super) fn compare(look: &mut Look) {
    let common = look.old.types.and(look.new.types);
    // Where anything fits on one side, that is all there is to say.
    if !look.old.is_any() && !look.new.is_any() && common.has(Types::OBJECT) {
        properties(look);
        others(look);
    }
    if common.has(Types::ARRAY) {
        items(look);
    }
    for keyword in CONDITIONS {
        condition(look, keyword);
    }
}

fn properties(look: &mut Look) {
    let mut names: Vec<&str> = Vec::new();
    let mut known = std::collections::HashSet::new();
    for view in [look.old, look.new] {
        let mut required: Vec<&str> = view.required.iter().copied().filter(|name| !view.properties.contains_key(name)).collect();
        required.sort_unstable();
        names.extend(view.properties.keys().copied().chain(required).filter(|name| known.insert(*name)));
    }
    for name in names {
        property(look, name);
    }
}

/// What one side says of a property.
struct Property<'t> {
    terms: &'t [Term],
    required: bool,
    /// Whether it is declared, and travels this way.
    travels: bool,
    is_declared: bool,
}

fn property(look: &mut Look, name: &str) {
    let direction = look.direction();
    let (old_view, new_view) = (look.old, look.new);
    // Most properties are as they were, and that is seen at once.
    if old_view.required.contains(name) == new_view.required.contains(name)
        && let (Some(old), Some(new)) = (old_view.properties.get(name), new_view.properties.get(name))
        && look.walk.is_same([old, new])
    {
        return;
    }
    let (old, new) = (seen(old_view, name, direction), seen(new_view, name, direction));
    let step = if is_word(name) { format!(".{name}") } else { format!("[{name:?}]") };
    let [was, is] = look.here();
    let spot = |here: Spot, property: &Property| property.terms.first().map_or(here.pointer, |term| term.id.pointer().to_owned());
    let (was, is) = (spot(was, &old), spot(is, &new));
    let mut tell = |rule: &'static Rule, words: [Option<String>; 2]| {
        let [before, after] = words;
        look.tell_at(rule, &step, [Spot { pointer: was.clone(), words: before }, Spot { pointer: is.clone(), words: after }]);
    };
    let named = || Some(words::code(name));
    match (old.travels, new.travels) {
        (false, false) => {}
        (true, true) => {
            if old.required != new.required {
                tell(if new.required { &rules::PROPERTY_NOW_REQUIRED } else { &rules::PROPERTY_NOW_OPTIONAL }, [None, None]);
            }
            look.property(step, [old.terms.to_vec(), new.terms.to_vec()]);
        }
        (true, false) if new.is_declared => match direction {
            Direction::Request => tell(&rules::READ_ONLY_ADDED, [None, None]),
            Direction::Response => tell(&rules::WRITE_ONLY_ADDED, [None, None]),
        },
        (true, false) => tell(removed(&old, direction, new_view.closed), [named(), None]),
        (false, true) if new.required && direction == Direction::Request => tell(&rules::REQUIRED_PROPERTY_ADDED, [None, named()]),
        (false, true) if old.is_declared => match direction {
            Direction::Request => tell(&rules::READ_ONLY_REMOVED, [None, None]),
            Direction::Response => tell(&rules::WRITE_ONLY_REMOVED, [None, None]),
        },
        (false, true) if new.required => tell(&rules::REQUIRED_PROPERTY_ADDED, [None, named()]),
        (false, true) => tell(&rules::PROPERTY_ADDED, [None, named()]),
    }
}

fn removed(old: &Property, direction: Direction, closed: bool) -> &'static Rule {
    match direction {
        Direction::Request if closed => &rules::PROPERTY_REFUSED,
        _ if old.required => &rules::REQUIRED_PROPERTY_REMOVED,
        _ => &rules::PROPERTY_REMOVED,
    }
}

fn seen<'v>(view: &'v View, name: &str, direction: Direction) -> Property<'v> {
    let terms = view.properties.get(name).map_or(&[][..], Vec::as_slice);
    let required = view.required.contains(name);
    let mark = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    };
    let is_declared = !terms.is_empty() || required;
    let is_marked = terms.iter().any(|term| is_marked(view.schemas, &term.id, mark));
    Property { terms, required, travels: is_declared && !is_marked, is_declared }
}

/// Whether a mark is on the schema, on what it refers to, or on what it is put together from.
fn is_marked(schemas: &Schemas, id: &SchemaId, mark: &str) -> bool {
    let has = |value: &Value| value.get(mark) == Some(&Value::Bool(true));
    let (place, value) = schemas.resolve(id);
    let mut parts = (0..value.get("allOf").and_then(Value::as_array).map_or(0, Vec::len))
        .map(|position| SchemaId::new(&pointer::index(&pointer::join(place.pointer(), "allOf"), position)));
    has(schemas.get(id)) || has(value) || parts.any(|part| has(schemas.resolve(&part).1))
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-'))
}

/// Properties that are not named, and those named by patterns.
fn others(look: &mut Look) {
    let (old, new) = (look.old, look.new);
    match (old.closed, new.closed) {
        (false, true) => look.tell(&rules::ADDITIONAL_PROPERTIES_REFUSED, look.here()),
        (true, false) => look.tell(&rules::ADDITIONAL_PROPERTIES_ADMITTED, look.here()),
        (true, true) => {}
        (false, false) if old.extra.is_empty() && new.extra.is_empty() => {}
        (false, false) => look.property("{}".to_owned(), [old.extra.clone(), new.extra.clone()]),
    }
    let (before, after) = (by_pattern(old), by_pattern(new));
    for (pattern, terms) in &before {
        match after.get(pattern) {
            Some(others) => look.property(format!("{{{pattern}}}"), [terms.clone(), others.clone()]),
            None => tell_condition(look, "patternProperties"),
        }
    }
    if after.keys().any(|pattern| !before.contains_key(pattern)) {
        tell_condition(look, "patternProperties");
    }
}

fn by_pattern<'a>(view: &View<'a>) -> BTreeMap<&'a str, Vec<Term>> {
    let mut found: BTreeMap<&str, Vec<Term>> = BTreeMap::new();
    for (part, named) in view.all("patternProperties") {
        for name in named.as_object().into_iter().flatten().map(|(name, _)| name) {
            let place = pointer::join(&pointer::join(part.id.pointer(), "patternProperties"), name);
            found.entry(name).or_default().push(Term::new(&SchemaId::new(&place)));
        }
    }
    found
}

fn items(look: &mut Look) {
    let (old, new) = (look.old, look.new);
    let (before, after) = (leading(old), leading(new));
    for position in 0..before.len().max(after.len()) {
        // Behind the places that are listed come items like all others.
        let terms = |list: &[Vec<Term>], rest: &[Term]| list.get(position).cloned().unwrap_or_else(|| rest.to_vec());
        look.item(format!("[{position}]"), [terms(&before, &old.items), terms(&after, &new.items)]);
    }
    if !old.items.is_empty() || !new.items.is_empty() {
        look.item("[]".to_owned(), [old.items.clone(), new.items.clone()]);
    }
}

/// The schemas of `prefixItems`, by position.
fn leading(view: &View) -> Vec<Vec<Term>> {
    let mut found: Vec<Vec<Term>> = Vec::new();
    for (part, list) in view.all("prefixItems") {
        for position in 0..list.as_array().map_or(0, Vec::len) {
            let place = pointer::index(&pointer::join(part.id.pointer(), "prefixItems"), position);
            if found.len() <= position {
                found.push(Vec::new());
            }
            found[position].push(Term::new(&SchemaId::new(&place)));
        }
    }
    found
}

fn condition(look: &mut Look, keyword: &str) {
    let prints = |view: &View| {
        let mut prints: Vec<u64> = view.all(keyword).map(|(_, value)| fingerprint(value)).collect();
        prints.sort_unstable();
        prints.dedup();
        prints
    };
    if prints(look.old) != prints(look.new) {
        tell_condition(look, keyword);
    }
}

fn tell_condition(look: &mut Look, keyword: &str) {
    let spot = |view: &View, here: Spot| match view.keyword(keyword) {
        Some((place, value)) => Spot::of(place, words::member(keyword, value)),
        None => here,
    };
    let [was, is] = look.here();
    let sides = [spot(look.old, was), spot(look.new, is)];
    look.tell(&rules::CONDITION_CHANGED, sides);
}
