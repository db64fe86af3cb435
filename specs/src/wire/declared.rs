//! The properties that a schema declares, down to where it is inside itself.
//!
//! A schema is what it refers to, joins and chooses among: the properties of each alternative count. It is followed
//! [`DEEPEST`] steps and [`MOST`] places far, what is near first, because documents have graphs of schemas in which everything
//! is below everything.

use std::collections::VecDeque;

use crate::{
    api::{Direction, SchemaId, Schemas},
    pointer,
};
use serde_json::Value;

/// How many steps a schema is followed.
const DEEPEST: usize = 8;
/// How many places of one body count.
const MOST: usize = 1000;

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// The member with this name.
    Name(String),
    /// Any element of an array, or any member of a map.
    Any,
}

/// What a schema asks of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Nothing.
    Free,
    /// To be a text, which values can be that are sent as text.
    Typed,
    /// Something that a text can fail to be.
    Bounded,
}

/// A place in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Where it is.
    pub path: Vec<Token>,
    /// The values that are listed for it.
    pub values: Vec<Value>,
    /// Whether it is true or false, and nothing else.
    pub is_boolean: bool,
    /// What its schema asks of it.
    pub bound: Bound,
    /// Whether what it is part of cannot be without it.
    pub is_required: bool,
}

impl Field {
    /// As a JSON pointer, in which `*` is [`Token::Any`].
    #[must_use]
    pub fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |mut pointer, token| {
            match token {
                Token::Name(name) => pointer::push(&mut pointer, name),
                Token::Any => pointer.push_str("/*"),
            }
            pointer
        })
    }

    /// Whether it is a property, and not an element or the whole.
    #[must_use]
    pub fn is_property(&self) -> bool {
        matches!(self.path.last(), Some(Token::Name(_)))
    }

    /// The name of a property of the whole.
    #[must_use]
    pub fn member(&self) -> Option<&str> {
        if let [Token::Name(name)] = self.path.as_slice() { Some(name) } else { None }
    }

    /// Whether it is the whole, or an element of it.
    #[must_use]
    pub fn is_value_or_element(&self) -> bool {
        matches!(self.path.as_slice(), [] | [Token::Any])
    }

    /// Lists more values.
    pub fn admit(&mut self, values: Vec<Value>) {
        for value in values {
            if !self.values.contains(&value) {
                self.values.push(value);
            }
        }
    }
}

/// A place to be looked at: the schemas that count there, and those above it.
struct Next {
    schemas: Vec<SchemaId>,
    path: Vec<Token>,
    above: Vec<SchemaId>,
    is_required: bool,
}

/// The places of a body of this schema, as it travels this way: its properties, and what lists values.
#[must_use]
pub fn fields(schemas: &Schemas, root: &SchemaId, direction: Direction) -> Vec<Field> {
    let mut all = Vec::new();
    let mut queue = VecDeque::from([Next { schemas: vec![root.clone()], path: Vec::new(), above: Vec::new(), is_required: false }]);
    while let Some(Next { schemas: here, path, mut above, is_required }) = queue.pop_front() {
        let parts = parts(schemas, &here);
        let hidden = if direction == Direction::Request { "readOnly" } else { "writeOnly" };
        if !path.is_empty()
            && parts.iter().any(|part| *schemas.get(part) == false || schemas.get(part).get(hidden) == Some(&Value::Bool(true)))
        {
            continue;
        }
        if all.len() >= MOST {
            break;
        }
        let is_inside_itself = parts.iter().any(|part| above.contains(part));
        let is_boolean = is_boolean(schemas, &parts);
        let bound = parts.iter().map(|part| bound(schemas.get(part))).max().unwrap_or(Bound::Free);
        let mut field = Field { path, values: Vec::new(), is_boolean, bound, is_required };
        field.admit(parts.iter().flat_map(|part| listed(schemas.get(part))).collect());
        if !is_inside_itself && field.path.len() < DEEPEST {
            above.extend(parts.iter().cloned());
            for (token, below) in members(schemas, &parts) {
                let is_required = matches!(&token, Token::Name(name) if is_asked_for(schemas, &here, name));
                let path = field.path.iter().cloned().chain([token]).collect();
                queue.push_back(Next { schemas: below, path, above: above.clone(), is_required });
            }
        }
        if field.is_property() || !field.values.is_empty() || field.path.is_empty() {
            all.push(field);
        }
    }
    all
}

/// Schemas with all that they refer to, join and choose among.
fn parts(schemas: &Schemas, from: &[SchemaId]) -> Vec<SchemaId> {
    let (mut all, mut next) = (from.to_vec(), 0);
    while let Some(id) = all.get(next).cloned() {
        next += 1;
        let value = schemas.get(&id);
        let target = value.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target));
        let joined = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|keyword| {
            let count = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
            let id = &id;
            (0..count).filter_map(move |position| schemas.below(id, &[keyword, &position.to_string()]))
        });
        for part in target.into_iter().chain(joined).collect::<Vec<_>>() {
            if !all.contains(&part) {
                all.push(part);
            }
        }
    }
    all
}

/// What is below schemas, each place once with all schemas that count there.
fn members(schemas: &Schemas, parts: &[SchemaId]) -> Vec<(Token, Vec<SchemaId>)> {
    let mut all: Vec<(Token, Vec<SchemaId>)> = Vec::new();
    let mut add = |token: Token, schema: Option<SchemaId>| {
        let Some(schema) = schema else { return };
        match all.iter_mut().find(|(known, _)| *known == token) {
            Some((_, schemas)) => schemas.push(schema),
            None => all.push((token, vec![schema])),
        }
    };
    for part in parts {
        let value = schemas.get(part);
        let names = |keyword| value.get(keyword).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str());
        for name in names("properties") {
            add(Token::Name(name.to_owned()), schemas.below(part, &["properties", name]));
        }
        for name in names("patternProperties") {
            add(Token::Any, schemas.below(part, &["patternProperties", name]));
        }
        for keyword in ["items", "additionalProperties"].into_iter().filter(|keyword| value.get(keyword).is_some_and(Value::is_object)) {
            add(Token::Any, schemas.below(part, &[keyword]));
        }
        for position in 0..value.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len) {
            add(Token::Any, schemas.below(part, &["prefixItems", &position.to_string()]));
        }
    }
    all
}

/// The values that a schema lists.
fn listed(schema: &Value) -> Vec<Value> {
    schema.get("enum").and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Whether a schema, which its alternatives do not change, requires a member.
fn is_asked_for(schemas: &Schemas, here: &[SchemaId], name: &str) -> bool {
    here.iter().any(|id| schemas.required(id).iter().any(|required| required == name))
}

/// Whether all that says which types there may be says that it is true or false.
fn is_boolean(schemas: &Schemas, parts: &[SchemaId]) -> bool {
    let mut types = parts.iter().filter_map(|part| schemas.get(part).get("type")).peekable();
    let is_other = |name: &Value| name != "boolean" && name != "null";
    types.peek().is_some() && !types.any(|types| types.as_array().map_or_else(|| is_other(types), |several| several.iter().any(is_other)))
}

/// What a schema by itself asks of a value.
fn bound(schema: &Value) -> Bound {
    const BOUNDS: &[&str] = &["enum", "const", "format", "maxLength", "minLength", "pattern", "not"];
    let is_text = |types: &Value| types == "string" || types.as_array().is_some_and(|several| several.iter().any(|one| one == "string"));
    match schema.get("type") {
        _ if *schema == false || BOUNDS.iter().any(|bound| schema.get(bound).is_some()) => Bound::Bounded,
        Some(types) if is_text(types) => Bound::Typed,
        Some(_) => Bound::Bounded,
        None => Bound::Free,
    }
}
