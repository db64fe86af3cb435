//! A value that may be null, where null says something.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Timestamp;

/// A value or an explicit `null`.
///
/// A property of a request that the document allows to be null is an `Option<Nullable<T>>`, which keeps three things
/// apart: left out (`None`), `null` (`Some(Nullable::Null)`, which many APIs take for "clear this") and a value.
/// Setters take anything that turns into one:
///
/// ```
/// use client_runtime::Nullable;
///
/// assert_eq!(Nullable::<String>::from("call back"), Nullable::Value("call back".to_owned()));
/// assert_eq!(Nullable::<String>::from(None), Nullable::Null);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// `null`.
    #[default]
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, unless it is null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value, unless it is null.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same with another value.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Nullable<U> {
        match self {
            Self::Null => Nullable::Null,
            Self::Value(value) => Nullable::Value(with(value)),
        }
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T> From<Nullable<T>> for Option<T> {
    fn from(value: Nullable<T>) -> Self {
        value.into_value()
    }
}

impl From<&str> for Nullable<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

impl<T, const COUNT: usize> From<[T; COUNT]> for Nullable<Vec<T>> {
    fn from(values: [T; COUNT]) -> Self {
        Self::Value(values.into())
    }
}

impl<const COUNT: usize> From<[&str; COUNT]> for Nullable<Vec<String>> {
    fn from(values: [&str; COUNT]) -> Self {
        Self::Value(values.map(str::to_owned).into())
    }
}

impl From<&str> for Nullable<Timestamp> {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}
