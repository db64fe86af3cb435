//! The schemas as one direction sees them, and as a validator understands them best.
//!
//! A request need not have what is `readOnly`, a response not what is `writeOnly`. A discriminator becomes a
//! condition for each of its values, so that a value is measured by the one alternative that it names, and what is
//! wrong with it is said exactly. Everything that constrains nothing is left out.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{formats, reach::Reach, table::SHARED};
use crate::{
    api::{Direction, SchemaId, Schemas},
    normalize::{Kind, Shape, is_constraint, local_target},
    pointer,
};

/// A schema, and those that its validator holds copies of, at their places in an otherwise empty document.
pub(super) fn flavour(schemas: &Schemas, direction: Direction, id: &SchemaId) -> Value {
    let mut maker = Maker {
        schemas,
        reach: Reach::new(schemas),
        marker: marker(direction),
        at: String::new(),
        open: Vec::new(),
        known: HashMap::new(),
        copying: false,
    };
    let mut root = Value::Null;
    maker.want(id.pointer(), false);
    while let Some(wanted) = maker.open.pop() {
        let Some(schema) = pointer::get(schemas.root(), &wanted) else { continue };
        maker.copying = maker.known.get(&wanted).copied().unwrap_or_default();
        maker.at.clone_from(&wanted);
        let made = maker.schema(schema, &HashSet::new());
        if let Some(place) = pointer::create(&mut root, &wanted) {
            *place = made;
        }
    }
    root
}

/// A JSON pointer as the fragment of a URI.
pub(super) fn fragment(pointer: &str) -> String {
    let mut text = String::with_capacity(pointer.len() + 1);
    text.push('#');
    for byte in pointer.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' | b'$' => text.push(char::from(byte)),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

fn marker(direction: Direction) -> &'static str {
    match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
    }
}

struct Maker<'s> {
    schemas: &'s Schemas,
    reach: Reach<'s>,
    /// The mark of a property that this direction leaves out.
    marker: &'static str,
    /// JSON pointer of the place.
    at: String,
    /// Targets of references that are still to be made.
    open: Vec<String>,
    /// All targets so far, and whether everything that they refer to in place has to be copied.
    known: HashMap<String, bool>,
    /// Whether a schema around this one looks at what its parts have evaluated, which cannot be seen through a look-up.
    copying: bool,
}

impl Maker<'_> {
    /// Asks for the target of a reference; a second time only when more of it has to be copied than was.
    fn want(&mut self, target: &str, copying: bool) {
        if self.known.get(target).is_none_or(|known| copying && !known) {
            self.known.insert(target.to_owned(), copying);
            self.open.push(target.to_owned());
        }
    }

    fn shape(&mut self, value: &Value, shape: Shape, act: &mut dyn FnMut(&mut Self, &Value) -> Value) -> Value {
        match (shape, value) {
            (Shape::One, value) => act(self, value),
            (Shape::Map, Value::Object(members)) => members
                .iter()
                .map(|(name, member)| (name.clone(), self.below(name, |maker| act(maker, member))))
                .collect::<Map<_, _>>()
                .into(),
            (Shape::List, Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(position, item)| self.below(&position.to_string(), |maker| act(maker, item))).collect()
            }
            _ => Value::Null,
        }
    }

    /// The schema at the place. `hidden` are the properties that a schema around it, of the same instance, leaves out.
    fn schema(&mut self, value: &Value, hidden: &HashSet<String>) -> Value {
        let Value::Object(object) = value else { return value.clone() };
        let hidden: HashSet<String> = hidden.iter().cloned().chain(self.hidden(object)).collect();
        let copying = self.copying;
        self.copying |= object.keys().any(|name| name.starts_with("unevaluated"));
        let mut made = Map::new();
        for (name, member) in object.iter().filter(|(name, _)| is_constraint(name) && *name != "discriminator") {
            let made_member = match (name.as_str(), Kind::Schema.members().iter().find(|(known, ..)| known == name)) {
                ("required", _) => without(member, &hidden),
                ("$ref", _) => {
                    let (keyword, target) = self.reference(member);
                    made.insert(keyword.to_owned(), target);
                    continue;
                }
                (_, Some((_, shape, _))) => self.below(name, |maker| maker.subschemas(name, member, *shape, &hidden)),
                _ => member.clone(),
            };
            made.insert(name.clone(), made_member);
        }
        formats::limit(&mut made);
        if let Some(conditions) = self.discriminator(object) {
            made.shift_remove("oneOf");
            made.shift_remove("anyOf");
            match made.get_mut("allOf") {
                Some(Value::Array(parts)) => parts.push(conditions),
                _ => drop(made.insert("allOf".to_owned(), json!([conditions]))),
            }
        }
        self.copying = copying;
        made.into()
    }

    fn subschemas(&mut self, name: &str, member: &Value, shape: Shape, hidden: &HashSet<String>) -> Value {
        let same_instance = matches!(name, "allOf" | "anyOf" | "oneOf" | "if" | "then" | "else" | "not" | "dependentSchemas");
        let none = HashSet::new();
        let hidden = if same_instance { hidden } else { &none };
        let copying = self.copying;
        self.copying &= same_instance;
        let made = self.shape(member, shape, &mut |maker, value| maker.schema(value, hidden));
        self.copying = copying;
        made
    }

    /// A reference to little stays one; what leads to much is looked up in the table when a value gets there.
    fn reference(&mut self, reference: &Value) -> (&'static str, Value) {
        let Some(target) = reference.as_str().and_then(local_target) else { return ("$ref", reference.clone()) };
        if self.copying || self.reach.is_small(&target) {
            self.want(&target, self.copying);
            ("$ref", fragment(&target).into())
        } else {
            (SHARED, target.into())
        }
    }

    /// The properties of the schema at the place, through `$ref` and `allOf`, that this direction leaves out.
    fn hidden(&self, object: &Map<String, Value>) -> Vec<String> {
        if !object.contains_key("required") && !object.contains_key("allOf") {
            return Vec::new();
        }
        let properties = self.schemas.properties(&SchemaId::new(&self.at));
        properties.into_iter().filter(|(_, schema)| self.schemas.is_marked(schema, self.marker)).map(|(name, _)| name).collect()
    }

    /// What a discriminator says, when all alternatives are references: the property names one of them, which holds.
    fn discriminator(&mut self, object: &Map<String, Value>) -> Option<Value> {
        let discriminator = object.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let mapping = discriminator.get("mapping")?.as_object()?;
        let alternatives = object.get("oneOf").or_else(|| object.get("anyOf"))?.as_array()?;
        let (nulls, others): (Vec<_>, Vec<_>) = alternatives.iter().partition(|one| one.get("type").is_some_and(|name| name == "null"));
        let targets: Vec<&Value> = others.iter().filter_map(|one| one.get("$ref")).collect();
        // Only components have names that a mapping may leave out.
        let is_named = |target: &Value| target.as_str().is_some_and(|target| target.starts_with("#/components/schemas/"));
        if targets.len() < others.len() || !targets.iter().all(|target| is_named(target)) {
            return None;
        }
        // A value that leads elsewhere is none of the alternatives.
        let mapping: Vec<_> = mapping.iter().filter(|(_, target)| targets.contains(target)).collect();
        let branches: Vec<Value> = mapping.iter().map(|(value, target)| branch(property, value, self.reference(target))).collect();
        let values: Vec<&String> = mapping.iter().map(|(value, _)| *value).collect();
        let conditions =
            json!({ "type": "object", "required": [property], "properties": { property: { "enum": values } }, "allOf": branches });
        Some(if nulls.is_empty() { conditions } else { json!({ "anyOf": [{ "type": "null" }, conditions] }) })
    }

    fn below<T>(&mut self, token: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        let result = act(self);
        self.at.truncate(length);
        result
    }
}

fn branch(property: &str, value: &str, (keyword, target): (&str, Value)) -> Value {
    json!({
        "if": { "properties": { property: { "const": value } }, "required": [property] },
        "then": { keyword: target },
    })
}

fn without(required: &Value, hidden: &HashSet<String>) -> Value {
    let names = required.as_array().into_iter().flatten();
    names.filter(|name| name.as_str().is_none_or(|name| !hidden.contains(name))).cloned().collect()
}
