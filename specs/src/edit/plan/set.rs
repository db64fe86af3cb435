//! A value takes the place of another.

use serde_json::Value;

use super::Plan;
use crate::{
    document::Syntax,
    edit::{
        Refused,
        render::{self, Around, Lines, flow, lines, pretty, scalar},
        splice::{Splice, column, is_first, line_end, line_start, newline_at},
        tree::{Found, Kind, Layout, Node, NodeId, Style},
    },
};

/// Where the old value is: behind its key, and in the lines below.
struct Old {
    behind: (usize, usize),
    below: Option<(usize, usize)>,
}

impl Plan<'_> {
    pub(super) fn set(&self, found: &Found, value: &Value) -> Result<Vec<Splice>, Refused> {
        self.replace(found.path.last().copied(), found.node, value)
    }

    /// Puts a value in the place of a node, which stands in a container, unless it is the whole.
    pub(super) fn replace(&self, place: Option<(NodeId, usize)>, id: NodeId, value: &Value) -> Result<Vec<Splice>, Refused> {
        let node = &self.tree.nodes[id];
        let style = if let Kind::Scalar(style) = node.kind { Some(style) } else { None };
        if self.look.syntax == Syntax::Json || place.is_some_and(|(container, _)| self.tree.is_flow(container)) {
            let text = match value {
                Value::Object(_) | Value::Array(_) => self.bracketed(value, node.start),
                _ => scalar(value, style, Around::Brackets, &self.look),
            };
            if node.end > node.gap {
                return Ok(vec![Splice::new(node.start, node.end, text)]);
            }
            let space = self.text[node.gap..].len() - self.text[node.gap..].trim_start_matches(' ').len();
            return Ok(vec![Splice::new(node.gap, node.gap + space, format!("{}{text}", self.lead(place)))]);
        }
        let Some((container, position)) = place else { return Ok(vec![self.whole(node, value)]) };
        let entry = &self.tree.nodes[container].entries[position];
        if entry.key.as_ref().is_some_and(|key| key.colon.is_none()) {
            return Err(Refused::new("", "its key has no colon"));
        }
        let column = column(self.text, entry.start);
        let new = self.written(node, entry.key.is_none(), value, column, style);
        Ok(self.exchange(&self.old(node), &new))
    }

    /// A collection in brackets: in lines where JSON is written in lines.
    pub(super) fn bracketed(&self, value: &Value, at: usize) -> String {
        let start = line_start(self.text, at);
        let line = &self.text[start..line_end(self.text, at)];
        let indent = &line[..line.len() - line.trim_start().len()];
        let is_lines = self.look.syntax == Syntax::Json
            && self.tree.nodes[self.tree.root].entries.first().is_some_and(|first| is_first(self.text, first.start));
        if is_lines { pretty(value, indent, &self.look) } else { flow(value, &self.look) }
    }

    /// What an empty slot lacks before a value.
    fn lead(&self, place: Option<(NodeId, usize)>) -> &'static str {
        let key = place.and_then(|(container, position)| self.tree.nodes[container].entries[position].key.as_ref());
        match key.map(|key| key.colon) {
            Some(None) => ": ",
            Some(Some(_)) if self.look.syntax == Syntax::Yaml => " ",
            _ => "",
        }
    }

    fn whole(&self, node: &Node, value: &Value) -> Splice {
        let below = match value {
            Value::Object(members) if !members.is_empty() => render::map(value, 0, &self.look).below,
            Value::Array(items) if !items.is_empty() => render::list(value, 0, &self.look).below,
            _ => vec![flow(value, &self.look)],
        };
        Splice::new(node.start, node.end, below.join(self.look.newline))
    }

    /// The new value, in the manner of the old one.
    fn written(&self, node: &Node, is_item: bool, value: &Value, column: usize, style: Option<Style>) -> Lines {
        let was_lines = matches!(node.kind, Kind::Map(Layout::Block) | Kind::List(Layout::Block));
        let is_lines = match value {
            Value::Object(members) => !members.is_empty() && (was_lines || !render::fits(value, column, &self.look)),
            Value::Array(items) => !items.is_empty() && (was_lines || !render::fits(value, column, &self.look)),
            _ => return self.new_scalar(value, column, style),
        };
        if !is_lines {
            return Lines { behind: flow(value, &self.look), below: Vec::new() };
        }
        let step = if is_item { 2 } else { self.look.step.len() };
        let list = if is_item { 2 } else { self.look.list };
        let at = node.entries.first().filter(|entry| was_lines && is_first(self.text, entry.start));
        let at = |otherwise: usize| at.map_or(column + otherwise, |entry| crate::edit::splice::column(self.text, entry.start));
        let Lines { below, .. } = if value.is_object() {
            render::map(value, at(step), &self.look)
        } else {
            let at = if matches!(node.kind, Kind::List(_)) { at(list) } else { column + list };
            render::list(value, at, &self.look)
        };
        if is_item && !self.is_below(node) {
            let mut behind = below.join(self.look.newline);
            behind.drain(..behind.len() - behind.trim_start().len());
            return Lines { behind, below: Vec::new() };
        }
        Lines { behind: String::new(), below }
    }

    fn new_scalar(&self, value: &Value, column: usize, style: Option<Style>) -> Lines {
        match (value, style) {
            (Value::String(_), Some(Style::Block)) | (_, None) => lines(value, column, &self.look),
            _ => Lines { behind: scalar(value, style, Around::Lines, &self.look), below: Vec::new() },
        }
    }

    /// Whether the old value begins in a line below its key or dash.
    fn is_below(&self, node: &Node) -> bool {
        node.start > line_end(self.text, node.gap) || self.old(node).below.is_some()
    }

    fn old(&self, node: &Node) -> Old {
        let end = line_end(self.text, node.gap);
        if node.start > end {
            return Old { behind: (node.gap, node.gap), below: Some((node.start, node.end)) };
        }
        let first = match node.kind {
            Kind::Scalar(Style::Block) => {
                Some(line_end(self.text, node.content) + newline_at(self.text, line_end(self.text, node.content)))
            }
            _ => node
                .entries
                .first()
                .map(|entry| entry.start)
                .filter(|_| matches!(node.kind, Kind::Map(Layout::Block) | Kind::List(Layout::Block))),
        };
        match first.filter(|first| *first > line_end(self.text, node.start)) {
            Some(first) => {
                let header = self.text[node.gap..end].find(" #").map_or(end, |comment| node.gap + comment);
                let header = node.gap + self.text[node.gap..header].trim_end().len();
                Old { behind: (node.gap, header), below: (first <= node.end).then_some((first, node.end)) }
            }
            None => Old { behind: (node.gap, node.end), below: None },
        }
    }

    fn exchange(&self, old: &Old, new: &Lines) -> Vec<Splice> {
        let (gap, end) = old.behind;
        let was = &self.text[gap..end];
        let space = &was[..was.len() - was.trim_start().len()];
        let space = if space.is_empty() { " " } else { space };
        let behind = if new.behind.is_empty() { String::new() } else { format!("{space}{}", new.behind) };
        let mut splices = vec![Splice::new(gap, end, behind)];
        let below = new.below.join(self.look.newline);
        match old.below {
            Some((start, end)) if new.below.is_empty() => splices.push(Splice::lines(self.text, start, end)),
            Some((start, end)) => splices.push(Splice::new(line_start(self.text, start), line_end(self.text, end), below)),
            None if new.below.is_empty() => {}
            None => {
                let end = line_end(self.text, end);
                splices.push(Splice::new(end, end, format!("{}{below}", self.look.newline)));
            }
        }
        splices
    }
}
