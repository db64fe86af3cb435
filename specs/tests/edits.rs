//! What holds for any edit of any text: the value is the old one with the edit, and lines that it is not about are the
//! same bytes. Texts are written in every manner that YAML and JSON have, with comments between.

use std::path::Path;

use fastrand::Rng;
use serde_json::{Map, Value, json};
use specs::{
    Document, Source,
    edit::{Edit, apply, patch},
    pointer,
};

#[test]
fn edits_of_any_text_change_what_they_are_about_and_nothing_else() {
    let (mut done, mut refused) = (0, 0);
    for seed in 0..3_000 {
        let mut luck = Rng::with_seed(seed);
        let value = Value::Object((0..luck.usize(1..6)).map(|_| (word(&mut luck), any(&mut luck, 4))).collect());
        let manner = Manner::of(&mut luck);
        let text = manner.text(&value, &mut luck);
        let file = if manner.is_json { "any.json" } else { "any.yaml" };
        assert_eq!(read(file, &text), value, "seed {seed} writes another value\n{text}");
        match one_edit(file, &text, &value, &mut luck) {
            Ok(()) => done += 1,
            Err(why) => {
                refused += 1;
                assert!(why.contains("written in a way"), "seed {seed}: {why}\n{text}");
            }
        }
    }
    assert!(refused * 100 < done, "{refused} edits were refused, and {done} done");
}

#[test]
fn edits_of_the_documents_change_what_they_are_about_and_nothing_else() {
    for path in specs::documents(Path::new(specs::DIR)).expect("the folder is there") {
        let text = std::fs::read_to_string(&path).expect("a document is text");
        let value = read("any.yaml", &text);
        for seed in 0..6 {
            let done = one_edit("any.yaml", &text, &value, &mut Rng::with_seed(seed));
            assert_eq!(done, Ok(()), "seed {seed} of {}", path.display());
        }
    }
}

#[test]
fn many_edits_at_once_are_all_done() {
    for seed in 0..400 {
        let mut luck = Rng::with_seed(seed);
        let members: Map<String, Value> = (0..luck.usize(3..8)).map(|position| (format!("k{position}"), any(&mut luck, 3))).collect();
        let manner = Manner::of(&mut luck);
        let value = Value::Object(members);
        let text = manner.text(&value, &mut luck);
        let file = if manner.is_json { "any.json" } else { "any.yaml" };
        let (mut edits, mut wanted) = (Vec::new(), value.clone());
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            edits.extend(own_edit(key, &value, &mut wanted, &mut luck));
        }
        let after = apply(file, &text, &edits).expect("edits of different members are apart");
        assert_eq!(read(file, &after), wanted, "seed {seed}\n{text}\n---\n{after}");
    }
}

/// An edit of one member at the top, done to the value as well.
fn own_edit(key: &str, old: &Value, wanted: &mut Value, luck: &mut Rng) -> Option<Edit> {
    let at = pointer::join("", key);
    let members = wanted.as_object_mut()?;
    match luck.u8(0..5) {
        0 => {
            members.shift_remove(key);
            Some(Edit::Remove { at })
        }
        1 => {
            let value = any(luck, 2);
            members.insert(key.to_owned(), value.clone());
            Some(Edit::Set { at, value })
        }
        2 => {
            let (new, member) = (format!("new-{key}"), members.shift_remove(key)?);
            members.insert(new.clone(), member);
            Some(Edit::Rename { at, key: new })
        }
        3 if old[key].is_array() => {
            members[key].as_array_mut()?.push(json!("more"));
            Some(Edit::Append { at, value: json!("more") })
        }
        _ => None,
    }
}

/// Does an edit somewhere, and looks at what became of the text.
fn one_edit(file: &str, text: &str, value: &Value, luck: &mut Rng) -> Result<(), String> {
    let mut places = Vec::new();
    walk(value, "", &mut places);
    let at = places[luck.usize(0..places.len())].clone();
    let (edit, wanted) = edit_at(&at, value, luck);
    let after = apply(file, text, std::slice::from_ref(&edit)).map_err(|why| why.to_string())?;
    assert_eq!(read(file, &after), wanted, "{edit:?}\n{text}\n---\n{after}");
    untouched(file, text, &after, &edit, &places);
    assert_eq!(patch(text, &after, file).is_empty(), text == after);
    Ok(())
}

/// An edit at a place, and the value that it should lead to.
fn edit_at(at: &str, value: &Value, luck: &mut Rng) -> (Edit, Value) {
    let (mut wanted, at_own) = (value.clone(), at.to_owned());
    let parent = pointer::split_last(at);
    let place = wanted.pointer_mut(at).expect("the place was found");
    match (luck.u8(0..5), &mut *place) {
        (0 | 1, Value::Object(members)) => {
            let (key, new) = (format!("new-{}", luck.u32(..)), any(luck, 2));
            let after = members.keys().nth(luck.usize(0..=members.len())).cloned();
            members.insert(key.clone(), new.clone());
            (Edit::Insert { at: at_own, key, value: new, after }, wanted)
        }
        (0 | 1, Value::Array(items)) => {
            items.push(any(luck, 2));
            (Edit::Append { at: at_own, value: items[items.len() - 1].clone() }, wanted)
        }
        (2 | 3, _) if parent.is_some() => {
            let (above, key) = parent.expect("it is not the whole");
            match wanted.pointer_mut(above).expect("the place was found") {
                Value::Object(members) if luck.bool() => {
                    let member = members.shift_remove(&key).expect("the place was found");
                    members.insert("re: named".to_owned(), member);
                    return (Edit::Rename { at: at_own, key: "re: named".to_owned() }, wanted);
                }
                Value::Object(members) => drop(members.shift_remove(&key)),
                Value::Array(items) => drop(items.remove(key.parse().expect("a position"))),
                _ => {}
            }
            (Edit::Remove { at: at_own }, wanted)
        }
        _ => {
            *place = if at.is_empty() { json!({"all": "new"}) } else { any(luck, 2) };
            let value = place.clone();
            (Edit::Set { at: at_own, value }, wanted)
        }
    }
}

/// Lines before what the edit is about, and behind it, are the same bytes. What is next in the document tells where it ends.
fn untouched(file: &str, before: &str, after: &str, edit: &Edit, places: &[String]) {
    let document = Document::read(&Source::new("any", file, before.to_owned())).0.expect("the text was read");
    let position = places.iter().position(|place| place == edit.at()).expect("the place was found");
    let below = format!("{}/", edit.at());
    let next = places[position + 1..].iter().find(|place| !place.starts_with(&below));
    // What is around and before may get or lose a comma or a bracket; so may the line in which the next thing begins.
    let before_it = places[..position].iter().rfind(|place| !edit.at().starts_with(&format!("{place}/")));
    let start = before_it.map_or(0, |before| document.locate(before).0 - 1);
    let end = next.map_or(usize::MAX, |next| document.locate(next).0);
    let [old, new] = [before, after].map(|text| text.split_inclusive('\n').collect::<Vec<_>>());
    assert_eq!(old.get(..start), new.get(..start), "{edit:?}\n{before}\n---\n{after}");
    let rest = old.len().saturating_sub(end);
    assert_eq!(old[old.len() - rest..], new[new.len() - rest..], "{edit:?}\n{before}\n---\n{after}");
    if !matches!(edit, Edit::Set { .. } | Edit::Remove { .. }) {
        let comments = |text: &str| text.matches("# note").count();
        assert_eq!(comments(before), comments(after), "{edit:?}\n{before}\n---\n{after}");
        let lost = patch(before, after, file).lines().filter(|line| line.starts_with('-') && !line.starts_with("---")).count();
        assert!(lost <= 1, "{edit:?}\n{before}\n---\n{after}");
    }
}

/// All places, in the order of the text.
fn walk(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| walk(member, &pointer::join(at, key), places)),
        Value::Array(items) => items.iter().enumerate().for_each(|(position, item)| walk(item, &pointer::index(at, position), places)),
        _ => {}
    }
}

fn read(file: &str, text: &str) -> Value {
    Document::read(&Source::new("any", file, text.to_owned())).0.expect("the text can be read").value
}

const WORDS: [&str; 18] = [
    "a",
    "kite",
    "a/b",
    "m~n",
    "two words",
    "yes",
    "null",
    "12",
    "x: y",
    "# no",
    "- dash",
    "é",
    "'q'",
    "\"d\"",
    "{f}",
    "&a",
    "*b",
    "2026-01-02",
];

fn word(luck: &mut Rng) -> String {
    format!("{}{}", WORDS[luck.usize(0..WORDS.len())], luck.u8(..))
}

fn any(luck: &mut Rng, depth: usize) -> Value {
    match luck.u8(0..if depth == 0 { 7 } else { 12 }) {
        0 => Value::Null,
        1 => json!(luck.bool()),
        2 => json!(luck.i32(..)),
        3 => json!(f64::from(luck.u8(..)) / 4.0),
        4 => json!(WORDS[luck.usize(0..WORDS.len())]),
        5 => json!(["", " ", "line\nline", "line\n\n  more\n", "\ttab", "end ", "a\u{2028}b", "\u{7}"][luck.usize(0..8)]),
        6 => json!(word(luck)),
        7 | 8 => Value::Array((0..luck.usize(0..4)).map(|_| any(luck, depth - 1)).collect()),
        _ => Value::Object((0..luck.usize(0..4)).map(|_| (word(luck), any(luck, depth - 1))).collect()),
    }
}

/// How a text is written.
struct Manner {
    is_json: bool,
    newline: &'static str,
    step: usize,
    /// How much further right than their key lists begin.
    list: usize,
    ends: bool,
}

impl Manner {
    fn of(luck: &mut Rng) -> Self {
        let newline = if luck.u8(0..4) == 0 { "\r\n" } else { "\n" };
        Self { is_json: luck.u8(0..4) == 0, newline, step: luck.usize(1..5), list: luck.usize(0..3), ends: luck.u8(0..5) > 0 }
    }

    fn text(&self, value: &Value, luck: &mut Rng) -> String {
        let mut text = if self.is_json && luck.bool() {
            value.to_string()
        } else if self.is_json {
            serde_json::to_string_pretty(value).expect("a value is JSON")
        } else {
            let mut text = String::new();
            Self::note(0, &mut text, luck);
            self.block(value, 0, &mut text, luck);
            text
        };
        if !self.ends {
            text.truncate(text.trim_end_matches('\n').len());
        }
        text.replace('\n', self.newline)
    }

    /// A comment on a line of its own, now and then.
    fn note(column: usize, text: &mut String, luck: &mut Rng) {
        match luck.u8(0..12) {
            0 => text.push_str(&format!("{}# note: {}\n", " ".repeat(column), luck.u8(..))),
            1 => text.push('\n'),
            2 => text.push_str("# note at the left\n"),
            _ => {}
        }
    }

    /// A collection in lines, from the start of a line to the end of one; anything else in brackets.
    fn block(&self, value: &Value, column: usize, text: &mut String, luck: &mut Rng) {
        let indent = " ".repeat(column);
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (key, member) in members {
                    text.push_str(&format!("{indent}{}:", scalar(&json!(key), luck)));
                    let below = if member.is_array() { column + self.list } else { column + self.step };
                    self.value(member, (column, below), text, luck);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    text.push_str(&format!("{indent}-"));
                    if is_lines(item) && luck.bool() {
                        // The first entry stands behind the dash.
                        let mut inner = String::new();
                        self.block(item, column + 2, &mut inner, luck);
                        text.push_str(&inner[column + 1..]);
                    } else {
                        self.value(item, (column, column + 2), text, luck);
                    }
                }
            }
            _ => text.push_str(&format!("{indent}{}\n", flow(value, luck))),
        }
    }

    /// What stands behind a key or a dash, with the end of the line.
    fn value(&self, value: &Value, (column, below): (usize, usize), text: &mut String, luck: &mut Rng) {
        let note = if luck.u8(0..4) == 0 { " # note" } else { "" };
        let literal = value.as_str().filter(|text| text.contains("line") && text.ends_with('\n'));
        if let Some(literal) = literal.filter(|_| luck.bool()) {
            text.push_str(&format!(" |{note}\n"));
            let indent = " ".repeat(column + self.step);
            literal.lines().for_each(|line| text.push_str(&if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }));
            return;
        }
        if is_lines(value) && luck.u8(0..3) > 0 {
            text.push_str(&format!("{note}\n"));
            Self::note(below, text, luck);
            self.block(value, below, text, luck);
        } else if value.is_null() && luck.bool() {
            text.push_str(&format!("{note}\n"));
        } else {
            text.push_str(&format!(" {}{note}\n", flow(value, luck)));
        }
        Self::note(column, text, luck);
    }
}

fn flow(value: &Value, luck: &mut Rng) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| format!("{}: {}", scalar(&json!(key), luck), flow(value, luck))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(|item| flow(item, luck)).collect::<Vec<_>>().join(", ")),
        _ => scalar(value, luck),
    }
}

fn scalar(value: &Value, luck: &mut Rng) -> String {
    let Some(text) = value.as_str() else { return value.to_string() };
    let is_word =
        text.chars().all(|one| one.is_alphanumeric() || one == ' ') && text.trim() == text && text.starts_with(char::is_alphabetic);
    match luck.u8(0..3) {
        0 if is_word && !["yes", "null"].contains(&text) => text.to_owned(),
        1 if !text.contains(|one: char| one.is_control() || one == '\u{2028}') => format!("'{}'", text.replace('\'', "''")),
        _ => value.to_string(),
    }
}

fn is_lines(value: &Value) -> bool {
    value.as_object().is_some_and(|members| !members.is_empty()) || value.as_array().is_some_and(|items| !items.is_empty())
}
