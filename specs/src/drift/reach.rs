//! What of a document an operation leads to: every schema of its bodies, with the marks that hold there.

use serde_json::Value;

use crate::{
    api::{Api, Operation},
    pages::{Side, Step},
    pointer,
};

use super::spot::{self, Spot};

/// One object of a body: its properties by name, and the way to it.
pub(super) struct Level {
    pub(super) side: Side,
    pub(super) path: Vec<Step>,
    /// The schemas of the level itself.
    pub(super) spots: Vec<Spot>,
    /// Name and place of each property; the same name several times where alternatives declare it.
    pub(super) properties: Vec<(String, Spot)>,
}

/// Every object of the bodies of an operation, each schema once, the outer ones first.
pub(super) fn levels(api: &Api, operation: &Operation) -> Vec<Level> {
    let mut open: Vec<(Side, Vec<Step>, Vec<Spot>)> = vec![(Side::Request, Vec::new(), spot::request(api, operation))];
    let success = operation.success().map(|response| response.pointer.clone());
    for response in &operation.responses {
        let is_success = Some(&response.pointer) == success.as_ref();
        let side = Side::Response(Some(response.status).filter(|_| !is_success));
        open.push((side, Vec::new(), spot::response(api, operation, response)));
    }
    open.reverse();
    let (mut found, mut seen): (Vec<Level>, Vec<(bool, String)>) = (Vec::new(), Vec::new());
    while let Some((side, path, spots)) = open.pop() {
        let spread = spot::spread(&api.schemas, &spots);
        let spread: Vec<Spot> = spread.into_iter().filter(|spot| is_new(&mut seen, side, spot)).collect();
        let mut properties = Vec::new();
        for part in &spread {
            for name in names(api, part) {
                let Some(id) = api.schemas.below(&part.id, &["properties", &name]) else { continue };
                let below = Spot { marks: part.marks.at(api.schemas.root(), id.pointer()), id };
                open.push((side, path.iter().cloned().chain([Step::Property(name.clone())]).collect(), vec![below.clone()]));
                properties.push((name, below));
            }
            if let Some(id) = api.schemas.below(&part.id, &["items"]) {
                let below = Spot { marks: part.marks.at(api.schemas.root(), id.pointer()), id };
                open.push((side, path.iter().cloned().chain([Step::Item]).collect(), vec![below]));
            }
        }
        found.push(Level { side, path, spots: spread, properties });
    }
    found
}

/// Requests and answers are gone through apart, since a page may show the one and not the other.
fn is_new(seen: &mut Vec<(bool, String)>, side: Side, spot: &Spot) -> bool {
    let key = (side == Side::Request, spot.id.pointer().to_owned());
    let is_new = !seen.contains(&key);
    if is_new {
        seen.push(key);
    }
    is_new
}

fn names(api: &Api, part: &Spot) -> Vec<String> {
    let properties = api.schemas.get(&part.id).get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// The pointers of all that an operation is made of.
pub(super) fn places(api: &Api, operation: &Operation) -> Vec<String> {
    let mut found = vec![operation.pointer.clone()];
    if let Some((item, _)) = pointer::split_last(&operation.pointer) {
        found.push(pointer::join(item, "parameters"));
    }
    found.extend(operation.parameters.iter().map(|parameter| parameter.pointer.clone()));
    found.extend(operation.body.iter().map(|body| body.pointer.clone()));
    found.extend(operation.responses.iter().map(|response| response.pointer.clone()));
    let schemes = operation.security.iter().flat_map(|one| &one.schemes).filter_map(|(name, _)| api.schemes.get(name));
    found.extend(schemes.map(|scheme| scheme.pointer.clone()));
    let spots = levels(api, operation).into_iter().flat_map(|level| level.spots);
    found.extend(spots.map(|spot| spot.id.pointer().to_owned()));
    found.extend(operation.parameters.iter().filter_map(|parameter| Some(parameter.schema.as_ref()?.pointer().to_owned())));
    found
}
