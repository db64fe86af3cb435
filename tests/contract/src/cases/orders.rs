//! Laws of the order of lists: that which a list has anyway, where the document says so, and those it is asked for.

use serde_json::Value;
use specs::{
    api::{Direction, Location, Operation, Parameter, SchemaId},
    resources::{Aspect, DECLARED, Order, Place, Role, Sort},
};

use super::{Sheet, changes::law, words};
use crate::{
    case::{Law, Sorted, SortedBy},
    moment::{Stamp, stamp},
    rule,
};

/// Words that name the time of creation, whatever the property is called, with whether the newest comes first.
const AGES: [(&str, bool); 4] = [("newest", true), ("latest", true), ("recent", true), ("oldest", false)];

pub(super) fn fill(sheet: &mut Sheet<'_>, role: &Role) {
    match usual(sheet, role) {
        Ok(sorted) => law(sheet, rule::ORDER, "", "has_its_documented_order", Law::Sorted(vec![sorted])),
        Err(reason) => sheet.none(rule::ORDER, "", reason),
    }
    let Some(sort) = &role.sort else { return sheet.none(rule::SORT, "", "no parameter sorts it") };
    let place = sort.by.clone().or_else(|| sort.direction.clone()).unwrap_or_default();
    let ways = ways(sheet, sort);
    if ways.is_empty() {
        return sheet.none(rule::SORT, &place, "nothing says by what it can be sorted");
    }
    for (property, ways) in ways {
        let place = format!("{place}={property}");
        match untold(sheet, role, &property) {
            Some(reason) => sheet.none(rule::SORT, &place, reason),
            None => law(sheet, rule::SORT, &place, &format!("sorts_by_{}", words(&format!("/{property}"))), Law::Sorted(ways)),
        }
    }
}

/// The order that a list has when nobody asks for one.
fn usual(sheet: &Sheet<'_>, role: &Role) -> Result<Sorted, &'static str> {
    let suite = sheet.suite;
    let operation = sheet.operation;
    let known = suite.resource(&role.resource);
    if suite.creating(role, None).is_none() {
        return Err("nothing creates what it lists");
    }
    // A default of the parameters that sort it is about this list; what is declared is about all lists of the resource.
    if let Some(sort) = &role.sort
        && let Some((name, descends)) = defaults(sheet, sort)
    {
        let by = property_named(sheet, &name).map(SortedBy::Property);
        let by = by.or_else(|| AGES.iter().any(|(word, _)| *word == name).then_some(SortedBy::Creation));
        return match (by, descends) {
            (None, _) => Err("nothing shows what it is sorted by"),
            (_, None) => Err("nothing says which way it is sorted"),
            (Some(by), descends) => Ok(Sorted { parameters: Vec::new(), by, descends }),
        };
    }
    let is_declared = known.is_some_and(|known| known.why.iter().any(|why| why.about == Aspect::Order && why.from == DECLARED));
    let Some(order) = known.map(|known| known.order).filter(|_| is_declared) else {
        return Err("the document does not say in which order");
    };
    let chooses = |name: &str| {
        let is_parent = role.parents.iter().any(|(_, place)| *place == Place::Query(name.to_owned()));
        is_parent || role.filters.iter().any(|filter| filter.parameter == name)
    };
    let mut needed = operation.parameters.iter().filter(|parameter| parameter.required && parameter.location == Location::Query);
    if needed.any(|parameter| !chooses(&parameter.name)) {
        return Err("what it must be asked for may sort it too");
    }
    Ok(Sorted { parameters: Vec::new(), by: SortedBy::Creation, descends: Some(order == Order::NewestFirst) })
}

/// What the defaults of the parameters that sort a list say: by what, and which way.
fn defaults(sheet: &Sheet<'_>, sort: &Sort) -> Option<(String, Option<bool>)> {
    let default = |name: &Option<String>| {
        let schema = parameter(sheet.operation, name.as_deref()?)?.schema.as_ref()?;
        sheet.suite.api.schemas.resolve(schema).1.get("default")?.as_str().map(str::to_owned)
    };
    let (name, own) = taken_apart(&default(&sort.by)?);
    let other = default(&sort.direction).and_then(|word| direction(&word));
    Some((name, own.or(other)))
}

fn parameter<'o>(operation: &'o Operation, name: &str) -> Option<&'o Parameter> {
    operation.parameters.iter().find(|known| known.location == Location::Query && known.name == name)
}

/// The ways to sort by each property.
fn ways(sheet: &Sheet<'_>, sort: &Sort) -> Vec<(String, Vec<Sorted>)> {
    let Some(by) = sort.by.as_deref().and_then(|name| parameter(sheet.operation, name)) else { return Vec::new() };
    let directions = sort.direction.as_deref().and_then(|name| parameter(sheet.operation, name)).map(|parameter| {
        let listed = listed(sheet, parameter);
        let words = if listed.is_empty() { vec!["asc".to_owned(), "desc".to_owned()] } else { listed };
        (parameter.name.clone(), words)
    });
    let mut found: Vec<(String, Vec<Sorted>)> = Vec::new();
    for value in tokens(sheet, by) {
        let (name, own) = taken_apart(&value);
        let Some(property) = property_named(sheet, &name) else { continue };
        let by_parameter = (Location::Query, by.name.clone(), Value::from(value));
        let sorted = |parameters, descends| Sorted { parameters, by: SortedBy::Property(property.clone()), descends };
        let ways: Vec<Sorted> = match (&directions, own) {
            (Some((name, words)), None) => words
                .iter()
                .map(|word| sorted(vec![by_parameter.clone(), (Location::Query, name.clone(), word.as_str().into())], direction(word)))
                .collect(),
            (_, own) => vec![sorted(vec![by_parameter], own)],
        };
        match found.iter_mut().find(|(known, _)| *known == property) {
            Some((_, known)) => known.extend(ways),
            None => found.push((property, ways)),
        }
    }
    // What stands beside its opposite is the other way.
    for (_, ways) in &mut found {
        if let [one, other] = &mut ways[..] {
            one.descends = one.descends.or(other.descends.map(|descends| !descends));
            other.descends = other.descends.or(one.descends.map(|descends| !descends));
        }
    }
    found
}

/// What a parameter can be: what its schema lists, else what the document shows or names.
fn tokens(sheet: &Sheet<'_>, parameter: &Parameter) -> Vec<String> {
    let listed = listed(sheet, parameter);
    if !listed.is_empty() {
        return listed;
    }
    let valid = |text: &String| {
        let schema = parameter.schema.as_ref();
        schema.is_none_or(|schema| {
            sheet.suite.validators.get(schema, Direction::Request).is_ok_and(|known| known.is_valid(&text.as_str().into()))
        })
    };
    let shown = parameter.examples.iter().filter_map(|example| example.value.as_str().map(str::to_owned));
    let named = parameter.description.split('`').skip(1).step_by(2).map(str::to_owned);
    let mut found: Vec<String> = Vec::new();
    for token in shown.chain(named).filter(|token| !token.contains(',')).filter(valid) {
        if !found.contains(&token) {
            found.push(token);
        }
    }
    found
}

fn listed(sheet: &Sheet<'_>, parameter: &Parameter) -> Vec<String> {
    let schemas = &sheet.suite.api.schemas;
    let listed = |schema: &SchemaId| schemas.resolve(schema).1.get("enum").and_then(Value::as_array).cloned();
    let own = parameter.schema.as_ref().and_then(listed).unwrap_or_default();
    own.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// The property of an item that a word of a parameter means.
fn property_named(sheet: &Sheet<'_>, word: &str) -> Option<String> {
    let role = sheet.operation.role.as_ref()?;
    let item = sheet.suite.item(sheet.operation).or_else(|| sheet.suite.resource(&role.resource)?.schema.clone())?;
    let plain = |name: &str| name.rsplit('/').next().unwrap_or_default().replace(['_', '-'], "").to_ascii_lowercase();
    let all = sheet.suite.properties(&role.resource, &item);
    let exact = all.iter().find(|(path, _)| path == word);
    exact.or_else(|| all.iter().find(|(path, _)| plain(path) == plain(word))).map(|(path, _)| path.clone())
}

/// Why the order of items by a property cannot be foretold.
fn untold(sheet: &Sheet<'_>, role: &Role, property: &str) -> Option<&'static str> {
    let suite = sheet.suite;
    let create = suite.creating(role, Some(property))?;
    let schemas = &suite.api.schemas;
    let sent = suite.sent(create).and_then(|item| suite.part(&item, property)).filter(|sent| !schemas.is_marked(sent, "readOnly"));
    let shown = suite.shown_property(sheet.operation, property)?;
    let has_order = |schema: &SchemaId| {
        let is_listed = schemas.resolve(schema).1.get("enum").is_some();
        let types = schemas.types(schema);
        !is_listed && types.iter().any(|kind| ["string", "number", "integer"].contains(&kind.as_str()))
    };
    match sent {
        Some(sent) if has_order(&sent) => None,
        Some(_) => Some("nobody can say which of its values comes first"),
        None if stamp(property) == Some(Stamp::Creation) => None,
        None if stamp(property) == Some(Stamp::Change) => None,
        None if has_order(&shown) && schemas.types(&shown).iter().any(|kind| kind == "integer" || kind == "number") => None,
        None => Some("no request sets it, so that what it will be is not known"),
    }
}

/// A name, and whether the greatest comes first, where the text says: `-made_on`, `name:desc`, `made_on_desc`.
fn taken_apart(token: &str) -> (String, Option<bool>) {
    let token = token.trim();
    if let Some(name) = token.strip_prefix('-') {
        return (name.to_owned(), Some(true));
    }
    if let Some(name) = token.strip_prefix('+') {
        return (name.to_owned(), Some(false));
    }
    if let Some((word, newest)) = AGES.iter().find(|(word, _)| token.eq_ignore_ascii_case(word)) {
        return ((*word).to_owned(), Some(*newest));
    }
    let split = [' ', ':', '|', '.', '_', '-', ','].into_iter().find_map(|mark| {
        let (name, word) = token.rsplit_once(mark)?;
        Some((name.trim().to_owned(), direction(word)?))
    });
    split.map_or_else(|| (token.to_owned(), None), |(name, descends)| (name, Some(descends)))
}

fn direction(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "desc" | "descending" => Some(true),
        "asc" | "ascending" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::taken_apart;

    #[test]
    fn a_way_to_sort_is_a_name_and_a_direction() {
        let check = |token: &str, name: &str, descends: Option<bool>| {
            assert_eq!(taken_apart(token), (name.to_owned(), descends), "{token}");
        };
        check("-made_on", "made_on", Some(true));
        check("+made_on", "made_on", Some(false));
        check("made_on", "made_on", None);
        check("name desc", "name", Some(true));
        check("name:asc", "name", Some(false));
        check("made_on_desc", "made_on", Some(true));
        check("Newest", "newest", Some(true));
    }
}
