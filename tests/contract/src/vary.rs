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

/// The body with a number in the texts of its items that may be any, the property left out that a case is about.
pub(crate) fn body_of(suite: &Suite, operation: &Operation, body: &Value, number: u64, but: Option<&str>) -> Value {
    let mut varied = body.clone();
    let Some((role, item)) = operation.role.as_ref().zip(suite.sent(operation)) else { return varied };
    let is_named = |place: &str| {
        let places = role.parents.iter().map(|(_, place)| place).chain(&role.key);
        places.into_iter().any(|known| *known == Place::Body(place.to_owned()))
    };
    let count = role.batch.as_ref().and_then(|batch| body.pointer(batch)?.as_array()).map(Vec::len);
    let inputs: Vec<String> = match (&role.batch, count) {
        (Some(batch), Some(count)) => (0..count).map(|position| specs::pointer::index(batch, position)).collect(),
        _ => vec![role.input.clone()],
    };
    for (path, property) in suite.properties(&role.resource, &item) {
        let name = path.rsplit('/').next().unwrap_or_default();
        if but == Some(path.as_str()) || is_reference(name) {
            continue;
        }
        for place in inputs.iter().map(|input| format!("{input}{}", suite.place(&role.resource, &path))).filter(|place| !is_named(place)) {
            if let Some(value) = varied.pointer_mut(&place)
                && let Some(other) = other(suite, &property, value, number)
            {
                *value = other;
            }
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
