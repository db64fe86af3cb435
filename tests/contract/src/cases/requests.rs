//! Requests that are valid as a whole.

use serde_json::Value;
use specs::{
    api::{Direction, Location, MediaType, Operation, SchemaId, Schemas},
    resources::{Action, Place},
};

use super::Sheet;
use crate::{
    case::{BodyOf, Edit, Items, Kind, Wanted},
    rule, shown,
    suite::Suite,
    wire,
};

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    shown(sheet);
    examples(sheet);
    let Some(bodies) = sheet.suite.bodies(sheet.operation) else {
        let reason = if sheet.operation.body.is_some() { "no valid body was found" } else { "it takes no body" };
        sheet.none_of(&[rule::MINIMAL, rule::FULL, rule::MEDIA_TYPE], reason);
        return;
    };
    let main = bodies.media;
    let (minimal, full) = (bodies.minimal.clone(), bodies.full.clone());
    accept(
        sheet,
        rule::MINIMAL,
        "accepts_the_minimal_body",
        "a body with only what is required",
        Wanted { body: BodyOf::Minimal, ..Wanted::default() },
    );
    media_types(sheet, main);
    if minimal == full {
        sheet.none(rule::FULL, "", "it is the minimal body");
    } else {
        accept(sheet, rule::FULL, "accepts_the_full_body", "a body with every property", Wanted::default());
    }
}

fn accept(sheet: &mut Sheet<'_>, rule: rule::Rule, name: &str, what: &str, wanted: Wanted) {
    let sentence = format!("`{}` accepts {what}", sheet.operation.id);
    sheet.case(rule, "", name, sentence, Kind::Accept(wanted, vec![Edit::Nothing]));
}

/// A body in each media type; JSON also with the charset that many clients name.
fn media_types(sheet: &mut Sheet<'_>, main: usize) {
    for (position, media) in sheet.operation.body.iter().flat_map(|body| body.content.iter().enumerate()) {
        let (name, edit) = match wire::kind(media) {
            wire::Kind::Json => {
                (format!("{} with a charset", media.essence()), Edit::ContentType(format!("{}; charset=utf-8", media.essence())))
            }
            _ => (media.essence().to_owned(), Edit::Nothing),
        };
        if media.essence() == "application/json-patch+json" {
            sheet.none(rule::MEDIA_TYPE, &media.name, "what operations do depends on the item");
            continue;
        }
        let body = if position == main { Some(BodyOf::Full) } else { sampled(sheet, media).map(BodyOf::Exactly) };
        let Some(body) = body else {
            sheet.none(rule::MEDIA_TYPE, &media.name, "no valid body was found");
            continue;
        };
        let sentence = format!("`{}` accepts a body of `{name}`", sheet.operation.id);
        let kind = Kind::Accept(Wanted { body, media: Some(position), ..Wanted::default() }, vec![edit]);
        sheet.case(rule::MEDIA_TYPE, &media.name, &format!("accepts_{}", name.replace(['*', ' '], "_")), sentence, kind);
    }
}

/// A valid body; for a form without objects, which nobody writes into one in the same way.
fn sampled(sheet: &Sheet<'_>, media: &MediaType) -> Option<Value> {
    let schema = media.schema.as_ref()?;
    let mut body = sheet.suite.sampler(Direction::Request).full(schema).ok()?;
    let is_nested = |value: &Value| value.is_object() || value.as_array().is_some_and(|elements| elements.iter().any(Value::is_object));
    if wire::kind(media) == wire::Kind::Form {
        body.as_object_mut()?.retain(|_, value| !is_nested(value));
    }
    sheet.suite.validators.get(schema, Direction::Request).is_ok_and(|validator| validator.is_valid(&body)).then_some(body)
}

/// What the document shows, held against its own schemas.
fn shown(sheet: &mut Sheet<'_>) {
    if shown::examples(sheet.operation).next().is_none() {
        return sheet.none(rule::SHOWN, "", "the document shows no body and no header");
    }
    let sentence = format!("the examples of `{}` are as the document declares them", sheet.operation.id);
    sheet.case(rule::SHOWN, "", "shows_what_it_declares", sentence, Kind::Shown);
}

/// Each body that the document shows, with the parameters that it shows.
fn examples(sheet: &mut Sheet<'_>) {
    let operation = sheet.operation;
    let hidden = operation
        .parameters
        .iter()
        .find(|known| known.location == Location::Path && known.examples.is_empty() && !is_seeded(sheet, &known.name));
    if let Some(hidden) = hidden {
        return sheet.none(rule::EXAMPLE, "", format!("the document shows no `{}`", hidden.name));
    }
    // What is deleted is always of the case's own making.
    let deletes = operation.role.as_ref().is_some_and(|role| role.action == Action::Delete);
    let shown = if deletes {
        Wanted::default()
    } else {
        Wanted { items: Items::Documented, parameters: shown_parameters(operation), ..Wanted::default() }
    };
    let mut count = 0;
    for (media, content) in operation.body.iter().flat_map(|body| body.content.iter().enumerate()) {
        for example in &content.examples {
            count += 1;
            let (name, what) = match example.name.as_str() {
                "" => (String::new(), "the documented example".to_owned()),
                name => (format!("_{name}"), format!("the documented example `{name}`")),
            };
            match sendable(sheet.suite, content, &example.value) {
                Ok(body) => {
                    let wanted = Wanted { body: BodyOf::Verbatim(body), media: Some(media), ..shown.clone() };
                    accept(sheet, rule::EXAMPLE, &format!("accepts_the_documented_example{name}"), &what, wanted);
                }
                Err(reason) => sheet.none(rule::EXAMPLE, &example.pointer, reason),
            }
        }
    }
    if count > 0 {
        return;
    }
    match &operation.body {
        Some(_) => sheet.none(rule::EXAMPLE, "", "the document shows no body"),
        None => accept(sheet, rule::EXAMPLE, "accepts_the_documented_example", "the parameters that the document shows", shown),
    }
}

/// An example as a client would send it, without what is `readOnly`, which a server may ignore or refuse; or why no
/// server need accept it.
pub(crate) fn sendable(suite: &Suite, media: &MediaType, example: &Value) -> Result<Value, String> {
    let Some(schema) = media.schema.as_ref().filter(|_| media.is_json()) else { return Ok(example.clone()) };
    let mut sent = example.clone();
    hide(&suite.api.schemas, schema, &mut sent);
    let validator = suite.validators.get(schema, Direction::Request)?;
    match validator.violations(&sent).first() {
        None => Ok(sent),
        Some(violation) => Err(format!("the example is not valid: `{}` {}", violation.instance, violation.message)),
    }
}

/// Takes out what is `readOnly`, however deep it stands.
pub(super) fn hide(schemas: &Schemas, schema: &SchemaId, value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, property) in schemas.properties(schema) {
                if schemas.is_marked(&property, "readOnly") {
                    members.shift_remove(&name);
                } else if let Some(member) = members.get_mut(&name) {
                    hide(schemas, &property, member);
                }
            }
        }
        Value::Array(elements) => {
            let Some(items) = schemas.items(schema) else { return };
            for element in elements {
                hide(schemas, &items, element);
            }
        }
        _ => {}
    }
}

/// Whether a path parameter names something of which the document has rows.
fn is_seeded(sheet: &Sheet<'_>, name: &str) -> bool {
    let Some(role) = &sheet.operation.role else { return false };
    let is = |place: &Place| *place == Place::Path(name.to_owned());
    let parent = role.parents.iter().find(|(_, place)| is(place)).and_then(|(property, _)| sheet.suite.parent_of(&role.resource, property));
    let resource = if role.key.as_ref().is_some_and(is) { Some(role.resource.as_str()) } else { parent };
    resource.is_some_and(|resource| sheet.suite.seeded(resource).next().is_some())
}

/// The parameters of which the document shows a value; those in the path are always sent.
fn shown_parameters(operation: &Operation) -> Vec<(Location, String, Value)> {
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    required.filter_map(|parameter| Some((parameter.location, parameter.name.clone(), parameter.examples.first()?.value.clone()))).collect()
}
