//! The extensions of this project: where they stand, what they may say, and names that almost are theirs.
//!
//! Extensions of others are nobody's business here.

use serde_json::Value;

use crate::{document::Document, nearest::nearest, normalize::Kind, pointer, problem::Problems};

/// Where an extension is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Top,
    Operation,
    Response,
    Anywhere,
}

/// The extensions with the places where they are read, and the schemas of what they say there: file and text.
const EXTENSIONS: &[(&str, Position, &str, &str)] = &[
    ("x-docs", Position::Top, "x-docs.json", include_str!("../../schemas/x-docs.json")),
    ("x-docs", Position::Operation, "x-docs.json", include_str!("../../schemas/x-docs.json")),
    ("x-drift-accepted", Position::Anywhere, "x-drift-accepted.json", include_str!("../../schemas/x-drift-accepted.json")),
    ("x-evidence", Position::Anywhere, "x-evidence.json", include_str!("../../schemas/x-evidence.json")),
    ("x-mock", Position::Top, "x-mock.top.json", include_str!("../../schemas/x-mock.top.json")),
    ("x-mock", Position::Operation, "x-mock.operation.json", include_str!("../../schemas/x-mock.operation.json")),
    ("x-mock", Position::Response, "x-mock.response.json", include_str!("../../schemas/x-mock.response.json")),
    ("x-pagination", Position::Operation, "x-pagination.json", include_str!("../../schemas/x-pagination.json")),
    ("x-rate-limits", Position::Top, "x-rate-limits.json", include_str!("../../schemas/x-rate-limits.json")),
    ("x-scopes", Position::Operation, "x-scopes.json", include_str!("../../schemas/x-scopes.json")),
    ("x-resource", Position::Top, "x-resource.top.json", include_str!("../../schemas/x-resource.top.json")),
    ("x-resource", Position::Operation, "x-resource.operation.json", include_str!("../../schemas/x-resource.operation.json")),
];

/// Members whose values are data and no part of the document.
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "value"];

pub(super) fn lint(document: &Document, problems: &mut Problems) {
    let mut walk = Walk { at: String::new(), problems };
    walk.visit(&document.value, Some(Kind::Document));
}

/// The names of the extensions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    EXTENSIONS.iter().map(|(name, ..)| *name)
}

struct Walk<'w, 'd> {
    at: String,
    problems: &'w mut Problems<'d>,
}

impl Walk<'_, '_> {
    fn visit(&mut self, value: &Value, kind: Option<Kind>) {
        match value {
            Value::Object(object) => {
                for (name, member) in object {
                    self.below(name, |walk| walk.member(name, member, kind));
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.below(&position.to_string(), |walk| walk.visit(item, kind));
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, name: &str, value: &Value, kind: Option<Kind>) {
        if name.starts_with("x-") {
            self.extension(name, value, kind);
        } else if kind == Some(Kind::Document) || !DATA.contains(&name) {
            let below = kind.and_then(|kind| kind.members().iter().find(|(known, ..)| *known == name));
            match (below, kind.and_then(Kind::every_member)) {
                (Some((_, shape, kind)), _) if *shape == crate::normalize::Shape::Map => self.named(value, *kind),
                (Some((_, _, kind)), _) => self.visit(value, Some(*kind)),
                (None, Some(every)) => self.visit(value, Some(every)),
                (None, None) => self.visit(value, None),
            }
        }
    }

    /// The members of an object whose names are free, so that `x-…` is a name like another.
    fn named(&mut self, value: &Value, kind: Kind) {
        for (name, member) in value.as_object().into_iter().flatten() {
            self.below(name, |walk| walk.visit(member, Some(kind)));
        }
    }

    fn extension(&mut self, name: &str, value: &Value, kind: Option<Kind>) {
        let position = match kind {
            Some(Kind::Document) => Position::Top,
            Some(Kind::Operation) => Position::Operation,
            Some(Kind::Response) => Position::Response,
            _ => Position::Anywhere,
        };
        let mut named = EXTENSIONS.iter().filter(|(known, ..)| *known == name).peekable();
        if named.peek().is_none() {
            self.near_miss(name);
            return;
        }
        let read: Vec<_> = named.map(|(_, read, file, schema)| (*read, *file, *schema)).collect();
        match read.iter().find(|(read, ..)| *read == position || *read == Position::Anywhere) {
            Some((_, file, schema)) => self.content(name, value, file, schema),
            None => {
                let places: Vec<_> = read.iter().map(|(read, ..)| read.words()).collect();
                let message = format!("nothing reads `{name}` here");
                self.problems.warning("extension-place", &self.at, &message, &format!("move it to {}", places.join(" or ")));
            }
        }
    }

    fn near_miss(&mut self, name: &str) {
        if let Some(meant) = nearest(name, names()) {
            self.problems.warning("extension-name", &self.at, &format!("nothing reads `{name}`"), &format!("write `{meant}`"));
        }
    }

    #[cfg(feature = "validate")]
    fn content(&mut self, name: &str, value: &Value, file: &str, schema: &str) {
        let mut places = std::collections::HashSet::new();
        for violation in crate::validate::against(schema, value) {
            let place = format!("{}{}", self.at, violation.place());
            // A value can break several keywords at once; the first says enough.
            if places.insert(place.clone()) {
                let help = format!("correct it; `specs/schemas/{file}` says what may stand here, at `#{}`", violation.schema);
                self.problems.error("extension", &place, &format!("`{name}` breaks its schema: {}", violation.sentence()), &help);
            }
        }
    }

    #[cfg(not(feature = "validate"))]
    #[expect(clippy::unused_self, reason = "without validators there is nothing to look at")]
    fn content(&mut self, _name: &str, _value: &Value, _file: &str, _schema: &str) {}

    fn below(&mut self, token: &str, act: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        act(self);
        self.at.truncate(length);
    }
}

impl Position {
    fn words(self) -> &'static str {
        match self {
            Self::Top => "the top of the document",
            Self::Operation => "an operation",
            Self::Response => "a response",
            Self::Anywhere => "any object",
        }
    }
}
