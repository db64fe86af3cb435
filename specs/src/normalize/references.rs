//! What `$ref` of schemas name: something in the document, and never themselves.

use std::collections::HashMap;

use serde_json::Value;

use super::{Reference, shape::Kind};
use crate::{pointer, problem::Problems};

/// Keywords whose schemas look at the same instance as the schema that holds them.
const IN_PLACE: &[&str] = &["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"];

/// The JSON pointer that a reference into the same document names, percent-encoding undone.
pub(crate) fn local(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !(fragment.is_empty() || fragment.starts_with('/')) {
        return None;
    }
    Some(percent_decoded(fragment))
}

/// Removes the references that name nothing or lead back to themselves, with a problem for each.
pub(super) fn mend(root: &mut Value, references: Vec<Reference>, problems: &mut Problems) {
    let mut sound = Vec::new();
    for reference in references {
        let is_schema = matches!(Kind::at(&reference.to), None | Some(Kind::Schema));
        if is_schema && pointer::get(root, &reference.to).is_some_and(|target| target.is_object() || target.is_boolean()) {
            sound.push(reference);
        } else {
            let message = format!("`$ref` to `#{}` names no schema of the document", reference.to);
            problems.error("dangling-ref", &pointer::join(&reference.from, "$ref"), &message, &help(root, &reference.to));
            remove(root, &reference.from);
        }
    }
    for endless in Endless::new(root, &sound).find() {
        let reference = &sound[endless];
        let message = format!("`$ref` to `#{}` leads back to itself without consuming anything", reference.to);
        problems.error(
            "endless-schema",
            &pointer::join(&reference.from, "$ref"),
            &message,
            "let the cycle pass through a property or an item",
        );
        remove(root, &reference.from);
    }
}

fn remove(root: &mut Value, from: &str) {
    if let Some(Value::Object(object)) = root.pointer_mut(from) {
        object.shift_remove("$ref");
    }
}

/// The name that was probably meant.
fn help(root: &Value, target: &str) -> String {
    let near = pointer::split_last(target).and_then(|(parent, name)| {
        let siblings = pointer::get(root, parent)?.as_object()?;
        siblings.keys().find(|sibling| sibling.eq_ignore_ascii_case(&name)).map(|sibling| pointer::join(parent, sibling))
    });
    near.map_or_else(|| "add what it names, or correct the name".to_owned(), |near| format!("write `#{near}`"))
}

pub(crate) fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let hex = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    let (mut decoded, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high * 16 + low);
                at += 3;
            }
            _ => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// A search for references that lead back to themselves, over places that look at the same instance.
struct Endless<'r> {
    references: &'r [Reference],
    /// For each reference, those that its target leads to without consuming anything.
    next: Vec<Vec<usize>>,
}

impl<'r> Endless<'r> {
    fn new(root: &Value, references: &'r [Reference]) -> Self {
        let by_place: HashMap<&str, usize> =
            references.iter().enumerate().map(|(position, reference)| (reference.from.as_str(), position)).collect();
        let mut by_target: HashMap<&str, Vec<usize>> = HashMap::new();
        for reference in references {
            by_target.entry(&reference.to).or_insert_with(|| {
                let mut found = Vec::new();
                if let Some(target) = pointer::get(root, &reference.to) {
                    in_place(target, &mut reference.to.clone(), &by_place, &mut found);
                }
                found
            });
        }
        let next = references.iter().map(|reference| by_target.get(reference.to.as_str()).cloned().unwrap_or_default()).collect();
        Self { references, next }
    }

    /// References which, when removed, leave no endless path; found without recursion, since chains may be long.
    fn find(&self) -> Vec<usize> {
        const NEW: u8 = 0;
        const OPEN: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![NEW; self.references.len()];
        let mut endless = Vec::new();
        for start in 0..self.references.len() {
            let mut path = vec![(start, 0)];
            while let Some((at, position)) = path.last_mut() {
                if *position == 0 && state[*at] != NEW {
                    path.pop();
                    continue;
                }
                state[*at] = OPEN;
                let Some(&next) = self.next[*at].get(*position) else {
                    state[*at] = DONE;
                    path.pop();
                    continue;
                };
                *position += 1;
                match state[next] {
                    NEW => path.push((next, 0)),
                    OPEN if !endless.contains(&next) => endless.push(next),
                    _ => {}
                }
            }
        }
        endless
    }
}

fn in_place(schema: &Value, at: &mut String, by_place: &HashMap<&str, usize>, found: &mut Vec<usize>) {
    if let Some(reference) = by_place.get(at.as_str()) {
        found.push(*reference);
    }
    for (name, _, _) in Kind::Schema.members().iter().filter(|(name, ..)| IN_PLACE.contains(name)) {
        let Some(member) = schema.get(name) else { continue };
        let length = at.len();
        pointer::push(at, name);
        match member {
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    below(item, &position.to_string(), at, by_place, found);
                }
            }
            Value::Object(members) if *name == "dependentSchemas" => {
                for (key, member) in members {
                    below(member, key, at, by_place, found);
                }
            }
            one => in_place(one, at, by_place, found),
        }
        at.truncate(length);
    }
}

fn below(schema: &Value, token: &str, at: &mut String, by_place: &HashMap<&str, usize>, found: &mut Vec<usize>) {
    let length = at.len();
    pointer::push(at, token);
    in_place(schema, at, by_place, found);
    at.truncate(length);
}
