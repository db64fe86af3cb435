//! Names on the wire to names in Rust, unique in their scope.

use std::collections::HashSet;

use heck::{ToPascalCase as _, ToSnakeCase as _};
use proc_macro2::{Ident, Span};

/// Names that are taken where names are given out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which these are taken from the start.
    pub(crate) fn with(reserved: &[&str]) -> Self {
        Self { taken: reserved.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// The name, or the name with a number behind it.
    pub(crate) fn unique(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        let mut number = 1;
        while !self.taken.insert(candidate.clone()) {
            number += 1;
            candidate =
                if name.ends_with(|last: char| last.is_ascii_digit()) { format!("{name}_{number}") } else { format!("{name}{number}") };
        }
        candidate
    }

    /// A unique name of a field or an argument.
    pub(crate) fn field(&mut self, wire: &str) -> Ident {
        let name = self.unique(&snake(wire));
        ident(&name)
    }

    /// Unique names for all of these. What is its own name keeps it, whoever comes before.
    pub(crate) fn all(&mut self, wires: &[&str], name: impl Fn(&str) -> String) -> Vec<Ident> {
        let own: Vec<bool> = wires.iter().map(|wire| name(wire) == **wire && self.taken.insert((*wire).to_owned())).collect();
        wires.iter().zip(own).map(|(wire, own)| if own { ident(wire) } else { ident(&self.unique(&name(wire))) }).collect()
    }
}

/// An identifier from text that is one already, or a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    if is_keyword(name) { Ident::new(&format!("{name}_"), Span::call_site()) } else { Ident::new(name, Span::call_site()) }
}

/// Snake case; `_match` is `match_`, `2fa` is `_2fa`, and what has no letters is `field`.
pub(crate) fn snake(wire: &str) -> String {
    let name = identifier_characters(wire).to_snake_case();
    match name.chars().next() {
        None => "field".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) if is_keyword(&name) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Pascal case; digits first get the fallback in front, signs are spelled out, and nothing at all is the fallback.
pub(crate) fn pascal(wire: &str, fallback: &str) -> String {
    let spelled: String = match wire {
        "+1" => "plus one".to_owned(),
        "-1" => "minus one".to_owned(),
        other => other.to_owned(),
    };
    let mut name = identifier_characters(&spelled).to_pascal_case();
    if name.is_empty() && !wire.is_empty() {
        name = wire.chars().filter_map(sign).collect::<Vec<_>>().join(" ").to_pascal_case();
    }
    match name.chars().next() {
        None if wire.is_empty() => "Empty".to_owned(),
        None => fallback.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{fallback}{name}"),
        Some(_) if name == "Self" => "SelfValue".to_owned(),
        Some(_) => name,
    }
}

/// Whether a name that is made of the right characters is none; syn does not count `gen`, which edition 2024 does.
fn is_keyword(name: &str) -> bool {
    name == "gen" || syn::parse_str::<Ident>(name).is_err()
}

/// What no identifier can hold separates words.
fn identifier_characters(text: &str) -> String {
    text.chars().filter(|character| *character != '\'').map(|character| if is_part(character) { character } else { '-' }).collect()
}

fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || character == '_'
        || (!character.is_ascii() && syn::parse_str::<Ident>(&format!("a{character}")).is_ok())
}

fn sign(character: char) -> Option<&'static str> {
    Some(match character {
        '<' => "less",
        '>' => "greater",
        '=' => "equal",
        '*' => "star",
        '+' => "plus",
        '-' => "minus",
        '!' => "not",
        '%' => "percent",
        '/' => "slash",
        '.' => "dot",
        '&' => "and",
        '|' => "or",
        '#' => "hash",
        '$' => "dollar",
        '@' => "at",
        '?' => "question",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_names_become_rust_names() {
        let check = |wire: &str, field: &str, variant: &str| {
            assert_eq!((snake(wire).as_str(), pascal(wire, "Value").as_str()), (field, variant), "{wire}");
        };
        check("_impl", "impl_", "Impl");
        check("wind-speeds", "wind_speeds", "WindSpeeds");
        check("berthId", "berth_id", "BerthId");
        check("1", "_1", "Value1");
        check("", "field", "Empty");
        check(">=", "field", "GreaterEqual");
        check("self", "self_", "SelfValue");
        check("don't", "dont", "Dont");
        check("größe", "größe", "Größe");
        check("async", "async_", "Async");
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut scope = Scope::with(&["new"]);
        let names: Vec<String> = scope.all(&["crewId", "crew_id", "new", "a1", "A1"], snake).iter().map(ToString::to_string).collect();
        assert_eq!(names, ["crew_id2", "crew_id", "new2", "a1", "a1_2"]);
    }
}
