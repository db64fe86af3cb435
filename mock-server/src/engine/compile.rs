//! A document, made ready: everything that a request needs is built here, once.

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use http::StatusCode;
use serde_json::Value;
use specs::{
    Api, Problem, Severity,
    api::{Body, Direction, Operation, Parameter, Scheme, SchemeKind, Status},
    sample::Sampler,
    validate::Validators,
    wire::{Content, Decoder, Router},
};

use super::{
    conform,
    credential::CompiledScheme,
    events::{self, Hook},
    expression::{Compiler, Maker},
    kind::Kind,
    kinds::Kinds,
    limits::CompiledLimit,
    login::Login,
    mount,
    reply::{Reply, unwritten},
    role::Role,
    start,
    surface::Surface,
    token::Endpoints,
};
use crate::state::{Row, World};

/// How many operations are compiled before the first request.
pub const AT_ONCE: usize = 64;

/// How a document is served.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The path before an operation's own, that of the server included: `/acme/v1`.
    pub prefix: String,
    /// Other paths that mean the same.
    pub also: Vec<String>,
    /// Most rows of one world.
    pub max_rows: usize,
    /// Where the values come from that the document leaves open.
    pub seed: u64,
}

/// One document, compiled. Immutable; a request is `exchange`d against a [`World`].
pub struct Engine {
    pub(super) api: Api,
    pub(super) prefix: String,
    /// Each with what of it cannot be acted out; compiled when it is first needed.
    operations: Vec<Slot>,
    /// What of each operation exchanges can touch, listed when it is first touched.
    surfaces: Box<[OnceLock<Box<Surface>>]>,
    pub(super) kinds: Kinds,
    pub(super) router: Router,
    pub(super) schemes: Vec<CompiledScheme>,
    /// Where tokens are given out.
    pub(super) endpoints: Endpoints,
    pub(super) caller: Value,
    pub(super) validators: Validators,
    /// Makes values for answers; what it learns of the schemas is kept.
    pub(super) sampler: Sampler,
    pub(super) limits: Vec<CompiledLimit>,
    /// What the vendor sends of its own accord, by index in [`specs::Api::webhooks`].
    pub(super) hooks: Vec<Hook>,
    start: World,
}

/// The place of an operation, which costs little until it is needed.
type Slot = OnceLock<Box<(Compiled, Vec<Problem>)>>;

/// An operation, compiled.
pub(super) struct Compiled {
    pub(super) index: usize,
    /// Alternatives of schemes that must all be met, by index, each with the scopes that it has to have.
    pub(super) security: Vec<Vec<(usize, Vec<String>)>>,
    pub(super) parameters: Vec<Decoder>,
    pub(super) body: Option<Content>,
    /// The status for parameters and bodies that are not valid.
    pub(super) invalid_status: StatusCode,
    /// The status for path parameters that are not valid: where nothing better is declared, there is no such item.
    pub(super) invalid_path_status: StatusCode,
    pub(super) role: Option<Role>,
    /// What `x-mock.respond` makes, by the positions of the template's holes.
    pub(super) respond: Vec<Maker>,
    pub(super) reply: Reply,
    /// How it answers when it made what else it would have changed.
    pub(super) made: Option<Reply>,
    /// What it has to do with logging in.
    pub(super) login: Option<Login>,
}

impl Engine {
    /// Compiles a document; what of it cannot be acted out is a problem, and the rest is served all the same. Operations
    /// beyond the first few are compiled when they are first needed: a document of thousands is ready at once.
    #[must_use]
    pub fn new(mut api: Api, options: &EngineOptions) -> (Self, Vec<Problem>) {
        let validators = Validators::new(&api);
        let derived = start::derive(&mut api, &validators);
        let kinds = Kinds::new(&api, &derived);
        let mut problems = Vec::new();
        let sampler = Sampler::new(&api.schemas, &validators, Direction::Response, options.seed);
        let mut compiling = Compiling { api: &api, validators: &validators, kinds: &kinds, sampler: &sampler, problems: &mut problems };
        let rows = compiling.rows(&derived);
        problems.extend(api.schemes.values().filter(|scheme| scheme.kind == SchemeKind::MutualTls).map(|scheme| unseen(&api, scheme)));
        let schemes = api.schemes.values().map(|scheme| CompiledScheme::new(&api, scheme)).collect();
        let hooks = events::compile(&api, &kinds, &mut problems);
        let router = mount::router(&api, options, &mut problems);
        let served = api.servers.first().map(|server| server.path.as_str()).unwrap_or_default();
        let mount = options.prefix.strip_suffix(served).unwrap_or(&options.prefix);
        let engine = Self {
            endpoints: Endpoints::new(&api, mount, &router),
            router,
            hooks,
            schemes,
            caller: api.mock.caller.clone().unwrap_or(Value::Null),
            prefix: options.prefix.clone(),
            sampler,
            limits: api.rate_limits.iter().map(|limit| CompiledLimit::new(&api, limit)).collect(),
            start: World::new(kinds.names().to_vec(), rows, options.max_rows),
            operations: api.operations.iter().map(|_| OnceLock::new()).collect(),
            surfaces: api.operations.iter().map(|_| OnceLock::new()).collect(),
            kinds,
            validators,
            api,
        };
        for index in 0..engine.operations.len().min(AT_ONCE) {
            problems.extend(engine.problems(index).iter().cloned());
        }
        (engine, problems)
    }

    /// What of an operation, by its index, cannot be acted out; it is compiled for that if it is not yet.
    #[must_use]
    pub fn problems(&self, operation: usize) -> &[Problem] {
        &self.compiled(operation).1
    }

    /// The same, of an operation that is compiled already; of another one nothing is known.
    pub fn known_problems(&self, operation: usize) -> &[Problem] {
        self.operations.get(operation).and_then(OnceLock::get).map(|compiled| compiled.1.as_slice()).unwrap_or_default()
    }

    /// What of an operation, by its index, exchanges can touch.
    #[must_use]
    pub fn surface(&self, operation: usize) -> &Surface {
        self.surfaces[operation].get_or_init(|| Box::new(Surface::new(self, operation)))
    }

    pub(super) fn operation(&self, index: usize) -> &Compiled {
        &self.compiled(index).0
    }

    /// The index of the kind of a resource.
    pub(super) fn kind_index(&self, name: &str) -> Option<usize> {
        self.kinds.index(name)
    }

    pub(super) fn kind(&self, index: usize) -> &Kind {
        self.kinds.get(index, &self.api, &self.validators)
    }

    fn compiled(&self, index: usize) -> &(Compiled, Vec<Problem>) {
        self.operations[index].get_or_init(|| {
            let mut problems = Vec::new();
            let (api, validators, kinds) = (&self.api, &self.validators, &self.kinds);
            let mut compiling = Compiling { api, validators, kinds, sampler: &self.sampler, problems: &mut problems };
            Box::new((compiling.operation(index, &api.operations[index]), problems))
        })
    }

    /// A new world, with the rows at start.
    #[must_use]
    pub fn world(&self) -> World {
        self.start.fresh()
    }
}

impl Compiled {
    /// The first of these statuses that the operation declares; the first of all when it declares none.
    pub(super) fn refusal_status(&self, api: &Api, wanted: &[StatusCode]) -> StatusCode {
        let operation = &api.operations[self.index];
        declared(operation, wanted)
    }
}

fn declared(operation: &Operation, wanted: &[StatusCode]) -> StatusCode {
    let has = |status: &&StatusCode| {
        let code = status.as_u16();
        operation.responses.iter().any(|response| response.status == Status::Exactly(code))
    };
    let range =
        |status: &&StatusCode| operation.responses.iter().any(|response| response.status == Status::Range(4) && status.is_client_error());
    let found = wanted.iter().find(has).or_else(|| wanted.iter().find(range));
    found.or_else(|| wanted.first()).copied().unwrap_or(StatusCode::BAD_REQUEST)
}

/// What is at hand while a document is compiled.
struct Compiling<'a> {
    api: &'a Api,
    validators: &'a Validators,
    kinds: &'a Kinds,
    sampler: &'a Sampler,
    problems: &'a mut Vec<Problem>,
}

impl Compiling<'_> {
    fn operation(&mut self, index: usize, operation: &Operation) -> Compiled {
        let scheme_index = |name: &String| self.api.schemes.get_index_of(name);
        // A scheme that the document does not declare cannot be met or missed.
        let mut security: Vec<Vec<_>> = operation
            .security
            .iter()
            .map(|alternative| {
                let all = |scopes: &Vec<String>| scopes.iter().chain(&operation.scopes).cloned().collect();
                alternative.schemes.iter().filter_map(|(name, scopes)| Some((scheme_index(name)?, all(scopes)))).collect()
            })
            .collect();
        // Whoever shows credentials is known by them, also where none are needed.
        security.sort_by_key(Vec::is_empty);
        let parameters = operation.parameters.iter().map(|parameter| self.parameter(parameter, &operation.parameters)).collect();
        let body = operation.body.as_ref().map(|body| self.body(body));
        let mut compiler = Compiler { file: &self.api.file, problems: &mut *self.problems };
        let kind = operation.role.as_ref().and_then(|role| {
            let index = self.kinds.index(&role.resource)?;
            Some((index, self.kinds.get(index, self.api, self.validators)))
        });
        let role = kind.and_then(|kind| Role::new(self.api, operation, kind, self.validators, &mut compiler));
        let made = compiler.makers(&operation.mock.respond);
        let (places, respond): (Vec<String>, Vec<Maker>) = made.into_iter().unzip();
        let kind = kind.map(|(_, kind)| kind);
        let reply = Reply::new(self.api, operation, self.validators, kind, &places, self.sampler);
        let answer_made = Reply::made(self.api, operation, self.validators, kind, &places, self.sampler);
        self.problems.extend(reply.problem.clone());
        self.problems
            .extend(operation.responses.iter().flat_map(|response| &response.content).filter_map(|media| unwritten(self.api, media)));
        if operation.mock.each.is_some() && operation.mock.respond.is_empty() && !reply.offers.is_empty() {
            let message = format!("`{}` makes a row for each element, and nothing says how its answer tells of them", operation.id);
            let help = "say it with `respond`, where `results` holds what came of each";
            self.problems.push(problem(self.api, "silent-batch", &operation.mock.pointer, message, help));
        }
        let malformed = [StatusCode::BAD_REQUEST, StatusCode::UNPROCESSABLE_ENTITY];
        // Where both are declared, 422 is for what is well formed and not valid (RFC 9110, section 15.5.21).
        let has_422 = operation.responses.iter().any(|response| response.status == Status::Exactly(422));
        let invalid_status = if has_422 { StatusCode::UNPROCESSABLE_ENTITY } else { declared(operation, &malformed) };
        Compiled {
            index,
            security,
            parameters,
            body,
            invalid_status,
            invalid_path_status: declared(operation, &[malformed[0], malformed[1], StatusCode::NOT_FOUND]),
            role,
            respond,
            reply,
            made: answer_made,
            login: Login::of(self.api, operation),
        }
    }

    fn parameter(&mut self, parameter: &Parameter, siblings: &[Parameter]) -> Decoder {
        let validator = parameter.schema.as_ref().and_then(|schema| self.validator(schema));
        Decoder::new(self.api, parameter, siblings, validator)
    }

    fn body(&mut self, body: &Body) -> Content {
        let content = Content::new(&self.api.schemas, body, |schema| self.validator(schema));
        for media in &content.media {
            let Some(why) = media.untyped else { continue };
            let message = format!("a body of `{}` is taken as it comes: {why}", media.essence);
            let help = "what it holds is not checked; declare it as JSON too, if the vendor takes that";
            self.problems.push(problem(self.api, "untyped-body", &media.pointer, message, help));
        }
        content
    }

    fn validator(&mut self, schema: &specs::api::SchemaId) -> Option<Arc<specs::validate::Validator>> {
        match self.validators.get(schema, Direction::Request) {
            Ok(validator) => Some(validator),
            Err(reason) => {
                let help = "values at this place are taken as they come until the schema can be compiled";
                self.problems.push(problem(self.api, "schema", schema.pointer(), format!("the schema cannot be compiled: {reason}"), help));
                None
            }
        }
    }

    /// The rows at start, each with the index of its kind.
    fn rows(&mut self, derived: &HashSet<String>) -> Vec<(usize, Row)> {
        let api = self.api;
        let mut start = Vec::new();
        for (name, rows) in &api.mock.seed {
            let Some(index) = self.kinds.index(name) else { continue };
            let kind = self.kinds.get(index, api, self.validators);
            if derived.contains(name) {
                // Examples are judged by lint; here they are rows as far as they can be.
                start.extend(rows.iter().filter_map(|value| Some((index, self.derived(kind, value)?))));
                continue;
            }
            for (position, value) in rows.iter().enumerate() {
                start.extend(self.row(kind, position, value).map(|row| (index, row)));
            }
        }
        start
    }

    /// A row of an example: as it is where it conforms, else what of it does.
    fn derived(&self, kind: &Kind, value: &Value) -> Option<Row> {
        let row = kind.row(value)?;
        if row.conforms {
            return Some(row);
        }
        let written = value.as_object()?;
        let mut mended = kind.mended(self.api, self.validators, self.sampler, &kind.shown(written))?;
        // A parent need not be among what is shown.
        for link in &kind.links {
            if let (false, Some(parent)) = (mended.contains_key(&link.property), written.get(&link.property)) {
                mended.insert(link.property.clone(), parent.clone());
            }
        }
        kind.row(&Value::Object(mended)).filter(|row| row.conforms)
    }

    fn row(&mut self, kind: &Kind, position: usize, value: &Value) -> Option<Row> {
        let place = format!("{}/seed/{}/{position}", self.api.mock.pointer, kind.name);
        let name = &kind.name;
        let row = kind.row(value);
        let message = match (&row, &kind.validator) {
            (None, _) => Some(format!("row {position} of `{name}` has no `{}`", kind.key)),
            (Some(row), Some(validator)) if !row.conforms => {
                let found = value.as_object().map(|map| conform::describe(validator, &kind.shown(map)).join("; "));
                Some(format!("row {position} of `{name}` does not conform to its schema: {}", found.unwrap_or_default()))
            }
            _ => None,
        };
        let help = "make it a row that reading may return, with its key as text or number";
        self.problems.extend(message.map(|message| problem(self.api, "seed", &place, message, help)));
        row
    }
}

pub(super) fn problem(api: &Api, rule: &'static str, pointer: &str, message: String, help: &str) -> Problem {
    let file = api.file.clone();
    Problem { rule, severity: Severity::Warning, file, line: 0, column: 0, pointer: pointer.to_owned(), message, help: help.to_owned() }
}

/// A plain-text listener sees no client certificate; asking for one would shut everybody out.
fn unseen(api: &Api, scheme: &Scheme) -> Problem {
    let message = format!("the mock cannot see the certificate of `{}`: whoever lacks it passes too", scheme.name);
    problem(api, "unseen-certificate", &scheme.pointer, message, "declare another scheme beside it, if clients are to be refused")
}
