//! Which single values fit: types, null, values, formats, patterns, defaults; and what is said about them.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::{
    super::{ledger::Spot, rule::Rule, rules, words},
    Look,
    carried::{self, Carried, written},
    limits,
    view::View,
};

/// Sets of JSON types. A whole number is a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

const NAMES: [(&str, u8); 7] =
    [("null", 1), ("boolean", 2), ("object", 4), ("array", 8), ("string", 16), ("number", 32 | 64), ("integer", 32)];

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(127);
    pub(super) const NULL: Self = Self(1);
    pub(super) const OBJECT: Self = Self(4);
    pub(super) const ARRAY: Self = Self(8);
    pub(super) const STRING: Self = Self(16);
    pub(super) const NUMBER: Self = Self(96);
    pub(super) const INTEGER: Self = Self(32);
    pub(super) const BOOLEAN: Self = Self(2);
    /// Numbers and booleans.
    pub(super) const SCALAR: Self = Self(98);

    /// The value of `type`.
    pub(super) fn named(value: &Value) -> Self {
        let one = |value: &Value| NAMES.iter().find(|(name, _)| value == name).map_or(Self::NONE, |(_, bits)| Self(*bits));
        match value {
            Value::Array(several) => several.iter().fold(Self::NONE, |all, value| all.or(one(value))),
            value => one(value),
        }
    }

    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Object(_) => Self::OBJECT,
            Value::Array(_) => Self::ARRAY,
            Value::String(_) => Self::STRING,
            Value::Number(number) if number.as_f64().is_some_and(|number| number.fract() == 0.0) => Self::INTEGER,
            Value::Number(_) => Self(64),
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has(self, any: Self) -> bool {
        self.0 & any.0 != 0
    }

    pub(super) fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// In words, the widest first.
    pub(super) fn words(self) -> String {
        if self == Self::ALL {
            return "anything".to_owned();
        }
        let mut left = self;
        let mut names = Vec::new();
        for (name, bits) in NAMES.iter().skip(1).chain(&NAMES[..1]) {
            if *bits != 0 && Self(*bits).is_within(left) {
                names.push(*name);
                left = left.without(Self(*bits));
            }
        }
        if left.has(Self(64)) {
            names.push("fraction");
        }
        words::list(names)
    }
}

/// The types that a schema allows by `type`, or by its values; `None` when it says neither.
pub(super) fn types_of(schema: &Value) -> Option<Types> {
    let values = schema.get("enum").and_then(Value::as_array);
    match (schema.get("type"), schema.get("const"), values) {
        (Some(types), ..) => Some(Types::named(types)),
        (None, Some(only), _) => Some(Types::of_value(only)),
        (None, None, Some(values)) => Some(values.iter().fold(Types::NONE, |all, value| all.or(Types::of_value(value)))),
        (None, None, None) => None,
    }
}

static BOOLEANS: [Value; 2] = [Value::Bool(true), Value::Bool(false)];

/// Everything but what objects, arrays and alternatives hold.
pub(super) fn compare(look: &mut Look) {
    types(look);
    remarks(look);
    let mut common = look.old.types.and(look.new.types);
    let as_text = carried::is_taken_as_text(look);
    if as_text && !carried::holds_numbers(look.new) {
        common = common.or(Types::STRING);
    }
    values(look, as_text);
    if as_text || common.has(Types::STRING) {
        patterns(look);
        content(look);
    }
    format(look, as_text);
    default(look);
    limits::compare(look, common);
}

fn types(look: &mut Look) {
    let (old, new) = (look.old.types, look.new.types);
    let sides = || [spot(look, look.old, "type", old.words()), spot(look, look.new, "type", new.words())];
    let is_any = old == Types::ALL || new == Types::ALL;
    if !is_any && old.has(Types::NULL) != new.has(Types::NULL) {
        let rule = if new.has(Types::NULL) { &rules::NULL_ADMITTED } else { &rules::NULL_REFUSED };
        look.tell(rule, sides());
    }
    let sides = [spot(look, look.old, "type", old.words()), spot(look, look.new, "type", new.words())];
    let (old, new) = if is_any { (old, new) } else { (old.without(Types::NULL), new.without(Types::NULL)) };
    let rule = if carried::is_taken_as_text(look) { Some(&rules::TYPE_WIDENED) } else { type_rule(old, new) };
    if let Some(rule) = rule {
        look.tell(rule, sides);
    }
}

fn type_rule(old: Types, new: Types) -> Option<&'static Rule> {
    match (old.is_within(new), new.is_within(old)) {
        (true, true) => None,
        (true, false) => Some(&rules::TYPE_WIDENED),
        (false, true) => Some(&rules::TYPE_NARROWED),
        (false, false) => Some(&rules::TYPE_CHANGED),
    }
}

/// The place of a keyword, or of the pair.
fn spot(look: &Look, view: &View, keyword: &str, words: String) -> Spot {
    let here = look.here();
    let own = if std::ptr::eq(view, look.old) { &here[0] } else { &here[1] };
    Spot::of(view.keyword(keyword).map_or_else(|| own.pointer.clone(), |(place, _)| place), words)
}

fn values(look: &mut Look, as_text: bool) {
    let place = |view: &View, here: Spot| view.keyword("enum").or_else(|| view.keyword("const")).map_or(here.pointer, |(place, _)| place);
    let [was, is] = look.here();
    let (was, is) = (place(look.old, was), place(look.new, is));
    let listed =
        |values: &[&Value]| words::list(values.iter().take(9).map(ToString::to_string).collect::<Vec<_>>().iter().map(String::as_str));
    let is_text = look.carried() != Carried::Typed;
    let truths = || BOOLEANS.iter().collect::<Vec<_>>();
    let implied = (as_text && look.old.types.without(Types::NULL) == Types::BOOLEAN && look.new.values.is_some()).then(truths);
    match (look.old.values.as_ref().or(implied.as_ref()), &look.new.values) {
        (None, None) => {}
        (None, Some(new)) => look.tell(&rules::ENUM_ADDED, [Spot::at(was), Spot::of(is, listed(new))]),
        (Some(old), None) => look.tell(&rules::ENUM_REMOVED, [Spot::of(was, listed(old)), Spot::at(is)]),
        (Some(old), Some(new)) => {
            if let ([before], [after]) = (old.as_slice(), new.as_slice()) {
                if written(before, is_text) != written(after, is_text) {
                    look.tell(&rules::CONST_CHANGED, [Spot::of(was, words::value(before)), Spot::of(is, words::value(after))]);
                }
                return;
            }
            let texts = |values: &[&Value]| values.iter().map(|value| written(value, is_text)).collect::<HashSet<_>>();
            let (known, stay) = (texts(old), texts(new));
            for value in old.iter().filter(|value| !stay.contains(&written(value, is_text))) {
                look.tell(&rules::ENUM_VALUE_REMOVED, [Spot::of(was.clone(), words::value(value)), Spot::at(is.clone())]);
            }
            for value in new.iter().filter(|value| !known.contains(&written(value, is_text))) {
                look.tell(&rules::ENUM_VALUE_ADDED, [Spot::at(was.clone()), Spot::of(is.clone(), words::value(value))]);
            }
        }
    }
}

fn patterns(look: &mut Look) {
    let all =
        |view: &View| -> BTreeSet<String> { view.all("pattern").filter_map(|(_, pattern)| pattern.as_str().map(str::to_owned)).collect() };
    let (old, new) = (all(look.old), all(look.new));
    let rule = match (old.is_empty(), new.is_empty()) {
        _ if old == new => return,
        (true, _) => &rules::PATTERN_ADDED,
        (_, true) => &rules::PATTERN_REMOVED,
        _ => &rules::PATTERN_CHANGED,
    };
    let words = |all: &BTreeSet<String>| all.iter().map(|pattern| words::code(pattern)).collect::<Vec<_>>().join(" and ");
    let side = |view, all: &BTreeSet<String>| if all.is_empty() { unsaid(look, view) } else { spot(look, view, "pattern", words(all)) };
    let sides = [side(look.old, &old), side(look.new, &new)];
    look.tell(rule, sides);
}

fn unsaid(look: &Look, view: &View) -> Spot {
    let here = look.here();
    let [old, new] = here;
    if std::ptr::eq(view, look.old) { old } else { new }
}

fn side(look: &Look, view: &View, keyword: &str) -> Spot {
    match view.keyword(keyword) {
        Some((place, value)) => Spot::of(place, words::member(keyword, value)),
        None => unsaid(look, view),
    }
}

fn sides(look: &Look, keyword: &str) -> [Spot; 2] {
    [side(look, look.old, keyword), side(look, look.new, keyword)]
}

fn value<'a>(view: &View<'a>, keyword: &str) -> Option<&'a Value> {
    view.keyword(keyword).map(|(_, value)| value)
}

fn content(look: &mut Look) {
    for keyword in ["contentEncoding", "contentMediaType", "xml"] {
        if value(look.old, keyword) != value(look.new, keyword) {
            look.tell(&rules::CONTENT_CHANGED, sides(look, keyword));
        }
    }
}

fn format(look: &mut Look, as_text: bool) {
    let format = |view: &View<'_>| value(view, "format").and_then(Value::as_str).map(str::to_owned);
    let (old, new) = (format(look.old), format(look.new));
    let rule = match (&old, &new) {
        // The format of the numbers goes with them; one of text that is of numbers too leaves none of them out.
        (_, Some(after)) if as_text && limits::room(after).is_none() => &rules::FORMAT_ADDED,
        _ if as_text => return,
        // What is of another type is told, and its format belongs to it.
        _ if old == new || !look.old.types.and(look.new.types).has(Types::STRING.or(Types::NUMBER)) => return,
        (None, _) => &rules::FORMAT_ADDED,
        (_, None) => &rules::FORMAT_REMOVED,
        (Some(before), Some(after)) => match (limits::room(before), limits::room(after)) {
            (Some(small), Some(large)) if small.0 >= large.0 && small.1 <= large.1 => &rules::FORMAT_WIDENED,
            (Some(large), Some(small)) if small.0 >= large.0 && small.1 <= large.1 => &rules::FORMAT_NARROWED,
            _ => &rules::FORMAT_CHANGED,
        },
    };
    look.tell(rule, sides(look, "format"));
}

fn default(look: &mut Look) {
    if look.direction() == crate::api::Direction::Request && value(look.old, "default") != value(look.new, "default") {
        look.tell(&rules::DEFAULT_CHANGED, sides(look, "default"));
    }
}

/// What is said for people.
fn remarks(look: &mut Look) {
    let deprecated = |view: &View| view.all("deprecated").any(|(_, mark)| *mark == Value::Bool(true));
    match (deprecated(look.old), deprecated(look.new)) {
        (false, true) => look.tell(&rules::DEPRECATION_OF_SCHEMA, look.here()),
        (true, false) => look.tell(&rules::REVIVAL_OF_SCHEMA, look.here()),
        _ => {}
    }
    for keyword in ["title", "description", "example", "examples", "externalDocs"] {
        if value(look.old, keyword) != value(look.new, keyword) {
            look.tell(&rules::SCHEMA_TEXT, sides(look, keyword));
        }
    }
}
