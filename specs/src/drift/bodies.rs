//! Bodies of examples: what they hold that no schema knows, and what does not fit the schema that does.

use serde_json::Value;

use crate::{
    api::{Direction, Evidence, Operation},
    pages::{Fact, Side, Step},
    pointer,
};

use super::{
    examples::{differ, is_placeholder},
    finding::{Change, Verdict},
    ledger::{self, Difference, EXISTS, Ledger},
    scene::Scene,
    shape,
    spot::{self, Marks, Spot, Way},
    words, written,
};

/// Whose body, and the schemas at the top of it.
pub(super) type Body<'b, 'o> = (&'o Operation, Side, &'b [Spot]);

/// What the body holds that no schema knows; what one knows is shown.
pub(super) fn unknown(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, side, spots): Body, value: &Value) {
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
        let shown = ledger::shown(scene.page, fact);
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
    let schema = shape::of(value);
    let marks = Marks::of(scene.api, operation).on(scene.api.schemas.root(), "", &holder);
    let difference = Difference {
        verdict: Verdict::Missing,
        rule: EXISTS,
        operation: Some(operation),
        subject: words::place(&place),
        message: "the document does not have it, and an example does".to_owned(),
        place: holder,
        marks,
        remedy: vec![Change::Set(at, schema)],
    };
    ledger.differ(scene.page, fact, difference);
}

pub(super) fn lacks(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, subject, place): (&Operation, String, String)) {
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

pub(super) fn validate(scene: &Scene, ledger: &mut Ledger, fact: &Fact, (operation, side, spots): Body, value: &Value) {
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
