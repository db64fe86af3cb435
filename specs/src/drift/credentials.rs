//! What a page says of credentials: of which kind, sent how, and good for what.

use serde_json::{Value, json};

use crate::{
    api::{Location, Operation, Scheme, SchemeKind},
    pages::{Basis, Fact, Statement},
    pointer,
};

use super::{
    finding::{Change, Verdict},
    ledger::{Difference, Ledger},
    scene::Scene,
    sites::append,
    spot::Marks,
    words, written,
};

/// Compares kinds of credentials and scopes of each operation.
pub(super) fn compare(scene: &Scene, ledger: &mut Ledger) {
    for (position, _, operation) in scene.matched() {
        let stated: Vec<(&Fact, &SchemeKind, &[String])> = scene.facts(position).filter_map(stated).collect();
        let all: Vec<&String> = stated.iter().flat_map(|(_, _, scopes)| scopes.iter()).collect();
        for (fact, kind, scopes) in &stated {
            let own = schemes(scene, operation);
            match own.iter().find(|scheme| is_same(&scheme.kind, kind)) {
                Some(scheme) => {
                    let marks = Marks::of(scene.api, operation).at(scene.api.schemas.root(), &scheme.pointer);
                    ledger.agree(scene.page, fact, operation, &scheme.pointer, &marks);
                    self::scopes(scene, ledger, operation, (fact, scheme), (scopes, &all));
                }
                None if fact.basis < Basis::Mention => differs(scene, ledger, operation, (fact, kind), &stated),
                None => {}
            }
        }
    }
}

fn stated(fact: &Fact) -> Option<(&Fact, &SchemeKind, &[String])> {
    let Statement::Security { kind, scopes } = &fact.statement else { return None };
    Some((fact, kind, scopes))
}

/// The schemes that an operation takes.
pub(super) fn schemes<'a>(scene: &Scene<'a>, operation: &Operation) -> Vec<&'a Scheme> {
    let names = operation.security.iter().flat_map(|one| &one.schemes);
    names.filter_map(|(name, _)| scene.api.schemes.get(name)).collect()
}

/// Whether two kinds are sent the same way.
pub(super) fn is_same(one: &SchemeKind, other: &SchemeKind) -> bool {
    match (one, other) {
        (SchemeKind::ApiKey { location, name }, SchemeKind::ApiKey { location: at, name: other }) => {
            location == at && if *at == Location::Header { name.eq_ignore_ascii_case(other) } else { name == other }
        }
        (SchemeKind::Basic, SchemeKind::Basic)
        | (SchemeKind::Bearer { .. }, SchemeKind::Bearer { .. })
        | (SchemeKind::MutualTls, SchemeKind::MutualTls) => true,
        (SchemeKind::Http(one), SchemeKind::Http(other)) => one.eq_ignore_ascii_case(other),
        // A key in `Authorization` is how some documents write a token.
        (SchemeKind::ApiKey { location: Location::Header, name }, SchemeKind::Bearer { .. })
        | (SchemeKind::Bearer { .. }, SchemeKind::ApiKey { location: Location::Header, name }) => {
            name.eq_ignore_ascii_case("authorization")
        }
        _ => false,
    }
}

fn differs(
    scene: &Scene,
    ledger: &mut Ledger,
    operation: &Operation,
    (fact, kind): (&Fact, &SchemeKind),
    stated: &[(&Fact, &SchemeKind, &[String])],
) {
    let gone = schemes(scene, operation).into_iter().find(|scheme| !stated.iter().any(|(_, kind, _)| is_same(&scheme.kind, kind)));
    let marks = Marks::of(scene.api, operation);
    let subject = words::subject(&fact.statement);
    let difference = match gone {
        Some(scheme) => {
            ledger.shown.insert(scheme.pointer.clone());
            Difference {
                verdict: Verdict::Contradicts,
                message: format!("the page says {}, the document {}", words::sent_as(kind), words::sent_as(&scheme.kind)),
                marks: marks.at(scene.api.schemas.root(), &scheme.pointer),
                place: scheme.pointer.clone(),
                remedy: resend(scene, scheme, kind),
                rule: "security",
                operation: Some(operation),
                subject,
            }
        }
        None => Difference {
            verdict: Verdict::Missing,
            message: "the document does not take them".to_owned(),
            marks,
            place: pointer::join(&operation.pointer, "security"),
            remedy: Vec::new(),
            rule: "security",
            operation: Some(operation),
            subject,
        },
    };
    ledger.differ(scene.page, fact, difference);
}

/// The edits that send credentials another way.
fn resend(scene: &Scene, scheme: &Scheme, kind: &SchemeKind) -> Vec<Change> {
    let at = written::pointer(scene.document, &scheme.pointer);
    let set = |name: &str, value: Value| Change::Set(pointer::join(&at, name), value);
    let own = pointer::get(&scene.document.value, &at);
    let has = |name: &str| own.and_then(|own| own.get(name)).is_some();
    let mut changes: Vec<Change> = match kind {
        SchemeKind::ApiKey { location, name } => {
            vec![set("type", json!("apiKey")), set("in", json!(location.as_str())), set("name", json!(name))]
        }
        SchemeKind::Basic => vec![set("type", json!("http")), set("scheme", json!("basic"))],
        SchemeKind::Bearer { .. } => vec![set("type", json!("http")), set("scheme", json!("bearer"))],
        SchemeKind::Http(name) => vec![set("type", json!("http")), set("scheme", json!(name))],
        SchemeKind::MutualTls => return Vec::new(),
    };
    let needed: &[&str] = if matches!(kind, SchemeKind::ApiKey { .. }) { &["in", "name"] } else { &["scheme"] };
    let gone = ["in", "name", "scheme", "bearerFormat", "flows", "openIdConnectUrl"]
        .into_iter()
        .filter(|name| has(name) && !needed.contains(name));
    changes.extend(gone.map(|name| Change::Remove(pointer::join(&at, name))));
    changes.retain(|change| !matches!(change, Change::Set(at, value) if pointer::get(&scene.document.value, at) == Some(value)));
    changes
}

fn scopes(
    scene: &Scene,
    ledger: &mut Ledger,
    operation: &Operation,
    (fact, scheme): (&Fact, &Scheme),
    (scopes, all): (&[String], &[&String]),
) {
    let required =
        operation.security.iter().flat_map(|one| &one.schemes).filter(|(name, _)| *name == scheme.name).flat_map(|(_, scopes)| scopes);
    let known: Vec<&String> = required.chain(&operation.scopes).collect();
    let place = pointer::join(&operation.pointer, "x-scopes");
    for scope in scopes {
        if known.contains(&scope) {
            ledger.shown.insert(format!("{} {scope}", operation.pointer));
            continue;
        }
        let moved = known.iter().find(|known| !all.contains(*known));
        let (verdict, message) = match moved {
            Some(own) => (Verdict::Contradicts, format!("the page says the scope `{scope}`, the document `{own}`")),
            None => (Verdict::Missing, format!("the document does not ask for the scope `{scope}`")),
        };
        let position = moved.and_then(|own| operation.scopes.iter().position(|scope| scope == *own));
        let remedy = match (moved, position) {
            (Some(_), Some(position)) => vec![Change::Set(pointer::index(&place, position), json!(scope))],
            (Some(_), None) => Vec::new(),
            (None, _) => vec![append(&scene.document.value, place.clone(), json!(scope))],
        };
        if let Some(own) = moved {
            ledger.shown.insert(format!("{} {own}", operation.pointer));
        }
        let marks = Marks::of(scene.api, operation).at(scene.api.schemas.root(), &scheme.pointer);
        let inside = || schemes(scene, operation).iter().find_map(|scheme| accepted_below(scene, &scheme.pointer));
        let marks = Marks { accepted: marks.accepted.clone().or_else(inside), ..marks };
        let difference = Difference {
            verdict,
            rule: "scope",
            operation: Some(operation),
            subject: format!("scope `{scope}`"),
            message,
            place: place.clone(),
            marks,
            remedy,
        };
        ledger.differ(scene.page, fact, difference);
    }
}

/// A reason that stands inside of a scheme, as beside the scopes of a flow, is about its scopes.
fn accepted_below(scene: &Scene, scheme: &str) -> Option<String> {
    let root = scene.api.schemas.root();
    let flows = pointer::join(scheme, "flows");
    let names = pointer::get(root, &flows).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
    let mut places = names.map(|name| pointer::join(&flows, name)).chain([flows.clone()]);
    places.find(|at| pointer::get(root, at).is_some_and(|node| node.get("x-drift-accepted").is_some()))
}
