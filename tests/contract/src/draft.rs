//! A valid request, from what the document says and what the case knows.

use indexmap::IndexMap;
use serde_json::Value;
use specs::{
    api::{Location, Operation, Parameter, Part},
    resources::{Action, Place, Role},
};

use crate::{
    case::{BodyOf, Items, Wanted},
    edit::{self, Proof},
    exchange::{Elsewhere, Field, Request, Visibility},
    suite::{Suite, is_shown},
    target::Place as Server,
    wire::{self, Written},
    world::{Made, Step, Stop, World},
};

/// Values of parameters.
type Values = Vec<(Location, String, Value)>;

/// A request that is not sent yet.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) request: Request,
    pub(crate) body: Option<Value>,
    /// The values of its parameters.
    pub(crate) values: Values,
    /// The keys of parents that it names, by property.
    pub(crate) parents: Vec<(String, Value)>,
    pub(crate) proof: Proof,
    /// The places of the body that the case is about.
    pub(crate) about: Vec<String>,
    media: usize,
}

impl Draft {
    /// A valid request with credentials. What it names exists: the case makes it, or the document shows it.
    pub(crate) async fn new(world: &World<'_>, operation: &Operation, wanted: &Wanted, depth: usize) -> Step<Self> {
        let mut values = required_parameters(world, operation, wanted);
        let mut body = body(world.suite, operation, wanted);
        let mut parents = Vec::new();
        if let Some(role) = &operation.role {
            name_item(world, operation, role, wanted, &mut values, &mut body, depth).await?;
            name_parents(world, operation, role, wanted, &mut values, &mut body, depth).await?;
            note(world, role, &values, body.as_ref());
            let named = |(property, place): &(String, Place)| Some((property.clone(), get(place, &values, body.as_ref())?));
            parents = role.parents.iter().filter_map(named).collect();
            parents.extend(handles(world.suite, role, body.as_ref(), &parents));
        } else {
            let named = values.iter().filter(|(location, ..)| *location == Location::Path);
            named.for_each(|(_, name, value)| world.names(name, value, false));
        }
        let bodies = world.suite.bodies(operation);
        let media = wanted.media.unwrap_or_else(|| bodies.map_or(0, |bodies| bodies.media));
        let elsewhere = operation.servers.first().map(|own| {
            let documented = world.suite.api.servers.first();
            Elsewhere { instead_of: documented.map(|server| server.path.clone()).unwrap_or_default(), path: own.path.clone() }
        });
        let (method, path) = (operation.method.clone(), String::new());
        let request = Request { method, elsewhere, path, query: Vec::new(), headers: Vec::new(), body: None };
        let mut draft = Self { request, body, values, parents, proof: Proof::First, about: wanted.about.clone(), media };
        draft.write(world, operation)?;
        Ok(draft)
    }

    /// Writes the request anew, after its values or its body have changed.
    pub(crate) fn write(&mut self, world: &World<'_>, operation: &Operation) -> Step<()> {
        if let Some((session, body)) = world.session().zip(self.body.as_mut()) {
            session.mark(world, operation, body, &self.about);
        }
        self.request.query.clear();
        self.request.headers.clear();
        self.request.body = None;
        self.request.set_header("Accept", accept(operation), Visibility::Shown);
        self.write_parameters(operation)?;
        edit::prove(world, operation, &self.proof, &mut self.request);
        self.write_body(world.suite, operation);
        Ok(())
    }

    fn write_parameters(&mut self, operation: &Operation) -> Step<()> {
        let mut texts: IndexMap<&str, String> = IndexMap::new();
        let mut cookies = Vec::new();
        for (location, name, value) in &self.values {
            let Some(parameter) = operation.parameters.iter().find(|known| known.location == *location && known.name == *name) else {
                continue;
            };
            match wire::parameter(parameter, value) {
                Written::Path(text) => _ = texts.insert(name, text),
                Written::Query(pairs) => {
                    self.request.query.extend(pairs.into_iter().map(|(name, value)| Field { name, value, visibility: Visibility::Shown }));
                }
                Written::Header(text) => self.request.set_header(name, text, Visibility::Shown),
                Written::Cookie(text) => cookies.push(format!("{name}={text}")),
            }
        }
        if !cookies.is_empty() {
            self.request.set_header("Cookie", cookies.join("; "), Visibility::Shown);
        }
        let path = path(operation, &texts);
        self.request.path = path.ok_or_else(|| Stop::Blocked(format!("no value is known for a variable of `{}`", operation.path)))?;
        Ok(())
    }

    fn write_body(&mut self, suite: &Suite, operation: &Operation) {
        let media = operation.body.as_ref().and_then(|body| body.content.get(self.media));
        let (Some(media), Some(value)) = (media, &self.body) else { return };
        let is_file = |name: &str| {
            let schemas = &suite.api.schemas;
            let property = media.schema.as_ref().and_then(|schema| schemas.property(schema, name));
            let says = |keyword| property.as_ref().and_then(|id| schemas.resolve(id).1.get(keyword)).and_then(Value::as_str);
            says("format") == Some("binary") || says("contentMediaType").is_some() || says("contentEncoding") == Some("binary")
        };
        let (content_type, bytes) = wire::body(media, value, is_file);
        self.request.set_header("Content-Type", content_type, Visibility::Shown);
        self.request.body = Some(bytes);
    }
}

/// The media types that the operation answers in, those of successes first.
fn accept(operation: &Operation) -> String {
    let mut names: Vec<&str> = Vec::new();
    for media in operation.success().into_iter().chain(&operation.responses).flat_map(|response| &response.content) {
        if !names.contains(&media.essence()) {
            names.push(media.essence());
        }
    }
    names.push("*/*;q=0.1");
    names.join(", ")
}

fn required_parameters(world: &World<'_>, operation: &Operation, wanted: &Wanted) -> Values {
    // What only a path names has no other name to be given by.
    let given = |parameter: &Parameter| {
        let is_named = operation.role.is_none() && parameter.location == Location::Path;
        world.target.given.get(&parameter.name).filter(|_| is_named).cloned()
    };
    let mut values = wanted.parameters.clone();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required || parameter.location == Location::Path) {
        let known = values.iter().any(|(location, name, _)| *location == parameter.location && *name == parameter.name);
        if let Some(value) = given(parameter).or_else(|| world.suite.parameter(parameter)).filter(|_| !known) {
            values.push((parameter.location, parameter.name.clone(), value));
        }
    }
    values
}

fn body(suite: &Suite, operation: &Operation, wanted: &Wanted) -> Option<Value> {
    let bodies = suite.bodies(operation);
    Some(match &wanted.body {
        BodyOf::Full => bodies?.full.clone(),
        BodyOf::Minimal => bodies?.minimal.clone(),
        BodyOf::Whole => bodies?.whole.clone(),
        BodyOf::Exactly(value) | BodyOf::Verbatim(value) => value.clone(),
    })
}

/// Puts the key of the item where the request names it, and with it the keys of the item's parents.
async fn name_item(
    world: &World<'_>,
    operation: &Operation,
    role: &Role,
    wanted: &Wanted,
    values: &mut Values,
    body: &mut Option<Value>,
    depth: usize,
) -> Step<()> {
    let Some(place) = role.key.as_ref().filter(|place| !is_chosen(world, wanted, place)) else { return Ok(()) };
    if role.action == Action::Create {
        if let Some(key) = world.unused_key(operation, place).filter(|_| !matches!(wanted.body, BodyOf::Verbatim(_))) {
            put(place, &key, values, body.as_mut());
        }
        return Ok(());
    }
    if let Some(key) = &wanted.key {
        put(place, key, values, body.as_mut());
        return Ok(());
    }
    let Some(item) = existing(world, operation, role, place, wanted.items, depth).await? else { return Ok(()) };
    put(place, &item.key, values, body.as_mut());
    for (property, place) in &role.parents {
        if let Some((_, key)) = item.parents.iter().find(|(known, _)| known == property) {
            put(place, key, values, body.as_mut());
        }
    }
    Ok(())
}

/// An item that exists: made, or a row of the document; `None` when the request shows one already.
async fn existing(world: &World<'_>, operation: &Operation, role: &Role, place: &Place, items: Items, depth: usize) -> Step<Option<Made>> {
    if items == Items::Sampled {
        return Ok(None);
    }
    let resource = &role.resource;
    let create = world.suite.creating(role, None).filter(|create| create.id != operation.id);
    let reads = matches!(role.action, Action::Read | Action::List);
    if let Some(key) =
        world.target.given(Some(resource), resource, place).filter(|_| reads && (items == Items::Documented || create.is_none()))
    {
        let given = |(property, place): &(String, Place)| {
            Some((property.clone(), world.target.given(world.suite.parent_of(resource, property), property, place)?.clone()))
        };
        let parents = role.parents.iter().filter_map(given).collect();
        return Ok(Some(Made { key: key.clone(), parents, sent: Value::Null, shown: None }));
    }
    let knows = world.target.place == Server::Mock || create.is_none();
    let shown = knows && items == Items::Documented && (is_shown(operation, place) || world.suite.seeded(resource).next().is_some());
    if let Some(create) = create.filter(|_| !shown) {
        match Box::pin(world.make_below(create, &Wanted::default(), depth + 1)).await {
            // What the document shows may be somebody's there, and is only looked at.
            Err(Stop::Blocked(_)) if world.suite.seeded(resource).next().is_some() && (reads || world.target.place != Server::Live) => {}
            other => return other.map(Some),
        }
    }
    if is_shown(operation, place) {
        return Ok(None);
    }
    let row = world.suite.api.mock.seed.get(resource).and_then(|rows| rows.first());
    let key = row.and_then(|row| world.suite.key_of(resource, row)).cloned();
    let parents = role.parents.iter().filter_map(|(property, _)| Some((property.clone(), row?.get(property)?.clone()))).collect();
    Ok(key.map(|key| Made { key, parents, sent: Value::Null, shown: row.cloned() }))
}

/// Puts the keys of parents where the request names them.
async fn name_parents(
    world: &World<'_>,
    operation: &Operation,
    role: &Role,
    wanted: &Wanted,
    values: &mut Values,
    body: &mut Option<Value>,
    depth: usize,
) -> Step<()> {
    for (property, place) in &role.parents {
        let known = wanted.parents.iter().find(|(known, _)| known == property).map(|(_, key)| key.clone());
        let verbatim = matches!((&wanted.body, place), (BodyOf::Verbatim(_), Place::Body(_)));
        let shown = wanted.items == Items::Documented && (matches!(place, Place::Body(_)) || is_shown(operation, place));
        let documented = (verbatim || shown) && world.target.place == Server::Mock && world.target.given.is_empty();
        let key = match known {
            Some(key) => key,
            None if documented || is_chosen(world, wanted, place) || role.key.is_some() && role.action != Action::Create => continue,
            None => world.parent(operation, role, property, place, depth).await?,
        };
        put(place, &key, values, body.as_mut());
    }
    for (name, property) in required_queries(operation) {
        let known = wanted.parents.iter().find(|(known, _)| known == property);
        let place = Place::Query(name.to_owned());
        if let Some((_, key)) = known.filter(|_| !is_chosen(world, wanted, &place)) {
            put(&place, key, values, None);
        }
    }
    Ok(())
}

/// Notes what a request names, so that it can be told what of it the document shows.
fn note(world: &World<'_>, role: &Role, values: &Values, body: Option<&Value>) {
    let in_body = |place: &Place| matches!(place, Place::Body(_));
    for (property, place) in &role.parents {
        let name = world.suite.parent_of(&role.resource, property).unwrap_or(property);
        if let Some(key) = get(place, values, body) {
            world.names(name, &key, in_body(place));
        }
    }
    if let Some((place, key)) =
        role.key.as_ref().and_then(|place| Some((place, get(place, values, body)?))).filter(|_| role.action != Action::Create)
    {
        world.names(&role.resource, &key, in_body(place));
    }
}

/// The properties of the body by which other operations of the resource must ask for the item.
fn handles(suite: &Suite, role: &Role, body: Option<&Value>, known: &[(String, Value)]) -> Vec<(String, Value)> {
    let operations = suite.api.operations.iter().filter(|other| other.role.as_ref().is_some_and(|other| other.resource == role.resource));
    let names = operations.flat_map(required_queries).map(|(_, property)| property.to_owned());
    let is_new = |name: &String| known.iter().all(|(known, _)| known != name);
    let key = |name: String| Some((name.clone(), body?.get(&name).filter(|value| !value.is_array() && !value.is_object())?.clone()));
    names.filter(is_new).filter_map(key).collect()
}

/// The query parameters that must be there, each with the property that it is about.
pub(crate) fn required_queries(operation: &Operation) -> impl Iterator<Item = (&str, &str)> {
    let filters = operation.role.as_ref().map_or(&[][..], |role| &role.filters);
    let property = move |name: &str| filters.iter().find(|filter| filter.parameter == name).and_then(|filter| filter.properties.first());
    let required = operation.parameters.iter().filter(|parameter| parameter.required && parameter.location == Location::Query);
    required.map(move |parameter| (parameter.name.as_str(), property(&parameter.name).map_or(parameter.name.as_str(), String::as_str)))
}

/// Whether the case has chosen the parameter at this place itself.
fn is_chosen(world: &World<'_>, wanted: &Wanted, place: &Place) -> bool {
    // What a document shows need not be there where it is not acted out.
    if wanted.items == Items::Documented && world.target.place != Server::Mock {
        return false;
    }
    let named = parameter_at(place);
    named.is_some_and(|(location, name)| wanted.parameters.iter().any(|(known, parameter, _)| *known == location && parameter == name))
}

/// The parameter at a place.
pub(crate) fn parameter_at(place: &Place) -> Option<(Location, &str)> {
    match place {
        Place::Path(name) => Some((Location::Path, name)),
        Place::Query(name) => Some((Location::Query, name)),
        Place::Header(name) => Some((Location::Header, name)),
        Place::Body(_) => None,
    }
}

/// Writes a key at a place of a request; into an array, where one is there.
pub(crate) fn put(place: &Place, key: &Value, values: &mut Values, body: Option<&mut Value>) {
    if let Some((location, name)) = parameter_at(place) {
        values.retain(|(known, parameter, _)| *known != location || parameter != name);
        values.push((location, name.to_owned(), key.clone()));
    } else if let (Place::Body(pointer), Some(body)) = (place, body) {
        let Some(old) = specs::pointer::create(body, pointer) else { return };
        *old = if old.is_array() && !key.is_array() { Value::Array(vec![key.clone()]) } else { key.clone() };
    }
}

/// The key at a place of a request; of an array, its first element.
pub(crate) fn get(place: &Place, values: &Values, body: Option<&Value>) -> Option<Value> {
    let there = match (parameter_at(place), place) {
        (Some((location, name)), _) => {
            values.iter().find(|(known, parameter, _)| *known == location && parameter == name).map(|(_, _, value)| value)
        }
        (None, Place::Body(pointer)) => body.and_then(|body| body.pointer(pointer)),
        _ => None,
    };
    match there? {
        Value::Array(elements) => elements.first().cloned(),
        one => Some(one.clone()),
    }
}

/// The path with its variables filled in.
fn path(operation: &Operation, texts: &IndexMap<&str, String>) -> Option<String> {
    let mut made = String::new();
    for segment in &operation.segments {
        made.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => made.push_str(&percent_encoding::utf8_percent_encode(text, LITERAL).to_string()),
                Part::Variable(name) => made.push_str(texts.get(name.as_str())?),
            }
        }
    }
    Some(if made.is_empty() { "/".to_owned() } else { made })
}

/// What has to be encoded in the literal text of a path.
const LITERAL: &percent_encoding::AsciiSet = &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b'#').add(b'?').add(b'<').add(b'>');
