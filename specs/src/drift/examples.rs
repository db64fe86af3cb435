//! Examples of a page, run through the document.
//!
//! A request has to be one that the document describes: an address, credentials sent as they are asked for, parameters
//! and a body that are valid. An answer has to be valid for a response that is declared, and to hold nothing that its
//! schema does not know. What a reader has to put in, as `<token>` or `{id}`, is any value. An example proves what it
//! shows; what it leaves out, it leaves out.

use serde_json::{Map, Value};

use crate::{
    api::{Direction, Location, Operation, Parameter, Response, SchemeKind},
    pages::{Basis, Fact, Payload, Request, Side, Statement},
    validate::Violation,
};

use super::{
    bodies,
    claims::Differs,
    credentials,
    finding::Verdict,
    ledger::{Difference, Ledger},
    routes,
    scene::Scene,
    spot::{self, Marks, Site},
    words, written,
};

/// Compares the examples of the page.
pub(super) fn compare(scene: &Scene, ledger: &mut Ledger) {
    for fact in &scene.page.facts {
        match &fact.statement {
            Statement::Request(request) => self::request(scene, ledger, fact, request),
            Statement::Answer { status, body } => answer(scene, ledger, fact, *status, body),
            _ => {}
        }
    }
}

/// A value that a place may have, by the page.
pub(super) fn value(scene: &Scene, site: &Site, direction: Direction, value: &Value) -> Option<Differs> {
    let id = &site.spots.first()?.id;
    let validator = scene.validators.get(id, direction).ok()?;
    let read = || value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    if is_placeholder(value) || validator.is_valid(value) || read().is_some_and(|read| validator.is_valid(&read)) {
        return None;
    }
    // What it lacks or has besides is told of the property that it is about.
    let sentence = validator.violations(value).iter().find(|one| one.property.is_none()).map(Violation::sentence)?;
    let message = format!("the page shows {}, which the document refuses: {sentence}", words::value(value));
    Some(Differs { verdict: Verdict::Contradicts, rule: "example", message, remedy: Vec::new() })
}

fn request(scene: &Scene, ledger: &mut Ledger, fact: &Fact, request: &Request) {
    let Some((operation, variables)) = routes::find(scene, fact, request) else {
        if fact.operation.and_then(|position| scene.pairs.get(position)).is_some_and(Option::is_none) {
            return; // the operation is missing, which says it all
        }
        return add(scene, ledger, fact, unmatched(scene, fact));
    };
    ledger.agreed += 1;
    let before = ledger.findings.len();
    security(scene, ledger, fact, (operation, request));
    parameters(scene, ledger, fact, (operation, request, &variables));
    if let Some(body) = &request.body {
        payload(scene, ledger, fact, (operation, body));
    } else if operation.body.as_ref().is_some_and(|body| body.required) {
        let place = operation.body.as_ref().map(|body| body.pointer.clone()).unwrap_or_default();
        let subject = words::place(&crate::pages::Place::Property { side: Side::Request, path: Vec::new() });
        differ(
            scene,
            ledger,
            fact,
            (operation, subject, "the example does not send what the document requires".to_owned(), place, Vec::new()),
        );
    }
    if ledger.findings.len() > before {
        ledger.agreed -= 1;
    }
}

fn unmatched<'o>(scene: &Scene<'o>, fact: &Fact) -> Difference<'o> {
    let held = fact.operation.and_then(|position| scene.pairs.get(position)).and_then(Option::as_ref);
    let operation = held.and_then(|pair| scene.api.operations.get(pair.operation));
    Difference {
        verdict: Verdict::Contradicts,
        rule: "example",
        operation,
        subject: words::subject(&fact.statement),
        message: "the example fits no operation of the document".to_owned(),
        place: operation.map_or_else(|| "/paths".to_owned(), |operation| operation.pointer.clone()),
        marks: operation.map_or_else(|| Marks::top(scene.api), |operation| Marks::of(scene.api, operation)),
        remedy: Vec::new(),
    }
}

fn add(scene: &Scene, ledger: &mut Ledger, fact: &Fact, difference: Difference) {
    // Where the address of the operation is known to differ, the example differs with it.
    let is_known = ledger
        .findings
        .iter()
        .any(|finding| finding.rule.starts_with("operation") && finding.operation == difference.operation.map(|one| one.id.clone()));
    if !is_known {
        ledger.differ(scene.page, fact, difference);
    }
}

/// Subject, message, place and way of a difference of an example.
pub(super) type Told<'o> = (&'o Operation, String, String, String, Vec<crate::drift::Change>);

pub(super) fn differ(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, subject, message, place, remedy): Told) {
    let marks = Marks::of(scene.api, operation).on(scene.api.schemas.root(), &operation.pointer, &place);
    let told = ledger
        .findings
        .iter()
        .any(|finding| finding.held.pointer == written::pointer(scene.document, &place) && finding.verdict <= Verdict::Missing);
    if told {
        return;
    }
    let difference =
        Difference { verdict: Verdict::Contradicts, rule: "example", operation: Some(operation), subject, message, place, marks, remedy };
    ledger.differ(scene.page, &Fact { basis: Basis::Example, ..fact.clone() }, difference);
}

fn security(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, request): (&Operation, &Request)) {
    let header = |name: &str| request.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let scheme_is = |word: &str| {
        header("authorization").is_some_and(|value| value.split(' ').next().is_some_and(|first| first.eq_ignore_ascii_case(word)))
    };
    let sent = |kind: &SchemeKind| match kind {
        SchemeKind::Basic => scheme_is("basic"),
        SchemeKind::Bearer { .. } => scheme_is("bearer") || header("authorization").is_some_and(is_stand_in),
        SchemeKind::Http(word) => scheme_is(word),
        SchemeKind::ApiKey { location: Location::Header, name } => header(name).is_some(),
        SchemeKind::ApiKey { location: Location::Cookie, .. } => header("cookie").is_some(),
        SchemeKind::ApiKey { name, .. } => routes::query(&request.url).iter().any(|(own, _)| own == name),
        SchemeKind::MutualTls => true,
    };
    let meets =
        |names: &[(String, Vec<String>)]| names.iter().all(|(name, _)| scene.api.schemes.get(name).is_none_or(|scheme| sent(&scheme.kind)));
    if operation.security.is_empty() || operation.security.iter().any(|one| meets(&one.schemes)) {
        return;
    }
    let schemes = credentials::schemes(scene, operation);
    // Samples often leave out what a paragraph about all of them says.
    let shows_none = header("authorization").is_none() && !request.headers.iter().any(|(name, _)| looks_like_key(name));
    let is_known = ledger.findings.iter().any(|finding| finding.rule == "security");
    let Some(scheme) = schemes.first().filter(|_| !shows_none && !is_known) else { return };
    let names: Vec<String> = schemes.iter().map(|scheme| words::sent_as(&scheme.kind)).collect();
    let message = format!("the example does not send {}", names.join(" or "));
    differ(scene, ledger, fact, (operation, "credentials of the example".to_owned(), message, scheme.pointer.clone(), Vec::new()));
}

fn looks_like_key(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["key", "token", "auth", "secret"].iter().any(|part| name.contains(part))
}

fn parameters(
    scene: &Scene,
    ledger: &mut Ledger,
    fact: &Fact,
    (operation, request, variables): (&Operation, &Request, &[(String, String)]),
) {
    let query = routes::query(&request.url);
    for parameter in &operation.parameters {
        let sent: Vec<&str> = match parameter.location {
            Location::Path => variables.iter().filter(|(name, _)| *name == parameter.name).map(|(_, value)| value.as_str()).collect(),
            Location::Query => query.iter().filter(|(name, _)| is_called(name, &parameter.name)).map(|(_, value)| value.as_str()).collect(),
            Location::Header => {
                let headers = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(&parameter.name));
                headers.map(|(_, value)| value.as_str()).collect()
            }
            Location::Cookie => continue,
        };
        let place = crate::pages::Place::Parameter { location: parameter.location, name: parameter.name.clone() };
        if !sent.is_empty() {
            ledger.shown.insert(parameter.pointer.clone());
        }
        let refused = sent.iter().find_map(|text| refuses(scene, parameter, text));
        let message = match refused {
            Some(message) => message,
            None if sent.is_empty() && parameter.required => "the example does not send what the document requires".to_owned(),
            None => continue,
        };
        differ(scene, ledger, fact, (operation, words::place(&place), message, parameter.pointer.clone(), Vec::new()));
    }
    for (name, _) in &query {
        let is_declared =
            operation.parameters.iter().any(|parameter| parameter.location == Location::Query && is_called(name, &parameter.name));
        let key = credentials::schemes(scene, operation)
            .iter()
            .any(|scheme| credentials::is_same(&scheme.kind, &SchemeKind::ApiKey { location: Location::Query, name: name.clone() }));
        if !is_declared && !key {
            let place = crate::pages::Place::Parameter { location: Location::Query, name: name.clone() };
            bodies::lacks(scene, ledger, fact, (operation, words::place(&place), operation.pointer.clone()));
        }
    }
}

fn is_called(name: &str, parameter: &str) -> bool {
    name == parameter || name.split('[').next() == Some(parameter) || name == parameter.trim_end_matches("[]")
}

/// What the document has against the text of a parameter.
fn refuses(scene: &Scene, parameter: &Parameter, text: &str) -> Option<String> {
    let validator = scene.validators.get(parameter.schema.as_ref()?, Direction::Request).ok()?;
    let whole = Value::String(text.to_owned());
    let is_list = scene.api.schemas.types(parameter.schema.as_ref()?).iter().any(|kind| kind == "array" || kind == "object");
    let read = serde_json::from_str::<Value>(text).ok();
    if is_list || is_placeholder(&whole) || validator.is_valid(&whole) || read.is_some_and(|read| validator.is_valid(&read)) {
        return None;
    }
    let sentence = validator.violations(&whole).first().map(|one| one.message.clone()).unwrap_or_default();
    Some(format!("the example sends {}, which {sentence} by the document", words::value(&whole)))
}

fn payload(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, payload): (&Operation, &Payload)) {
    let value = match payload {
        Payload::Json(value) => value.clone(),
        Payload::Form(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect::<Map<_, _>>())
        }
        Payload::Text(_) => return,
    };
    let spots = spot::request(scene.api, operation);
    let is_form = matches!(payload, Payload::Form(_));
    if operation.body.is_none() && value.as_object().is_none_or(|members| !members.is_empty()) {
        let subject = words::place(&crate::pages::Place::Property { side: Side::Request, path: Vec::new() });
        return bodies::lacks(scene, ledger, fact, (operation, subject, operation.pointer.clone()));
    }
    bodies::unknown(scene, ledger, fact, (operation, Side::Request, &spots), &value);
    if !is_form {
        bodies::validate(scene, ledger, fact, (operation, Side::Request, &spots), &value);
    }
}

fn answer(scene: &Scene, ledger: &mut Ledger, fact: &Fact, status: Option<u16>, body: &Value) {
    let pairs = fact.operation.map_or_else(
        || scene.pairs.iter().flatten().take(1).collect(),
        |position| scene.pairs.get(position).into_iter().flatten().collect::<Vec<_>>(),
    );
    for pair in pairs {
        let Some(operation) = scene.api.operations.get(pair.operation) else { continue };
        let response: Option<&Response> = status.map_or_else(|| operation.success(), |status| operation.response(status));
        let Some(response) = response else { continue };
        let spots = spot::response(scene.api, operation, response);
        let side = Side::Response(
            status.map(crate::api::Status::Exactly).filter(|_| operation.success().is_none_or(|own| own.pointer != response.pointer)),
        );
        let before = ledger.findings.len();
        bodies::unknown(scene, ledger, fact, (operation, side, &spots), body);
        bodies::validate(scene, ledger, fact, (operation, side, &spots), body);
        if ledger.findings.len() == before {
            ledger.agreed += 1;
        }
    }
}

/// Whether a value is one that the reader has to put in: `<token>`, `{id}`, `YOUR_KEY`, `…`.
pub(super) fn is_placeholder(value: &Value) -> bool {
    value.as_str().is_some_and(is_stand_in)
}

fn is_stand_in(text: &str) -> bool {
    let text = text.trim();
    let is_wrapped = [('<', '>'), ('{', '}'), ('[', ']')].iter().any(|(open, close)| text.contains(*open) && text.contains(*close));
    let is_shouted =
        text.len() > 3 && text.contains('_') && text.chars().all(|one| one.is_ascii_uppercase() || one == '_' || one.is_ascii_digit());
    let lower = text.to_ascii_lowercase();
    is_wrapped
        || is_shouted
        || text.starts_with('$')
        || text.starts_with(':')
        || lower.starts_with("your")
        || text.contains("...")
        || text.contains('…')
}
