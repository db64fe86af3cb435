//! Success bodies, made ready at load: text with holes for rows and for what is known of a page.
//!
//! A stored row is text already, so an answer is a few copies. The text around the holes is the document's example,
//! or a sample of the schema where it has none.

use bytes::Bytes;
use serde_json::{Map, Value};
use specs::{
    pointer,
    resources::{PageFact, PageLink},
};

use super::{json, view::View};

/// What a hole is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hole {
    /// One row.
    Item,
    /// An array of rows.
    Items,
    /// Something about the page.
    Fact(PageFact),
    /// The address of a page.
    Link(PageLink),
    /// The key of the row.
    Key,
    /// The value that `x-mock.respond` makes, by position.
    Made(usize),
}

#[derive(Debug)]
enum Piece {
    Text(Bytes),
    Hole(Hole),
}

/// A success body.
#[derive(Debug, Default)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

/// What fills the holes of a template.
#[derive(Debug, Default)]
pub(super) struct Filling {
    pub(super) item: Option<Bytes>,
    pub(super) items: Vec<Bytes>,
    pub(super) facts: Vec<(PageFact, Value)>,
    pub(super) links: Vec<(PageLink, Option<String>)>,
    pub(super) key: Value,
    pub(super) made: Vec<Value>,
    /// Which of `made` were undefined, so that there is nothing at their places.
    pub(super) absent: Vec<usize>,
}

impl Template {
    /// A body of fixed bytes.
    pub(super) fn fixed(bytes: Bytes) -> Self {
        Self { pieces: if bytes.is_empty() { Vec::new() } else { vec![Piece::Text(bytes)] } }
    }

    /// The value with holes at these pointers; those that have no place in it are left out.
    pub(super) fn new(base: &Value, holes: &[(String, Hole)]) -> Self {
        let mut value = base.clone();
        for (number, (place, _)) in holes.iter().enumerate() {
            if let Some(at) = pointer::create(&mut value, place) {
                *at = Value::String(format!("\u{0}{number}\u{0}"));
            }
        }
        let text = serde_json::to_string(&value).unwrap_or_default();
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, number, after)) = next_hole(rest) {
            push(&mut pieces, before);
            pieces.extend(holes.get(number).map(|(_, hole)| Piece::Hole(*hole)));
            rest = after;
        }
        push(&mut pieces, rest);
        Self { pieces }
    }

    /// The body. A lone row, and a body without holes, is not copied.
    pub(super) fn fill(&self, filling: &Filling) -> Bytes {
        match self.pieces.as_slice() {
            [] => return Bytes::new(),
            [Piece::Text(text)] => return text.clone(),
            [Piece::Hole(Hole::Item)] => return filling.item.clone().unwrap_or_else(|| Bytes::from_static(b"null")),
            _ => {}
        }
        let mut body = Vec::with_capacity(self.size(filling));
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => body.extend_from_slice(text),
                Piece::Hole(hole) => filling.put(*hole, &mut body),
            }
        }
        body.into()
    }

    fn size(&self, filling: &Filling) -> usize {
        let text: usize = self.pieces.iter().map(|piece| if let Piece::Text(text) = piece { text.len() } else { 24 }).sum();
        let rows: usize = filling.items.iter().chain(&filling.item).map(|row| row.len() + 1).sum();
        text + rows
    }
}

impl Filling {
    /// Shows rows as an operation does whose schema is another than theirs.
    pub(super) fn show(&mut self, view: &View) {
        for row in self.items.iter_mut().chain(&mut self.item) {
            let Ok(map) = serde_json::from_slice::<Map<String, Value>>(row) else { continue };
            *row = json::object(&view.of(map));
        }
    }

    /// Whether there is nothing to put into a hole, as when no page follows.
    pub(super) fn is_void(&self, hole: Hole) -> bool {
        match hole {
            Hole::Fact(fact) => !self.facts.iter().any(|(known, value)| *known == fact && !value.is_null()),
            Hole::Link(link) => !self.links.iter().any(|(known, address)| *known == link && address.is_some()),
            Hole::Item | Hole::Items | Hole::Made(_) | Hole::Key => false,
        }
    }

    /// Puts the empty text where there is nothing.
    pub(super) fn blank(&mut self, hole: Hole) {
        match hole {
            Hole::Fact(fact) => {
                self.facts.retain(|(known, _)| *known != fact);
                self.facts.push((fact, Value::String(String::new())));
            }
            Hole::Link(link) => {
                self.links.retain(|(known, _)| *known != link);
                self.links.push((link, Some(String::new())));
            }
            Hole::Item | Hole::Items | Hole::Made(_) | Hole::Key => {}
        }
    }

    fn put(&self, hole: Hole, body: &mut Vec<u8>) {
        match hole {
            Hole::Item => body.extend_from_slice(self.item.as_deref().unwrap_or(b"null")),
            Hole::Items => {
                body.push(b'[');
                for (position, row) in self.items.iter().enumerate() {
                    if position > 0 {
                        body.push(b',');
                    }
                    body.extend_from_slice(row);
                }
                body.push(b']');
            }
            Hole::Fact(fact) => put(self.facts.iter().find(|(known, _)| *known == fact).map(|(_, value)| value), body),
            Hole::Link(link) => {
                let address = self.links.iter().find(|(known, _)| *known == link).and_then(|(_, address)| address.clone());
                put(address.map(Value::String).as_ref(), body);
            }
            Hole::Key => put(Some(&self.key), body),
            Hole::Made(position) => put(self.made.get(position), body),
        }
    }
}

fn put(value: Option<&Value>, body: &mut Vec<u8>) {
    json::write(value.unwrap_or(&Value::Null), body);
}

fn push(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(Bytes::copy_from_slice(text.as_bytes())));
    }
}

/// The text before the next mark, its number, and the text after it.
fn next_hole(text: &str) -> Option<(&str, usize, &str)> {
    const MARK: &str = r"\u0000";
    let (before, rest) = text.split_once(&format!("\"{MARK}"))?;
    let (number, after) = rest.split_once(&format!("{MARK}\""))?;
    Some((before, number.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(base: &Value, holes: &[(&str, Hole)], filling: &Filling) -> String {
        let holes: Vec<(String, Hole)> = holes.iter().map(|(place, hole)| ((*place).to_owned(), *hole)).collect();
        String::from_utf8(Template::new(base, &holes).fill(filling).to_vec()).unwrap()
    }

    #[test]
    fn holes_are_filled_where_they_stand() {
        let filling = Filling {
            item: Some(Bytes::from_static(br#"{"id":1}"#)),
            items: vec![Bytes::from_static(b"1"), Bytes::from_static(b"2")],
            facts: vec![(PageFact::Total, json!(7))],
            made: vec![json!("made")],
            ..Filling::default()
        };
        assert_eq!(filled(&json!({"x": 1}), &[("", Hole::Item)], &filling), r#"{"id":1}"#);
        let base = json!({"message": "ok", "data": {"rows": [{"old": true}]}, "meta": {"total": 0, "kept": null}});
        let holes = [("/data/rows", Hole::Items), ("/meta/total", Hole::Fact(PageFact::Total)), ("/extra", Hole::Made(0))];
        let expected = r#"{"message":"ok","data":{"rows":[1,2]},"meta":{"total":7,"kept":null},"extra":"made"}"#;
        assert_eq!(filled(&base, &holes, &filling), expected);
        assert_eq!(filled(&json!([]), &[("/a/b", Hole::Item)], &filling), "[]");
    }
}
