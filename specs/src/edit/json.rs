//! The spans of JSON that is known to be well formed.

use super::tree::{Entry, Key, Kind, Layout, Node, NodeId, Style, Tree};

pub(super) fn tree(text: &str) -> Option<Tree> {
    let mut scan = Scan { text, at: 0, tree: Tree { last_counts: true, ..Tree::default() } };
    scan.tree.root = scan.node()?;
    Some(scan.tree)
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
    tree: Tree,
}

impl Scan<'_> {
    /// Reads the value after the cursor. Recursion is bounded, since `serde_json` took the text.
    fn node(&mut self) -> Option<NodeId> {
        let gap = self.at;
        self.skip_space();
        let start = self.at;
        let (kind, entries) = match self.byte()? {
            b'{' => (Kind::Map(Layout::Flow), self.entries(b'}', Self::member)?),
            b'[' => (Kind::List(Layout::Flow), self.entries(b']', Self::item)?),
            b'"' => {
                self.string();
                (Kind::Scalar(Style::Double), Vec::new())
            }
            _ => {
                while self.byte().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n')) {
                    self.at += 1;
                }
                (Kind::Scalar(Style::Plain), Vec::new())
            }
        };
        Some(self.tree.add(Node { gap, start, content: start, end: self.at, anchor: 0, kind, entries }))
    }

    fn entries(&mut self, close: u8, read: fn(&mut Self) -> Option<Entry>) -> Option<Vec<Entry>> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            let gap = self.at;
            self.skip_space();
            match self.byte()? {
                b',' => self.at += 1,
                byte if byte == close => break,
                _ => {
                    self.at = gap;
                    entries.push(read(self)?);
                }
            }
        }
        self.at += 1;
        Some(entries)
    }

    fn item(&mut self) -> Option<Entry> {
        let node = self.node()?;
        Some(Entry { start: self.tree.nodes[node].start, key: None, node })
    }

    fn member(&mut self) -> Option<Entry> {
        let key = self.node()?;
        let (start, end) = (self.tree.nodes[key].start, self.tree.nodes[key].end);
        let text = serde_json::from_str(self.text.get(start..end)?).ok()?;
        self.skip_space();
        self.at += 1;
        let key = Key { node: key, text, is_merge: false, colon: Some(self.at) };
        Some(Entry { start, key: Some(key), node: self.node()? })
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.byte() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }

    fn skip_space(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}
