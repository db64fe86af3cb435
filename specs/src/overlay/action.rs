//! One action of an overlay: what it selects is changed, or taken away.

use std::collections::HashMap;

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use super::merge::Merge;
use crate::{
    document::{Document, origin::Layer},
    pointer,
    problem::Severity,
};

/// What is wrong with an action.
pub(super) struct Wrong {
    pub(super) severity: Severity,
    pub(super) pointer: String,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Does what the action at `place` of the overlay says.
pub(super) fn perform(document: &mut Document, file: usize, action: &Value, place: &str) -> Result<(), Wrong> {
    let at = |member: &str| pointer::join(place, member);
    let target = action.get("target").and_then(Value::as_str);
    let target = target.ok_or_else(|| wrong(place.to_owned(), "the action has no `target`".to_owned(), "add `target: $.paths`"))?;
    let path = JsonPath::parse(target).map_err(|error| {
        let help = "write a JSONPath as RFC 9535 has it, as `$.paths['/notes'].get`";
        wrong(at("target"), format!("`{target}` is no JSONPath: {error}"), help)
    })?;
    let mut found: Vec<Vec<String>> = path.query_located(&document.value).locations().map(tokens).collect();
    found.dedup();
    if found.is_empty() {
        let message = format!("`{target}` selects nothing");
        let help = "correct the target; it selects from the document with all its files put together";
        return Err(Wrong { severity: Severity::Warning, ..wrong(at("target"), message, help) });
    }
    if action.get("remove") == Some(&Value::Bool(true)) {
        remove(document, found);
        return Ok(());
    }
    let Some(update) = action.get("update") else {
        return Err(wrong(place.to_owned(), "the action neither updates nor removes".to_owned(), "add `update` or `remove: true`"));
    };
    let mut merge = Merge { file, layer: Layer::default() };
    let mut misfit = false;
    for tokens in found {
        let pointer = joined(&tokens);
        if let Some(value) = document.value.pointer_mut(&pointer) {
            misfit |= !merge.update(value, update, &pointer, &at("update"));
        }
    }
    document.add_layer(merge.layer);
    if misfit {
        let message = format!("what `{target}` selects cannot be merged with an update of another kind");
        return Err(wrong(
            at("update"),
            message,
            "update a mapping with a mapping, and select the parent of what is neither mapping nor list",
        ));
    }
    Ok(())
}

fn wrong(pointer: String, message: String, help: &'static str) -> Wrong {
    Wrong { severity: Severity::Error, pointer, message, help }
}

fn tokens(path: &NormalizedPath) -> Vec<String> {
    let token = |element: &PathElement| match element {
        PathElement::Name(name) => (*name).to_owned(),
        PathElement::Index(index) => index.to_string(),
    };
    path.iter().map(token).collect()
}

fn joined(tokens: &[String]) -> String {
    tokens.iter().fold(String::new(), |at, token| pointer::join(&at, token))
}

/// Takes away what is selected, the last of a list first, and notes where the rest of a list went.
fn remove(document: &mut Document, mut found: Vec<Vec<String>>) {
    found.sort_by(|one, other| {
        let rank = |token: &String| (token.parse::<usize>().ok(), token.clone());
        other.iter().map(rank).cmp(one.iter().map(rank))
    });
    found.dedup();
    let mut lists: HashMap<String, Vec<usize>> = HashMap::new();
    for tokens in &found {
        let Some((last, parent)) = tokens.split_last() else {
            document.value = Value::Null;
            return;
        };
        let parent = joined(parent);
        match document.value.pointer_mut(&parent) {
            Some(Value::Object(members)) => drop(members.shift_remove(last)),
            Some(Value::Array(items)) => {
                let position = last.parse().unwrap_or(usize::MAX);
                if position < items.len() {
                    items.remove(position);
                    lists.entry(parent).or_default().push(position);
                }
            }
            _ => {}
        }
    }
    let mut layer = Layer::default();
    for (parent, removed) in lists {
        let left = document.value.pointer(&parent).and_then(Value::as_array).map_or(0, Vec::len);
        let before = (0..left + removed.len()).filter(|position| !removed.contains(position));
        for (now, before) in before.enumerate() {
            layer.moved(&pointer::index(&parent, now), &pointer::index(&parent, before));
        }
    }
    document.add_layer(layer);
}
