//! How an update is merged: mappings member by member, lists by appending, and everything else by taking its place.

use serde_json::Value;

use crate::{
    document::origin::{Layer, Origin},
    pointer,
};

/// A merge, with what it puts into the document.
pub(super) struct Merge {
    /// The overlay's position among the document's files.
    pub(super) file: usize,
    pub(super) layer: Layer,
}

impl Merge {
    /// Updates what a target selected, at `now`, by what stands at `from` of the overlay; whether that can be.
    pub(super) fn update(&mut self, value: &mut Value, update: &Value, now: &str, from: &str) -> bool {
        match (&mut *value, update) {
            (Value::Array(items), Value::Array(more)) => self.append(items, more, now, from),
            (Value::Array(items), entry) => {
                self.taken(&pointer::index(now, items.len()), from);
                items.push(entry.clone());
            }
            (Value::Object(_), Value::Object(_)) => self.merge(value, update, now, from),
            // An empty place of YAML is a mapping to be.
            (Value::Null, Value::Object(_)) => self.replace(value, update, now, from),
            _ => return false,
        }
        true
    }

    fn merge(&mut self, value: &mut Value, update: &Value, now: &str, from: &str) {
        match (&mut *value, update) {
            (Value::Object(members), Value::Object(updates)) => {
                for (name, update) in updates {
                    let (now, from) = (pointer::join(now, name), pointer::join(from, name));
                    match members.get_mut(name) {
                        Some(member) => self.merge(member, update, &now, &from),
                        None => {
                            self.taken(&now, &from);
                            members.insert(name.clone(), update.clone());
                        }
                    }
                }
            }
            (Value::Array(items), Value::Array(more)) => self.append(items, more, now, from),
            _ => self.replace(value, update, now, from),
        }
    }

    fn append(&mut self, items: &mut Vec<Value>, more: &[Value], now: &str, from: &str) {
        for (position, item) in more.iter().enumerate() {
            self.taken(&pointer::index(now, items.len()), &pointer::index(from, position));
            items.push(item.clone());
        }
    }

    fn replace(&mut self, value: &mut Value, update: &Value, now: &str, from: &str) {
        self.taken(now, from);
        *value = update.clone();
    }

    fn taken(&mut self, now: &str, from: &str) {
        self.layer.taken(now, Origin { file: self.file, pointer: from.to_owned() });
    }
}
