//! Whether a request is as the document declares it: its path, its parameters, its credentials and its body.
//!
//! What a document does not say is no mistake: a query parameter or a body that is not declared is told as new. Whether
//! credentials are anybody's is the server's business; here they are judged by their form.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::Method;
use specs::{
    api::{Condition, Direction, Location, Operation, SchemaId, Wanted},
    validate::{Validator, Violation},
    wire::{Asked as Sought, Content, Decoder, Found, Raw, Router, pairs},
};

use super::{
    asked::Asked,
    finding::{Finding, Grade},
    proof, rules,
};
use crate::{case::Failure, laws::same, rule::Rule, suite::Suite};

/// How many violations of one schema are told.
const TOLD: usize = 8;

/// How long a name is that another may be a slip of.
const NAME: usize = 4;

/// A document, ready to read requests.
pub(super) struct Reader {
    pub(super) suite: Arc<Suite>,
    router: Router,
    /// Compiled when they are first asked for.
    operations: Vec<OnceLock<Compiled>>,
}

struct Compiled {
    parameters: Vec<Decoder>,
    body: Option<Content>,
}

/// What a request is for.
#[derive(Clone, Debug, Default)]
pub(super) struct Meant {
    /// The number of its operation.
    pub(super) operation: Option<usize>,
    /// What is wrong with it, its body aside.
    pub(super) findings: Vec<Finding>,
}

impl Reader {
    /// Makes a document ready. Paths are relative to the base URL, whatever server an operation has of its own.
    pub(super) fn new(suite: Arc<Suite>) -> Self {
        let mut router = Router::default();
        for (number, operation) in suite.api.operations.iter().enumerate() {
            router.add(&operation.segments, &operation.method, &operation.conditions, number);
        }
        let operations = suite.api.operations.iter().map(|_| OnceLock::new()).collect();
        Self { suite, router, operations }
    }

    /// The operation with this number.
    pub(super) fn operation(&self, number: usize) -> Option<&Operation> {
        self.suite.api.operations.get(number)
    }

    /// Finds the operation of a request, and what is wrong before its body.
    pub(super) fn head(&self, asked: &Asked) -> Meant {
        let found = self.router.find(&asked.sought());
        let Some(matched) = &found.matched else { return Meant { operation: None, findings: self.unknown(asked, &found) } };
        let Some((operation, compiled)) = self.compiled(matched.operation) else { return Meant::default() };
        let query = asked.uri.query().map(pairs).unwrap_or_default();
        let raw = Raw { path: &matched.path, query, headers: &asked.headers };
        let mut findings: Vec<Finding> =
            proof::missing(&self.suite.api, operation, asked).map(|(rule, failure)| wrong(operation, rule, failure)).into_iter().collect();
        for decoder in &compiled.parameters {
            findings.extend(self.parameter(decoder, &raw).into_iter().map(|(rule, failure)| wrong(operation, rule, failure)));
        }
        findings.extend(self.undeclared(operation, compiled, &raw));
        Meant { operation: Some(matched.operation), findings }
    }

    /// What is wrong with the body of a request, of which nothing is missing.
    pub(super) fn body(&self, number: usize, asked: &Asked, bytes: &Bytes) -> Vec<Finding> {
        let Some((operation, compiled)) = self.compiled(number) else { return Vec::new() };
        let sent = asked.header("content-type");
        let Some(content) = compiled.body.as_ref().filter(|content| !content.media.is_empty()) else {
            let undeclared = Failure::at("", "no body", size(bytes), "a body is sent, where none is declared");
            return if bytes.is_empty() || operation.body.is_some() {
                Vec::new()
            } else {
                vec![new(operation, rules::UNDECLARED_BODY, undeclared)]
            };
        };
        if bytes.is_empty() && !(content.required && content.takes_empty(sent.unwrap_or_default())) {
            let missing = Failure::at("", names(content), "no body", "a body is required");
            return if content.required { vec![wrong(operation, rules::MISSING_BODY, missing)] } else { Vec::new() };
        }
        let Some(media) = sent.and_then(|sent| content.find(sent)) else {
            let got = sent.map_or_else(|| "no such header".to_owned(), |sent| format!("`{sent}`"));
            let what = format!(
                "a body of {} is sent, where {} is declared",
                sent.map_or("no named type".to_owned(), |sent| format!("`{sent}`")),
                names(content)
            );
            return vec![wrong(operation, rules::UNDECLARED_MEDIA_TYPE, Failure::at("header.Content-Type", names(content), got, what))];
        };
        let value = match media.read(bytes, sent.unwrap_or_default()) {
            Ok(value) => value,
            Err(reason) => {
                let what = format!("the body cannot be read: {reason}");
                let failure = Failure::at("", format!("`{}`", media.essence), size(bytes), what);
                return vec![wrong(operation, rules::MALFORMED_BODY, failure)];
            }
        };
        let violations = media.validator.as_ref().map(|validator| violations(validator, &value)).unwrap_or_default();
        let failure = |violation: Violation| {
            let is_missing = violation.keyword == "required" && violation.property.is_some();
            let there = value.pointer(&violation.place()).map(same::brief).unwrap_or_default();
            let got = if is_missing { "no such property".to_owned() } else { there };
            let what = if violation.instance.is_empty() && violation.property.is_none() {
                format!("the body {}", violation.message)
            } else {
                violation.sentence()
            };
            Failure::at(violation.place(), violation.message, got, what)
        };
        violations.into_iter().map(|violation| wrong(operation, rules::INVALID_BODY, failure(violation))).collect()
    }

    fn compiled(&self, number: usize) -> Option<(&Operation, &Compiled)> {
        let (operation, slot) = (self.operation(number)?, self.operations.get(number)?);
        let validator = |schema: &SchemaId| self.suite.validators.get(schema, Direction::Request).ok();
        let compiled = slot.get_or_init(|| Compiled {
            parameters: operation
                .parameters
                .iter()
                .map(|parameter| {
                    Decoder::new(&self.suite.api, parameter, &operation.parameters, parameter.schema.as_ref().and_then(validator))
                })
                .collect(),
            body: operation.body.as_ref().map(|body| Content::new(&self.suite.api.schemas, body, validator)),
        });
        Some((operation, compiled))
    }

    fn parameter(&self, decoder: &Decoder, raw: &Raw<'_>) -> Option<(Rule, Failure)> {
        let place = decoder.place();
        let value = match decoder.decode(raw) {
            None => {
                let what = format!("`{place}` is required");
                return decoder.required.then(|| (rules::MISSING_PARAMETER, Failure::at(&place, "a value", "no such parameter", what)));
            }
            Some(Ok(value)) => value,
            Some(Err(reason)) => return Some((rules::INVALID_PARAMETER, Failure::at(&place, &reason, "", format!("`{place}` {reason}")))),
        };
        let validator = decoder.validator.as_ref().filter(|_| !decoder.takes(&value))?;
        let told = violations(validator, &value).into_iter().next()?;
        let at = if told.instance.is_empty() { String::new() } else { format!(" at `{}`", told.instance) };
        let is_secret = proof::is_secret(&self.suite.api, decoder.location, &decoder.name);
        let got = if is_secret { "another value".to_owned() } else { same::brief(&value) };
        let what = format!("`{place}`{at} {}", told.message);
        Some((rules::INVALID_PARAMETER, Failure::at(place, told.message, got, what)))
    }

    /// The pairs of a query that are nobody's, each name once.
    fn undeclared(&self, operation: &Operation, compiled: &Compiled, raw: &Raw<'_>) -> Vec<Finding> {
        let is_condition =
            |name: &str| operation.conditions.iter().any(|condition| condition.location == Location::Query && condition.name == name);
        let mut names: Vec<&str> = Vec::new();
        for pair in &raw.query {
            let is_known = compiled.parameters.iter().any(|decoder| decoder.claims(pair)) || is_condition(&pair.name);
            if !is_known && !proof::is_secret(&self.suite.api, Location::Query, &pair.name) && !names.contains(&pair.name.as_ref()) {
                names.push(&pair.name);
            }
        }
        let declared = compiled.parameters.iter().filter(|decoder| decoder.location == Location::Query);
        let declared: Vec<&str> = declared.map(|decoder| decoder.name.as_str()).collect();
        let all = declared.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let expected = if declared.is_empty() { "no query".to_owned() } else { all };
        let failure = |name: &str| {
            // Between short names, a few letters are all the difference.
            let meant = specs::nearest(name, declared.iter().copied().filter(|known| known.len().min(name.len()) >= NAME));
            let meant = meant.map(|meant| format!(", as `{meant}` is")).unwrap_or_default();
            Failure::at(format!("query.{name}"), &expected, format!("`{name}`"), format!("`query.{name}` is not declared{meant}"))
        };
        names.into_iter().map(|name| new(operation, rules::UNDECLARED_PARAMETER, failure(name))).collect()
    }

    /// What is wrong with a request for nothing. Whoever asks what may be asked needs no leave.
    fn unknown(&self, asked: &Asked, found: &Found<'_>) -> Vec<Finding> {
        let path = asked.path();
        if found.has_path() && asked.method == Method::OPTIONS {
            return Vec::new();
        }
        let (rule, failure) = if found.allow.is_empty() {
            let due = found.unmet.map_or_else(|| self.hint(path), conditions);
            (rules::UNDECLARED_PATH, Failure::at(path, due, format!("`{path}`"), format!("no operation has the path `{path}`")))
        } else {
            let due = found.allow.iter().map(|method| format!("`{method}`")).collect::<Vec<_>>().join(" or ");
            let what = format!("the path `{path}` has no `{}`", asked.method);
            (rules::UNDECLARED_METHOD, Failure::at(path, due, format!("`{}`", asked.method), what))
        };
        vec![Finding { rule, grade: Grade::Wrong, direction: Direction::Request, operation: String::new(), failure }]
    }

    /// What may have been meant by a path that is not known.
    fn hint(&self, path: &str) -> String {
        let has = |path: &str| self.router.find(&Sought { path, method: &Method::GET, query: "", headers: None }).has_path();
        let other = if path.ends_with('/') { path.trim_end_matches('/').to_owned() } else { format!("{path}/") };
        if has(&other) {
            return format!("`{other}`, as the document writes it");
        }
        let bases = self.suite.api.servers.iter().flat_map(|server| std::iter::once(&server.path).chain(&server.also));
        let behind = bases.filter(|base| !base.is_empty()).filter_map(|base| path.strip_prefix(base.as_str())).find(|rest| has(rest));
        behind.map_or_else(
            || "a path of the document".to_owned(),
            |rest| format!("`{rest}`, since the target stands for the whole of the documented URL"),
        )
    }
}

fn violations(validator: &Validator, value: &serde_json::Value) -> Vec<Violation> {
    if validator.is_valid(value) { Vec::new() } else { validator.violations(value).into_iter().take(TOLD).collect() }
}

fn wrong(operation: &Operation, rule: Rule, failure: Failure) -> Finding {
    Finding { rule, grade: Grade::Wrong, direction: Direction::Request, operation: operation.id.clone(), failure }
}

fn new(operation: &Operation, rule: Rule, failure: Failure) -> Finding {
    Finding { grade: Grade::New, ..wrong(operation, rule, failure) }
}

fn names(content: &Content) -> String {
    content.media.iter().map(|media| format!("`{}`", media.essence)).collect::<Vec<_>>().join(" or ")
}

fn size(bytes: &Bytes) -> String {
    format!("{} bytes", bytes.len())
}

fn conditions(conditions: &[Condition]) -> String {
    let name = |condition: &Condition| match &condition.wanted {
        Wanted::Exactly(value) => format!("`{}={value}` in the {}", condition.name, condition.location.as_str()),
        Wanted::Named | Wanted::Given => format!("`{}` in the {}", condition.name, condition.location.as_str()),
    };
    conditions.iter().map(name).collect::<Vec<_>>().join(" and ")
}
