//! Operations: planned from the model, then written as requests and as answers by status.

mod answers;
mod bodies;
mod requests;

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _},
};

use proc_macro2::{Ident, TokenStream};
use specs::{
    Api,
    api::{self, Direction, Location, Status},
    lower::LoweredOperation,
};

use crate::{
    docs::paragraphs,
    names::{Scope, ident, pascal, snake},
    shapes::{Key, Planner, Type, Types},
};

pub(crate) use answers::{generate as answers, variant};
pub(crate) use bodies::{Body, Encoding};
pub(crate) use requests::{generate as requests, method};

/// Methods of a client that no operation can be called.
const CLIENT_METHODS: [&str; 8] = ["new", "with_base_url", "with_timeout", "with_header", "with_http_client", "base_url", "clone", "fmt"];
/// Fields and methods of a request that no parameter can be called.
const REQUEST_NAMES: [&str; 6] = ["client", "payload", "send", "into_future", "clone", "fmt"];

/// An operation, with its names in Rust.
pub(crate) struct Operation<'a> {
    pub(crate) model: &'a api::Operation,
    pub(crate) lowered: &'a LoweredOperation,
    /// The method of the client.
    pub(crate) method: Ident,
    /// The request.
    pub(crate) request: Ident,
    /// The enum of successes.
    pub(crate) success: Ident,
    /// The enum of refusals.
    pub(crate) failure: Ident,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<Body>,
    pub(crate) answers: Vec<Answer<'a>>,
    /// The schemas that it is made of.
    asked: Vec<Key>,
    /// Whether something of it cannot be sent or is left out.
    lacks: bool,
}

/// A parameter, with its name in Rust.
pub(crate) struct Parameter<'a> {
    pub(crate) model: &'a api::Parameter,
    pub(crate) ident: Ident,
    pub(crate) value: Type,
}

/// A declared response.
pub(crate) struct Answer<'a> {
    pub(crate) status: Status,
    pub(crate) variant: Ident,
    pub(crate) content: Content,
    pub(crate) description: &'a str,
    /// Whether it is one of the successes, the refusals, or stands for both.
    pub(crate) side: Side,
}

/// What a response holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Nothing,
    Json(Type),
    /// JSON, or another media type.
    Mixed(Type),
    Text,
    Raw,
}

/// Which of the two enums an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Success,
    Failure,
    Both,
}

/// Plans all operations that can be called.
pub(crate) fn plan<'a>(api: &'a Api, calls: &HashMap<&str, &'a LoweredOperation>, planner: &mut Planner<'_>) -> Vec<Operation<'a>> {
    let mut methods = Scope::with(&CLIENT_METHODS);
    let mut requests = Scope::default();
    let mut planned = Vec::new();
    for model in &api.operations {
        let Some(lowered) = calls.get(model.id.as_str()).copied() else { continue };
        let name = requests.unique(&pascal(&model.id, "Operation"));
        let parameters = parameters(model, lowered, planner);
        let body = model.body.as_ref().map(|body| bodies::plan(body, planner));
        let answers = answers::plan(model, planner);
        let lost = planner.lost();
        planned.push(Operation {
            model,
            lowered,
            method: methods.field(&model.id),
            request: ident(&name),
            success: ident(&format!("{name}Ok")),
            failure: ident(&format!("{name}Error")),
            lacks: lost > 0
                || parameters.len() < model.parameters.iter().filter(|one| fixed(model, one.location, &one.name).is_none()).count(),
            asked: planner.asked(),
            parameters,
            body,
            answers,
        });
    }
    planned
}

fn parameters<'a>(model: &'a api::Operation, lowered: &LoweredOperation, planner: &mut Planner<'_>) -> Vec<Parameter<'a>> {
    let mut scope = Scope::with(&REQUEST_NAMES);
    if model.body.is_some() {
        scope.unique("body");
    }
    let sendable: Vec<&api::Parameter> = model
        .parameters
        .iter()
        .filter(|parameter| fixed(model, parameter.location, &parameter.name).is_none())
        .filter(|parameter| {
            parameter.location != Location::Header
                || lowered
                    .arguments
                    .iter()
                    .any(|argument| matches!(argument, specs::lower::Argument::Header(name) if *name == parameter.name))
        })
        .collect();
    let wires: Vec<&str> = sendable.iter().map(|parameter| parameter.name.as_str()).collect();
    let idents = scope.all(&wires, snake);
    let planned = sendable.into_iter().zip(idents).map(|(parameter, ident)| {
        let value = parameter.schema.as_ref().map_or(Type::Text, |schema| planner.plan(schema, Direction::Request));
        Parameter { model: parameter, ident, value: Types::inner(&value).0.clone() }
    });
    planned.collect()
}

/// What is always sent under a name, so that no caller has to say it.
fn fixed<'o>(model: &'o api::Operation, location: Location, name: &str) -> Option<&'o str> {
    model.conditions.iter().find(|condition| condition.location == location && condition.name == name)?.fixed()
}

impl Operation<'_> {
    /// Whether all that the document declares of it has a type, and can be sent.
    pub(crate) fn is_typed(&self, types: &Types) -> bool {
        !self.lacks && types.are_typed(&self.asked)
    }

    /// The types that it takes and gives.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Type> {
        let taken = self.parameters.iter().map(|parameter| &parameter.value).chain(self.body.iter().map(|body| &body.value));
        let given = self.answers.iter().filter_map(|answer| match &answer.content {
            Content::Json(value) | Content::Mixed(value) => Some(value),
            Content::Nothing | Content::Text | Content::Raw => None,
        });
        taken.chain(given)
    }

    /// The paths of what is written for it in a client's module.
    pub(crate) fn paths(&self) -> [String; 4] {
        [format!("Client::{}", self.method), format!("requests::{}", self.request), self.success.to_string(), self.failure.to_string()]
    }

    /// Adds all that decides which items are written for it.
    pub(crate) fn hash_written(&self, types: &Types, into: &mut DefaultHasher) {
        (&self.method, &self.request, self.model.deprecated).hash(into);
        for parameter in &self.parameters {
            (&parameter.ident, parameter.model.required, parameter.model.deprecated).hash(into);
            types.hash_value(&parameter.value, into);
        }
        if let Some(body) = &self.body {
            (body.required, body.encoding).hash(into);
            types.hash_value(&body.value, into);
        }
        for answer in &self.answers {
            (&answer.variant, answer.side, std::mem::discriminant(&answer.content)).hash(into);
        }
        self.values().for_each(|value| types.hash_value(value, into));
    }

    /// The text of its documentation.
    pub(crate) fn docs(&self) -> String {
        let deprecated = if self.model.deprecated { "Deprecated." } else { "" };
        let route = format!("`{} {}`", self.model.method, self.model.path);
        paragraphs(&[&self.model.summary, &self.model.description, deprecated, &route])
    }

    /// The type of what a response holds.
    pub(crate) fn content(types: &Types, content: &Content, path: &TokenStream) -> Option<TokenStream> {
        match content {
            Content::Nothing => None,
            Content::Json(value) => Some(types.rust(value, path)),
            Content::Mixed(value) => {
                let value = types.rust(value, path);
                Some(quote::quote!(::client_runtime::Media<#value>))
            }
            Content::Text => Some(quote::quote!(::std::string::String)),
            Content::Raw => Some(quote::quote!(::client_runtime::Body)),
        }
    }
}
