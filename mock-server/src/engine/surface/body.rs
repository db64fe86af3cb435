//! The places inside a body, as a tree that is walked along with a value.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;
use serde_json::Value;
use specs::wire::Token;

use super::Touched;

/// Elements of one array that are looked at; what comes after has mostly the same form.
const MOST_ELEMENTS: usize = 1_000;

/// Values that are listed for a place, each with its bit.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<(Value, usize)>);

impl Values {
    pub(super) fn add(&mut self, value: Value, bit: usize) {
        self.0.push((value, bit));
    }

    pub(super) fn knows(&self, value: &Value) -> bool {
        self.0.iter().any(|(known, _)| known == value)
    }

    pub(super) fn touch(&self, value: &Value, touched: &mut Touched) {
        if let Some((_, bit)) = self.0.iter().find(|(known, _)| known == value) {
            touched.set(*bit);
        }
    }
}

/// A place in a body, with those below it.
#[derive(Debug, Default)]
pub(super) struct Node {
    bit: Option<usize>,
    values: Values,
    members: HashMap<String, Node, FxBuildHasher>,
    /// What any element and any other member is.
    any: Option<Box<Node>>,
}

impl Node {
    pub(super) fn put(&mut self, path: &[Token], bit: Option<usize>, values: Values) {
        match path.split_first() {
            None => (self.bit, self.values) = (bit, values),
            Some((Token::Name(name), below)) => self.members.entry(name.clone()).or_default().put(below, bit, values),
            Some((Token::Any, below)) => self.any.get_or_insert_default().put(below, bit, values),
        }
    }

    pub(super) fn touch(&self, value: &Value, touched: &mut Touched) {
        if let Some(bit) = self.bit {
            touched.set(bit);
        }
        self.values.touch(value, touched);
        match value {
            Value::Object(members) if !self.members.is_empty() || self.any.is_some() => {
                for (name, value) in members {
                    if let Some(node) = self.members.get(name).or(self.any.as_deref()) {
                        node.touch(value, touched);
                    }
                }
            }
            Value::Array(elements) => {
                if let Some(any) = &self.any {
                    elements.iter().take(MOST_ELEMENTS).for_each(|element| any.touch(element, touched));
                }
            }
            _ => {}
        }
    }
}
