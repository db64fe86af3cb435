//! Members and items are taken out of collections.

use serde_json::Value;

use super::{Home, Plan};
use crate::edit::{
    Refused,
    splice::{Splice, is_first, line_end, line_start},
    tree::{Kind, Layout, Node},
    yaml::first,
};

impl Plan<'_> {
    /// Takes out the entries at these positions, which are sorted.
    pub(super) fn remove(&self, at: &str, (id, place): Home, positions: &[usize]) -> Result<Vec<Splice>, Refused> {
        let node = &self.tree.nodes[id];
        let is_all = positions.len() == node.entries.len();
        match node.kind {
            Kind::Map(Layout::Block) if is_all => self.replace(place, id, &Value::Object(serde_json::Map::new())),
            Kind::List(Layout::Block) if is_all => self.replace(place, id, &Value::Array(Vec::new())),
            Kind::Map(Layout::Flow) | Kind::List(Layout::Flow) if is_all => Ok(vec![Splice::new(node.content + 1, node.end - 1, "")]),
            Kind::Map(Layout::Block) | Kind::List(Layout::Block) => {
                Ok(runs(positions).flat_map(|run| self.out_of_lines(node, run)).collect())
            }
            Kind::Map(Layout::Flow) | Kind::List(Layout::Flow) => {
                Ok(runs(positions).flat_map(|run| self.out_of_brackets(node, run)).collect())
            }
            _ => Err(Refused::new(at, "it is a pair without brackets of its own")),
        }
    }

    fn out_of_lines(&self, node: &Node, (from, to): (usize, usize)) -> Vec<Splice> {
        let text = self.text;
        let start = node.entries[from].start;
        // Behind a dash; what is next comes up to it, unless a comment is between.
        let compact = node.entries.get(to + 1).filter(|_| !is_first(text, start)).map(|next| next.start);
        if let Some(next) = compact {
            let end = self.tree.end_of(&node.entries[to]);
            let is_apart = text[end..next].contains('#');
            return vec![if is_apart { Splice::new(self.before(start), line_end(text, end), "") } else { Splice::new(start, next, "") }];
        }
        let entries = node.entries[from..=to].iter();
        entries.map(|entry| Splice::lines(text, entry.start, self.tree.end_of(entry).max(entry.start))).collect()
    }

    /// Where the space before a place begins.
    fn before(&self, at: usize) -> usize {
        self.text[..at].trim_end_matches(' ').len()
    }

    fn out_of_brackets(&self, node: &Node, (from, to): (usize, usize)) -> Vec<Splice> {
        let text = self.text;
        let (start, end) = (node.entries[from].start, self.tree.end_of(&node.entries[to]));
        let comma = Some(first(text, end)).filter(|comma| text[*comma..].starts_with(','));
        let line = line_end(text, comma.unwrap_or(end));
        let rest = text[comma.map_or(end, |comma| comma + 1)..line].trim_start();
        let has_lines = is_first(text, start) && line_start(text, start) > node.content && (rest.is_empty() || rest.starts_with('#'));
        let before = from.checked_sub(1).map(|before| self.tree.end_of(&node.entries[before]));
        match (before, comma) {
            (_, Some(_)) if has_lines => vec![Splice::lines(text, start, line)],
            (Some(before), None) if has_lines => {
                let comma = first(text, before);
                vec![Splice::new(comma, comma + 1, ""), Splice::lines(text, start, line)]
            }
            (Some(before), _) => {
                let comma = if comma.is_some() { before } else { first(text, before) };
                let comma = if text[before..comma].contains('#') { comma } else { before };
                vec![Splice::new(comma, end, "")]
            }
            (None, _) => vec![Splice::new(start, node.entries.get(to + 1).map_or(end, |next| next.start), "")],
        }
    }
}

/// Stretches of positions that follow each other.
fn runs(positions: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    positions.chunk_by(|one, next| one + 1 == *next).map(|run| (run[0], run[run.len() - 1]))
}
