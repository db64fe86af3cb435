//! The success of an operation, made ready: status, media types and the body's template.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use specs::{
    Api, Problem, Severity,
    api::{Direction, MediaType, Operation, Response, Status},
    resources::Action,
    validate::Validators,
};

use super::{
    conform::Proof,
    declared::{Declared, Origin, concrete, is_bodiless},
    framing::Framing,
    kind::Kind,
    negotiate::Offered,
    template::{Hole, Template},
};

/// How an operation answers when all is well.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// The media types that it can answer with.
    pub(super) offered: Offered,
    pub(super) offers: Vec<Offer>,
    /// Declared headers.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// The places that `x-mock.respond` fills.
    pub(super) made: Vec<String>,
    /// Why its body may not conform.
    pub(super) problem: Option<Problem>,
}

/// One media type of a success.
pub(super) struct Offer {
    pub(super) content_type: HeaderValue,
    pub(super) template: Template,
    pub(super) proof: Proof,
    /// The properties that this operation shows of a row, where its schema is another than the resource's.
    pub(super) shown: Option<Vec<String>>,
}

impl Reply {
    pub(super) fn new(api: &Api, operation: &Operation, validators: &Validators, kind: Option<&Kind>, made: &[String], seed: u64) -> Self {
        let response = usual(operation);
        let holes = holes(operation, made);
        let status = status(response);
        let declared = Declared { api, validators, seed };
        let offering = Offering { declared, kind, holes: &holes };
        let content = response.filter(|_| !is_bodiless(status)).map(|response| response.content.as_slice()).unwrap_or_default();
        let sendable = |media: &&MediaType| HeaderValue::from_str(concrete(media)).is_ok();
        let mut reply = Self {
            status,
            offered: Offered::new(content.iter().filter(sendable).map(|media| (media.name.as_str(), media.is_json()))),
            offers: Vec::new(),
            headers: response.map(|response| declared.headers(response)).unwrap_or_default(),
            made: made.to_vec(),
            problem: None,
        };
        for media in content {
            let Ok(content_type) = HeaderValue::from_str(concrete(media)) else { continue };
            let (template, proof, wrong) = if Framing::of(media.essence(), media.is_json()) == Framing::Json {
                offering.json(media)
            } else {
                (Template::fixed(declared.body(media, Origin::Document).0), Proof::Nothing, None)
            };
            reply.problem = reply.problem.or_else(|| wrong.map(|wrong| cannot(api, media, &wrong)));
            let shown = offering.shown(media);
            reply.offers.push(Offer { content_type, template, proof, shown });
        }
        reply
    }
}

/// The response of an operation when all is well: its success, else where it leads to, else what it says by default.
fn usual(operation: &Operation) -> Option<&Response> {
    let redirect = || {
        let leads = |response: &&Response| matches!(response.status, Status::Exactly(300..=399) | Status::Range(3));
        operation.responses.iter().find(leads)
    };
    operation.success().filter(|response| response.status != Status::Default).or_else(redirect).or_else(|| operation.success())
}

/// The status of a response: the declared one, or the usual one of its range.
fn status(response: Option<&Response>) -> StatusCode {
    let code = match response.map(|response| response.status) {
        Some(Status::Exactly(code)) => code,
        Some(Status::Range(hundreds)) => u16::from(hundreds) * 100,
        Some(Status::Default) => 200,
        None => 204,
    };
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}

fn holes(operation: &Operation, made: &[String]) -> Vec<(String, Hole)> {
    let mut holes = Vec::new();
    if let Some(role) = &operation.role {
        let items = role.items.iter().filter(|_| role.action == Action::List);
        holes.extend(items.map(|place| (place.clone(), Hole::Items)));
        // A batch makes several items, so no place holds the one.
        let item = role.item.iter().filter(|_| role.action != Action::List && operation.mock.each.is_none());
        holes.extend(item.map(|place| (place.clone(), Hole::Item)));
        let facts = role.pagination.iter().flat_map(|paging| &paging.shows);
        holes.extend(facts.map(|(fact, place)| (place.clone(), Hole::Fact(*fact))));
    }
    holes.extend(made.iter().enumerate().map(|(position, place)| (place.clone(), Hole::Made(position))));
    holes
}

struct Offering<'a> {
    declared: Declared<'a>,
    kind: Option<&'a Kind>,
    holes: &'a [(String, Hole)],
}

impl Offering<'_> {
    /// The template of a JSON body, how it is known to conform, and what is wrong with the body that it starts from.
    fn json(&self, media: &MediaType) -> (Template, Proof, Option<String>) {
        let (base, wrong) = self.declared.value(media, Origin::Document);
        let template = Template::new(&base, self.holes);
        let Some(schema) = &media.schema else { return (template, Proof::Nothing, wrong) };
        let Ok(validator) = self.declared.validators.get(schema, Direction::Response) else { return (template, Proof::Nothing, wrong) };
        let row = self.kind.and_then(|kind| kind.schema.as_ref());
        let proof = if wrong.is_none() && self.holes.iter().all(|(place, _)| template_has(&base, place)) {
            Proof::of(&self.declared.api.schemas, schema, row, self.holes, validator)
        } else {
            Proof::Validate(Arc::clone(&validator))
        };
        (template, proof, wrong)
    }

    /// The properties of the schema where rows stand, when it is an object of its own.
    fn shown(&self, media: &MediaType) -> Option<Vec<String>> {
        let schemas = &self.declared.api.schemas;
        let (place, hole) = self.holes.iter().find(|(_, hole)| matches!(hole, Hole::Item | Hole::Items))?;
        let mut at = media.schema.clone()?;
        for token in specs::pointer::tokens(place) {
            at = schemas.property(&at, &token)?;
        }
        if *hole == Hole::Items {
            at = schemas.below(&schemas.resolve(&at).0, &["items"])?;
        }
        let same = self.kind?.schema.as_ref().is_some_and(|row| schemas.resolve(row).0 == schemas.resolve(&at).0);
        let properties = schemas.properties(&at);
        (!same && !properties.is_empty()).then(|| properties.into_iter().map(|(name, _)| name).collect())
    }
}

fn template_has(base: &Value, place: &str) -> bool {
    base.pointer(place).is_some()
}

fn cannot(api: &Api, media: &MediaType, wrong: &str) -> Problem {
    Problem {
        rule: "response-does-not-conform",
        severity: Severity::Warning,
        file: api.file.clone(),
        line: 0,
        column: 0,
        pointer: media.pointer.clone(),
        message: format!("the body that the mock starts from does not conform to its schema: {wrong}"),
        help: "mend the example, or give one that conforms".to_owned(),
    }
}
