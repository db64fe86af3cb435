//! Members and items are put into collections.

use serde_json::Value;

use super::{Home, New, Plan, alone};
use crate::{
    document::Syntax,
    edit::{
        Refused, render,
        splice::{Splice, column, is_first, line_end, line_start},
        tree::{Kind, Layout, Node},
        yaml::first,
    },
};

impl Plan<'_> {
    /// Puts these behind so many entries of a container.
    pub(super) fn add(&self, (id, place): Home, position: usize, new: &[New]) -> Result<Vec<Splice>, Refused> {
        let node = &self.tree.nodes[id];
        match (node.entries.get(position.wrapping_sub(1)), &node.kind) {
            (None, Kind::Map(_) | Kind::List(_)) => self.replace(place, id, &alone(new)),
            (Some(before), Kind::Map(Layout::Block) | Kind::List(Layout::Block)) => {
                let end = line_end(self.text, self.tree.end_of(before));
                Ok(vec![Splice::new(end, end, self.lines(column(self.text, before.start), new))])
            }
            (Some(_), Kind::Map(Layout::Flow) | Kind::List(Layout::Flow)) => Ok(self.bracket(node, position - 1, new)),
            _ => Err(Refused::new("", "it is no collection that something can be put into")),
        }
    }

    fn lines(&self, column: usize, new: &[New]) -> String {
        let lines = new.iter().flat_map(|one| {
            let lines = match one {
                New::Member(key, value) => render::member(key, value, column, &self.look),
                New::Item(value) => render::item(value, column, &self.look),
            };
            render::indented(lines, column)
        });
        lines.flat_map(|line| [self.look.newline.to_owned(), line]).collect()
    }

    /// Behind an entry in brackets: on its line, unless entries have lines of their own.
    fn bracket(&self, node: &Node, position: usize, new: &[New]) -> Vec<Splice> {
        let (entry, text) = (&node.entries[position], self.text);
        let end = self.tree.end_of(entry);
        let comma = Some(first(text, end)).filter(|comma| text[*comma..].starts_with(','));
        let line = line_end(text, comma.unwrap_or(end));
        let has_line = is_first(text, entry.start) && line_start(text, entry.start) > node.content;
        let rest = text[comma.map_or(end, |comma| comma + 1)..line].trim_start();
        let new = new.iter().map(|one| self.bracketed_entry(one, entry.start));
        if !has_line || !(rest.is_empty() || rest.starts_with('#')) {
            let new: String = new.flat_map(|one| [",".to_owned(), self.look.space.to_owned(), one]).collect();
            return vec![Splice::new(end, end, new)];
        }
        let indent = &text[line_start(text, entry.start)..entry.start];
        let lines: Vec<_> = new.map(|one| format!("{}{indent}{one}", self.look.newline)).collect();
        match comma {
            Some(_) => vec![Splice::new(line, line, format!("{},", lines.join(",")))],
            None => vec![Splice::new(end, end, ","), Splice::new(line, line, lines.join(","))],
        }
    }

    fn bracketed_entry(&self, new: &New, at: usize) -> String {
        let value = |value: &Value| match self.look.syntax {
            Syntax::Json => self.bracketed(value, at),
            Syntax::Yaml => render::flow(value, &self.look),
        };
        match new {
            New::Member(key, member) => render::pair(key, &value(member), &self.look),
            New::Item(item) => value(item),
        }
    }
}
