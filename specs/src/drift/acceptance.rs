//! What is over when all is compared: what the page now proves, and what is accepted although it does not occur.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{api::Evidence, pointer};

use super::{
    finding::{Change, Verdict},
    ledger::{Difference, Ledger},
    reach,
    scene::Scene,
    spot::Marks,
    written,
};

/// Reports what the document has from elsewhere, or has inferred, and the page states.
pub(super) fn prove(ledger: &mut Ledger) {
    for (place, (evidence, shown, operation, subject)) in std::mem::take(&mut ledger.proven) {
        let written = written::pointer(ledger.document, &place);
        if ledger.findings.iter().any(|finding| finding.held.pointer == written && finding.accepted.is_none()) {
            continue;
        }
        let operation = operation.and_then(|id| ledger.api.operation(&id));
        let difference = Difference {
            verdict: Verdict::Proven,
            rule: "evidence",
            operation,
            subject,
            message: format!("the page states what the document has as `{}`", evidence.as_str()),
            remedy: vec![Change::Set(pointer::join(&written, "x-evidence"), json!("page"))],
            marks: Marks { evidence, accepted: None },
            place,
        };
        ledger.add(Some(shown), difference);
    }
}

/// Reports what is accepted in vain, among all that the operations of the pages lead to.
pub(super) fn idle(scenes: &[Scene], ledger: &mut Ledger) {
    let matched: BTreeSet<&str> = scenes.iter().flat_map(Scene::matched).map(|(_, _, operation)| operation.id.as_str()).collect();
    let own = ledger.api.operations.iter().filter(|operation| matched.contains(operation.id.as_str()));
    let reached: BTreeSet<String> = own.flat_map(|operation| reach::places(ledger.api, operation)).collect();
    let is_reached =
        |at: &str| reached.iter().any(|place| at == place || at.strip_prefix(place.as_str()).is_some_and(|rest| rest.starts_with('/')));
    for at in accepted(ledger.api.schemas.root()) {
        if ledger.used.contains(&at) || !is_reached(&at) {
            continue;
        }
        let pointer = pointer::join(&at, "x-drift-accepted");
        let held = ledger.held(&pointer, Evidence::Page);
        let remedy = vec![Change::Remove(held.pointer.clone())];
        let finding = super::Finding {
            verdict: Verdict::Idle,
            rule: "accepted-in-vain",
            operation: None,
            subject: "`x-drift-accepted`".to_owned(),
            message: "the difference that is accepted here does not occur".to_owned(),
            shown: None,
            held,
            accepted: None,
            remedy,
        };
        ledger.findings.push(finding);
    }
}

/// The pointers of all objects that accept something.
fn accepted(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), root)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                if members.contains_key("x-drift-accepted") {
                    found.push(at.clone());
                }
                open.extend(members.iter().map(|(name, value)| (pointer::join(&at, name), value)));
            }
            Value::Array(items) => open.extend(items.iter().enumerate().map(|(position, item)| (pointer::index(&at, position), item))),
            _ => {}
        }
    }
    found.sort();
    found
}
