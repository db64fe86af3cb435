//! YAML: the parser's events become a tree, with anchors, aliases and merge keys resolved to nodes.

use std::collections::HashMap;

use indexmap::IndexMap;
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::Value;

use super::{
    DEEPEST, scalar,
    tree::{Fault, Kind, NodeId, Place, Tree, inexact_number, repeated_key},
};
use crate::{pointer, problem::Severity};

/// The value, with what is wrong with its text.
pub(super) fn value(text: &str) -> (Option<Value>, Vec<Fault>) {
    let (tree, mut faults) = tree(text);
    let unreadable = faults.iter().any(|fault| is_syntax(fault) || fault.rule == "deep-nesting");
    if unreadable {
        return (None, faults);
    }
    match tree.value() {
        Ok(value) => (Some(value), faults),
        Err(fault) => {
            faults.push(fault);
            (None, faults)
        }
    }
}

/// How many closing brackets may stand too far left before the text counts as no YAML.
const MOST_MENDED: usize = 64;

/// The tree of the first document in the text, as far as it can be read.
///
/// YAML wants a closing bracket further to the right than the key it belongs to. Most other parsers do not, and so
/// documents with JSON pasted into them exist: such a bracket is moved, with a warning, and the text read again.
pub(super) fn tree(text: &str) -> (Tree, Vec<Fault>) {
    let (tree, faults) = read(text);
    let Some(first) = lonely_bracket(text, &faults) else { return (tree, faults) };
    let mut mended = text.to_owned();
    let mut places = Vec::new();
    let mut next = Some(first);
    while let Some(place) = next.filter(|_| places.len() < MOST_MENDED) {
        let start: usize = mended.split_inclusive('\n').take(place.line - 1).map(str::len).sum();
        mended.insert_str(start, &" ".repeat(DEEPEST * 2));
        places.push(place);
        let (tree, mut faults) = read(&mended);
        next = lonely_bracket(&mended, &faults);
        if next.is_none() && !faults.iter().any(is_syntax) {
            faults.extend(places.into_iter().map(bracket_fault));
            return (tree, faults);
        }
    }
    (tree, faults)
}

fn read(text: &str) -> (Tree, Vec<Fault>) {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                if !builder.take(event, span) {
                    break;
                }
            }
            Err(error) => {
                builder.faults.push(syntax_fault(&error));
                break;
            }
        }
    }
    (builder.tree, builder.faults)
}

pub(super) fn is_syntax(fault: &Fault) -> bool {
    fault.rule == "yaml-syntax"
}

/// The place of the syntax error, when all that its line holds is closing brackets.
fn lonely_bracket(text: &str, faults: &[Fault]) -> Option<Place> {
    let place = faults.iter().find(|fault| is_syntax(fault))?.place;
    let line = text.lines().nth(place.line.checked_sub(1)?)?;
    let is_closing = |character: char| matches!(character, '}' | ']' | ',') || character.is_whitespace();
    (line.trim_start().starts_with(['}', ']']) && line.chars().all(is_closing)).then_some(place)
}

fn bracket_fault(place: Place) -> Fault {
    Fault {
        rule: "yaml-indentation",
        severity: Severity::Warning,
        place,
        pointer: String::new(),
        message: "the closing bracket stands further left than YAML allows".to_owned(),
        help: "indent the line by two more spaces than the key that the bracket belongs to",
    }
}

fn syntax_fault(error: &ScanError) -> Fault {
    Fault {
        rule: "yaml-syntax",
        severity: Severity::Error,
        place: Place { line: error.marker().line(), column: error.marker().col() + 1 },
        pointer: String::new(),
        message: format!("the text is not YAML: {}", error.info()),
        help: "mend the YAML at this place",
    }
}

/// A collection that has begun and not ended.
struct Frame {
    place: Place,
    anchor: usize,
    kind: Open,
}

enum Open {
    List(Vec<NodeId>),
    Map { members: IndexMap<String, (Place, NodeId)>, merged: Vec<NodeId>, key: Option<Key> },
}

struct Key {
    text: String,
    place: Place,
    is_merge: bool,
}

#[derive(Default)]
struct Builder {
    tree: Tree,
    frames: Vec<Frame>,
    anchors: HashMap<usize, NodeId>,
    /// Members that merge keys have copied, which must stay in proportion to the text.
    copied: usize,
    faults: Vec<Fault>,
}

impl Builder {
    /// Takes one event; false when nothing more should be read.
    fn take(&mut self, event: Event, span: Span) -> bool {
        let place = Place { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::DocumentStart(_) if self.tree.root.is_some() => {
                self.fault(
                    "second-document",
                    place,
                    "the file holds more than one document, and only the first is read".to_owned(),
                    "keep one",
                );
                return false;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let merges = style == ScalarStyle::Plain && text == "<<";
                if self.expects_key() {
                    self.key(Key { text: text.into_owned(), place, is_merge: merges }, anchor);
                } else {
                    let value = self.scalar(&text, style, tag.as_deref(), place);
                    self.add(place, anchor, Kind::Scalar(value));
                }
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            Event::SequenceStart(anchor, _) => return self.open(Frame { place, anchor, kind: Open::List(Vec::new()) }),
            Event::MappingStart(anchor, _) => {
                return self.open(Frame { place, anchor, kind: Open::Map { members: IndexMap::new(), merged: Vec::new(), key: None } });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => {}
        }
        true
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { kind: Open::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, new: Key, anchor: usize) {
        if anchor > 0 {
            let node = self.tree.add(new.place, Kind::Scalar(Value::String(new.text.clone())));
            self.anchors.insert(anchor, node);
        }
        if let Some(Frame { kind: Open::Map { key, .. }, .. }) = self.frames.last_mut() {
            *key = Some(new);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, place: Place) -> Value {
        let is_plain = match tag {
            Some(tag) if tag.is_yaml_core_schema() => tag.suffix != "str",
            Some(tag) => {
                if !tag.suffix.is_empty() {
                    self.warn("unknown-tag", place, format!("the tag `{tag}` means nothing here"), "remove the tag");
                }
                false
            }
            None => style == ScalarStyle::Plain,
        };
        if !is_plain {
            return Value::String(text.to_owned());
        }
        if scalar::is_inexact(text) {
            let pointer = self.pointer();
            self.faults.push(inexact_number(place, &pointer, text));
        }
        scalar::plain(text).unwrap_or_else(|| {
            self.warn("number-range", place, scalar::out_of_range(text), scalar::OUT_OF_RANGE);
            Value::String(text.to_owned())
        })
    }

    fn alias(&mut self, anchor: usize, place: Place) {
        let Some(&node) = self.anchors.get(&anchor) else {
            self.fault("endless-alias", place, "the alias stands inside what it names".to_owned(), "write the value out");
            self.add(place, 0, Kind::Scalar(Value::Null));
            return;
        };
        if !self.expects_key() {
            self.attach(node);
            return;
        }
        let text = match &self.tree.nodes[node].kind {
            Kind::Scalar(Value::String(text)) => text.clone(),
            Kind::Scalar(value) => value.to_string(),
            _ => String::new(),
        };
        self.key(Key { text, place, is_merge: false }, 0);
    }

    /// Begins a collection; false when it is too deep.
    fn open(&mut self, mut frame: Frame) -> bool {
        if self.frames.len() >= DEEPEST {
            self.fault("deep-nesting", frame.place, format!("values are nested more than {DEEPEST} deep"), "nest less deeply");
            return false;
        }
        if self.expects_key() {
            self.fault("collection-as-key", frame.place, "a key that is no scalar has no place in JSON".to_owned(), "use text as the key");
            // The collection is read into a list of its own, and stands for the key when it ends.
            frame.anchor = 0;
        }
        self.frames.push(frame);
        true
    }

    fn close(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        let kind = match frame.kind {
            Open::List(items) => Kind::List(items),
            Open::Map { mut members, merged, .. } => {
                for source in merged {
                    self.merge(&mut members, source, frame.place);
                }
                Kind::Map(members)
            }
        };
        if self.expects_key() {
            self.key(Key { text: String::new(), place: frame.place, is_merge: false }, 0);
        } else {
            self.add(frame.place, frame.anchor, kind);
        }
    }

    /// Copies the members of what `<<` names that are not there yet: a mapping, or a list of them, the first first.
    fn merge(&mut self, members: &mut IndexMap<String, (Place, NodeId)>, source: NodeId, place: Place) {
        let sources = match &self.tree.nodes[source].kind {
            Kind::List(items) => items.clone(),
            _ => vec![source],
        };
        for source in sources {
            let Kind::Map(found) = &self.tree.nodes[source].kind else {
                self.fault("merge-key", place, "`<<` takes a mapping or a list of mappings".to_owned(), "name an anchor of a mapping");
                continue;
            };
            self.copied += found.len();
            if self.copied > self.tree.nodes.len().saturating_mul(10).saturating_add(10_000) {
                self.fault(
                    "alias-bomb",
                    place,
                    "merge keys multiply the document beyond ten times its size".to_owned(),
                    "use fewer merge keys",
                );
                return;
            }
            for (key, member) in found {
                members.entry(key.clone()).or_insert(*member);
            }
        }
    }

    fn add(&mut self, place: Place, anchor: usize, kind: Kind) {
        let node = self.tree.add(place, kind);
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        self.attach(node);
    }

    /// Puts a finished node where it belongs.
    fn attach(&mut self, node: NodeId) {
        let mut repeated = None;
        match self.frames.last_mut().map(|frame| &mut frame.kind) {
            None => self.tree.root = Some(node),
            Some(Open::List(items)) => items.push(node),
            Some(Open::Map { members, merged, key }) => match key.take() {
                Some(key) if key.is_merge => merged.push(node),
                Some(key) => {
                    if let Some((first, _)) = members.get(&key.text) {
                        repeated = Some((*first, key));
                    } else {
                        members.insert(key.text, (key.place, node));
                    }
                }
                None => {}
            },
        }
        if let Some((first, key)) = repeated {
            let pointer = pointer::join(&self.pointer(), &key.text);
            self.faults.push(repeated_key(key.place, first, &pointer));
        }
    }

    /// The JSON pointer of the innermost collection that is open.
    fn pointer(&self) -> String {
        let mut at = String::new();
        for frame in self.frames.iter().take(self.frames.len().saturating_sub(1)) {
            at = match &frame.kind {
                Open::List(items) => pointer::index(&at, items.len()),
                Open::Map { key, .. } => pointer::join(&at, key.as_ref().map_or("", |key| key.text.as_str())),
            };
        }
        at
    }

    fn fault(&mut self, rule: &'static str, place: Place, message: String, help: &'static str) {
        let pointer = self.pointer();
        self.faults.push(Fault { rule, severity: Severity::Error, place, pointer, message, help });
    }

    fn warn(&mut self, rule: &'static str, place: Place, message: String, help: &'static str) {
        let pointer = self.pointer();
        self.faults.push(Fault { rule, severity: Severity::Warning, place, pointer, message, help });
    }
}
