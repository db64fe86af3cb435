//! JSON: `serde_json` for the value, and a scan of text that is known to be well formed for places and repeated keys.

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    scalar,
    tree::{Fault, Kind, NodeId, Place, Tree, inexact_number, repeated_key},
};
use crate::pointer;

/// The value, with what is wrong with its text.
pub(super) fn value(text: &str) -> Result<(Value, Vec<Fault>), serde_json::Error> {
    let value = serde_json::from_str(text)?;
    Ok((value, scan(text).1))
}

/// The places of well-formed JSON.
pub(super) fn tree(text: &str) -> Tree {
    scan(text).0
}

fn scan(text: &str) -> (Tree, Vec<Fault>) {
    let mut scan = Scan { text, at: 0, line: 1, line_start: 0, path: String::new(), tree: Tree::default(), faults: Vec::new() };
    scan.tree.root = scan.node();
    (scan.tree, scan.faults)
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    line_start: usize,
    path: String,
    tree: Tree,
    faults: Vec<Fault>,
}

impl Scan<'_> {
    /// Reads the value at the cursor. Recursion is bounded, since `serde_json` took the text.
    fn node(&mut self) -> Option<NodeId> {
        self.skip_space();
        let place = self.place();
        match self.byte()? {
            b'{' => self.object(place),
            b'[' => self.array(place),
            b'"' => {
                self.string();
                Some(self.tree.add(place, Kind::Scalar(Value::Null)))
            }
            _ => {
                let start = self.at;
                while self.byte().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')) {
                    self.at += 1;
                }
                if let Some(text) = self.text.get(start..self.at).filter(|text| scalar::is_inexact(text)) {
                    self.faults.push(inexact_number(place, &self.path, text));
                }
                Some(self.tree.add(place, Kind::Scalar(Value::Null)))
            }
        }
    }

    fn object(&mut self, place: Place) -> Option<NodeId> {
        self.at += 1;
        let mut members = IndexMap::new();
        loop {
            self.skip_space();
            match self.byte()? {
                b'}' => break,
                b'"' => self.member(&mut members)?,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(self.tree.add(place, Kind::Map(members)))
    }

    fn member(&mut self, members: &mut IndexMap<String, (Place, NodeId)>) -> Option<()> {
        let place = self.place();
        let key: String = serde_json::from_str(self.string()).ok()?;
        self.skip_space();
        self.at += 1;
        let length = self.path.len();
        self.path = pointer::join(&self.path, &key);
        let node = self.node()?;
        if let Some((first, _)) = members.insert(key, (place, node)) {
            self.faults.push(repeated_key(place, first, &self.path));
        }
        self.path.truncate(length);
        Some(())
    }

    fn array(&mut self, place: Place) -> Option<NodeId> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.byte()? {
                b']' => break,
                b',' => self.at += 1,
                _ => {
                    let length = self.path.len();
                    self.path = pointer::index(&self.path, items.len());
                    items.push(self.node()?);
                    self.path.truncate(length);
                }
            }
        }
        self.at += 1;
        Some(self.tree.add(place, Kind::List(items)))
    }

    /// Steps over the string at the cursor and returns it with its quotes.
    fn string(&mut self) -> &str {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.byte() {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = (self.at + 1).min(self.text.len());
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.byte().filter(u8::is_ascii_whitespace) {
            self.at += 1;
            if byte == b'\n' {
                self.line += 1;
                self.line_start = self.at;
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn place(&self) -> Place {
        Place { line: self.line, column: self.at - self.line_start + 1 }
    }
}
