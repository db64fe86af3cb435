//! New values as text, in the manner of the text around them.

mod flow;
mod scalar;

pub(super) use flow::{flow, pair, pretty};
pub(super) use scalar::scalar;
use serde_json::Value;

use super::{
    splice::{column, is_first, line_start},
    tree::{Kind, Layout, Node, Style, Tree},
};
use crate::document::Syntax;

/// Longest line that a collection may make in brackets, where nothing says how it is to be written.
const WIDEST: usize = 100;

/// The manner of a text.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) syntax: Syntax,
    pub(super) newline: &'static str,
    /// What one level of indentation is.
    pub(super) step: String,
    /// How much further right than its key a list in lines begins.
    pub(super) list: usize,
    /// What follows a colon and a comma in brackets.
    pub(super) space: &'static str,
    /// Quotes, where there is a choice.
    pub(super) quotes: Style,
}

/// Where a scalar is to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    Lines,
    Brackets,
}

/// A value in lines: what stands behind its key, and the lines below.
pub(super) struct Lines {
    pub(super) behind: String,
    pub(super) below: Vec<String>,
}

impl Look {
    pub(super) fn of(text: &str, syntax: Syntax, tree: &Tree) -> Self {
        let crlf = text.matches("\r\n").count() * 2 > text.matches('\n').count();
        let is_json = syntax == Syntax::Json;
        let single = tree.nodes.iter().filter(|node| node.kind == Kind::Scalar(Style::Single)).count();
        let double = tree.nodes.iter().filter(|node| node.kind == Kind::Scalar(Style::Double)).count();
        Self {
            syntax,
            newline: if crlf { "\r\n" } else { "\n" },
            step: step(text, tree).unwrap_or_else(|| "  ".to_owned()),
            list: indentation(text, tree, |node| matches!(node.kind, Kind::List(Layout::Block))).unwrap_or(0),
            space: if is_json && text.contains("\":") && !text.contains("\": ") { "" } else { " " },
            quotes: if is_json || double > single { Style::Double } else { Style::Single },
        }
    }
}

/// A whole document of YAML.
pub(super) fn document(value: &Value) -> String {
    let (newline, step, quotes) = ("\n", "  ".to_owned(), Style::Single);
    let look = Look { syntax: Syntax::Yaml, newline, step, list: 2, space: " ", quotes };
    let Lines { behind, below } = match value {
        Value::Object(members) if !members.is_empty() => map(value, 0, &look),
        other => lines(other, 0, &look),
    };
    let lines = Some(behind).filter(|behind| !behind.is_empty()).into_iter().chain(below);
    lines.flat_map(|line| [line, newline.to_owned()]).collect()
}

/// A value in lines of YAML, as the value of a key or item that begins at a column.
pub(super) fn lines(value: &Value, column: usize, look: &Look) -> Lines {
    let inline = |behind: String| Lines { behind, below: Vec::new() };
    match value {
        Value::Object(members) if !members.is_empty() && !fits(value, column, look) => map(value, column + look.step.len(), look),
        Value::Array(items) if !items.is_empty() && !fits(value, column, look) => list(value, column + look.list, look),
        Value::Object(_) | Value::Array(_) => inline(flow(value, look)),
        Value::String(text) => match scalar::literal(text, column + look.step.len()) {
            Some((header, below)) => Lines { behind: header.to_owned(), below },
            None => inline(scalar(value, None, Around::Lines, look)),
        },
        _ => inline(scalar(value, None, Around::Lines, look)),
    }
}

/// A member as lines; the first of them without its indentation.
pub(super) fn member(key: &str, value: &Value, column: usize, look: &Look) -> Vec<String> {
    let key = scalar(&Value::String(key.to_owned()), None, Around::Lines, look);
    let Lines { behind, mut below } = lines(value, column, look);
    let space = if behind.is_empty() { "" } else { " " };
    below.insert(0, format!("{key}:{space}{behind}"));
    below
}

/// An item as lines; the first of them without its indentation.
pub(super) fn item(value: &Value, column: usize, look: &Look) -> Vec<String> {
    let indented = column + 2;
    let compact = match value {
        Value::Object(_) if !fits(value, column, look) => Some(map(value, indented, look)),
        Value::Array(_) if !fits(value, column, look) => Some(list(value, indented, look)),
        _ => None,
    };
    if let Some(Lines { mut below, .. }) = compact.filter(|lines| !lines.below.is_empty()) {
        below[0] = format!("- {}", below[0].trim_start());
        return below;
    }
    let Lines { behind, mut below } = lines(value, column, look);
    below.insert(0, format!("- {behind}"));
    below
}

/// An object in lines, whose keys begin at a column.
pub(super) fn map(value: &Value, column: usize, look: &Look) -> Lines {
    let members = value.as_object().into_iter().flatten();
    let below = members.flat_map(|(key, value)| indented(member(key, value, column, look), column)).collect();
    Lines { behind: String::new(), below }
}

/// An array in lines, whose dashes stand at a column.
pub(super) fn list(value: &Value, column: usize, look: &Look) -> Lines {
    let items = value.as_array().into_iter().flatten();
    let below = items.flat_map(|value| indented(item(value, column, look), column)).collect();
    Lines { behind: String::new(), below }
}

/// The first line indented; the others are.
pub(super) fn indented(mut lines: Vec<String>, column: usize) -> Vec<String> {
    if let Some(first) = lines.first_mut() {
        first.insert_str(0, &" ".repeat(column));
    }
    lines
}

/// Whether a collection reads well in brackets: on a line, and not deep.
pub(super) fn fits(value: &Value, column: usize, look: &Look) -> bool {
    fn depth(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
            _ => 0,
        }
    }
    depth(value) <= 2 && column + flow(value, look).chars().count() <= WIDEST
}

/// What the text indents by: of its first collection within another.
fn step(text: &str, tree: &Tree) -> Option<String> {
    let root = tree.nodes.get(tree.root)?;
    if tree.is_flow(tree.root) {
        let first = root.entries.first().filter(|entry| is_first(text, entry.start) && line_start(text, entry.start) > root.start)?;
        return Some(text[line_start(text, first.start)..first.start].to_owned());
    }
    let columns = indentation(text, tree, |node| matches!(node.kind, Kind::Map(Layout::Block)))?;
    Some(" ".repeat(columns)).filter(|step| !step.is_empty())
}

/// How much further right than its key the first collection of a kind begins that is a value.
fn indentation(text: &str, tree: &Tree, is_such: fn(&Node) -> bool) -> Option<usize> {
    let maps = tree.nodes.iter().filter(|node| matches!(node.kind, Kind::Map(Layout::Block)));
    let mut pairs = maps.flat_map(|node| &node.entries).filter(|entry| entry.key.is_some());
    pairs.find_map(|entry| {
        let value = &tree.nodes[entry.node];
        let first = value.entries.first().filter(|first| is_such(value) && is_first(text, first.start))?;
        column(text, first.start).checked_sub(column(text, entry.start))
    })
}
