//! What a document declares about its resources: `x-resource`, `x-pagination` and `x-rate-limits`.

mod limits;
mod pages;
mod role;

use indexmap::IndexMap;

use super::{Order, Parent};
use crate::api::{
    SchemaId,
    node::{Node, Reader},
};
use crate::pointer;

pub(crate) use limits::rate_limits;
pub(super) use pages::{Pages, pages};
pub(super) use role::{Said, role};

/// A resource as `x-resource` at the top of the document has it; what is `None` is inferred.
#[derive(Clone, Debug, Default)]
pub(super) struct Resource {
    pub(super) schema: Option<SchemaId>,
    pub(super) key: Option<String>,
    pub(super) parents: Option<Vec<Parent>>,
    pub(super) order: Option<Order>,
    pub(super) single: Option<bool>,
}

/// The resources of `x-resource` at the top of the document.
pub(super) fn resources(reader: &mut Reader, root: &Node) -> IndexMap<String, Resource> {
    root.members_of("x-resource").into_iter().map(|(name, node)| (name.to_owned(), resource(reader, &node))).collect()
}

fn resource(reader: &mut Reader, node: &Node) -> Resource {
    known_members(reader, node, "x-resource", &["schema", "key", "parents", "order", "single"]);
    let parents = node.get("parents").map(|parents| {
        let members = parents.members().filter_map(|(resource, property)| Some((resource, property.value.as_str()?)));
        members.map(|(resource, property)| Parent { resource: resource.to_owned(), property: property.to_owned() }).collect()
    });
    let single = node.get("single").and_then(|single| flag(reader, &single));
    Resource { schema: schema(reader, node), key: node.string("key").map(str::to_owned), parents, order: order(reader, node), single }
}

fn schema(reader: &mut Reader, node: &Node) -> Option<SchemaId> {
    let reference = node.get("schema")?;
    let target = reference.value.as_str().and_then(crate::normalize::local_target);
    let found = target.filter(|target| pointer::get(reader.root, target).is_some());
    if found.is_none() {
        let message = format!("{} names no schema of the document", reference.value);
        reader.problems.error("x-resource", &reference.pointer, &message, "write `'#/components/schemas/…'`");
    }
    found.map(|target| SchemaId::new(&target))
}

fn order(reader: &mut Reader, node: &Node) -> Option<Order> {
    let word = node.get("order")?;
    let found =
        [("newest-first", Order::NewestFirst), ("oldest-first", Order::OldestFirst)].into_iter().find(|(known, _)| word.value == *known);
    if found.is_none() {
        reader.problems.error(
            "x-resource",
            &word.pointer,
            &format!("{} is no order", word.value),
            "write `newest-first` or `oldest-first`",
        );
    }
    found.map(|(_, order)| order)
}

fn flag(reader: &mut Reader, node: &Node) -> Option<bool> {
    let found = node.value.as_bool();
    if found.is_none() {
        reader.problems.error("x-resource", &node.pointer, &format!("{} is no flag", node.value), "write `true` or `false`");
    }
    found
}

/// A problem for each member that means nothing.
fn known_members(reader: &mut Reader, node: &Node, rule: &'static str, known: &[&str]) {
    if !node.value.is_object() {
        reader.problems.error(
            rule,
            &node.pointer,
            "what stands here is no mapping",
            &format!("write members among `{}`", known.join("`, `")),
        );
    }
    for (name, member) in node.members().filter(|(name, _)| !known.contains(name)) {
        let help = format!("write one of `{}`", known.join("`, `"));
        reader.problems.error(rule, &member.pointer, &format!("`{name}` means nothing here"), &help);
    }
}

/// The value of a word, with a problem for a word that is not among those known.
fn word<T: Copy>(reader: &mut Reader, node: &Node, rule: &'static str, known: &[(&str, T)]) -> Option<T> {
    let found = known.iter().find(|(word, _)| node.value == *word).map(|(_, value)| *value);
    if found.is_none() {
        let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
        let help = format!("write one of `{}`", words.join("`, `"));
        reader.problems.error(rule, &node.pointer, &format!("{} means nothing here", node.value), &help);
    }
    found
}
