//! A public item, and the line that says all of it.

use std::fmt;

use super::Signature;

/// A public item of a client. Types are written as a caller of the client's module would, without paths into `std`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its path in the client's module: `types::Note::title`. For an impl that of the type.
    pub path: String,
    /// The type that it belongs to: `types::Note`, for fields, variants, methods and impls.
    pub owner: Option<String>,
    /// What it is.
    pub what: What,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A module.
    Module,
    /// Another crate's item under a name of its own.
    Reexport {
        /// What it is there.
        of: String,
    },
    /// A constant.
    Const {
        /// Its type.
        value: String,
    },
    /// Another name of a type.
    Alias {
        /// The type.
        value: String,
    },
    /// A struct.
    Struct {
        /// Generics: `<'c>`, or empty.
        generics: String,
        /// What keeps callers from writing it in full.
        room: Room,
        /// Whether fields go by position.
        is_tuple: bool,
    },
    /// An enum.
    Enum {
        /// What keeps callers from matching it in full.
        room: Room,
    },
    /// A public field.
    Field {
        /// Its type.
        value: String,
    },
    /// A variant of an enum.
    Variant {
        /// What it holds: `(types::Note)`, `{ status: u16 }`, or nothing.
        holds: String,
    },
    /// A function, or a method where there is an owner.
    Function(Signature),
    /// An impl of a trait.
    Impl {
        /// The trait: `From<&str>`.
        of: String,
        /// The types that go with it, by name.
        types: Vec<(String, String)>,
    },
}

/// What leaves a type room to grow: callers can neither write nor match it in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Nothing: they can.
    None,
    /// `#[non_exhaustive]`.
    NonExhaustive,
    /// Fields that are not public.
    PrivateFields,
}

impl Item {
    /// The type, function or constant that stands in a module: the item itself, or the type that it belongs to.
    #[must_use]
    pub fn top(&self) -> &str {
        self.owner.as_deref().unwrap_or(&self.path)
    }

    /// What it is called among others: its path, for an impl with the trait.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.what {
            What::Impl { of, .. } => format!("impl {of} for {}", self.path),
            _ => self.path.clone(),
        }
    }

    /// Its own name: the last part of its path.
    #[must_use]
    pub fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or(&self.path)
    }

    /// The same with every text that may name a type changed.
    pub(super) fn mapped(mut self, change: &dyn Fn(&str) -> String) -> Self {
        self.path = change(&self.path);
        self.owner = self.owner.as_deref().map(change);
        match &mut self.what {
            What::Module | What::Reexport { .. } | What::Struct { .. } | What::Enum { .. } => {}
            What::Const { value } | What::Alias { value } | What::Field { value } => *value = change(value),
            What::Variant { holds } => *holds = change(holds),
            What::Function(signature) => {
                signature.returns = change(&signature.returns);
                for (_, value) in &mut signature.arguments {
                    *value = change(value);
                }
            }
            What::Impl { of, types } => {
                *of = change(of);
                for (_, value) in types {
                    *value = change(value);
                }
            }
        }
        self
    }

    /// What it is compared by: items of two clients with the same key are the same item.
    pub(super) fn key(&self) -> (String, u8, String) {
        let told = match &self.what {
            What::Impl { of, .. } => of.clone(),
            _ => String::new(),
        };
        (self.path.clone(), self.rank(), told)
    }

    /// Types with what belongs to them behind them.
    pub(super) fn order(&self) -> (String, u8, String, String) {
        (self.top().to_owned(), self.rank(), self.path.clone(), self.to_string())
    }

    /// Fields and methods may have one name, types and what belongs to them never.
    fn rank(&self) -> u8 {
        match self.what {
            What::Module | What::Reexport { .. } | What::Const { .. } | What::Alias { .. } | What::Struct { .. } | What::Enum { .. } => 0,
            What::Field { .. } => 1,
            What::Variant { .. } => 2,
            What::Function(_) => 3,
            What::Impl { .. } => 4,
        }
    }
}

/// The line: `pub fn Client::read_note(&self, id: impl Into<String>) -> requests::ReadNote<'_>`.
impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.what {
            What::Module => write!(f, "pub mod {path}"),
            What::Reexport { of } => write!(f, "pub use {of} as {path}"),
            What::Const { value } => write!(f, "pub const {path}: {value}"),
            What::Alias { value } => write!(f, "pub type {path} = {value}"),
            What::Struct { generics, room, .. } => write!(f, "{}pub struct {path}{generics}", attribute(*room)),
            What::Enum { room } => write!(f, "{}pub enum {path}", attribute(*room)),
            What::Field { value } => write!(f, "pub {path}: {value}"),
            What::Variant { holds } => write!(f, "pub {path}{holds}"),
            What::Function(signature) => signature.write(path, f),
            What::Impl { of, types } if types.is_empty() => write!(f, "impl {of} for {path}"),
            What::Impl { of, types } => {
                let types: Vec<String> = types.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                write!(f, "impl {of}<{}> for {path}", types.join(", "))
            }
        }
    }
}

fn attribute(room: Room) -> &'static str {
    if room == Room::NonExhaustive { "#[non_exhaustive] " } else { "" }
}
