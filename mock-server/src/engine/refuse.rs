//! A rejection as a response in the vendor's envelope.
//!
//! The envelope is the body that the document declares for the status: its example, in which the words that tell
//! what is wrong are replaced where the document's own would be about something else. `x-mock.set` at a response
//! says how, where names do not.

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde_json::{Map, Value, json};
use specs::api::{self, Direction, Operation, Status};

use super::{
    Conditions, Rejection, Request, challenge,
    compile::Engine,
    complete, conform,
    declared::Declared,
    envelope,
    expression::Compiler,
    fields::Fields,
    json as text,
    respond::headless,
    scope::{Exchanged, Input, Scope},
};

/// Gives a rejection the status of the response that the document declares `for` it (`x-mock.for`), if there is one.
pub(super) fn choose(engine: &Engine, operation: Option<usize>, rejection: &mut Rejection) {
    let operation = operation.and_then(|index| engine.api.operations.get(index));
    let keyword = rejection.violations.first().map(|violation| violation.keyword.as_str());
    let is_named = |word: &String| *word == rejection.rule || *word == rejection.place || Some(word.as_str()) == keyword;
    let chosen = operation.into_iter().flat_map(|operation| &operation.responses).find_map(|response| {
        let Status::Exactly(code) = response.status else { return None };
        response.mock.answers.iter().any(is_named).then_some(code)
    });
    if let Some(status) = chosen.and_then(|code| StatusCode::from_u16(code).ok()) {
        rejection.status = status;
    }
}

/// A response, and where it does not conform.
pub(super) fn refuse(
    engine: &Engine,
    operation: Option<usize>,
    rejection: &Rejection,
    request: &Request,
    conditions: &Conditions,
) -> (Response<Bytes>, Vec<String>) {
    let operation = operation.and_then(|index| engine.api.operations.get(index));
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = rejection.status;
    let mut defects = Vec::new();
    if rejection.status != StatusCode::NO_CONTENT {
        let (media, body) = body(engine, operation, rejection, conditions, &mut defects);
        response.headers_mut().insert(CONTENT_TYPE, media);
        *response.body_mut() = body;
    }
    if let Ok(methods) = HeaderValue::try_from(rejection.allow.iter().map(http::Method::as_str).collect::<Vec<_>>().join(", "))
        && !rejection.allow.is_empty()
    {
        response.headers_mut().insert(ALLOW, methods);
    }
    headers(engine, operation, rejection, &mut response);
    let is_told = rejection.status == StatusCode::UNAUTHORIZED || challenge::is_about_scope(rejection, &request.headers);
    if is_told && !response.headers().contains_key(WWW_AUTHENTICATE) {
        challenge::challenge(engine, operation, Some((rejection, &request.headers)), &mut response);
    }
    if request.method == http::Method::HEAD {
        headless(&mut response);
    }
    (response, defects)
}

/// The headers that the operation declares for this refusal, beside those that tell of it.
fn headers(engine: &Engine, operation: Option<&Operation>, rejection: &Rejection, response: &mut Response<Bytes>) {
    let Some(own) = operation.and_then(|operation| operation.response(rejection.status.as_u16())) else { return };
    let declared = Declared { api: &engine.api, validators: &engine.validators, sampler: &engine.sampler };
    for (name, value) in declared.headers(own) {
        response.headers_mut().entry(name).or_insert(value);
    }
}

fn body(
    engine: &Engine,
    operation: Option<&Operation>,
    rejection: &Rejection,
    conditions: &Conditions,
    defects: &mut Vec<String>,
) -> (HeaderValue, Bytes) {
    let Some((response, own)) = declared(engine, operation, rejection) else {
        return (HeaderValue::from_static("application/problem+json"), text::bytes(&problem_details(rejection)));
    };
    let Some(media) = response.content.iter().find(|media| media.is_json()).or_else(|| response.content.first()) else {
        return (HeaderValue::from_static("text/plain; charset=utf-8"), Bytes::new());
    };
    let content_type = HeaderValue::from_str(&media.name).unwrap_or(HeaderValue::from_static("application/json"));
    let example = media.examples.first().map(|example| example.value.clone());
    if !media.is_json() {
        let text = example.and_then(|example| example.as_str().map(str::to_owned)).unwrap_or_else(|| rejection.message.clone());
        return (content_type, Bytes::from(text));
    }
    let sampled = || engine.sampler.full(media.schema.as_ref()?).ok();
    // The document's own words serve where the status says it all; 400, 409 and 422 have many causes.
    let has_causes = matches!(rejection.status, StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY);
    let specific = !own || has_causes || !rejection.violations.is_empty() || example.is_none();
    let is_shown = example.is_some();
    let base = example.or_else(sampled).unwrap_or_else(|| json!({}));
    let mut value = base.clone();
    if !own {
        envelope::recode(&mut value, rejection.status);
    }
    if specific {
        envelope::fill(&mut value, rejection);
    }
    set(engine, response, rejection, conditions, &mut value, defects);
    let validator = media.schema.as_ref().and_then(|schema| engine.validators.get(schema, Direction::Response).ok());
    if let Some(validator) = validator
        && !validator.is_valid(&value)
    {
        // The words did not fit the vendor's schema; the example does, or as much of it as may stay.
        let kept = || complete::nearest(engine, media.schema.as_ref()?, &value);
        let fits = |value: &Value| validator.is_valid(value);
        match Some(&base).filter(|base| is_shown && fits(base)).cloned().or_else(|| kept().filter(fits)) {
            Some(fitting) => value = fitting,
            None if fits(&base) => value = base,
            None => defects.extend(conform::describe(&validator, &value)),
        }
    }
    (content_type, text::bytes(&value))
}

/// The response that is declared for this status, and whether it is declared for this operation; else the nearest
/// thing that the document has.
fn declared<'e>(engine: &'e Engine, operation: Option<&'e Operation>, rejection: &Rejection) -> Option<(&'e api::Response, bool)> {
    let code = rejection.status.as_u16();
    let rejection_has_violations = !rejection.violations.is_empty();
    if let Some(own) = operation.and_then(|operation| operation.response(code)) {
        return Some((own, true));
    }
    let all = || operation.into_iter().chain(&engine.api.operations).flat_map(|operation| &operation.responses);
    let has_body = |response: &&api::Response| !response.content.is_empty();
    let same = all().find(|response| response.status == Status::Exactly(code)).map(|response| (response, true));
    same.or_else(|| {
        let refusal = |response: &&api::Response| match response.status {
            Status::Exactly(declared) => (400..500).contains(&declared),
            Status::Range(hundreds) => hundreds == 4,
            Status::Default => code >= 400,
        };
        // The envelope of what is wrong with a body has little to say where nothing is.
        let is_about_bodies = |response: &&api::Response| matches!(response.status, Status::Exactly(400 | 422));
        let near = || all().filter(has_body).filter(refusal);
        let other = near().find(|response| is_about_bodies(response) == rejection_has_violations);
        other.or_else(|| near().next()).map(|response| (response, false))
    })
}

/// Applies `x-mock.set` of the response.
fn set(
    engine: &Engine,
    response: &api::Response,
    rejection: &Rejection,
    conditions: &Conditions,
    value: &mut Value,
    defects: &mut Vec<String>,
) {
    if response.mock.set.is_empty() {
        return;
    }
    // Refusals are rare and their expressions short, so they are compiled when they are needed.
    let makers = Compiler { file: &engine.api.file, problems: &mut Vec::new() }.makers(&response.mock.set);
    let problem = problem_value(rejection);
    let input = Input::default();
    let draws = std::cell::Cell::new(0);
    let shared = Exchanged::new(&input, &engine.caller, conditions.now, conditions.seed);
    let Value::Object(map) = value else { return };
    for (name, maker) in &makers {
        let before = map.clone();
        let row = Fields::of(&before);
        let scope = Scope { row: Some(&row), problem: Some(&problem), ..Scope::new(&shared, &draws) };
        match maker.make(&scope) {
            Ok(Some(made)) => {
                map.insert(name.clone(), made.into_owned());
            }
            Ok(None) => {
                map.shift_remove(name);
            }
            Err(error) => defects.push(format!("`x-mock.set.{name}`: {error}")),
        }
    }
}

/// A rejection as expressions see it.
fn problem_value(rejection: &Rejection) -> Value {
    let messages: Vec<String> = rejection.violations.iter().map(envelope::sentence).collect();
    let mut fields = Map::new();
    for violation in rejection.violations.iter().filter(|violation| !violation.field.is_empty()) {
        fields.entry(violation.field.clone()).or_insert_with(|| Value::String(violation.message.clone()));
    }
    json!({
        "status": rejection.status.as_u16(),
        "title": rejection.status.canonical_reason().unwrap_or_default(),
        "rule": rejection.rule,
        "message": envelope::message(rejection),
        "pointer": rejection.place,
        "field": rejection.violations.first().map(|violation| violation.field.clone()).unwrap_or_default(),
        "messages": if messages.is_empty() { vec![rejection.message.clone()] } else { messages },
        "fields": fields,
    })
}

/// RFC 9457, for documents that declare no refusal at all.
fn problem_details(rejection: &Rejection) -> Value {
    json!({
        "title": rejection.status.canonical_reason().unwrap_or_default(),
        "status": rejection.status.as_u16(),
        "detail": envelope::message(rejection),
    })
}
