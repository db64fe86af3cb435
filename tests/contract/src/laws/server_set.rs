//! What the server sets is not set by a request: what tries it is refused, or the value is ignored.

use serde_json::{Value, json};
use specs::{
    api::{Direction, Operation, SchemaId},
    resources::Action,
};

use super::{
    same::{brief, kept, place},
    sight::Sight,
    updated,
};
use crate::{
    case::{BodyOf, Failure, Unsettable, Wanted},
    suite::key_in,
    unlike::unlike,
    vary,
    world::{Made, Step, Stop, World, blocked, fail, role, skip},
};

/// A moment that no server has now.
const LONG_AGO: &str = "2001-02-03T04:05:06Z";

/// A property that only the server sets is not taken from a request.
pub(super) async fn not_taken(world: &World<'_>, change: &Operation, law: &Unsettable) -> Step<()> {
    match role(change)?.action {
        Action::Create => by_creation(world, change, law).await,
        _ => by_change(world, change, law).await,
    }
}

async fn by_creation(world: &World<'_>, create: &Operation, law: &Unsettable) -> Step<()> {
    let suite = world.suite;
    let resource = &role(create)?.resource;
    let usual = world.make(create, &Wanted::default()).await?;
    let known = see(world, resource, &usual, &law.property).await?;
    let Some(value) = another(world, resource, &law.property, key_in(&known, &law.property)) else { return no_value(law) };
    let body = suite.smallest(create).unwrap_or_default();
    let body = vary::body_of(suite, create, &body, world.next_number(), None);
    let body = suite.with(create, body, &law.property, &value);
    let about = suite.place_sent(create, &law.property).into_iter().collect();
    let made = match world.try_make(create, &Wanted { body: BodyOf::Exactly(body), about, ..Wanted::default() }).await? {
        Ok(made) => made,
        Err(400..500) => return Ok(()),
        Err(status) => return fail(Failure::no_success(status, &format!("a creation with `{}` was answered", law.property))),
    };
    if made.shown.as_ref().is_some_and(|shown| is_taken(shown, law, &value)) {
        return taken(law, &value);
    }
    let seen = see(world, resource, &made, &law.property).await?;
    if is_taken(&seen, law, &value) { taken(law, &value) } else { Ok(()) }
}

async fn by_change(world: &World<'_>, update: &Operation, law: &Unsettable) -> Step<()> {
    let resource = &role(update)?.resource;
    let made = updated::item(world, update).await?;
    let before = see(world, resource, &made, &law.property).await?;
    let Some(value) = another(world, resource, &law.property, key_in(&before, &law.property)) else { return no_value(law) };
    let body = world.suite.with(update, updated::base(world, update, &made), &law.property, &value);
    let response = world.call(update, &Wanted { body: BodyOf::Exactly(body), ..made.wanted() }).await?;
    match response.status {
        400..500 => return Ok(()),
        _ if response.is_success() => {}
        status => return fail(Failure::no_success(status, &format!("a change with `{}` was answered", law.property))),
    }
    let shown = role(update)?.item.as_ref().and_then(|pointer| response.json()?.pointer(pointer).cloned());
    if shown.is_some_and(|shown| is_taken(&shown, law, &value)) {
        return taken(law, &value);
    }
    match see(world, resource, &made, &law.property).await {
        Ok(after) if is_taken(&after, law, &value) => taken(law, &value),
        Err(Stop::Blocked(_)) if world.suite.key(resource) == law.property => {
            let what = format!("{} is gone after a change that sent {} as its `{}`", brief(&made.key), brief(&value), law.property);
            let failure = Failure::at(place(&law.property), brief(&made.key), "nothing", what);
            if law.is_marked { fail(failure) } else { Err(Stop::New(failure)) }
        }
        seen => seen.map(|_| ()),
    }
}

fn is_taken(item: &Value, law: &Unsettable, value: &Value) -> bool {
    key_in(item, &law.property).is_some_and(|seen| kept(value, seen))
}

fn taken<T>(law: &Unsettable, value: &Value) -> Step<T> {
    let (name, value) = (&law.property, brief(value));
    let what = format!("`{name}` was sent as {value} and taken, though the server sets it");
    let failure = Failure::at(place(name), "a value of the server's own", value, what);
    // Where the document does not forbid it, the server does more than it says.
    if law.is_marked { fail(failure) } else { Err(Stop::New(failure)) }
}

fn no_value<T>(law: &Unsettable) -> Step<T> {
    skip(format!("no value is known that `{}` does not have anyway", law.property))
}

async fn see(world: &World<'_>, resource: &str, made: &Made, path: &str) -> Step<Value> {
    let sight = Sight::of(world, resource, made, path);
    match sight.see(world, made).await? {
        Some(item) => Ok(item),
        None => match &made.shown {
            Some(shown) if made.shown.as_ref().is_some_and(|shown| key_in(shown, path).is_some()) => Ok(shown.clone()),
            _ => blocked(format!("{} is not to be seen", brief(&made.key))),
        },
    }
}

/// A valid value that the property does not have.
fn another(world: &World<'_>, resource: &str, path: &str, known: Option<&Value>) -> Option<Value> {
    let suite = world.suite;
    let item = suite.resource(resource)?.schema.as_ref()?;
    let schema = suite.part(item, path)?;
    let is_valid = |value: &Value| {
        let valid = suite.validators.get(&schema, Direction::Response).is_ok_and(|validator| validator.is_valid(value));
        valid && !value.is_null() && known != Some(value)
    };
    if path == suite.key(resource) {
        return known.map(|known| unlike(suite, Some(&schema), known)).filter(|value| Some(value) != known);
    }
    let made_up = match known {
        Some(Value::Bool(known)) => Some(json!(!known)),
        Some(Value::Number(known)) => known.as_i64().map(|known| json!(known + 4_711)),
        _ => None,
    };
    let moment = is_moment(world, &schema).then(|| json!(LONG_AGO));
    let listed = suite.api.schemas.resolve(&schema).1.get("enum").and_then(Value::as_array).into_iter().flatten().cloned();
    let sampled = (0..20).filter_map(|number| suite.sampler(Direction::Response).random(&schema, number).ok());
    made_up.into_iter().chain(moment).chain(listed).chain(sampled).find(is_valid)
}

fn is_moment(world: &World<'_>, schema: &SchemaId) -> bool {
    world.suite.api.schemas.resolve(schema).1.get("format").is_some_and(|format| format == "date-time")
}
