//! The success of an operation, made ready: status, media types and the body's template.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::Value;
use specs::{
    Api, Problem, Severity,
    api::{Direction, MediaType, Operation, Response, Status},
    resources::Action,
    sample::Sampler,
    validate::Validators,
};

use super::{
    conform::{self, Proof},
    kind::Kind,
    template::{Hole, Template},
};

/// How an operation answers when all is well.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// The media types that it can answer with, the first by default.
    pub(super) offered: Vec<String>,
    pub(super) offers: Vec<Offer>,
    /// Declared headers that are always sent.
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
        let response = operation.success();
        let holes = holes(operation, made);
        let mut reply = Self {
            status: status(response),
            offered: Vec::new(),
            offers: Vec::new(),
            headers: Vec::new(),
            made: made.to_vec(),
            problem: None,
        };
        for media in response.into_iter().flat_map(|response| &response.content) {
            let Ok(content_type) = HeaderValue::from_str(concrete(&media.name)) else { continue };
            let offering = Offering { api, validators, kind, holes: &holes, seed };
            let (template, proof, wrong) =
                if media.is_json() { offering.json(media) } else { (offering.other(media), Proof::Nothing, None) };
            reply.problem = reply.problem.or_else(|| wrong.map(|wrong| cannot(api, media, &wrong)));
            reply.offered.push(media.essence().to_owned());
            let shown = offering.shown(media);
            reply.offers.push(Offer { content_type, template, proof, shown });
        }
        reply.headers = response.map(|response| headers(api, validators, response, seed)).unwrap_or_default();
        reply
    }
}

/// The status of a success: the declared one, or the usual one of its range.
fn status(response: Option<&Response>) -> StatusCode {
    let code = match response.map(|response| response.status) {
        Some(Status::Exactly(code)) => code,
        Some(Status::Range(hundreds)) => u16::from(hundreds) * 100,
        Some(Status::Default) => 200,
        None => 204,
    };
    StatusCode::from_u16(code).unwrap_or(StatusCode::OK)
}

/// What stands for a range such as `text/*`.
fn concrete(name: &str) -> &str {
    match name {
        "*/*" | "application/*" => "application/octet-stream",
        "text/*" => "text/plain",
        other => other,
    }
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
    api: &'a Api,
    validators: &'a Validators,
    kind: Option<&'a Kind>,
    holes: &'a [(String, Hole)],
    seed: u64,
}

impl Offering<'_> {
    /// The template of a JSON body, how it is known to conform, and what is wrong with the body that it starts from.
    fn json(&self, media: &MediaType) -> (Template, Proof, Option<String>) {
        let example = media.examples.first().map(|example| example.value.clone());
        let Some(schema) = &media.schema else {
            return (Template::new(&example.unwrap_or(Value::Null), self.holes), Proof::Nothing, None);
        };
        let sampler = Sampler::new(&self.api.schemas, self.validators, Direction::Response, self.seed);
        let base = example.map_or_else(|| sampler.full(schema).map_err(|reason| reason.to_string()), Ok);
        let (base, mut wrong) = match base {
            Ok(base) => (base, None),
            Err(reason) => (Value::Null, Some(reason)),
        };
        let template = Template::new(&base, self.holes);
        let Ok(validator) = self.validators.get(schema, Direction::Response) else { return (template, Proof::Nothing, wrong) };
        if wrong.is_none() && !validator.is_valid(&base) {
            wrong = Some(conform::describe(&validator, &base).join("; "));
        }
        let row = self.kind.and_then(|kind| kind.schema.as_ref());
        let proof = if wrong.is_none() && self.holes.iter().all(|(place, _)| template_has(&base, place)) {
            Proof::of(&self.api.schemas, schema, row, self.holes, validator)
        } else {
            Proof::Validate(Arc::clone(&validator))
        };
        (template, proof, wrong)
    }

    /// The properties of the schema where rows stand, when it is an object of its own.
    fn shown(&self, media: &MediaType) -> Option<Vec<String>> {
        let schemas = &self.api.schemas;
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

    /// A body that is not JSON: its example as text, or as compact JSON where it is no text.
    fn other(&self, media: &MediaType) -> Template {
        let example = media.examples.first().map(|example| example.value.clone());
        let text = match example {
            Some(Value::String(text)) => text,
            Some(other) => other.to_string(),
            None => match media
                .schema
                .as_ref()
                .and_then(|schema| Sampler::new(&self.api.schemas, self.validators, Direction::Response, self.seed).full(schema).ok())
            {
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
                None => String::new(),
            },
        };
        Template::fixed(Bytes::from(text))
    }
}

fn template_has(base: &Value, place: &str) -> bool {
    base.pointer(place).is_some()
}

/// The headers that the response declares as required, as their example or a sample of their schema.
fn headers(api: &Api, validators: &Validators, response: &Response, seed: u64) -> Vec<(HeaderName, HeaderValue)> {
    let limits: Vec<&str> = api.rate_limits.iter().flat_map(|limit| &limit.headers).map(|(name, _)| name.as_str()).collect();
    let sent =
        response.headers.iter().filter(|header| header.required && !limits.iter().any(|name| name.eq_ignore_ascii_case(&header.name)));
    sent.filter_map(|header| {
        let example = header.examples.first().map(|example| example.value.clone());
        let sampled = || Sampler::new(&api.schemas, validators, Direction::Response, seed).full(header.schema.as_ref()?).ok();
        let text = match example.or_else(sampled)? {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Some((HeaderName::try_from(&header.name).ok()?, HeaderValue::from_str(&text).ok()?))
    })
    .collect()
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
