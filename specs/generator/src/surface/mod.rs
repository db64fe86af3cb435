//! What callers see of a client: its public items, and what a change of the document does to them.
//!
//! The items are read from the generated source, never from the plans behind it, so that a list cannot say what the
//! source does not. Two lists are [compared](compare) item by item and judged by the rules that Cargo has for
//! [SemVer](https://doc.rust-lang.org/cargo/reference/semver.html). For two documents [`changes`] writes and reads only
//! the items that differ: that takes seconds where two whole clients take minutes, and finds the same.
//!
//! What goes without saying is not listed: every type of a client is `Clone` and `Debug`, what travels is `PartialEq`
//! and made for serde, and enums of texts are ordered and hashed besides.
//!
//! cargo-public-api and cargo-semver-checks were rejected: both read rustdoc's JSON, which takes a nightly compiler or
//! a build of both clients, and neither knows what a caller of a client writes.

mod arguments;
mod call;
mod closure;
mod compare;
mod demands;
mod item;
mod judge;

mod names;
mod print;
mod read;
mod rename;
mod rule;
mod signature;
#[cfg(test)]
mod tests;

use std::fmt;

pub use closure::changes;
use compare::sort;
pub use compare::{ItemChange, compare};
pub use item::{Item, Room, What};
pub use rule::{Level, RULES, Rule};
pub use signature::Signature;

/// The public items of a client, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    items: Vec<Item>,
}

impl Surface {
    /// Reads the items of a client's module from its source.
    ///
    /// # Errors
    /// When the source is no Rust.
    pub fn of(source: &str) -> Result<Self, syn::Error> {
        syn::parse_file(source).map(|file| Self::of_items(&file.items))
    }

    pub(crate) fn of_items(items: &[syn::Item]) -> Self {
        let mut items = read::items(items);
        items.sort_by_cached_key(Item::order);
        Self { items }
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }
}

/// One item a line.
impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}
