//! Where the document has the place that a page speaks of, or what it would stand in.

use serde_json::{Value, json};

use crate::{
    api::{Location, Operation, Parameter, SchemeKind},
    pages::{self, Side, Signature, Statement, Step},
    pointer,
};

use super::{
    finding::{Change, Verdict},
    pairing,
    scene::{Scene, responses},
    spot::{self, Marks, Site, Spot, Way},
    written,
};

/// Where a place is.
pub(super) enum Place {
    /// There.
    Found(Found),
    /// Nowhere.
    Lacks(Lack),
    /// Said by other means than a parameter or a property: as credentials, a media type, or an open schema.
    Elsewhere,
}

/// A place of the document.
pub(super) struct Found {
    pub(super) site: Site,
    /// JSON pointer of the place, normalized.
    pub(super) place: String,
    /// It, and all others that the same name stands at.
    pub(super) places: Vec<String>,
    pub(super) marks: Marks,
    pub(super) required: bool,
    pub(super) flip: Vec<Change>,
    pub(super) deprecated: bool,
}

/// A place that the document does not have.
pub(super) struct Lack {
    pub(super) verdict: Verdict,
    /// The first part of the way to it that is not there.
    pub(super) place: pages::Place,
    /// What it would stand in.
    pub(super) holder: String,
    pub(super) marks: Marks,
    pub(super) message: String,
    /// Whether it is not there because what is there has another shape.
    pub(super) is_shape: bool,
    moved: Vec<Change>,
}

/// Finds a place.
pub(super) fn find(scene: &Scene, operation: &Operation, signature: &Signature, place: &pages::Place) -> Place {
    match place {
        pages::Place::Parameter { location, name } => parameter(scene, operation, signature, *location, name),
        pages::Place::Property { side, path } => property(scene, operation, *side, path),
        pages::Place::Header { status, name } => header(scene, operation, *status, name),
    }
}

fn parameter(scene: &Scene, operation: &Operation, signature: &Signature, location: Location, name: &str) -> Place {
    let is_header = location == Location::Header;
    if is_header && ["content-type", "accept", "authorization"].contains(&name.to_ascii_lowercase().as_str()) {
        return Place::Elsewhere;
    }
    let own = if location == Location::Path { pairing::variable(operation, signature, name).unwrap_or(name) } else { name };
    let is_named = |parameter: &&Parameter| {
        parameter.name == own || (is_header && parameter.name.eq_ignore_ascii_case(own)) || parameter.name.trim_end_matches("[]") == own
    };
    let mut named = operation.parameters.iter().filter(is_named);
    if let Some(found) = named.clone().find(|parameter| parameter.location == location) {
        return Place::Found(of_parameter(scene, operation, found));
    }
    if is_credential(scene, operation, location, name) {
        return Place::Elsewhere;
    }
    let moved = named.next().filter(|_| location != Location::Path);
    let marks = Marks::of(scene.api, operation);
    let wanted = pages::Place::Parameter { location, name: name.to_owned() };
    Place::Lacks(match moved.filter(|moved| moved.location != Location::Path) {
        Some(moved) => Lack {
            verdict: Verdict::Contradicts,
            message: format!("the page says in {}, the document in {}", location.as_str(), moved.location.as_str()),
            moved: vec![Change::Set(pointer::join(&moved.pointer, "in"), json!(location.as_str()))],
            ..Lack::new(wanted, &moved.pointer, marks)
        },
        None => Lack::new(wanted, &operation.pointer, marks),
    })
}

/// Whether a header, parameter or cookie carries credentials: by the document, or by the page.
fn is_credential(scene: &Scene, operation: &Operation, location: Location, name: &str) -> bool {
    let is = |kind: &SchemeKind| matches!(kind, SchemeKind::ApiKey { location: at, name: own } if *at == location && own.eq_ignore_ascii_case(name));
    let mut wanted = operation.security.iter().flat_map(|one| &one.schemes).filter_map(|(scheme, _)| scene.api.schemes.get(scheme));
    let mut shown =
        scene.page.facts.iter().filter_map(|fact| if let Statement::Security { kind, .. } = &fact.statement { Some(kind) } else { None });
    wanted.any(|scheme| is(&scheme.kind)) || shown.any(is)
}

fn of_parameter(scene: &Scene, operation: &Operation, parameter: &Parameter) -> Found {
    let root = scene.api.schemas.root();
    let marks = Marks { evidence: parameter.evidence, ..Marks::of(scene.api, operation).on(root, &operation.pointer, &parameter.pointer) };
    let spots: Vec<Spot> = parameter.schema.iter().map(|id| Spot { id: id.clone(), marks: marks.at(root, id.pointer()) }).collect();
    let said = spot::keyword(&scene.api.schemas, &spots, "deprecated");
    let is_deprecated = said.is_some_and(|(_, value)| value == &json!(true));
    let at = pointer::join(&parameter.pointer, "required");
    let flip = if parameter.required { vec![Change::Remove(at)] } else { vec![Change::Set(at, json!(true))] };
    Found {
        site: Site { spots, ..Site::default() },
        place: parameter.pointer.clone(),
        places: vec![parameter.pointer.clone()],
        marks,
        required: parameter.required,
        flip: if parameter.location == Location::Path { Vec::new() } else { flip },
        deprecated: parameter.deprecated || is_deprecated,
    }
}

fn property(scene: &Scene, operation: &Operation, side: Side, path: &[Step]) -> Place {
    let (top, holder) = top(scene, operation, side);
    let Some(holder) = holder else {
        // That a response is not there is said of its status.
        return if side == Side::Request { no_body(scene, operation) } else { Place::Elsewhere };
    };
    if top.is_empty() {
        return Place::Lacks(Lack::new(pages::Place::Property { side, path: Vec::new() }, &holder, Marks::of(scene.api, operation)));
    }
    match spot::follow(&scene.api.schemas, top, path) {
        Way::Open => Place::Elsewhere,
        Way::There(site) => of_property(scene, operation, side, site).map_or(Place::Elsewhere, Place::Found),
        Way::Until(site, taken) => until(scene, side, &site, &path[..=taken]),
    }
}

/// The places on the way to a property: who shows what an object holds shows the object.
pub(super) fn above(scene: &Scene, operation: &Operation, place: &pages::Place) -> Vec<String> {
    let pages::Place::Property { side, path } = place else { return Vec::new() };
    let (top, _) = top(scene, operation, *side);
    let ways = (1..path.len()).map(|length| spot::follow(&scene.api.schemas, top.clone(), &path[..length]));
    let sites = ways.filter_map(|way| if let Way::There(site) = way { Some(site) } else { None });
    sites.flat_map(|site| site.spots).map(|spot| spot.id.pointer().to_owned()).collect()
}

/// The schemas at the top of a body, and the pointer of the body.
pub(super) fn top(scene: &Scene, operation: &Operation, side: Side) -> (Vec<Spot>, Option<String>) {
    if side == Side::Request {
        return (spot::request(scene.api, operation), operation.body.as_ref().map(|body| body.pointer.clone()));
    }
    let responses = responses(operation, side);
    let spots = responses.iter().flat_map(|response| spot::response(scene.api, operation, response)).collect();
    (spots, responses.first().map(|response| response.pointer.clone()))
}

fn no_body(scene: &Scene, operation: &Operation) -> Place {
    let place = pages::Place::Property { side: Side::Request, path: Vec::new() };
    Place::Lacks(Lack::new(place, &operation.pointer, Marks::of(scene.api, operation)))
}

fn of_property(scene: &Scene, operation: &Operation, side: Side, site: Site) -> Option<Found> {
    let schemas = &scene.api.schemas;
    let first = site.spots.first()?;
    let (required, flip) = match (&site.name, side) {
        (Some(name), _) => {
            let required = spot::requires(schemas, &site.holders, name);
            (required, flip(scene, &site, name, required))
        }
        (None, Side::Request) if site.holders.is_empty() => {
            let body = operation.body.as_ref();
            let required = body.is_some_and(|body| body.required);
            (required, body.map(|body| Change::Set(pointer::join(&body.pointer, "required"), json!(!required))).into_iter().collect())
        }
        _ => (true, Vec::new()),
    };
    Some(Found {
        place: first.id.pointer().to_owned(),
        places: site.spots.iter().map(|spot| spot.id.pointer().to_owned()).collect(),
        marks: first.marks.clone(),
        deprecated: spot::keyword(schemas, &site.spots, "deprecated").is_some_and(|(_, value)| value == &json!(true)),
        required,
        flip,
        site,
    })
}

/// The edits that make a required property optional, or the other way round.
pub(super) fn flip(scene: &Scene, site: &Site, name: &str, required: bool) -> Vec<Change> {
    let root = &scene.document.value;
    let holders = spot::spread(&scene.api.schemas, &site.holders);
    let object = |id: &str| written::pointer(scene.document, id);
    if !required {
        let declares =
            |spot: &&Spot| site.spots.iter().any(|own| own.id.pointer().starts_with(&format!("{}/properties/", spot.id.pointer())));
        let holder = holders.iter().find(declares).map(|spot| object(spot.id.pointer()));
        return holder.map(|holder| append(root, pointer::join(&holder, "required"), json!(name))).into_iter().collect();
    }
    let mut changes = Vec::new();
    for spot in &holders {
        let list = pointer::join(&object(spot.id.pointer()), "required");
        let Some(names) = pointer::get(root, &list).and_then(Value::as_array) else { continue };
        if let Some(position) = names.iter().position(|one| one == name) {
            changes.push(Change::Remove(if names.len() == 1 { list } else { pointer::index(&list, position) }));
        }
    }
    changes
}

/// One more element of a list, which is made when it is not there.
pub(super) fn append(root: &Value, list: String, element: Value) -> Change {
    if pointer::get(root, &list).is_some_and(Value::is_array) { Change::Append(list, element) } else { Change::Set(list, json!([element])) }
}

fn until(scene: &Scene, side: Side, site: &Site, path: &[Step]) -> Place {
    let schemas = &scene.api.schemas;
    let kinds = spot::kinds(schemas, &site.spots);
    let wanted = if path.last() == Some(&Step::Item) { "array" } else { "object" };
    let place = pages::Place::Property { side, path: path.to_vec() };
    let Some(holder) = holder(scene, site) else { return Place::Elsewhere };
    let marks = site.spots.first().map_or(Marks { evidence: crate::api::Evidence::Page, accepted: None }, |spot| spot.marks.clone());
    let lack = Lack::new(place, &holder, marks);
    if kinds.is_empty() || kinds.iter().any(|kind| kind == wanted) {
        return Place::Lacks(lack);
    }
    let message = format!("the page shows an {wanted} around it, the document says {}", kinds.join(" or "));
    Place::Lacks(Lack { verdict: Verdict::Contradicts, is_shape: true, message, ..lack })
}

/// The object that another property would be added to.
fn holder(scene: &Scene, site: &Site) -> Option<String> {
    let spread = spot::spread(&scene.api.schemas, &site.spots);
    let declares = spread.iter().find(|spot| scene.api.schemas.get(&spot.id).get("properties").is_some());
    let typed = || spread.iter().find(|spot| scene.api.schemas.get(&spot.id).get("type").is_some());
    declares.or_else(typed).or(spread.first()).map(|spot| spot.id.pointer().to_owned())
}

fn header(scene: &Scene, operation: &Operation, status: Option<crate::api::Status>, name: &str) -> Place {
    let responses = responses(operation, Side::Response(status));
    let Some(first) = responses.first() else { return Place::Elsewhere };
    let root = scene.api.schemas.root();
    let marks = spot::response_marks(scene.api, operation, first);
    let mut headers = responses.iter().flat_map(|response| &response.headers);
    let Some(header) = headers.find(|header| header.name.eq_ignore_ascii_case(name)) else {
        return Place::Lacks(Lack::new(pages::Place::Header { status, name: name.to_owned() }, &first.pointer, marks));
    };
    let marks = marks.on(root, &first.pointer, &header.pointer);
    let spots = header.schema.iter().map(|id| Spot { id: id.clone(), marks: marks.clone() }).collect();
    let at = pointer::join(&header.pointer, "required");
    Place::Found(Found {
        site: Site { spots, ..Site::default() },
        place: header.pointer.clone(),
        places: vec![header.pointer.clone()],
        required: header.required,
        flip: vec![Change::Set(at, json!(!header.required))],
        deprecated: false,
        marks,
    })
}

impl Lack {
    fn new(place: pages::Place, holder: &str, marks: Marks) -> Self {
        let message = "the document does not have it".to_owned();
        Self { verdict: Verdict::Missing, place, holder: holder.to_owned(), marks, message, is_shape: false, moved: Vec::new() }
    }

    /// The edits that add it.
    pub(super) fn remedy(&self, scene: &Scene, operation: &Operation, signature: &Signature, schema: Value, required: bool) -> Vec<Change> {
        if self.verdict == Verdict::Contradicts {
            return self.moved.clone();
        }
        let root = &scene.document.value;
        let holder = written::pointer(scene.document, &self.holder);
        match &self.place {
            pages::Place::Parameter { location: Location::Path, .. } => Vec::new(),
            pages::Place::Parameter { location, name } => {
                let mut made = json!({ "name": name, "in": location.as_str() });
                if required {
                    made["required"] = json!(true);
                }
                made["description"] =
                    json!(format!("The {} parameter `{name}` of `{} {}`.", location.as_str(), signature.method, operation.path));
                made["x-evidence"] = json!("page");
                let mut schema = schema;
                lift(&mut schema, &mut made);
                made["schema"] = schema;
                vec![append(root, pointer::join(&holder, "parameters"), made)]
            }
            pages::Place::Property { side, path } => match path.last() {
                Some(Step::Property(name)) => {
                    let at = pointer::join(&pointer::join(&holder, "properties"), name);
                    let mut changes = vec![Change::Set(at, marked(schema))];
                    if required {
                        changes.push(append(root, pointer::join(&holder, "required"), json!(name)));
                    }
                    changes
                }
                Some(Step::Item) => vec![Change::Set(pointer::join(&holder, "items"), marked(schema))],
                None => body(&holder, *side, &schema, required),
            },
            pages::Place::Header { name, .. } => {
                let made = json!({ "description": format!("The header `{name}`."), "schema": schema });
                vec![Change::Set(pointer::join(&pointer::join(&holder, "headers"), name), made)]
            }
        }
    }
}

/// An example stands at the parameter, as parameters of documents have it.
fn lift(schema: &mut Value, parameter: &mut Value) {
    if let Some(example) = schema.as_object_mut().and_then(|schema| schema.remove("example")) {
        parameter["example"] = example;
    }
}

fn marked(mut schema: Value) -> Value {
    schema["x-evidence"] = json!("page");
    schema
}

fn body(holder: &str, side: Side, schema: &Value, required: bool) -> Vec<Change> {
    let content = json!({ "application/json": { "schema": schema } });
    match side {
        Side::Request if !holder.ends_with("/requestBody") => {
            vec![Change::Set(pointer::join(holder, "requestBody"), json!({ "required": required, "content": content }))]
        }
        _ => vec![Change::Set(pointer::join(holder, "content"), content)],
    }
}
