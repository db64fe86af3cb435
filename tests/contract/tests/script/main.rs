//! Scripts, put to the test: what is wrong with one is told with its line, what is sent is what it says, and every kind
//! of wrong answer is found.
//!
//! The server answers every request with the request itself and what the test plants beside it, so that a script can
//! look at what was sent.

#![expect(clippy::panic, reason = "a harness reports by panicking, its helpers too")]

mod reader;
mod runner;

use async_trait::async_trait;
use contract::{
    Credentials, Request, Response, Target, Transport, Unreachable,
    script::{Broken, Script},
};
use serde_json::{Map, Value, json};
use specs::{Problem, Source, api::Api};

const KIOSK: &str = "
openapi: 3.1.0
info: {title: Kiosk, version: '1'}
servers: [{url: 'https://kiosk.example'}]
security: [{stamp: []}]
x-mock: {credentials: {stamp: {example: st-1}, badge: {example: 'ada:pw'}}}
paths:
  /papers/{paper}:
    get: {operationId: getPaper, parameters: [{$ref: '#/components/parameters/Paper'}], responses: {'200': {description: It.}}}
    put: {operationId: putPaper, security: [{badge: []}], parameters: [{$ref: '#/components/parameters/Paper'}], responses: {'200': {description: It.}}}
  /papers/today:
    get: {operationId: getToday, security: [], responses: {'200': {description: It.}}}
  /papers/{paper}.pdf:
    get: {operationId: print, security: [{stamp: [], badge: []}], parameters: [{$ref: '#/components/parameters/Paper'}], responses: {'200': {description: It.}}}
components:
  parameters: {Paper: {name: paper, in: path, required: true, schema: {type: string}}}
  securitySchemes:
    stamp: {type: apiKey, in: query, name: stamp}
    badge: {type: http, scheme: basic}
";

fn api() -> Api {
    let loaded = specs::load(&Source::new("kiosk", "kiosk.yaml", KIOSK.to_owned()));
    loaded.api.unwrap_or_else(|| panic!("{:#?}", loaded.problems))
}

fn read(text: &str) -> Result<Script, Vec<Problem>> {
    Script::read(&Source::new("kiosk", "kiosk.script.yaml", text.to_owned()), &api())
}

/// Answers with the request, and with what is planted.
struct Echo(Response);

#[async_trait]
impl Transport for Echo {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let mut response = self.0.clone();
        if response.body.is_empty() {
            let headers = request.headers.iter().map(|field| json!([field.name.to_ascii_lowercase(), field.value])).collect::<Vec<_>>();
            let body = request.body.as_ref().map(|body| String::from_utf8_lossy(body).into_owned());
            let echo = json!({"method": request.method.as_str(), "target": request.target(), "headers": headers, "body": body, "gone": null, "half": 0.5, "two": 2.0});
            response.body = echo.to_string().into_bytes();
        }
        Ok(response)
    }
}

/// Runs every promise of a script against a server that answers so.
async fn run(text: &str, response: Response) -> Result<(), Broken> {
    let script = read(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let api = api();
    let target = Target::new(Box::new(Echo(response)), Credentials::of_document(&api));
    for promise in &script.promises {
        script.run(promise, &api, &target).await?;
    }
    Ok(())
}

/// An answer with this status, these headers and this body; with no body, the request comes back.
fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}

/// A script of one promise with one step, as JSON, which is YAML too.
fn one_step(step: &Value) -> String {
    let mut whole = json!({"send": "GET /papers/today", "gets": 200}).as_object().cloned().unwrap_or_else(Map::new);
    whole.extend(step.as_object().cloned().unwrap_or_default());
    json!({"promises": [{"promise": "it is so", "steps": [whole]}]}).to_string()
}
