//! A row while it is made: properties in order, their names borrowed from whoever knows them.
//!
//! A map would own two dozen names for each row and hash each of them several times; rows are short, so that a walk
//! is quicker, and a row ends as text.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

/// Properties in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields<'n>(Vec<(&'n str, Value)>);

impl<'n> Fields<'n> {
    /// The properties of an object.
    pub(super) fn of(object: &'n Map<String, Value>) -> Self {
        object.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Sets a property; one that has its place already keeps it.
    pub(super) fn put(&mut self, name: &'n str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name, value)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| *known != name);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'n str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// The row as a value.
    pub(super) fn to_value(&self) -> Value {
        Value::Object(self.0.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }
}

impl<'n> FromIterator<(&'n str, Value)> for Fields<'n> {
    fn from_iter<I: IntoIterator<Item = (&'n str, Value)>>(properties: I) -> Self {
        Self(properties.into_iter().collect())
    }
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
