//! The spans of YAML. The parser's events tell what there is; where its indicators are, the text between tells.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::tree::{Entry, Key, Kind, Layout, Node, NodeId, Style, Tree};
use crate::document::DEEPEST;

/// The spans of the first document in a text; none, when it is not read to its end as it is.
pub(super) fn tree(text: &str) -> Option<Tree> {
    let (events, begin) = events(text)?;
    let mut reader = Reader { text, events: &events, at: 0, cursor: begin, depth: 0, tree: Tree::default() };
    reader.tree.root = reader.node(begin, Layout::Block)?;
    Some(reader.tree)
}

/// An event with the bytes that it is about.
type Spanned<'t> = (Event<'t>, usize, usize);

/// The events of the first document, and where its content may begin.
fn events(text: &str) -> Option<(Vec<Spanned<'_>>, usize)> {
    // Looked at once: this is asked for each event.
    let is_ascii = text.is_ascii();
    let offsets: Vec<usize> = if is_ascii { Vec::new() } else { text.char_indices().map(|(offset, _)| offset).collect() };
    let offset = |index: usize| if is_ascii { index.min(text.len()) } else { offsets.get(index).copied().unwrap_or(text.len()) };
    let (mut events, mut begin, mut started) = (Vec::new(), 0, false);
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.ok()?;
        let (start, end) = (offset(span.start.index()), offset(span.end.index()));
        match event {
            Event::DocumentStart(_) if started => break,
            Event::DocumentStart(explicit) => {
                started = true;
                begin = if explicit { end } else { 0 };
            }
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
            event => events.push((event, start, end)),
        }
    }
    Some((events, begin))
}

struct Reader<'t> {
    text: &'t str,
    events: &'t [Spanned<'t>],
    at: usize,
    /// What is before it was read.
    cursor: usize,
    depth: usize,
    tree: Tree,
}

impl Reader<'_> {
    /// Reads the node whose slot begins at `gap`.
    fn node(&mut self, gap: usize, around: Layout) -> Option<NodeId> {
        let (event, from, to) = self.events.get(self.at)?;
        self.at += 1;
        self.cursor = gap;
        let node = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_empty = text.is_empty() && *style == ScalarStyle::Plain && *anchor == 0 && tag.is_none();
                if is_empty {
                    self.empty(gap)
                } else {
                    self.scalar(gap, *style, (*anchor, properties(*anchor, tag.is_some())), (*from, *to))
                }
            }
            Event::Alias(anchor) => {
                let end = self.trimmed(*from, *to);
                Node { gap, start: *from, content: *from, end, anchor: 0, kind: Kind::Alias(*anchor), entries: Vec::new() }
            }
            Event::SequenceStart(anchor, tag) => self.collection(gap, (*anchor, properties(*anchor, tag.is_some())), around, false)?,
            Event::MappingStart(anchor, tag) => self.collection(gap, (*anchor, properties(*anchor, tag.is_some())), around, true)?,
            _ => return None,
        };
        self.cursor = node.end.max(gap);
        Some(self.tree.add(node))
    }

    fn empty(&self, gap: usize) -> Node {
        debug_assert!(gap <= self.text.len(), "a slot is within the text");
        Node { gap, start: gap, content: gap, end: gap, anchor: 0, kind: Kind::Scalar(Style::Plain), entries: Vec::new() }
    }

    fn scalar(&self, gap: usize, style: ScalarStyle, (anchor, properties): (usize, usize), (from, to): (usize, usize)) -> Node {
        let start = self.first(gap);
        let content = self.after_properties(start, properties);
        let (style, end) = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => (Style::Block, self.block_end(content, to)),
            ScalarStyle::SingleQuoted => (Style::Single, self.trimmed(from, to)),
            ScalarStyle::DoubleQuoted => (Style::Double, self.trimmed(from, to)),
            ScalarStyle::Plain => (Style::Plain, self.trimmed(from, to)),
        };
        Node { gap, start, content: content.min(end), end, anchor, kind: Kind::Scalar(style), entries: Vec::new() }
    }

    fn collection(&mut self, gap: usize, (anchor, properties): (usize, usize), around: Layout, is_map: bool) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST + 1 {
            return None;
        }
        let start = self.first(gap);
        let content = self.first(self.after_properties(start, properties));
        let open = if is_map { '{' } else { '[' };
        let layout = match self.text[content..].starts_with(open) {
            // `{a: 1}: 2` is a block mapping whose key is a mapping; nobody edits that here, and reading it fails.
            true => Layout::Flow,
            false if around == Layout::Block => Layout::Block,
            false => Layout::Pair,
        };
        self.cursor = if layout == Layout::Flow { content + 1 } else { content };
        let mut entries = Vec::new();
        while !matches!(self.events.get(self.at)?.0, Event::SequenceEnd | Event::MappingEnd) {
            entries.push(if is_map { self.member(layout)? } else { self.item(layout)? });
            if layout == Layout::Flow {
                let comma = self.first(self.cursor);
                self.cursor = if self.is_at(comma, ",") { comma + 1 } else { self.cursor };
            }
        }
        self.at += 1;
        self.depth -= 1;
        let end = if layout == Layout::Flow { self.first(self.cursor) + 1 } else { self.cursor };
        let kind = if is_map { Kind::Map(layout) } else { Kind::List(layout) };
        (end <= self.text.len()).then_some(Node { gap, start, content, end, anchor, kind, entries })
    }

    fn item(&mut self, layout: Layout) -> Option<Entry> {
        if layout != Layout::Block {
            let node = self.node(self.cursor, layout)?;
            return Some(Entry { start: self.tree.nodes[node].start, key: None, node });
        }
        let start = self.first(self.cursor);
        let node = if self.is_at(start, "-") { self.node(start + 1, layout)? } else { return None };
        Some(Entry { start, key: None, node })
    }

    fn member(&mut self, layout: Layout) -> Option<Entry> {
        let start = self.first(self.cursor);
        let is_explicit = self.is_at(start, "? ") || self.is_at(start, "?\n") || self.is_at(start, "?\r");
        let (text, is_merge) = match &self.events.get(self.at)?.0 {
            Event::Scalar(text, style, ..) => (text.to_string(), *style == ScalarStyle::Plain && text == "<<"),
            Event::Alias(_) => (String::new(), true),
            _ => return None,
        };
        let node = self.node(if is_explicit { start + 1 } else { start }, layout)?;
        let colon = Some(self.first(self.cursor)).filter(|colon| self.is_at(*colon, ":")).map(|colon| colon + 1);
        let value = self.node(colon.unwrap_or(self.cursor), layout)?;
        Some(Entry { start, key: Some(Key { node, text, is_merge, colon }), node: value })
    }

    /// The first place from there that is neither space nor comment.
    fn first(&self, from: usize) -> usize {
        first(self.text, from)
    }

    /// What follows so many anchors and tags.
    fn after_properties(&self, start: usize, properties: usize) -> usize {
        let ends = |next: char| next.is_whitespace() || matches!(next, ',' | '}' | ']');
        (0..properties).fold(start, |at, _| {
            let end = self.text[at..].find(ends).map_or(self.text.len(), |length| at + length);
            self.first(end)
        })
    }

    fn trimmed(&self, start: usize, end: usize) -> usize {
        start + self.text[start..end.max(start)].trim_end().len()
    }

    /// Lines of space behind a block scalar are layout, unless it keeps them.
    fn block_end(&self, header: usize, to: usize) -> usize {
        let keeps = self.text[header..].split(['\n', '#']).next().is_some_and(|header| header.contains('+'));
        let mut end = to.max(header);
        while let Some(newline) = self.text[header..end].rfind('\n').map(|at| header + at) {
            if !self.text[newline..end].trim().is_empty() {
                break;
            }
            end = newline - usize::from(self.text[..newline].ends_with('\r'));
            if keeps {
                break;
            }
        }
        end
    }

    fn is_at(&self, at: usize, text: &str) -> bool {
        self.text[at..].starts_with(text)
    }
}

/// The first place from there that is neither space nor comment.
pub(super) fn first(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\r', '\n']).len();
        if !text[at..].starts_with('#') {
            return at;
        }
        at += text[at..].find('\n').unwrap_or(text.len() - at);
    }
}

/// How many properties a node has before its content.
fn properties(anchor: usize, has_tag: bool) -> usize {
    usize::from(anchor > 0) + usize::from(has_tag)
}
