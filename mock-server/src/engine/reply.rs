//! The success of an operation, made ready: status, media types and the body's template.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, StatusCode, header::LOCATION};
use serde_json::Value;
use specs::{
    Api, Problem, Severity,
    api::{Direction, MediaType, Operation, Response, SchemaId, Status},
    resources::{Action, PageFact},
    sample::Sampler,
    validate::Validators,
    wire::Framing,
};

use super::{
    compile::problem,
    conform::Proof,
    declared::{Declared, Origin, concrete, is_bodiless},
    kind::Kind,
    negotiate::Offered,
    template::{Hole, Template},
    view::View,
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
    /// How this operation shows a row, where its schema is another than the resource's.
    pub(super) view: Option<View>,
    /// The holes into which there may be nothing to put, with what is there then.
    pub(super) voids: Vec<(Hole, Void)>,
}

/// What stands where there is nothing to put, and null may not stand.
pub(super) enum Void {
    /// The empty text.
    Blank,
    /// Nothing: the member at this pointer is taken away.
    Absent(String),
}

impl Reply {
    pub(super) fn new(
        api: &Api,
        operation: &Operation,
        validators: &Validators,
        kind: Option<&Kind>,
        made: &[String],
        sampler: &Sampler,
    ) -> Self {
        Self::of(api, operation, usual(operation), validators, kind, made, sampler)
    }

    /// How an operation answers that made what else it would have changed; `None` when it answers as ever.
    pub(super) fn made(
        api: &Api,
        operation: &Operation,
        validators: &Validators,
        kind: Option<&Kind>,
        made: &[String],
        sampler: &Sampler,
    ) -> Option<Self> {
        let makes = operation.role.as_ref().is_some_and(|role| role.makes);
        let response = operation.responses.iter().find(|response| makes && response.status == Status::Exactly(201))?;
        Some(Self::of(api, operation, Some(response), validators, kind, made, sampler))
    }

    /// How an operation answers with one of its responses.
    fn of(
        api: &Api,
        operation: &Operation,
        response: Option<&Response>,
        validators: &Validators,
        kind: Option<&Kind>,
        made: &[String],
        sampler: &Sampler,
    ) -> Self {
        let holes = holes(operation, made);
        let status = status(response);
        let declared = Declared { api, validators, sampler };
        let offering = Offering { declared, kind, holes: &holes };
        let content = response.filter(|_| !is_bodiless(status)).map(|response| response.content.as_slice()).unwrap_or_default();
        let sendable = |media: &&MediaType| HeaderValue::from_str(concrete(media)).is_ok();
        let mut reply = Self {
            status,
            offered: Offered::new(content.iter().filter(sendable).map(|media| (media.name.as_str(), media.is_json()))),
            offers: Vec::new(),
            headers: response.map(|response| headers(declared, operation, response)).unwrap_or_default(),
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
            let (view, voids) = (offering.view(media), offering.voids(media));
            reply.offers.push(Offer { content_type, template, proof, view, voids });
        }
        reply
    }
}

/// The response of an operation when all is well: its success, else where it leads to.
fn usual(operation: &Operation) -> Option<&Response> {
    let is_change = |response: &&Response| matches!(response.status, Status::Exactly(200..=299)) && response.status != Status::Exactly(201);
    // What is made of a change has a response of its own.
    if let Some(change) = operation.role.as_ref().filter(|role| role.makes).and_then(|_| operation.responses.iter().find(is_change)) {
        return Some(change);
    }
    operation.success().or_else(|| operation.redirect())
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
        let items = role.items.iter().filter(|_| role.action == Action::List || role.batch.is_some());
        holes.extend(items.map(|place| (place.clone(), Hole::Items)));
        // A batch makes several items, so no place holds the one.
        let item = role.item.iter().filter(|_| role.action != Action::List && operation.mock.each.is_none());
        holes.extend(item.map(|place| (place.clone(), Hole::Item)));
        let pagination = role.pagination.as_ref().or_else(|| role.search.as_ref()?.pagination.as_ref());
        holes.extend(role.echo.iter().map(|place| (place.clone(), Hole::Key)));
        holes.extend(pagination.iter().flat_map(|paging| &paging.links).map(|(link, place)| (place.clone(), Hole::Link(*link))));
        let facts = pagination.iter().flat_map(|paging| &paging.shows);
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

    /// How rows are shown where they stand.
    fn view(&self, media: &MediaType) -> Option<View> {
        let schemas = &self.declared.api.schemas;
        let (place, hole) = self.holes.iter().find(|(_, hole)| matches!(hole, Hole::Item | Hole::Items))?;
        let mut at = self.at(media, place)?;
        if *hole == Hole::Items {
            at = schemas.items(&at)?;
        }
        View::new(&self.declared, self.kind?, &at)
    }

    /// The schema at a place of the body.
    fn at(&self, media: &MediaType, place: &str) -> Option<SchemaId> {
        specs::pointer::tokens(place).try_fold(media.schema.clone()?, |at, token| self.declared.api.schemas.property(&at, &token))
    }

    /// What stands where no page follows, if it cannot be null.
    fn voids(&self, media: &MediaType) -> Vec<(Hole, Void)> {
        let schemas = &self.declared.api.schemas;
        let void = |(place, hole): &(String, Hole)| {
            let may_be_void = matches!(hole, Hole::Link(_) | Hole::Fact(PageFact::Next));
            let schema = self.at(media, place).filter(|_| may_be_void)?;
            if schemas.types(&schema).iter().any(|kind| kind == "null") {
                return None;
            }
            let (above, name) = specs::pointer::split_last(place)?;
            let is_required = schemas.required(&self.at(media, above)?).contains(&name);
            // A link without an address is none.
            let gone = if name == "href" { above } else { place.as_str() };
            let void = if is_required && name != "href" { Void::Blank } else { Void::Absent(gone.to_owned()) };
            Some((*hole, void))
        };
        self.holes.iter().filter_map(void).collect()
    }
}

/// The declared headers, but for those that each exchange has of its own.
fn headers(declared: Declared<'_>, operation: &Operation, response: &Response) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = declared.headers(response);
    let Some(role) = &operation.role else { return headers };
    let own: Vec<&str> = role.pagination.iter().flat_map(|paging| &paging.headers).map(|(_, name)| name.as_str()).collect();
    let is_made = role.action == Action::Create || role.makes;
    headers.retain(|(name, _)| !(own.iter().any(|own| name.as_str().eq_ignore_ascii_case(own)) || is_made && name == LOCATION));
    headers
}

/// What is told of an answer in XML: text of an example goes out as it is, and no other is made.
pub(super) fn unwritten(api: &Api, media: &MediaType) -> Option<Problem> {
    let is_text = (!media.examples.is_empty()).then(|| media.examples.iter().any(|example| example.value.is_string()));
    let is_made = || media.schema.as_ref().is_some_and(|schema| api.schemas.types(schema) != ["string"]);
    if !media.is_xml() || is_text.unwrap_or_else(|| !is_made()) {
        return None;
    }
    let message = format!("an answer of `{}` is the text of JSON: XML is not written", media.essence());
    Some(problem(api, "untyped-answer", &media.pointer, message, "give an example that is the text of the XML"))
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
