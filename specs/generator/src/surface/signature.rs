//! The signature of a function.

use std::fmt;

/// What a caller has to know of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Whether the provider deprecated it.
    pub is_deprecated: bool,
    /// Whether it is to be awaited.
    pub is_async: bool,
    /// Generics: `<'c>`, or empty.
    pub generics: String,
    /// `self` or `&self`; nothing for a function that takes neither.
    pub receiver: Option<String>,
    /// Arguments, name and type.
    pub arguments: Vec<(String, String)>,
    /// What it returns; empty when that is nothing.
    pub returns: String,
}

impl Signature {
    pub(super) fn write(&self, path: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_deprecated {
            f.write_str("#[deprecated] ")?;
        }
        let word = if self.is_async { "async fn" } else { "fn" };
        let arguments = self.arguments.iter().map(|(name, value)| format!("{name}: {value}"));
        let all: Vec<String> = self.receiver.iter().cloned().chain(arguments).collect();
        write!(f, "pub {word} {path}{}({})", self.generics, all.join(", "))?;
        if self.returns.is_empty() { Ok(()) } else { write!(f, " -> {}", self.returns) }
    }
}
