//! Objects, and schemas that are made of others: `allOf`, `oneOf`, `anyOf`, several types.

use serde_json::Value;
use specs::api::{Direction, SchemaId};

use super::{
    Field, Key, Kind, Planner, Type, Variant, Word,
    plan::{is_null, text},
    words,
};
use crate::docs::paragraphs;

/// What an alternative is called that has no name of its own.
const UNNAMED: &str = "object";

/// Keywords that say nothing about what a value is, only which ones will do.
const CONSTRAINTS: [&str; 7] = ["required", "not", "description", "title", "dependentRequired", "minProperties", "maxProperties"];

impl Planner<'_> {
    /// A struct of a schema's properties, through `$ref` and `allOf`, and of its alternatives, which are then optional.
    pub(super) fn structure(&mut self, key: &Key, schema: &Value) -> Type {
        // Kept before the properties are planned, so that the order of types is that of the document.
        let named = self.define(key, schema, Kind::Struct { fields: Vec::new(), extra: None });
        let required = self.api.schemas.required(&key.0);
        let mut properties = self.api.schemas.properties(&key.0);
        let mut demanded = dependent(schema);
        for alternative in self.alternatives(&key.0, schema) {
            demanded.extend(self.api.schemas.required(&alternative));
            for (name, property) in self.api.schemas.properties(&alternative) {
                if !properties.iter().any(|(known, _)| *known == name) {
                    properties.push((name, property));
                }
            }
        }
        properties.retain(|(_, property)| self.travels(property, key.1));
        let fields = properties
            .into_iter()
            .map(|(wire, property)| {
                let value = self.plan(&property, key.1);
                let required = required.contains(&wire);
                Field { required, demanded: !required && demanded.contains(&wire), docs: self.field_docs(&property), wire, value }
            })
            .collect();
        let extra = self.extra(key, schema);
        self.define(key, schema, Kind::Struct { fields, extra });
        named
    }

    /// A schema made of others; `None` when it is not.
    pub(super) fn composed(&mut self, key: &Key, schema: &Value) -> Option<Type> {
        let has_properties = !self.api.schemas.properties(&key.0).is_empty();
        let alternatives = self.alternatives(&key.0, schema);
        let parts = self.elements(&key.0, schema, "allOf");
        if has_properties && (!parts.is_empty() || !alternatives.is_empty()) {
            let adds = schema.get("properties").is_some() || !alternatives.is_empty();
            return Some(match parts.as_slice() {
                [one] if !adds && schema.get("required").is_none() => self.plan(one, key.1),
                _ => self.structure(key, schema),
            });
        }
        match (alternatives.as_slice(), parts.as_slice()) {
            ([], []) => None,
            ([], [first, ..]) => {
                let typed = parts.iter().find(|part| !self.is_constraint(part)).unwrap_or(first).clone();
                Some(self.plan(&typed, key.1))
            }
            ([one], _) => Some(self.plan(&one.clone(), key.1)),
            _ => Some(self.union(key, schema, &alternatives)),
        }
    }

    /// A schema with several types.
    pub(super) fn of_types(&mut self, key: &Key, schema: &Value, types: &[&str]) -> Type {
        let variants: Vec<Variant> = types
            .iter()
            .filter(|name| !(**name == "integer" && types.contains(&"number")))
            .map(|name| Variant { name: (*name).to_owned(), value: self.scalar_or_any(key, schema, name), tags: Vec::new() })
            .collect();
        match variants.as_slice() {
            [one] => one.value.clone(),
            _ => self.define(key, schema, Kind::Union { variants, tag: None }),
        }
    }

    fn scalar_or_any(&mut self, key: &Key, schema: &Value, name: &str) -> Type {
        match name {
            "object" => Type::Map(Box::new(Type::Any)),
            other => self.of_type(key, schema, other),
        }
    }

    fn union(&mut self, key: &Key, schema: &Value, alternatives: &[SchemaId]) -> Type {
        if let Some(words) = self.words(alternatives) {
            return self.define(key, schema, Kind::Enum(words));
        }
        let mut variants: Vec<(usize, Variant)> = Vec::new();
        for id in alternatives {
            let value = match self.plan(id, key.1) {
                Type::Nullable(inner) => *inner,
                other => other,
            };
            let weight = self.api.schemas.required(id).len();
            match variants.iter_mut().find(|(_, known)| known.value == value) {
                Some((_, known)) => known.tags.extend(self.mapped(schema, id)),
                None => variants.push((weight, Variant { name: self.variant_name(id, &value), value, tags: self.mapped(schema, id) })),
            }
        }
        if let Some(simple) = simple(&variants).or_else(|| self.open_enum(&variants)) {
            return simple;
        }
        let tag = self.tag(schema, alternatives, &mut variants);
        // What asks for more is tried first: what asks for less would take it.
        variants.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let variants = variants.into_iter().map(|(_, variant)| variant).collect();
        self.define(key, schema, Kind::Union { variants, tag })
    }

    /// The one enum among alternatives that are texts: it takes any text.
    fn open_enum(&self, variants: &[(usize, Variant)]) -> Option<Type> {
        let is_enum = |value: &Type| {
            let Type::Named(key) = value else { return false };
            matches!(self.definitions.get(key).map(|plan| &plan.kind), Some(Kind::Enum(_)))
        };
        let (enums, others): (Vec<&Type>, Vec<&Type>) =
            variants.iter().map(|(_, variant)| &variant.value).partition(|value| is_enum(value));
        let are_texts = others.iter().all(|value| matches!(value, Type::Text | Type::Timestamp | Type::Date));
        (enums.len() == 1 && are_texts).then(|| enums.first().map(|one| (*one).clone())).flatten()
    }

    /// The property that tells alternatives apart: declared, or one that has a single text in each of them.
    fn tag(&self, schema: &Value, alternatives: &[SchemaId], variants: &mut [(usize, Variant)]) -> Option<String> {
        if let Some(name) = schema.pointer("/discriminator/propertyName").and_then(Value::as_str) {
            let complete = variants.iter().all(|(_, variant)| !variant.tags.is_empty());
            return complete.then(|| name.to_owned());
        }
        if alternatives.len() != variants.len() {
            return None;
        }
        let first = alternatives.first()?;
        let candidates = self.api.schemas.properties(first).into_iter().map(|(name, _)| name);
        for name in candidates {
            let texts: Option<Vec<Vec<String>>> = alternatives.iter().map(|id| self.only_texts(id, &name)).collect();
            let Some(texts) = texts else { continue };
            let mut all: Vec<&String> = texts.iter().flatten().collect();
            let count = all.len();
            all.sort();
            all.dedup();
            if all.len() == count {
                for ((_, variant), texts) in variants.iter_mut().zip(texts) {
                    if variant.name == UNNAMED {
                        variant.name = texts.join(" or ");
                    }
                    variant.tags = texts;
                }
                return Some(name);
            }
        }
        None
    }

    fn only_texts(&self, id: &SchemaId, property: &str) -> Option<Vec<String>> {
        let schema = self.api.schemas.property(id, property)?;
        let values = words::values(self.api.schemas.resolve(&schema).1)?;
        let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        texts.filter(|texts| !texts.is_empty())
    }

    /// The texts of the discriminator that mean an alternative.
    fn mapped(&self, schema: &Value, id: &SchemaId) -> Vec<String> {
        let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
        let reference = self.api.schemas.get(id).get("$ref").and_then(Value::as_str);
        let pairs = mapping.into_iter().flatten().filter(|(_, target)| reference.is_some() && target.as_str() == reference);
        pairs.map(|(text, _)| text.clone()).collect()
    }

    /// The words of all alternatives, where each is nothing but texts: so an enum is written whose texts are described.
    fn words(&self, alternatives: &[SchemaId]) -> Option<Vec<Word>> {
        let mut words: Vec<Word> = Vec::new();
        for id in alternatives {
            let schema = self.api.schemas.resolve(id).1;
            let values = words::values(schema).filter(|values| !values.is_empty() && values.iter().all(|value| value.is_string()))?;
            let described = |mut word: Word| {
                if let ([_], true) = (values.as_slice(), word.docs.is_empty()) {
                    word.docs = text(schema, "description");
                }
                word
            };
            let new = words::of(schema, &values).into_iter().map(described);
            words.extend(new.filter(|word| !words.iter().any(|known| known.wire == word.wire)).collect::<Vec<_>>());
        }
        Some(words)
    }

    fn variant_name(&self, id: &SchemaId, value: &Type) -> String {
        let (resolved, schema) = self.api.schemas.resolve(id);
        let word = match value {
            Type::Text => "text",
            Type::Integer | Type::Unsigned => "integer",
            Type::Number => "number",
            Type::Boolean => "flag",
            Type::Timestamp => "time",
            Type::Date => "day",
            Type::List(_) => "list",
            _ => UNNAMED,
        };
        let title = text(schema, "title");
        resolved.component().or_else(|| (!title.is_empty()).then_some(title)).unwrap_or_else(|| word.to_owned())
    }

    /// The alternatives of `oneOf` and `anyOf` that say what a value is, null left out.
    fn alternatives(&self, id: &SchemaId, schema: &Value) -> Vec<SchemaId> {
        let mut found = self.elements(id, schema, "oneOf");
        found.extend(self.elements(id, schema, "anyOf"));
        found.retain(|alternative| !is_null(self.api.schemas.resolve(alternative).1) && !self.is_constraint(alternative));
        found
    }

    fn elements(&self, id: &SchemaId, schema: &Value, keyword: &str) -> Vec<SchemaId> {
        let count = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).filter_map(|position| self.below(id, &[keyword, &position.to_string()])).collect()
    }

    fn is_constraint(&self, id: &SchemaId) -> bool {
        match self.api.schemas.get(id) {
            Value::Object(schema) => schema.keys().all(|keyword| CONSTRAINTS.contains(&keyword.as_str()) || keyword.starts_with("x-")),
            _ => true,
        }
    }

    /// Whether a property is sent in this direction at all.
    fn travels(&self, property: &SchemaId, direction: Direction) -> bool {
        let keyword = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let says = |schema: &Value| schema.get(keyword) == Some(&Value::Bool(true));
        !says(self.api.schemas.get(property)) && !says(self.api.schemas.resolve(property).1)
    }

    fn field_docs(&self, property: &SchemaId) -> String {
        let (own, resolved) = (self.api.schemas.get(property), self.api.schemas.resolve(property).1);
        let deprecated = [own, resolved].iter().any(|schema| schema.get("deprecated") == Some(&Value::Bool(true)));
        let own = [text(own, "description"), text(resolved, "description")].into_iter().find(|text| !text.is_empty());
        let title = if own.is_none() { text(resolved, "title") } else { String::new() };
        paragraphs(&[&own.unwrap_or_default(), &title, if deprecated { "Deprecated." } else { "" }])
    }

    fn extra(&mut self, key: &Key, schema: &Value) -> Option<Type> {
        match schema.get("additionalProperties")? {
            Value::Bool(true) => Some(Type::Any),
            Value::Object(values) if values.is_empty() => Some(Type::Any),
            Value::Object(_) => {
                let values = self.below(&key.0, &["additionalProperties"])?;
                Some(self.plan(&values, key.1))
            }
            _ => None,
        }
    }
}

/// The properties that others bring along: `dependentRequired`.
fn dependent(schema: &Value) -> Vec<String> {
    let lists = schema.get("dependentRequired").and_then(Value::as_object).into_iter().flatten();
    lists.filter_map(|(_, names)| names.as_array()).flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// One type that takes all alternatives: texts of several formats, numbers of both kinds.
fn simple(variants: &[(usize, Variant)]) -> Option<Type> {
    let values: Vec<&Type> = variants.iter().map(|(_, variant)| &variant.value).collect();
    let all = |allowed: &[Type]| values.iter().all(|value| allowed.contains(value));
    match values.as_slice() {
        [one] => Some((*one).clone()),
        _ if all(&[Type::Timestamp, Type::Date]) => Some(Type::Timestamp),
        _ if all(&[Type::Text, Type::Timestamp, Type::Date]) => Some(Type::Text),
        _ if all(&[Type::Integer, Type::Unsigned, Type::Number]) => Some(Type::Number),
        _ if values.contains(&&Type::Any) => Some(Type::Any),
        _ => None,
    }
}
