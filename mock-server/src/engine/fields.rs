//! A row while it is made: properties in order, names and values borrowed from whoever knows them.
//!
//! A map would own two dozen names and values for each row and hash each name several times. Most of a row is the
//! document's, the request's or the caller's, so it is borrowed; and who fills a property mostly knows its position.

use serde_json::{Map, Value};

use super::{held::Held, json};

/// Properties in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields<'n>(Vec<Field<'n>>);

/// A property of a row; without a value it only keeps a place.
#[derive(Clone, Debug)]
pub(super) struct Field<'n> {
    pub(super) name: &'n str,
    /// The name as JSON text with a colon after it, where somebody has it ready.
    pub(super) quoted: &'n [u8],
    pub(super) value: Option<Held<'n>>,
    /// Whether the value is known to conform to the schema of the property.
    pub(super) proven: bool,
    /// Whether the schema of the row requires the property, where that is known without a look.
    pub(super) required: Option<bool>,
}

impl<'n> Fields<'n> {
    /// The properties of an object.
    pub(super) fn of(object: &'n Map<String, Value>) -> Self {
        object.iter().map(|(name, value)| Field::new(name, Held::Borrowed(value))).collect()
    }

    /// The same, of an object whose properties all conform to their schemas.
    pub(super) fn proven(mut self) -> Self {
        for field in &mut self.0 {
            field.proven = true;
        }
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<&Held<'n>> {
        self.0.iter().find(|field| field.name == name)?.value.as_ref()
    }

    /// Sets a property, which is likely to be at `position`; one that has its place already keeps it.
    pub(super) fn put(&mut self, position: usize, field: Field<'n>) {
        if let Some(place) = self.place(position, field.name) {
            *place = Field { quoted: place.quoted, required: place.required, ..field };
        } else {
            self.0.push(field);
        }
    }

    /// Removes a property, which is likely to be at `position`, if it is as asked.
    pub(super) fn remove_if(&mut self, position: usize, name: &str, is: impl Fn(&Value) -> bool) {
        if let Some(place) = self.place(position, name)
            && place.value.as_deref().is_some_and(is)
        {
            place.value = None;
        }
    }

    /// The properties that have a value.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Field<'n>> {
        self.0.iter().filter(|field| field.value.is_some())
    }

    /// The row as a value.
    pub(super) fn to_value(&self) -> Value {
        let values = self.0.iter().filter_map(|field| Some((field.name.to_owned(), field.value.as_deref()?.clone())));
        Value::Object(values.collect())
    }

    /// Appends the row as JSON text.
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        to.push(b'{');
        let start = to.len();
        for field in &self.0 {
            let Some(value) = field.value.as_deref() else { continue };
            if to.len() > start {
                to.push(b',');
            }
            if field.quoted.is_empty() {
                json::name(field.name, to);
            } else {
                to.extend_from_slice(field.quoted);
            }
            json::write(value, to);
        }
        to.push(b'}');
    }

    fn place(&mut self, position: usize, name: &str) -> Option<&mut Field<'n>> {
        let there = self.0.get(position).is_some_and(|field| field.name == name);
        let position = if there { position } else { self.0.iter().position(|field| field.name == name)? };
        self.0.get_mut(position)
    }
}

impl<'n> Field<'n> {
    /// A property with a value that nobody has looked at yet.
    pub(super) fn new(name: &'n str, value: Held<'n>) -> Self {
        Self { name, quoted: &[], value: Some(value), proven: false, required: None }
    }
}

impl<'n> FromIterator<Field<'n>> for Fields<'n> {
    fn from_iter<I: IntoIterator<Item = Field<'n>>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}
