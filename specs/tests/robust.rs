//! Nothing in a document makes loading it panic: not its syntax, and not what it says.

use serde_json::{Value, json};
use specs::Source;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % limit.max(1)
    }
}

const QUARRY: &str = include_str!("documents/quarry.yaml");

fn load(file: &str, text: String) {
    let loaded = specs::lint::check(&Source::new("fixture", file, text));
    let problems: Vec<_> = loaded.problems.iter().map(ToString::to_string).collect();
    assert!(loaded.api.is_some() || !problems.is_empty(), "what cannot be used comes with a reason");
}

#[test]
fn any_text_is_loaded_or_refused_with_a_problem() {
    let mut numbers = Numbers(1);
    let characters: Vec<char> = QUARRY.chars().collect();
    for _ in 0..100 {
        let mut text = characters.clone();
        for _ in 0..=numbers.below(3) {
            let at = numbers.below(text.len());
            match numbers.below(4) {
                0 => drop(text.drain(at..(at + numbers.below(40)).min(text.len()))),
                1 => text.insert(at, ['{', '}', '[', ']', ':', '&', '*', '\t', '"', '\u{0}', '\u{fffd}', '\n'][numbers.below(12)]),
                2 => text.truncate(at),
                _ => text.swap(at, at / 2),
            }
        }
        load("fixture.yaml", text.into_iter().collect());
    }
}

#[test]
fn any_value_in_any_place_is_loaded_or_refused_with_a_problem() {
    let good = specs::Document::read(&Source::new("quarry", "quarry.yaml", QUARRY.to_owned())).0.unwrap().value;
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("#/"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({"$ref": "#"}),
        json!({"": {}}),
        json!("/{x}/~1"),
    ];
    let mut numbers = Numbers(2);
    for _ in 0..100 {
        let mut value = good.clone();
        for _ in 0..=numbers.below(3) {
            let mut at = &mut value;
            for _ in 0..numbers.below(12) {
                at = step(at, &mut numbers);
            }
            *at = odd[numbers.below(odd.len())].clone();
        }
        load("fixture.json", value.to_string());
    }
}

/// A random child; the value itself when it has none.
fn step<'v>(value: &'v mut Value, numbers: &mut Numbers) -> &'v mut Value {
    let count = match value {
        Value::Object(members) => members.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    if count == 0 {
        return value;
    }
    let position = numbers.below(count);
    match value {
        Value::Object(members) => members.values_mut().nth(position).expect("the position is below the count"),
        Value::Array(items) => &mut items[position],
        _ => unreachable!("only collections have children"),
    }
}

#[test]
fn references_that_lead_anywhere_are_followed_no_further_than_they_go() {
    let good = specs::Document::read(&Source::new("quarry", "quarry.yaml", QUARRY.to_owned())).0.unwrap().value;
    let mut places = Vec::new();
    collect(&good, String::new(), &mut places);
    let mut numbers = Numbers(3);
    for _ in 0..100 {
        let mut value = good.clone();
        for _ in 0..=numbers.below(4) {
            let (from, to) = (&places[numbers.below(places.len())], &places[numbers.below(places.len())]);
            if let Some(place) = value.pointer_mut(from) {
                *place = json!({"$ref": format!("#{to}")});
            }
        }
        load("fixture.json", value.to_string());
    }
}

fn collect(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| collect(member, specs::pointer::join(&at, name), places)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(position, item)| collect(item, specs::pointer::index(&at, position), places));
        }
        _ => {}
    }
    places.push(at);
}
