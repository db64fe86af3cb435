//! Examples of a page, run through the document.
//!
//! A request has to be one that the document describes: an address, credentials sent as they are asked for, parameters
//! and a body that are valid. An answer has to be valid for a response that is declared, and to hold nothing that its
//! schema does not know. What a reader has to put in, as `<token>` or `{id}`, is any value. An example proves what it
//! shows; what it leaves out, it leaves out.

use serde_json::{Map, Value};

use crate::{
    api::{Direction, Evidence, Location, Operation, Parameter, Response, SchemeKind},
    pages::{Basis, Fact, Payload, Request, Side, Statement, Step},
    pointer,
};

use super::{
    claims::Differs,
    credentials,
    finding::Verdict,
    ledger::{Difference, EXISTS, Ledger},
    routes,
    scene::Scene,
    spot::{self, Marks, Site, Spot, Way},
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
    let sentence = validator.violations(value).first().map(|one| one.sentence()).unwrap_or_default();
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
type Told<'o> = (&'o Operation, String, String, String, Vec<crate::drift::Change>);

fn differ(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, subject, message, place, remedy): Told) {
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
            lacks(scene, ledger, fact, (operation, words::place(&place), operation.pointer.clone()));
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
        return lacks(scene, ledger, fact, (operation, subject, operation.pointer.clone()));
    }
    unknown(scene, ledger, fact, (operation, Side::Request, &spots), &value);
    if !is_form {
        validate(scene, ledger, fact, (operation, Side::Request, &spots), &value);
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
        unknown(scene, ledger, fact, (operation, side, &spots), body);
        validate(scene, ledger, fact, (operation, side, &spots), body);
        if ledger.findings.len() == before {
            ledger.agreed += 1;
        }
    }
}

/// Whose body, and the schemas at the top of it.
type Body<'b, 'o> = (&'o Operation, Side, &'b [Spot]);

/// What the body holds that no schema knows; what one knows is shown.
fn unknown(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, side, spots): Body, value: &Value) {
    if spots.is_empty() {
        return;
    }
    let mut open: Vec<(Vec<Step>, &Value)> = vec![(Vec::new(), value)];
    while let Some((path, value)) = open.pop() {
        match spot::follow(&scene.api.schemas, spots.to_vec(), &path) {
            Way::Open => continue,
            Way::Until(site, _) => {
                let kinds = spot::kinds(&scene.api.schemas, &site.spots);
                // That a list stands where the document has an object, validation tells.
                if matches!(path.last(), Some(Step::Property(_))) && (kinds.is_empty() || kinds.iter().any(|kind| kind == "object")) {
                    let spread = spot::spread(&scene.api.schemas, &site.spots);
                    let holder = spread.iter().find(|spot| scene.api.schemas.get(&spot.id).get("properties").is_some()).or(spread.first());
                    let holder = holder.map(|spot| spot.id.pointer().to_owned()).unwrap_or_default();
                    missing(scene, ledger, fact, (operation, side, &path), (holder, value));
                }
                continue;
            }
            Way::There(site) => {
                for spot in &site.spots {
                    ledger.shown.insert(spot.id.pointer().to_owned());
                    prove(scene, ledger, fact, operation, (spot, &words::property(side, &path)));
                }
            }
        }
        let below = |step: Step| path.iter().cloned().chain([step]).collect::<Vec<_>>();
        match value {
            Value::Object(members) => open.extend(members.iter().rev().map(|(name, value)| (below(Step::Property(name.clone())), value))),
            Value::Array(items) => open.extend(items.iter().map(|item| (below(Step::Item), item))),
            _ => {}
        }
    }
}

fn prove(scene: &Scene, ledger: &mut Ledger, fact: &Fact, operation: &Operation, (spot, subject): (&Spot, &str)) {
    let is_property = pointer::split_last(spot.id.pointer()).is_some_and(|(above, _)| above.ends_with("/properties"));
    if spot.marks.evidence != Evidence::Page && is_property {
        let shown = super::ledger::shown(scene.page, fact);
        ledger.proven.entry(spot.id.pointer().to_owned()).or_insert((
            spot.marks.evidence,
            shown,
            Some(operation.id.clone()),
            subject.to_owned(),
        ));
    }
}

fn missing(
    scene: &Scene,
    ledger: &mut Ledger,
    fact: &Fact,
    (operation, side, path): (&Operation, Side, &[Step]),
    (holder, value): (String, &Value),
) {
    let place = crate::pages::Place::Property { side, path: path.to_vec() };
    let Some(Step::Property(name)) = path.last() else { return };
    let at = pointer::join(&pointer::join(&written::pointer(scene.document, &holder), "properties"), name);
    let schema = super::shape::of(value);
    let marks = Marks::of(scene.api, operation).on(scene.api.schemas.root(), "", &holder);
    let difference = Difference {
        verdict: Verdict::Missing,
        rule: EXISTS,
        operation: Some(operation),
        subject: words::place(&place),
        message: "the document does not have it, and an example does".to_owned(),
        place: holder,
        marks,
        remedy: vec![super::Change::Set(at, schema)],
    };
    ledger.differ(scene.page, fact, difference);
}

fn lacks(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, subject, place): (&Operation, String, String)) {
    let difference = Difference {
        verdict: Verdict::Missing,
        rule: EXISTS,
        operation: Some(operation),
        subject,
        message: "the document does not have it, and an example does".to_owned(),
        marks: Marks::of(scene.api, operation),
        place,
        remedy: Vec::new(),
    };
    ledger.differ(scene.page, fact, difference);
}

fn validate(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, side, spots): Body, value: &Value) {
    let direction = if side == Side::Request { Direction::Request } else { Direction::Response };
    let found: Vec<_> = spots.iter().filter_map(|spot| scene.validators.get(&spot.id, direction).ok()).collect();
    if found.is_empty() || found.iter().any(|validator| validator.is_valid(value)) {
        return;
    }
    for violation in found[0].violations(value) {
        let at = pointer::get(value, &violation.instance);
        if violation.keyword == "additionalProperties" || at.is_some_and(is_placeholder) {
            continue;
        }
        let path = steps(value, &violation.place());
        let place = match spot::follow(&scene.api.schemas, spots.to_vec(), &path) {
            Way::There(site) => site.spots.first().map(|spot| spot.id.pointer().to_owned()),
            _ => None,
        };
        let Some(place) = place else { continue };
        let subject = words::place(&crate::pages::Place::Property { side, path });
        let message = format!("the example does not fit: {}", violation.sentence());
        differ(scene, ledger, fact, (operation, subject, message, place, Vec::new()));
    }
}

fn steps(value: &Value, place: &str) -> Vec<Step> {
    let (mut at, mut found) = (Some(value), Vec::new());
    for token in pointer::tokens(place) {
        found.push(if at.is_some_and(Value::is_array) { Step::Item } else { Step::Property(token.to_string()) });
        at = at.and_then(|at| match at {
            Value::Array(items) => token.parse::<usize>().ok().and_then(|position| items.get(position)),
            other => other.get(&*token),
        });
    }
    found
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
