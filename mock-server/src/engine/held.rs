//! A JSON value that is borrowed, or made for the moment.
//!
//! A `Cow` would do, if a value were small: it is nine words, which every step between an expression and the row would
//! copy. Nearly all values are borrowed, so those few that are made lie elsewhere, and this is two words.

use std::ops::Deref;

use serde_json::Value;

/// A borrowed value, or one that was made.
#[derive(Clone, Debug)]
pub(super) enum Held<'a> {
    Borrowed(&'a Value),
    Made(Box<Value>),
}

impl Held<'_> {
    pub(super) fn into_owned(self) -> Value {
        match self {
            Self::Borrowed(value) => value.clone(),
            Self::Made(value) => *value,
        }
    }
}

impl Deref for Held<'_> {
    type Target = Value;

    fn deref(&self) -> &Value {
        match self {
            Self::Borrowed(value) => value,
            Self::Made(value) => value,
        }
    }
}

impl<T: Into<Value>> From<T> for Held<'_> {
    fn from(value: T) -> Self {
        Self::Made(Box::new(value.into()))
    }
}

impl PartialEq for Held<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}
