//! Objects.

use std::sync::Arc;

use rand::RngExt;
use serde_json::{Map, Value};

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    hint::Hint,
    luck,
    names::{self, Names},
    place::Place,
    store::{Link, Node, Store},
    text,
    value::Run,
};
use crate::api::{SchemaId, Schemas};

/// What the schemas say of the properties of an object.
pub(super) struct Members {
    pub(super) properties: Vec<Property>,
    depends: Vec<(String, Vec<String>)>,
    least: usize,
    most: usize,
    /// What other properties are.
    pub(super) others: Names,
}

/// What the schemas say of one property.
pub(super) struct Property {
    pub(super) name: String,
    hash: u64,
    hint: Hint,
    node: Link,
    standing: Standing,
    /// The values of a discriminator that name the schemas of this object.
    tags: Vec<Value>,
}

/// Whether a property is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Required,
    Optional,
    /// Named somewhere, and not allowed or not of this direction.
    LeftOut,
}

impl Members {
    pub(super) fn new(store: &Store, facets: &Facets<'_>) -> Self {
        let required = required(store, facets);
        let mut names = declared(&store.schemas, facets);
        names.extend(required.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        let owner = facets.parts.iter().find_map(|(id, _)| id.component()).unwrap_or_default();
        let properties = names.into_iter().map(|name| Property::new(store, facets, name, &required, &owner)).collect();
        let depends = facets.all("dependentRequired").filter_map(Value::as_object).flatten().map(|(name, needed)| {
            let needed = needed.as_array().into_iter().flatten().filter_map(Value::as_str);
            (name.clone(), needed.map(str::to_owned).collect())
        });
        Self {
            properties,
            depends: depends.collect(),
            least: facets.at_least("minProperties"),
            most: facets.at_most("maxProperties").unwrap_or(usize::MAX),
            others: Names::new(store, facets),
        }
    }

    /// The nodes of what must be there.
    pub(super) fn needed(&self) -> impl Iterator<Item = Arc<Node>> {
        let required = self.properties.iter().filter(|property| property.standing == Standing::Required);
        required.filter_map(|property| property.node.upgrade())
    }

    fn property(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl Property {
    fn new(store: &Store, facets: &Facets<'_>, name: String, required: &[String], owner: &str) -> Self {
        let node = store.node(property(&store.schemas, facets, &name));
        let standing = if required.contains(&name) {
            Standing::Required
        } else if node.is_hidden || forbids(facets, &name) {
            Standing::LeftOut
        } else {
            Standing::Optional
        };
        let tags = tags(store, facets, &name);
        Self { hash: luck::fnv(&name), hint: Hint::of(&name, owner), node: Arc::downgrade(&node), standing, tags, name }
    }

    /// The value of the property at its place in the object that is made.
    fn make(&self, run: &Run<'_>, above: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
        let place = above.property(&self.name, self.hash, self.hint);
        let Some(node) = self.node.upgrade() else { return place.fail("the schema is gone") };
        let liked = like.filter(|like| self.tags.contains(like));
        if let Some(tag) = liked.or_else(|| self.tag(run, &place)) {
            return Ok(tag.clone());
        }
        run.value(&node, &place, like)
    }

    fn tag(&self, run: &Run<'_>, place: &Place<'_>) -> Option<&Value> {
        let node = self.node.upgrade()?;
        let fitting: Vec<&Value> = self.tags.iter().filter(|tag| node.accepts(run.store, tag)).collect();
        let position = match run.shape {
            Shape::Minimal | Shape::Full => 0,
            Shape::Random(_) | Shape::Lifelike(_) => run.luck(place, "tag").random_range(0..fitting.len().max(1)),
        };
        fitting.get(position).copied()
    }

    fn is_included(&self, run: &Run<'_>, above: &Place<'_>) -> bool {
        let place = above.property(&self.name, self.hash, self.hint);
        self.node.upgrade().is_some_and(|node| run.includes(&place, &node.leads))
    }
}

/// An object with what is required, and of the rest what the shape asks for.
pub(super) fn object(run: &Run<'_>, members: &Members, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let mut made = Map::with_capacity(members.properties.len());
    let mut left = Vec::new();
    for property in &members.properties {
        match property.standing {
            Standing::LeftOut => continue,
            Standing::Optional if !property.is_included(run, place) => {
                left.push(property);
                continue;
            }
            Standing::Optional | Standing::Required => {}
        }
        match property.make(run, place, like.and_then(|like| like.get(&property.name))) {
            Ok(value) => _ = made.insert(property.name.clone(), value),
            Err(problem) if property.standing == Standing::Required => return Err(problem),
            Err(_) => {}
        }
    }
    depend(run, members, place, &mut made)?;
    fill(run, members, place, &left, &mut made)?;
    Ok(Value::Object(made))
}

/// The properties that `dependentRequired` adds to those that are there.
fn depend(run: &Run<'_>, members: &Members, place: &Place<'_>, made: &mut Map<String, Value>) -> Result<(), Unsatisfiable> {
    // What is added may need more in turn, one link of the chain each time.
    for _ in 0..=members.depends.len() {
        let here = made.len();
        for (name, needed) in members.depends.iter().filter(|(_, needed)| !needed.is_empty()) {
            for missing in needed {
                if made.contains_key(name) && !made.contains_key(missing) {
                    made.insert(missing.clone(), member(run, members, place, missing)?);
                }
            }
        }
        if made.len() == here {
            break;
        }
    }
    Ok(())
}

/// More properties until `minProperties` is met: declared ones first, then made-up ones; fewer for `maxProperties`.
fn fill(
    run: &Run<'_>,
    members: &Members,
    place: &Place<'_>,
    left: &[&Property],
    made: &mut Map<String, Value>,
) -> Result<(), Unsatisfiable> {
    for property in left {
        if made.len() >= members.least {
            break;
        }
        if let Ok(value) = property.make(run, place, None) {
            made.insert(property.name.clone(), value);
        }
    }
    let wanted = members.least.max(if members.properties.is_empty() { members.others.usual(run, place) } else { 0 }).min(members.most);
    names::fill(run, &members.others, place, wanted, made);
    let is_required = |name: &str| members.property(name).is_some_and(|property| property.standing == Standing::Required);
    let surplus: Vec<String> =
        made.keys().rev().filter(|name| !is_required(name)).take(made.len().saturating_sub(members.most)).cloned().collect();
    for name in surplus {
        made.shift_remove(&name);
    }
    if made.len() < members.least { place.fail("too few properties can be made") } else { Ok(()) }
}

fn member(run: &Run<'_>, members: &Members, place: &Place<'_>, name: &str) -> Result<Value, Unsatisfiable> {
    match members.property(name) {
        Some(property) => property.make(run, place, None),
        None => members.others.make(run, place, name),
    }
}

/// The values of a property by which a discriminator names the components that these schemas are; all of its
/// values when it names none of them.
fn tags(store: &Store, facets: &Facets<'_>, name: &str) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for discriminator in facets.all("discriminator") {
        if discriminator.get("propertyName").and_then(Value::as_str) != Some(name) {
            continue;
        }
        let mapping: Vec<(&String, Option<SchemaId>)> = discriminator
            .get("mapping")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(value, target)| (value, target.as_str().and_then(|target| store.schemas.target(target))))
            .collect();
        let is_meant = |target: &Option<SchemaId>| facets.parts.iter().any(|(id, _)| Some(id) == target.as_ref());
        let has_meant = mapping.iter().any(|(_, target)| is_meant(target));
        let values = mapping.iter().filter(|(_, target)| !has_meant || is_meant(target)).map(|(value, _)| Value::from(value.as_str()));
        found.extend(values);
    }
    found
}

/// The names that must be there and travel in this direction.
pub(super) fn required(store: &Store, facets: &Facets<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in facets.all("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str) {
        let hidden = || property(&store.schemas, facets, name).iter().any(|id| store.is_hidden(id));
        if !names.iter().any(|known| known == name) && !hidden() {
            names.push(name.to_owned());
        }
    }
    names
}

/// The names under `properties`, in the order written.
fn declared(schemas: &Schemas, facets: &Facets<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (id, _) in &facets.parts {
        for name in schemas.get(id).get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name) {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
    }
    names
}

/// The schemas that a property must meet.
pub(super) fn property(schemas: &Schemas, facets: &Facets<'_>, name: &str) -> Vec<SchemaId> {
    let mut found = Vec::new();
    for (id, value) in &facets.parts {
        let own = schemas.below(id, &["properties", name]);
        let patterns: Vec<SchemaId> =
            patterns(value, name).filter_map(|pattern| schemas.below(id, &["patternProperties", pattern])).collect();
        if own.is_none() && patterns.is_empty() {
            found.extend(schemas.below(id, &["additionalProperties"]));
        }
        found.extend(own);
        found.extend(patterns);
    }
    found
}

/// Whether a schema has the name nowhere and allows no others.
pub(super) fn forbids(facets: &Facets<'_>, name: &str) -> bool {
    let declares = |value: &Value| {
        value.get("properties").is_some_and(|properties| properties.get(name).is_some()) || patterns(value, name).next().is_some()
    };
    let closes = |value: &Value, keyword: &str| value.get(keyword) == Some(&Value::Bool(false));
    let evaluated = || facets.parts.iter().any(|(_, value)| declares(value) || value.get("additionalProperties").is_some());
    facets.parts.iter().any(|(_, value)| {
        closes(value, "additionalProperties") && !declares(value) || closes(value, "unevaluatedProperties") && !evaluated()
    })
}

fn patterns<'v>(schema: &'v Value, name: &'v str) -> impl Iterator<Item = &'v str> {
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    patterns.into_iter().flatten().map(|(pattern, _)| pattern.as_str()).filter(move |pattern| text::matches(pattern, name))
}
