//! Bodies of several items that are not the same: a server may want a name, or an address, to be there once.

use serde_json::Value;
use specs::{
    api::{Direction, Operation, SchemaId},
    resources::Place,
};

use crate::{
    draft::Draft,
    suite::{Suite, is_reference},
    world::{Step, World},
};

/// Makes the body of a draft one of its own, the `number`th.
pub(crate) fn draft(world: &World<'_>, operation: &Operation, draft: &mut Draft, number: u64) -> Step<()> {
    let Some(body) = draft.body.as_ref() else { return Ok(()) };
    let varied = body_of(world.suite, operation, body, number, None);
    if varied == *body {
        return Ok(());
    }
    draft.body = Some(varied);
    draft.write(world, operation)
}

/// Leaves one item in a body that may make several.
pub(crate) fn single(world: &World<'_>, operation: &Operation, draft: &mut Draft) -> Step<()> {
    let batch = operation.role.as_ref().and_then(|role| role.batch.as_ref());
    let (Some(batch), Some(body)) = (batch, &draft.body) else { return Ok(()) };
    let mut cut = body.clone();
    let Some(items) = cut.pointer_mut(batch).and_then(Value::as_array_mut).filter(|items| items.len() > 1) else { return Ok(()) };
    items.truncate(1);
    let schema = world.suite.body(operation).and_then(|(_, schema, _)| schema);
    let valid = |schema: &SchemaId| world.suite.validators.get(schema, Direction::Request).is_ok_and(|known| known.is_valid(&cut));
    if !schema.is_none_or(valid) {
        return Ok(());
    }
    draft.body = Some(cut);
    draft.write(world, operation)
}

/// The body with a number in the texts of its item that may be any, the property left out that a case is about.
pub(crate) fn body_of(suite: &Suite, operation: &Operation, body: &Value, number: u64, but: Option<&str>) -> Value {
    let mut varied = body.clone();
    let Some(input) = suite.input(operation) else { return varied };
    let Some((_, Some(schema), _)) = suite.body(operation) else { return varied };
    let Some(item) = suite.schema_at(schema, &input) else { return varied };
    let role = operation.role.as_ref();
    let is_parent = |place: &str| {
        let places = role.into_iter().flat_map(|role| role.parents.iter().map(|(_, place)| place).chain(&role.key));
        places.into_iter().any(|known| *known == Place::Body(place.to_owned()))
    };
    for (name, property) in suite.api.schemas.properties(&item) {
        let place = specs::pointer::join(&input, &name);
        if but == Some(name.as_str()) || is_parent(&place) || is_reference(&name) {
            continue;
        }
        if let Some(value) = varied.pointer_mut(&place)
            && let Some(other) = other(suite, &property, value, number)
        {
            *value = other;
        }
    }
    varied
}

/// Another text of the same kind; none where the text has a meaning that a number would change.
fn other(suite: &Suite, schema: &SchemaId, value: &Value, number: u64) -> Option<Value> {
    let text = value.as_str()?;
    let resolved = suite.api.schemas.resolve(schema).1;
    let says = |keyword: &str| resolved.get(keyword).is_some();
    let is_email = resolved.get("format").is_some_and(|format| format == "email");
    if ["enum", "const", "pattern", "contentMediaType", "contentEncoding"].into_iter().any(says) || says("format") && !is_email {
        return None;
    }
    if text.is_empty() || text.starts_with('<') || text.starts_with(|first: char| first.is_ascii_digit()) || text.contains("://") {
        return None;
    }
    let varied = match text.split_once('@') {
        Some((name, host)) => format!("{name}{number}@{host}"),
        None => format!("{text} {number}"),
    };
    let varied = Value::String(varied);
    suite.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(&varied)).then_some(varied)
}
