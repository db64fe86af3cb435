//! What the document says by `x-evidence: page`, and the page does not show.
//!
//! A page that never says such a thing has not stopped saying it: properties are missed only in an object of which the
//! page shows some, statuses of a kind only when it shows one, defaults only when it shows those of others. And since
//! marks are the document's own, a place that an operation of another page has too is missed only when that page is
//! compared as well.

use std::collections::{BTreeSet, HashSet};

use crate::{
    api::{Evidence, Location, Operation, Parameter, Status},
    pages::{Basis, Claim, Fact, Format, Place, Side, Statement, Step},
    pointer,
};

use super::{
    answers, claims, credentials,
    finding::{Change, Verdict},
    ledger::{Difference, EXISTS, Ledger},
    reach, routes,
    scene::Scene,
    sites,
    spot::{self, Marks, Site},
    words, written,
};

/// Adds what is no longer shown, when all pages are compared.
pub(super) fn compare(scenes: &[Scene], ledger: &mut Ledger) {
    let matched: BTreeSet<&str> = scenes.iter().flat_map(Scene::matched).map(|(_, _, operation)| operation.id.as_str()).collect();
    let Some(first) = scenes.first() else { return };
    let elsewhere = of_others(first, &matched);
    for operation in first.api.operations.iter().filter(|operation| matched.contains(operation.id.as_str())) {
        properties(first, ledger, operation, &elsewhere);
        codes(first, ledger, operation, &elsewhere);
        let own: Vec<(&Scene, usize)> = scenes
            .iter()
            .flat_map(|scene| {
                scene.matched().into_iter().filter(|(_, _, found)| found.id == operation.id).map(move |(at, _, _)| (scene, at))
            })
            .collect();
        parameters(&own, ledger, operation);
        statuses(first, ledger, operation);
        security(&own, ledger, operation);
        media(&own, ledger, operation);
        for (scene, position) in own {
            keywords(scene, ledger, operation, position);
        }
    }
    operations(scenes, ledger, &matched);
}

/// The places that operations of other pages have too.
fn of_others(scene: &Scene, matched: &BTreeSet<&str>) -> HashSet<String> {
    // A mark `page` below an operation that is known from elsewhere is about the page of another operation.
    let is_other = |operation: &&Operation| operation.evidence == Evidence::Page && !matched.contains(operation.id.as_str());
    let others = scene.api.operations.iter().filter(is_other);
    let levels = others.flat_map(|operation| reach::levels(scene.api, operation));
    let spots = levels.flat_map(|level| level.properties).map(|(_, spot)| spot);
    spots.filter(|spot| spot.marks.evidence == Evidence::Page).map(|spot| spot.id.pointer().to_owned()).collect()
}

/// A place that no page shows.
struct Unseen<'o> {
    rule: &'static str,
    operation: &'o Operation,
    subject: String,
    place: String,
    marks: Marks,
    remedy: Vec<Change>,
}

fn add(ledger: &mut Ledger, unseen: Unseen) {
    let Unseen { rule, operation, subject, place, marks, remedy } = unseen;
    if rule == EXISTS && marks.evidence == Evidence::Page {
        ledger.withdraw_example(&place, &subject, operation);
    }
    if ledger.is_known(&place, &subject) || marks.evidence != Evidence::Page {
        return;
    }
    let message = "the page does not show it".to_owned();
    let verdict = Verdict::NoLongerShown;
    ledger.add(None, Difference { verdict, rule, operation: Some(operation), subject, message, place, marks, remedy });
}

fn properties(scene: &Scene, ledger: &mut Ledger, operation: &Operation, elsewhere: &HashSet<String>) {
    for level in reach::levels(scene.api, operation) {
        let is_shown = |pointer: &str, ledger: &Ledger| ledger.shown.contains(pointer);
        let names: HashSet<&str> =
            level.properties.iter().filter(|(_, spot)| is_shown(spot.id.pointer(), ledger)).map(|(name, _)| name.as_str()).collect();
        if names.is_empty() {
            continue;
        }
        for (name, spot) in
            level.properties.iter().filter(|(name, spot)| !names.contains(name.as_str()) && !elsewhere.contains(spot.id.pointer()))
        {
            let path: Vec<Step> = level.path.iter().cloned().chain([Step::Property(name.clone())]).collect();
            let at = written::pointer(scene.document, spot.id.pointer());
            let site = Site { spots: vec![spot.clone()], holders: level.spots.clone(), name: Some(name.clone()) };
            let required = spot::requires(&scene.api.schemas, &level.spots[..1], name);
            let mut remedy = vec![Change::Remove(at)];
            if required {
                remedy.extend(sites::flip(scene, &site, name, true));
            }
            let place = spot.id.pointer().to_owned();
            let marks = spot.marks.clone();
            add(ledger, Unseen { rule: "property", operation, subject: words::property(level.side, &path), place, marks, remedy });
        }
    }
}

fn codes(scene: &Scene, ledger: &mut Ledger, operation: &Operation, elsewhere: &HashSet<String>) {
    for response in &operation.responses {
        let spots = spot::response(scene.api, operation, response);
        for (list, values) in answers::lists(scene, &spots) {
            let key = |value: &serde_json::Value| format!("{list} {}", value.as_str().unwrap_or_default());
            let holder = pointer::split_last(&list).map(|(holder, _)| holder.to_owned()).unwrap_or_default();
            if !values.iter().any(|value| ledger.shown.contains(&key(value))) || elsewhere.contains(&holder) {
                continue;
            }
            let marks = spot::response_marks(scene.api, operation, response);
            let marks = marks.on(scene.api.schemas.root(), "", &list);
            let at = written::pointer(scene.document, &list);
            let gone: Vec<_> = values.iter().enumerate().filter(|(_, value)| !ledger.shown.contains(&key(value))).collect();
            for (position, value) in gone {
                let subject = format!("error code {}", words::value(value));
                let remedy = vec![Change::Remove(pointer::index(&at, position))];
                add(ledger, Unseen { rule: "error-code", operation, subject, place: list.clone(), marks: marks.clone(), remedy });
            }
        }
    }
}

fn parameters(own: &[(&Scene, usize)], ledger: &mut Ledger, operation: &Operation) {
    let Some((scene, _)) = own.first() else { return };
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location != Location::Path) {
        if ledger.shown.contains(&parameter.pointer) || !own.iter().any(|(scene, at)| shows_parameters(scene, *at, parameter)) {
            continue;
        }
        let place = Place::Parameter { location: parameter.location, name: parameter.name.clone() };
        let marks = Marks { evidence: parameter.evidence, ..Marks::of(scene.api, operation) };
        let remedy = written_parameter(scene, operation, parameter).map(Change::Remove).into_iter().collect();
        add(ledger, Unseen { rule: "property", operation, subject: words::place(&place), place: parameter.pointer.clone(), marks, remedy });
    }
}

/// Whether the page would show such a parameter: it shows others, or fields of the operation in a format with fields.
fn shows_parameters(scene: &Scene, position: usize, parameter: &Parameter) -> bool {
    let has_fields = !matches!(scene.page.format, Format::Prose | Format::Html);
    scene.groups(position).iter().any(|(place, said)| {
        let is_field = said.iter().any(|(fact, _)| fact.basis == Basis::Field);
        let is_like = matches!(place, Place::Parameter { location, .. } if *location == parameter.location);
        is_like || (is_field && has_fields)
    }) || scene.facts(position).any(|fact| matches!(&fact.statement, Statement::Request(request) if parameter.location == Location::Query && !routes::query(&request.url).is_empty()))
}

/// Where the operation lists a parameter itself.
fn written_parameter(scene: &Scene, operation: &Operation, parameter: &Parameter) -> Option<String> {
    let list = pointer::join(&operation.pointer, "parameters");
    let items = pointer::get(&scene.document.value, &list)?.as_array()?;
    let reference = format!("#{}", parameter.pointer);
    let position = items.iter().enumerate().position(|(position, item)| {
        pointer::index(&list, position) == parameter.pointer || item.get("$ref").is_some_and(|target| *target == reference)
    })?;
    Some(if items.len() == 1 { list } else { pointer::index(&list, position) })
}

fn statuses(scene: &Scene, ledger: &mut Ledger, operation: &Operation) {
    let key = |status: Status| format!("{} {}", operation.pointer, written::status(status));
    let class = |status: Status| match status {
        Status::Exactly(code) => u8::from(code < 400),
        Status::Range(hundreds) => u8::from(hundreds < 4),
        Status::Default => 2,
    };
    let shown: HashSet<u8> = operation
        .responses
        .iter()
        .filter(|response| ledger.shown.contains(&key(response.status)))
        .map(|response| class(response.status))
        .collect();
    for response in &operation.responses {
        if ledger.shown.contains(&key(response.status)) || !shown.contains(&class(response.status)) {
            continue;
        }
        let place = pointer::join(&pointer::join(&operation.pointer, "responses"), &written::status(response.status));
        let marks = spot::response_marks(scene.api, operation, response);
        let subject = format!("status `{}`", written::status(response.status));
        let remedy = vec![Change::Remove(place.clone())];
        add(ledger, Unseen { rule: "status", operation, subject, place, marks, remedy });
    }
}

fn security(own: &[(&Scene, usize)], ledger: &mut Ledger, operation: &Operation) {
    let Some((scene, _)) = own.first() else { return };
    let stated: Vec<(&Fact, &[String])> = own
        .iter()
        .flat_map(|(scene, position)| scene.facts(*position))
        .filter_map(|fact| match &fact.statement {
            Statement::Security { scopes, .. } if fact.basis <= Basis::Sentence => Some((fact, scopes.as_slice())),
            _ => None,
        })
        .collect();
    if stated.is_empty() {
        return;
    }
    for scheme in
        credentials::schemes(scene, operation).into_iter().filter(|scheme| !ledger.shown.contains(&scheme.pointer)).collect::<Vec<_>>()
    {
        let marks = Marks::of(scene.api, operation).at(scene.api.schemas.root(), &scheme.pointer);
        let subject = format!("credentials in {}", words::sent_as(&scheme.kind));
        add(ledger, Unseen { rule: "security", operation, subject, place: scheme.pointer.clone(), marks, remedy: Vec::new() });
    }
    if stated.iter().all(|(_, scopes)| scopes.is_empty()) {
        return;
    }
    for (position, scope) in operation
        .scopes
        .iter()
        .enumerate()
        .filter(|(_, scope)| !ledger.shown.contains(&format!("{} {scope}", operation.pointer)))
        .collect::<Vec<_>>()
    {
        let place = pointer::index(&pointer::join(&operation.pointer, "x-scopes"), position);
        let marks = Marks::of(scene.api, operation);
        let remedy =
            vec![Change::Remove(if operation.scopes.len() == 1 { pointer::join(&operation.pointer, "x-scopes") } else { place.clone() })];
        add(ledger, Unseen { rule: "scope", operation, subject: format!("scope `{scope}`"), place, marks, remedy });
    }
}

fn media(own: &[(&Scene, usize)], ledger: &mut Ledger, operation: &Operation) {
    let Some((scene, _)) = own.first() else { return };
    let facts = || own.iter().flat_map(|(scene, position)| scene.facts(*position));
    let is_stated = |request: bool| {
        facts().any(|fact| {
            fact.basis == Basis::Field && matches!(fact.statement, Statement::MediaType { side, .. } if (side == Side::Request) == request)
        })
    };
    let success = operation.success();
    let bodies = operation.body.iter().map(|body| (true, &body.content)).chain(success.map(|response| (false, &response.content)));
    for (is_request, content) in bodies {
        if !is_stated(is_request) || !content.iter().any(|media| ledger.shown.contains(&media.pointer)) {
            continue;
        }
        for media in content.iter().filter(|media| !ledger.shown.contains(&media.pointer)).collect::<Vec<_>>() {
            let marks = Marks::of(scene.api, operation).on(scene.api.schemas.root(), &operation.pointer, &media.pointer);
            let side = if is_request { "request" } else { "answer" };
            let subject = format!("media type `{}` of the {side}", media.essence());
            let remedy = vec![Change::Remove(media.pointer.clone())];
            add(ledger, Unseen { rule: "media-type", operation, subject, place: media.pointer.clone(), marks, remedy });
        }
    }
}

/// Defaults, values and limits of a field, where the page shows those of another field.
fn keywords(scene: &Scene, ledger: &mut Ledger, operation: &Operation, position: usize) {
    let groups = scene.groups(position);
    let all = || groups.values().flatten().filter(|(fact, _)| fact.basis == Basis::Field).map(|(_, claim)| *claim);
    let mut shown: BTreeSet<&str> = all().filter_map(word).collect();
    shown.remove("enum");
    shown.remove("null");
    let has_enum = all().any(|claim| matches!(claim, Claim::Enum(_)));
    for (place, said) in &groups {
        if !said.iter().any(|(fact, claim)| fact.basis == Basis::Field && matches!(claim, Claim::Type(_))) {
            continue;
        }
        let sites::Place::Found(found) = sites::find(scene, operation, &scene.page.operations[position], place) else { continue };
        let said: BTreeSet<&str> = said.iter().filter_map(|(_, claim)| word(claim)).collect();
        let own = |keyword: &str| spot::keyword(&scene.api.schemas, &found.site.spots, keyword).map(|(at, _)| at);
        let mut gone: Vec<(&str, String)> =
            shown.iter().filter(|keyword| !said.contains(*keyword)).filter_map(|keyword| Some((*keyword, own(keyword)?))).collect();
        if has_enum && !said.contains("enum") {
            gone.extend(claims::enumerated(&scene.api.schemas, &found.site.spots).map(|(at, _)| ("enum", at)));
        }
        if !said.contains("null") && matches!(scene.page.format, Format::MintlifySource | Format::MintlifyText) {
            gone.extend(nullable(scene, &found.site).map(|at| ("nullable", at)));
        }
        // What a format implies is added when the document is loaded, and is not written there.
        gone.retain(|(_, at)| pointer::get(&scene.document.value, &written::pointer(scene.document, at)).is_some());
        for (keyword, at) in gone {
            let subject = format!("`{keyword}` of {}", words::place(place));
            let remedy = vec![Change::Remove(written::pointer(scene.document, &at))];
            add(ledger, Unseen { rule: "keyword", operation, subject, place: at, marks: found.marks.clone(), remedy });
        }
    }
}

/// Where a document says that a place admits null, when a page would write `string | null` for it.
fn nullable(scene: &Scene, site: &Site) -> Option<String> {
    let (id, _) = scene.api.schemas.resolve(&site.spots.first()?.id);
    let at = pointer::join(&written::pointer(scene.document, id.pointer()), "nullable");
    (pointer::get(&scene.document.value, &at) == Some(&serde_json::Value::Bool(true))).then_some(at)
}

fn word(claim: &Claim) -> Option<&'static str> {
    match claim {
        Claim::Default(_) => Some("default"),
        Claim::Enum(_) => Some("enum"),
        Claim::Nullable(_) => Some("null"),
        Claim::Limit { keyword, .. } => Some(keyword),
        _ => None,
    }
}

/// Operations whose own page, by `x-docs`, does not have them.
fn operations(scenes: &[Scene], ledger: &mut Ledger, matched: &BTreeSet<&str>) {
    let Some(first) = scenes.first() else { return };
    let is_read = |url: &str| scenes.iter().any(|scene| scene.page.name == url && !scene.page.operations.is_empty());
    let lost = first.api.operations.iter().filter(|operation| {
        !matched.contains(operation.id.as_str()) && !operation.docs.is_empty() && operation.docs.iter().all(|docs| is_read(&docs.url))
    });
    for operation in lost {
        let subject = format!("operation `{} {}`", operation.method, operation.path);
        let (place, marks) = (operation.pointer.clone(), Marks::of(first.api, operation));
        add(ledger, Unseen { rule: "operation", operation, subject, place, marks, remedy: Vec::new() });
    }
}
