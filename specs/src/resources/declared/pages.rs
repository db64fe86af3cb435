//! `x-pagination`.

use serde_json::Value;

use super::{known_members, word};
use crate::{
    api::{
        Location, Operation,
        node::{Node, Reader},
    },
    resources::{PageFact, PageStyle},
};

const RULE: &str = "x-pagination";

const STYLES: &[(&str, PageStyle)] = &[("offset", PageStyle::Offset), ("page", PageStyle::Page), ("cursor", PageStyle::Cursor)];

const FACTS: &[(&str, PageFact)] = &[
    ("has-more", PageFact::HasMore),
    ("total", PageFact::Total),
    ("position", PageFact::Position),
    ("size", PageFact::Size),
    ("count", PageFact::Count),
    ("pages", PageFact::Pages),
    ("next", PageFact::Next),
];

impl PageStyle {
    /// The word in `x-pagination`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        STYLES.iter().find(|(_, style)| *style == self).map_or("offset", |(word, _)| word)
    }
}

impl PageFact {
    /// The word in `x-pagination`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        FACTS.iter().find(|(_, fact)| *fact == self).map_or("has-more", |(word, _)| word)
    }
}

/// How a list is cut into pages, as far as the document says.
#[derive(Clone, Debug, Default)]
pub(in crate::resources) struct Pages {
    pub(in crate::resources) style: Option<PageStyle>,
    pub(in crate::resources) position: Option<String>,
    pub(in crate::resources) size: Option<String>,
    pub(in crate::resources) default: Option<usize>,
    pub(in crate::resources) most: Option<usize>,
    pub(in crate::resources) shows: Option<Vec<(PageFact, String)>>,
}

/// The `x-pagination` of an operation.
pub(in crate::resources) fn pages(reader: &mut Reader, operation: &Operation, node: &Node) -> Option<Pages> {
    let pages = node.get(RULE)?;
    known_members(reader, &pages, RULE, &["style", "position", "size", "default", "max", "shows"]);
    let shows = pages.get("shows").map(|shows| {
        known_members(reader, &shows, RULE, &FACTS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        shows.members().filter_map(|(fact, place)| Some((named(fact)?, place.value.as_str()?.to_owned()))).collect()
    });
    let (default, most) = (number(reader, &pages, "default"), number(reader, &pages, "max"));
    if let (Some(default), Some(most)) = (default, most)
        && default > most
    {
        let message = format!("a page has {default} rows by default and {most} at most");
        reader.problems.error(RULE, &pages.pointer, &message, "make `max` at least as large as `default`");
    }
    Some(Pages {
        style: pages.get("style").and_then(|style| word(reader, &style, RULE, STYLES)),
        position: parameter(reader, operation, &pages, "position"),
        size: parameter(reader, operation, &pages, "size"),
        default,
        most,
        shows,
    })
}

fn named(word: &str) -> Option<PageFact> {
    FACTS.iter().find(|(known, _)| *known == word).map(|(_, fact)| *fact)
}

fn parameter(reader: &mut Reader, operation: &Operation, pages: &Node, member: &str) -> Option<String> {
    let node = pages.get(member)?;
    let name = node.value.as_str().unwrap_or_default();
    let is_there = operation.parameters.iter().any(|parameter| parameter.location == Location::Query && parameter.name == name);
    if !is_there {
        let message = format!("the operation has no query parameter {}", node.value);
        reader.problems.error(RULE, &node.pointer, &message, "name one of its query parameters");
    }
    is_there.then(|| name.to_owned())
}

fn number(reader: &mut Reader, pages: &Node, member: &str) -> Option<usize> {
    let node = pages.get(member)?;
    let number = node.value.as_u64().and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0);
    if number.is_none() && *node.value != Value::Null {
        reader.problems.error(RULE, &node.pointer, &format!("{} is no number of rows", node.value), "write a whole number above 0");
    }
    number
}
