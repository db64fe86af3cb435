//! What a list of schemas demands together: `$ref` followed, `allOf` merged, and what is only another way to write
//! null, a list of types or an `enum` read as that.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::facets::{Types, types_of};
use crate::{
    api::{SchemaId, Schemas},
    pointer,
};

/// A place that must be met.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Term {
    pub(super) id: SchemaId,
    /// Without its alternatives: one of them was chosen.
    pub(super) plain: bool,
}

impl Term {
    pub(super) fn new(id: &SchemaId) -> Self {
        Self { id: id.clone(), plain: false }
    }
}

/// A schema object that counts, with its place.
pub(super) struct Part<'a> {
    pub(super) id: SchemaId,
    pub(super) schema: &'a Map<String, Value>,
}

/// Alternatives, one of which must be met.
pub(super) struct Union<'a> {
    /// The place of the list.
    pub(super) place: String,
    /// Whether it is `oneOf`.
    pub(super) exclusive: bool,
    pub(super) alternatives: Vec<SchemaId>,
    /// Whether null is one of them, which is left out of the list.
    pub(super) nullable: bool,
    pub(super) discriminator: Option<&'a Value>,
}

/// All that is demanded.
pub(super) struct View<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) parts: Vec<Part<'a>>,
    /// The first part that has a keyword.
    first: HashMap<&'a str, usize>,
    pub(super) unions: Vec<Union<'a>>,
    pub(super) types: Types,
    /// The values that fit, without null; `None` for all of the types.
    pub(super) values: Option<Vec<&'a Value>>,
    pub(super) properties: IndexMap<&'a str, Vec<Term>>,
    pub(super) required: HashSet<&'a str>,
    /// Whether properties are refused that are not named.
    pub(super) closed: bool,
    /// What properties that are not named have to meet.
    pub(super) extra: Vec<Term>,
    pub(super) items: Vec<Term>,
    /// Whether nothing fits at all.
    pub(super) never: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(schemas: &'a Schemas, terms: &[Term]) -> Self {
        let mut view = View {
            schemas,
            parts: Vec::new(),
            first: HashMap::new(),
            unions: Vec::new(),
            types: Types::ALL,
            values: None,
            properties: IndexMap::new(),
            required: HashSet::new(),
            closed: false,
            extra: Vec::new(),
            items: Vec::new(),
            never: false,
        };
        let mut seen = HashSet::new();
        // What is still to be read, the next one last; whether null fits beside it.
        let mut open: Vec<(Term, bool)> = terms.iter().rev().map(|term| (term.clone(), false)).collect();
        while let Some((term, nullable)) = open.pop() {
            if seen.insert(term.id.clone()) {
                view.read(term, nullable, &mut open);
            }
        }
        view
    }

    /// Whether nothing is demanded.
    pub(super) fn is_any(&self) -> bool {
        self.types == Types::ALL && self.values.is_none() && self.properties.is_empty() && self.unions.is_empty()
    }

    /// What the first part says that has this keyword, and its place.
    pub(super) fn keyword(&self, keyword: &str) -> Option<(String, &'a Value)> {
        let part = &self.parts[*self.first.get(keyword)?];
        Some((pointer::join(part.id.pointer(), keyword), part.schema.get(keyword)?))
    }

    /// What all parts say that have this keyword.
    pub(super) fn all<'k>(&'k self, keyword: &'k str) -> impl Iterator<Item = (&'k Part<'a>, &'a Value)> + 'k {
        let from = self.first.get(keyword).copied().unwrap_or(self.parts.len());
        self.parts[from..].iter().filter_map(move |part| Some((part, part.schema.get(keyword)?)))
    }

    fn read(&mut self, term: Term, nullable: bool, open: &mut Vec<(Term, bool)>) {
        let schema = match self.schemas.get(&term.id) {
            Value::Object(schema) => schema,
            Value::Bool(false) => {
                self.never = true;
                return;
            }
            _ => return,
        };
        let mut more: Vec<(Term, bool)> = Vec::new();
        if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|target| self.schemas.target(target)) {
            more.push((Term { id: target, plain: term.plain }, nullable));
        }
        for position in 0..schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len) {
            more.push((Term { id: item(&term.id, "allOf", position), plain: term.plain }, nullable));
        }
        if !term.plain {
            for keyword in ["oneOf", "anyOf"] {
                more.extend(self.alternatives(&term.id, schema, keyword, nullable));
            }
        }
        self.take(&term.id, schema, nullable);
        for keyword in schema.keys() {
            self.first.entry(keyword).or_insert(self.parts.len());
        }
        self.parts.push(Part { id: term.id, schema });
        open.extend(more.into_iter().rev());
    }

    /// Reads alternatives: those that are only values or types at once, and one alone as if it stood in `allOf`.
    fn alternatives(&mut self, id: &SchemaId, schema: &'a Map<String, Value>, keyword: &str, nullable: bool) -> Option<(Term, bool)> {
        let list = schema.get(keyword)?.as_array().filter(|list| !list.is_empty())?;
        let resolved: Vec<(SchemaId, &Value)> =
            (0..list.len()).map(|position| self.schemas.resolve(&item(id, keyword, position))).collect();
        let (nulls, others): (Vec<_>, Vec<_>) =
            (0..list.len()).partition(|position| types_of(resolved[*position].1).is_some_and(|types| types == Types::NULL));
        let nullable = nullable || !nulls.is_empty();
        if let [only] = others.as_slice() {
            return Some((Term { id: item(id, keyword, *only), plain: false }, nullable));
        }
        let values: Option<Vec<Vec<&Value>>> = others.iter().map(|position| only_values(resolved[*position].1)).collect();
        let types: Option<Types> = others.iter().try_fold(Types::NONE, |all, position| Some(all.or(only_types(resolved[*position].1)?)));
        match (values, types) {
            (Some(values), _) => self.narrow(Types::NONE, Some(values.into_iter().flatten().collect()), nullable),
            (None, Some(types)) => self.narrow(types, None, nullable),
            (None, None) => self.unions.push(Union {
                place: pointer::join(id.pointer(), keyword),
                exclusive: keyword == "oneOf",
                alternatives: others.iter().map(|position| item(id, keyword, *position)).collect(),
                nullable,
                discriminator: schema.get("discriminator"),
            }),
        }
        None
    }

    /// What one schema demands by itself.
    fn take(&mut self, id: &SchemaId, schema: &'a Map<String, Value>, nullable: bool) {
        let values = listed(schema);
        if values.is_some() || schema.contains_key("type") {
            let types = schema.get("type").map_or(Types::NONE, Types::named);
            self.narrow(types, values, nullable);
        }
        for name in schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
            let place = pointer::join(&pointer::join(id.pointer(), "properties"), name);
            self.properties.entry(name).or_default().push(Term::new(&SchemaId::new(&place)));
        }
        self.required.extend(schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str));
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            match schema.get(keyword) {
                Some(Value::Bool(false)) => self.closed = true,
                Some(Value::Object(_)) => self.extra.push(Term::new(&SchemaId::new(&pointer::join(id.pointer(), keyword)))),
                _ => {}
            }
        }
        if schema.get("items").is_some_and(|items| items.is_object() || items == &Value::Bool(false)) {
            self.items.push(Term::new(&SchemaId::new(&pointer::join(id.pointer(), "items"))));
        }
    }

    /// Leaves of types and values those that fit here too. No types at all are those of the values.
    fn narrow(&mut self, types: Types, values: Option<Vec<&'a Value>>, nullable: bool) {
        let of_values = values.iter().flatten().fold(Types::NONE, |all, value| all.or(Types::of_value(value)));
        let types = match (types == Types::NONE, values.is_some()) {
            (true, _) => of_values,
            (false, true) => types.and(of_values),
            (false, false) => types,
        };
        self.types = self.types.and(if nullable { types.or(Types::NULL) } else { types });
        let Some(values) = values else { return };
        let values = values.into_iter().filter(|value| !value.is_null());
        self.values = Some(match self.values.take() {
            Some(known) => {
                let texts: HashSet<String> = values.map(Value::to_string).collect();
                known.into_iter().filter(|value| texts.contains(&value.to_string())).collect()
            }
            None => values.collect(),
        });
    }
}

/// A place in a list of a schema.
fn item(id: &SchemaId, keyword: &str, position: usize) -> SchemaId {
    SchemaId::new(&pointer::index(&pointer::join(id.pointer(), keyword), position))
}

/// The values that a schema lists.
fn listed(schema: &Map<String, Value>) -> Option<Vec<&Value>> {
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(only), _) => Some(vec![only]),
        (None, Some(values)) => Some(values.iter().collect()),
        (None, None) => None,
    }
}

const REMARKS: &[&str] = &["title", "description", "example", "examples", "externalDocs", "deprecated"];

/// The values of a schema that does nothing but list them.
fn only_values(schema: &Value) -> Option<Vec<&Value>> {
    let schema = schema.as_object()?;
    let is_plain = |name: &String| matches!(name.as_str(), "type" | "const" | "enum") || REMARKS.contains(&name.as_str());
    listed(schema).filter(|_| schema.keys().all(is_plain))
}

/// The types of a schema that says nothing else.
fn only_types(schema: &Value) -> Option<Types> {
    let schema = schema.as_object()?;
    let is_plain = |name: &String| name == "type" || REMARKS.contains(&name.as_str());
    schema.get("type").filter(|_| schema.keys().all(is_plain)).map(Types::named)
}

/// The same terms however they were come by: references followed, in order, each once.
pub(super) fn settled(schemas: &Schemas, terms: Vec<Term>) -> Vec<Term> {
    let mut settled: Vec<Term> = Vec::with_capacity(terms.len());
    for term in terms {
        // A schema that says more beside its reference is a place of its own.
        let is_alone = schemas.get(&term.id).as_object().is_some_and(|schema| schema.len() == 1 && schema.contains_key("$ref"));
        let id = if is_alone { schemas.resolve(&term.id).0 } else { term.id };
        settled.push(Term { id, plain: term.plain });
    }
    if settled.len() > 1 {
        settled.sort();
        settled.dedup();
    }
    settled
}
