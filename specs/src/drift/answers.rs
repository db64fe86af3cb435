//! What a page says of answers: statuses, codes of refusals, and media types of bodies.

use serde_json::{Value, json};

use crate::{
    api::{MediaType, Operation, Response, Status},
    pages::{Basis, Fact, Place, Side, Statement},
    pointer,
};

use super::{
    claims, draft,
    finding::{Change, Verdict},
    ledger::{Difference, Ledger},
    merge,
    scene::{Scene, covering, responses},
    shape,
    spot::{self, Marks},
    words, written,
};

/// Compares statuses, codes and media types of each operation.
pub(super) fn compare(scene: &Scene, ledger: &mut Ledger) {
    for (position, _, operation) in scene.matched() {
        for fact in scene.facts(position) {
            match &fact.statement {
                Statement::Status(status) => self::status(scene, ledger, operation, (position, fact), *status),
                Statement::ErrorCode { status, code } => self::code(scene, ledger, operation, fact, (*status, code)),
                Statement::MediaType { side, name } => media(scene, ledger, operation, (position, fact), (*side, name)),
                _ => {}
            }
        }
    }
}

fn status(scene: &Scene, ledger: &mut Ledger, operation: &Operation, (position, fact): (usize, &Fact), status: Status) {
    let held = covering(operation, status);
    if let Some(first) = held.first() {
        for response in &held {
            ledger.shown.insert(format!("{} {}", operation.pointer, written::status(response.status)));
        }
        let marks = spot::response_marks(scene.api, operation, first);
        ledger.agree(scene.page, fact, operation, &first.pointer, &marks);
        return;
    }
    if fact.basis == Basis::Mention {
        return;
    }
    let responses = pointer::join(&operation.pointer, "responses");
    // A success that moved is one difference, not a new answer and one that is gone.
    let shown: Vec<Status> = scene
        .facts(position)
        .filter_map(|fact| if let Statement::Status(status) = &fact.statement { Some(*status) } else { None })
        .collect();
    let moved = operation.success().filter(|own| is_success(status) && covering_none(own, &shown));
    let marks = Marks::of(scene.api, operation);
    let subject = words::subject(&fact.statement);
    let (verdict, message, place, marks, remedy) = if let Some(own) = moved {
        let at = pointer::join(&responses, &written::status(own.status));
        ledger.shown.insert(format!("{} {}", operation.pointer, written::status(own.status)));
        let message = format!("the page says `{}`, the document `{}`", written::status(status), written::status(own.status));
        let remedy = vec![Change::Rename(at.clone(), written::status(status))];
        (Verdict::Contradicts, message, at, spot::response_marks(scene.api, operation, own), remedy)
    } else {
        let response = json!({ "description": description(status), "x-evidence": "page" });
        let remedy = vec![Change::Set(
            pointer::join(&responses, &written::status(status)),
            shown_body(scene, position, status).or_else(|| like(operation, status)).unwrap_or(response),
        )];
        (Verdict::Missing, "the document does not have it".to_owned(), responses, marks, remedy)
    };
    let difference = Difference { verdict, rule: "status", operation: Some(operation), subject, message, place, marks, remedy };
    ledger.differ(scene.page, fact, difference);
}

fn is_success(status: Status) -> bool {
    matches!(status, Status::Exactly(200..=299) | Status::Range(2))
}

fn covering_none(own: &Response, shown: &[Status]) -> bool {
    !shown.contains(&own.status)
}

/// A new answer has the body that the page shows for it.
fn shown_body(scene: &Scene, position: usize, status: Status) -> Option<Value> {
    let body = Place::Property { side: Side::Response(Some(status)), path: Vec::new() };
    let mut schema = draft::place(&scene.groups(position), &body);
    let examples = scene.facts(position).filter_map(|fact| match &fact.statement {
        Statement::Answer { status: Some(code), body } if Status::Exactly(*code) == status => Some(body),
        _ => None,
    });
    let examples: Vec<&Value> = examples.collect();
    for example in &examples {
        merge::beside(&mut schema, &shape::bare(example));
    }
    let mut content = json!({ "schema": schema });
    if let Some(example) = examples.first() {
        content["example"] = (*example).clone();
    }
    let is_shown = content["schema"].as_object().is_some_and(|schema| !schema.is_empty());
    is_shown.then(|| json!({ "description": description(status), "x-evidence": "page", "content": { "application/json": content } }))
}

/// A new refusal answers as its neighbours do, where these all share their body.
fn like(operation: &Operation, status: Status) -> Option<Value> {
    if is_success(status) {
        return None;
    }
    let is_refusal = |response: &&Response| !is_success(response.status) && response.status != Status::Default;
    let content = operation.responses.iter().filter(is_refusal).find_map(|response| response.content.first())?;
    let schema = content.schema.as_ref()?;
    Some(json!({
        "description": description(status),
        "x-evidence": "page",
        "content": { content.name.clone(): { "schema": { "$ref": format!("#{}", schema.pointer()) } } },
    }))
}

fn description(status: Status) -> String {
    let reason = match status {
        Status::Exactly(code) => http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()),
        _ => None,
    };
    reason.map_or_else(|| "An answer that the page names.".to_owned(), |reason| format!("{reason}."))
}

fn code(scene: &Scene, ledger: &mut Ledger, operation: &Operation, fact: &Fact, (status, code): (Option<Status>, &str)) {
    let is_refusal = |response: &&Response| !is_success(response.status);
    let of_status = status.map(|status| covering(operation, status)).unwrap_or_default();
    let responses: Vec<&Response> = if of_status.is_empty() { operation.responses.iter().filter(is_refusal).collect() } else { of_status };
    for response in &responses {
        let spots = spot::response(scene.api, operation, response);
        if let Some(place) = says(scene, &spots, code) {
            let marks = spot::response_marks(scene.api, operation, response).on(scene.api.schemas.root(), &response.pointer, &place);
            ledger.shown.insert(format!("{place} {code}"));
            return ledger.agree(scene.page, fact, operation, &place, &marks);
        }
        if let Some(example) = response.content.iter().flat_map(|media| &media.examples).find(|example| contains(&example.value, code)) {
            let marks = spot::response_marks(scene.api, operation, response);
            return ledger.agree(scene.page, fact, operation, &example.pointer, &marks);
        }
    }
    if fact.basis == Basis::Mention {
        return;
    }
    let first = responses.first().copied();
    let listed = responses.iter().find_map(|response| listed(scene, &spot::response(scene.api, operation, response)));
    let place = listed.clone().or_else(|| first.map(|response| response.pointer.clone())).unwrap_or_else(|| operation.pointer.clone());
    let marks = first.map_or_else(|| Marks::of(scene.api, operation), |response| spot::response_marks(scene.api, operation, response));
    let remedy = listed.map(|list| Change::Append(written::pointer(scene.document, &list), json!(code))).into_iter().collect();
    let difference = Difference {
        verdict: Verdict::Missing,
        rule: "error-code",
        operation: Some(operation),
        subject: words::subject(&fact.statement),
        message: "no refusal of the document says it".to_owned(),
        place,
        marks,
        remedy,
    };
    ledger.differ(scene.page, fact, difference);
}

/// Where a schema or what it holds lists a code.
fn says(scene: &Scene, spots: &[spot::Spot], code: &str) -> Option<String> {
    lists(scene, spots).into_iter().find(|(_, values)| values.iter().any(|value| value == code)).map(|(at, _)| at)
}

/// The list of codes of a refusal: that of a property which is called so.
fn listed(scene: &Scene, spots: &[spot::Spot]) -> Option<String> {
    let lists = lists(scene, spots);
    let is_code = |at: &str| pointer::tokens(at).any(|token| ["code", "error", "type", "error_code", "errorCode"].contains(&&*token));
    lists.into_iter().find(|(at, values)| at.ends_with("/enum") && is_code(at) && values.iter().all(Value::is_string)).map(|(at, _)| at)
}

/// Every list of values in a body, with its place.
pub(super) fn lists(scene: &Scene, spots: &[spot::Spot]) -> Vec<(String, Vec<Value>)> {
    let schemas = &scene.api.schemas;
    let (mut found, mut seen): (Vec<(String, Vec<Value>)>, Vec<String>) = (Vec::new(), Vec::new());
    let mut open = spots.to_vec();
    while let Some(spot) = open.pop() {
        if seen.iter().any(|known| known == spot.id.pointer()) {
            continue;
        }
        seen.push(spot.id.pointer().to_owned());
        let level = spot::spread(schemas, std::slice::from_ref(&spot));
        found.extend(claims::enumerated(schemas, &level));
        for part in &level {
            let names = schemas.get(&part.id).get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
            let below = names.filter_map(|name| schemas.below(&part.id, &["properties", name])).chain(schemas.below(&part.id, &["items"]));
            open.extend(below.map(|id| spot::Spot { id, marks: spot.marks.clone() }));
        }
    }
    found
}

fn contains(value: &Value, text: &str) -> bool {
    match value {
        Value::String(own) => own == text,
        Value::Number(own) => own.to_string() == text,
        Value::Array(items) => items.iter().any(|item| contains(item, text)),
        Value::Object(members) => members.values().any(|member| contains(member, text)),
        _ => false,
    }
}

fn media(scene: &Scene, ledger: &mut Ledger, operation: &Operation, (position, fact): (usize, &Fact), (side, name): (Side, &str)) {
    let essence = name.split(';').next().unwrap_or_default().trim();
    let responses = responses(operation, side);
    let (content, holder): (Vec<&MediaType>, String) = match (side, &operation.body) {
        (Side::Request, Some(body)) => (body.content.iter().collect(), body.pointer.clone()),
        (Side::Request, None) => (Vec::new(), pointer::join(&operation.pointer, "requestBody")),
        _ => {
            let Some(first) = responses.first() else { return };
            (responses.iter().flat_map(|response| &response.content).collect(), first.pointer.clone())
        }
    };
    let marks = Marks::of(scene.api, operation).on(scene.api.schemas.root(), &operation.pointer, &holder);
    if let Some(held) = content.iter().find(|media| media.essence() == essence) {
        return ledger.agree(scene.page, fact, operation, &held.pointer, &marks.on(scene.api.schemas.root(), &holder, &held.pointer));
    }
    let is_empty = content.is_empty();
    if fact.basis == Basis::Mention || (is_empty && side == Side::Request && operation.body.is_none() && essence == "application/json") {
        // A header that every sample sends says nothing of an operation without a body.
        return;
    }
    let shown = |media: &MediaType| {
        scene.facts(position).any(
            |fact| matches!(&fact.statement, Statement::MediaType { side: own, name } if *own == side && name.starts_with(media.essence())),
        )
    };
    let moved = content.iter().find(|media| !shown(media));
    let content_at = pointer::join(&holder, "content");
    let (verdict, message, place, remedy) = match moved {
        Some(own) => {
            ledger.shown.insert(own.pointer.clone());
            let message = format!("the page says `{essence}`, the document `{}`", own.essence());
            (
                Verdict::Contradicts,
                message,
                own.pointer.clone(),
                vec![Change::Rename(written::pointer(scene.document, &own.pointer), essence.to_owned())],
            )
        }
        None if is_empty => (Verdict::Missing, "the document has no such body".to_owned(), holder, Vec::new()),
        None => {
            let schema = content
                .first()
                .and_then(|media| media.schema.as_ref())
                .map(|id| json!({ "schema": { "$ref": format!("#{}", id.pointer()) } }));
            let change =
                Change::Set(pointer::join(&written::pointer(scene.document, &content_at), essence), schema.unwrap_or_else(|| json!({})));
            (Verdict::Missing, "the document does not have it".to_owned(), holder, vec![change])
        }
    };
    let subject = words::subject(&fact.statement);
    ledger.differ(
        scene.page,
        fact,
        Difference { verdict, rule: "media-type", operation: Some(operation), subject, message, place, marks, remedy },
    );
}
