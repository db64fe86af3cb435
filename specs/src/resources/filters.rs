//! Which query parameters choose items, by their names: `status`, `site_id__in`, `created_at[gte]`, `min_price`.

use super::{Aspect, Comparison, Filter, Inference, Resource, paging, sorting, words};
use crate::{
    api::{Location, Operation, Parameter, SchemaId, Schemas},
    pointer,
};

/// What follows a property's name, with what it compares.
const ENDINGS: &[(&str, Comparison)] = &[
    ("__in", Comparison::In),
    ("__gte", Comparison::GreaterOrEqual),
    ("__gt", Comparison::Greater),
    ("__lte", Comparison::LessOrEqual),
    ("__lt", Comparison::Less),
    ("__icontains", Comparison::Contains),
    ("__contains", Comparison::Contains),
    ("__exact", Comparison::Equal),
    ("__eq", Comparison::Equal),
    ("[in]", Comparison::In),
    ("[gte]", Comparison::GreaterOrEqual),
    ("[gt]", Comparison::Greater),
    ("[lte]", Comparison::LessOrEqual),
    ("[lt]", Comparison::Less),
    ("[contains]", Comparison::Contains),
    ("[like]", Comparison::Contains),
    ("[eq]", Comparison::Equal),
    (".in", Comparison::In),
    (".gte", Comparison::GreaterOrEqual),
    (".gt", Comparison::Greater),
    (".lte", Comparison::LessOrEqual),
    (".lt", Comparison::Less),
    ("_gte", Comparison::GreaterOrEqual),
    ("_gt", Comparison::Greater),
    ("_lte", Comparison::LessOrEqual),
    ("_lt", Comparison::Less),
    ("_from", Comparison::GreaterOrEqual),
    ("_since", Comparison::GreaterOrEqual),
    ("_after", Comparison::Greater),
    ("_min", Comparison::GreaterOrEqual),
    ("_until", Comparison::LessOrEqual),
    ("_to", Comparison::LessOrEqual),
    ("_before", Comparison::Less),
    ("_max", Comparison::LessOrEqual),
    ("_contains", Comparison::Contains),
    ("_like", Comparison::Contains),
    ("From", Comparison::GreaterOrEqual),
    ("Since", Comparison::GreaterOrEqual),
    ("After", Comparison::Greater),
    ("Min", Comparison::GreaterOrEqual),
    ("Until", Comparison::LessOrEqual),
    ("To", Comparison::LessOrEqual),
    ("Before", Comparison::Less),
    ("Max", Comparison::LessOrEqual),
    ("Contains", Comparison::Contains),
];

/// What goes before a property's name, with what it compares.
const BEGINNINGS: &[(&str, Comparison)] = &[
    ("min_", Comparison::GreaterOrEqual),
    ("max_", Comparison::LessOrEqual),
    ("min", Comparison::GreaterOrEqual),
    ("max", Comparison::LessOrEqual),
];

/// Parameters that choose the properties to return.
const FIELDS: &[&str] = &["fields", "select", "only"];

/// Parameters that look for words anywhere in an item.
const WORDS: &[&str] = &["q", "query", "search", "searchterm", "searchtext", "searchquery", "term", "keyword", "keywords"];

/// Members of a body that hold what items are chosen by.
const GROUPS: &[&str] = &["filter", "filters", "where", "criteria", "conditions"];

/// The filters of a list, by parameter names.
pub(super) fn infer(schemas: &Schemas, operation: &Operation, resource: &Resource, why: &mut Vec<Inference>) -> Vec<Filter> {
    let properties = properties(schemas, resource);
    let mut found = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Query) {
        let is_ordering = sorting::is_sorting(&parameter.name) && scalar(schemas, &properties, &parameter.name).is_none();
        if paging::is_paging(&parameter.name) || is_ordering || FIELDS.contains(&words::plain(&parameter.name).as_str()) {
            continue;
        }
        let by_parent = || resource.parents.iter().find(|parent| words::same(&parent.property, &parameter.name));
        let hidden = || by_parent().map(|parent| (parent.property.clone(), equality(schemas, parameter)));
        if let Some(texts) = texts(schemas, parameter, &properties, resource) {
            why.push(Inference::new(Aspect::Filters, format!("{} looks at {}", parameter.name, texts.join(" or ")), "its name"));
            found.push(Filter { parameter: parameter.name.clone(), properties: texts, comparison: Comparison::Contains });
            continue;
        }
        let Some((property, comparison)) = filter(schemas, parameter, &properties, &resource.key).or_else(hidden) else { continue };
        why.push(Inference::new(Aspect::Filters, format!("{} looks at {property}", parameter.name), "its name"));
        found.push(Filter { parameter: parameter.name.clone(), properties: vec![property], comparison });
    }
    found
}

/// What a body asks of items, by the names of its members.
pub(super) fn of_body(schemas: &Schemas, body: &SchemaId, resource: &Resource) -> Vec<(String, Vec<String>, Comparison)> {
    let properties = properties(schemas, resource);
    let members = schemas.properties(body);
    let grouped = members.iter().filter(|(name, _)| GROUPS.contains(&name.as_str()));
    let grouped = grouped.flat_map(|(group, schema)| {
        let inner = schemas.properties(schema).into_iter();
        inner.map(|(name, schema)| (pointer::join(&pointer::join("", group), &name), name, schema)).collect::<Vec<_>>()
    });
    let own = members.iter().map(|(name, schema)| (pointer::join("", name), name.clone(), schema.clone()));
    let mut found = Vec::new();
    for (place, name, schema) in own.chain(grouped) {
        if WORDS.contains(&words::plain(&name).as_str()) && schemas.admits(&schema, "string") {
            found.push((place, free_texts(schemas, &properties, &resource.key), Comparison::Contains));
        } else if let Some(property) = scalar(schemas, &properties, &name).filter(|_| !paging::is_paging(&name)) {
            let is_list = schemas.items(&schema).is_some();
            found.push((place, vec![property], if is_list { Comparison::In } else { Comparison::Equal }));
        }
    }
    found.retain(|(_, properties, _)| !properties.is_empty());
    found
}

/// The properties of an item, and those that one of them holds by their path: `attributes/title`.
fn properties(schemas: &Schemas, resource: &Resource) -> Vec<(String, SchemaId)> {
    let Some(schema) = &resource.schema else { return Vec::new() };
    let mut found = schemas.properties(schema);
    if let Some(inner) = &resource.inner {
        let below = found.iter().find(|(name, _)| name == inner).map(|(_, schema)| schemas.properties(schema)).unwrap_or_default();
        found.extend(below.into_iter().map(|(name, schema)| (format!("{inner}/{name}"), schema)));
    }
    found
}

/// The properties that a parameter for words looks at; `None` when it is another one, or the name of a property.
fn texts(schemas: &Schemas, parameter: &Parameter, properties: &[(String, SchemaId)], resource: &Resource) -> Option<Vec<String>> {
    let is_text = parameter.schema.as_ref().is_none_or(|schema| schemas.admits(schema, "string"));
    let is_words = WORDS.contains(&words::plain(&parameter.name).as_str()) && is_text;
    let found =
        (is_words && scalar(schemas, properties, &parameter.name).is_none()).then(|| free_texts(schemas, properties, &resource.key));
    found.filter(|found| !found.is_empty())
}

/// The properties that hold words: text without a format, and not one of a few values.
fn free_texts(schemas: &Schemas, properties: &[(String, SchemaId)], key: &str) -> Vec<String> {
    let is_free = |(name, schema): &&(String, SchemaId)| {
        let value = schemas.resolve(schema).1;
        let is_bare = ["format", "enum", "const"].iter().all(|keyword| value.get(keyword).is_none());
        *name != key && is_bare && words::referred(name).is_none() && schemas.types(schema).iter().any(|kind| kind == "string")
    };
    properties.iter().filter(is_free).map(|(name, _)| name.clone()).collect()
}

/// The parameter that chooses the properties to return.
pub(super) fn fields(schemas: &Schemas, operation: &Operation) -> Option<String> {
    let mut query = operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
    let fits = |schema: &SchemaId| schemas.admits(schema, "string") || schemas.admits(schema, "array");
    query
        .find(|parameter| FIELDS.contains(&words::plain(&parameter.name).as_str()) && parameter.schema.as_ref().is_none_or(fits))
        .map(|parameter| parameter.name.clone())
}

fn filter(schemas: &Schemas, parameter: &Parameter, properties: &[(String, SchemaId)], key: &str) -> Option<(String, Comparison)> {
    let name = parameter.name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')).unwrap_or(&parameter.name);
    let scalar = |wanted: &str| scalar(schemas, properties, wanted);
    if let Some(property) = scalar(name) {
        return Some((property, equality(schemas, parameter)));
    }
    if let Some(several) = name.strip_suffix('s') {
        let property = if words::same(several, "id") { scalar(key) } else { words::referred(several).and_then(|_| scalar(several)) };
        if let Some(property) = property {
            return Some((property, Comparison::In));
        }
    }
    let by_ending = ENDINGS.iter().find_map(|(ending, comparison)| Some((name.strip_suffix(ending)?, *comparison)));
    let by_beginning = || BEGINNINGS.iter().find_map(|(beginning, comparison)| Some((name.strip_prefix(beginning)?, *comparison)));
    let (base, comparison) = by_ending.or_else(by_beginning)?;
    let property = scalar(base).or_else(|| {
        matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual | Comparison::Less | Comparison::LessOrEqual)
            .then(|| moment(&scalar, base))
            .flatten()
    })?;
    Some((property, comparison))
}

/// A parameter that takes a list means any of its values.
fn equality(schemas: &Schemas, parameter: &Parameter) -> Comparison {
    let is_list = parameter.schema.as_ref().is_some_and(|schema| schemas.types(schema).iter().any(|kind| kind == "array"));
    if is_list { Comparison::In } else { Comparison::Equal }
}

/// The property with this name, when it holds a single value.
fn scalar(schemas: &Schemas, properties: &[(String, SchemaId)], wanted: &str) -> Option<String> {
    let exact = properties.iter().find(|(name, _)| name == wanted);
    let bare = |name: &str| name.rsplit_once('/').map_or_else(|| name.to_owned(), |(_, bare)| bare.to_owned());
    let alike = || properties.iter().find(|(name, _)| words::same(name, wanted) || words::same(&bare(name), wanted));
    let (name, schema) = exact.or_else(alike)?;
    let types = schemas.types(schema);
    let is_single = !types.iter().any(|kind| kind == "array" || kind == "object") && schemas.properties(schema).is_empty();
    is_single.then(|| name.clone())
}

/// The property that tells when something happened: `created_at` and `date_created` for `created`.
fn moment(scalar: &dyn Fn(&str) -> Option<String>, base: &str) -> Option<String> {
    ["at", "on", "date", "time"].iter().find_map(|ending| scalar(&format!("{base}{ending}"))).or_else(|| scalar(&format!("date{base}")))
}
