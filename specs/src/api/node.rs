//! A cursor on the normalized document: a value that knows where it stands.

use serde_json::Value;

use super::Evidence;
use crate::{pointer, problem::Problems};

/// How many `$ref` in a row are followed before a chain counts as circular.
const LONGEST_CHAIN: usize = 32;

/// A value and its JSON pointer.
#[derive(Clone, Debug)]
pub(crate) struct Node<'r> {
    pub(crate) value: &'r Value,
    pub(crate) pointer: String,
}

impl<'r> Node<'r> {
    pub(crate) fn new(value: &'r Value, pointer: &str) -> Self {
        Self { value, pointer: pointer.to_owned() }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.as_object()?.get(name)?;
        Some(Self { value, pointer: pointer::join(&self.pointer, name) })
    }

    /// The members of an object, extensions included; none for anything else.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'r str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(name, value)| (name.as_str(), Self { value, pointer: pointer::join(&self.pointer, name) }))
    }

    /// The members of an object that are no extensions.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'r str, Self)> {
        self.members().filter(|(name, _)| !name.starts_with("x-"))
    }

    /// The elements of an array; none for anything else.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(position, value)| Self { value, pointer: pointer::index(&self.pointer, position) })
    }

    /// The members of the object under `name`.
    pub(crate) fn members_of(&self, name: &str) -> Vec<(&'r str, Self)> {
        self.get(name).map(|node| node.members().collect()).unwrap_or_default()
    }

    /// The members of the object under `name` that are no extensions.
    pub(crate) fn entries_of(&self, name: &str) -> Vec<(&'r str, Self)> {
        self.get(name).map(|node| node.entries().collect()).unwrap_or_default()
    }

    /// The elements of the array under `name`.
    pub(crate) fn items_of(&self, name: &str) -> Vec<Self> {
        self.get(name).map(|node| node.items().collect()).unwrap_or_default()
    }

    /// A member that is text, or empty; a number is taken for the text that it was meant to be.
    pub(crate) fn text(&self, name: &str) -> String {
        match self.value.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// A member that is text, when it is there.
    pub(crate) fn string(&self, name: &str) -> Option<&'r str> {
        self.value.get(name)?.as_str()
    }

    /// A member that is `true` or `false`; absent counts as `false`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.value.get(name).and_then(Value::as_bool).unwrap_or_default()
    }
}

/// The document while it is read: where references lead, and what is wrong.
pub(crate) struct Reader<'r, 'p, 'd> {
    pub(crate) root: &'r Value,
    pub(crate) problems: &'p mut Problems<'d>,
}

impl<'r> Reader<'r, '_, '_> {
    /// The node that a `$ref` leads to; the node itself when it is none. `None` when the chain ends nowhere.
    pub(crate) fn follow(&mut self, node: Node<'r>) -> Option<Node<'r>> {
        let start = node.pointer.clone();
        let mut at = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = at.string("$ref") else { return Some(at) };
            let target = crate::normalize::local_target(reference);
            let Some((target, value)) = target.and_then(|target| pointer::get(self.root, &target).map(|value| (target, value))) else {
                let message = format!("`$ref` to `{reference}` names nothing in the document");
                self.problems.error(
                    "dangling-ref",
                    &pointer::join(&at.pointer, "$ref"),
                    &message,
                    "add what it names, or correct the name",
                );
                return None;
            };
            at = Node { value, pointer: target };
        }
        self.problems.error("circular-ref", &start, "`$ref` leads back to itself", "let one of them hold the object itself");
        None
    }

    /// The `x-evidence` of a node, else what holds above it.
    pub(crate) fn evidence(&mut self, node: &Node, above: Evidence) -> Evidence {
        let Some(mark) = node.get("x-evidence") else { return above };
        let known = mark.value.as_str().and_then(Evidence::from_word);
        if known.is_none() {
            let help = "write `page`, `elsewhere`, `observed` or `inferred`";
            self.problems.error("x-evidence", &mark.pointer, &format!("{} is no mark of evidence", mark.value), help);
        }
        known.unwrap_or(above)
    }
}
