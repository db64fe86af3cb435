//! A vendor's own OpenAPI document: what it declares, as facts.
//!
//! The model of [`crate::api`] is read, so that a `$ref`, an `allOf` and the dialects of OpenAPI are understood here as
//! they are everywhere else, and so that a document says the same of itself as a page and as a document.

use super::{
    Basis, Claim, Format, Page, Place, Side, Statement,
    draft::{Draft, property},
    schema_facts::Walk,
};
use crate::{
    Api, Document, Source,
    api::{MediaType, Operation, Parameter, Response, Security, Status},
    load,
    pointer::join,
};

/// Reads a document.
pub(super) fn read(name: &str, text: &str) -> Page {
    let last = text.lines().count();
    let loaded = load(&Source::new("page", name, text.to_owned()));
    let mut draft = Draft::default();
    for problem in &loaded.problems {
        let line = problem.line.clamp(1, last.max(1));
        draft.unread(line, line, &problem.pointer, &problem.message);
    }
    if let (Some(api), Some(document)) = (&loaded.api, &loaded.document) {
        let mut reader = Reader { api, document, draft: &mut draft, last: last.max(1) };
        reader.servers();
        for operation in &api.operations {
            reader.operation(operation);
        }
    } else {
        draft.unread(1, last.max(1), name, "nothing can be made of the document");
    }
    draft.finish(name, Format::OpenApi, last)
}

pub(super) struct Reader<'r> {
    pub(super) api: &'r Api,
    document: &'r Document,
    pub(super) draft: &'r mut Draft,
    last: usize,
}

impl Reader<'_> {
    /// The line of what a pointer names.
    pub(super) fn line(&self, pointer: &str) -> usize {
        self.document.locate(pointer).0.clamp(1, self.last)
    }

    fn servers(&mut self) {
        for (position, server) in self.api.servers.iter().enumerate() {
            let line = self.line(&format!("/servers/{position}/url"));
            if server.url != "/" {
                self.draft.push(line, None, Basis::Field, Statement::Server(server.url.trim_end_matches('/').to_owned()));
            }
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let line = self.line(&operation.pointer);
        let path = operation.path.split(['?', '#']).next().unwrap_or_default();
        let Some(position) = self.draft.operation(line, Basis::Field, operation.method.clone(), path) else {
            return self.draft.unread(line, line, &operation.path, "the path is none that pages can name");
        };
        self.draft.current = Some(position);
        for server in &operation.servers {
            self.draft.state(line, Basis::Field, Statement::Server(server.url.trim_end_matches('/').to_owned()));
        }
        for parameter in &operation.parameters {
            self.parameter(parameter);
        }
        if let Some(body) = &operation.body {
            let place = property(Side::Request, Vec::new());
            let line = self.line(&body.pointer);
            self.draft.claim(line, Basis::Field, &place, Claim::Required(body.required));
            self.content(Side::Request, &body.content);
        }
        for response in &operation.responses {
            self.response(response);
        }
        self.security(line, &operation.pointer, &operation.security);
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let place = Place::Parameter { location: parameter.location, name: parameter.name.clone() };
        let line = self.line(&parameter.pointer);
        self.draft.claim(line, Basis::Field, &place, Claim::Exists);
        let required = self.line(&join(&parameter.pointer, "required"));
        self.draft.claim(required, Basis::Field, &place, Claim::Required(parameter.required));
        if parameter.deprecated {
            self.draft.claim(line, Basis::Field, &place, Claim::Deprecated(true));
        }
        if let Some(schema) = &parameter.schema {
            Walk::new(self).value(&place, schema);
        }
        for example in &parameter.examples {
            let line = self.line(&example.pointer);
            self.draft.claim(line, Basis::Example, &place, Claim::Example(example.value.clone()));
        }
    }

    fn content(&mut self, side: Side, content: &[MediaType]) {
        for (position, media) in content.iter().enumerate() {
            let line = self.line(&media.pointer);
            self.draft.state(line, Basis::Field, Statement::MediaType { side, name: media.name.clone() });
            if let Some(schema) = media.schema.as_ref().filter(|_| position == 0) {
                Walk::new(self).body(side, schema);
            }
            for example in &media.examples {
                let line = self.line(&example.pointer);
                let statement = match side {
                    Side::Request => {
                        let place = property(side, Vec::new());
                        Statement::Member { place, claim: Claim::Example(example.value.clone()) }
                    }
                    Side::Response(status) => Statement::Answer { status: status.and_then(exact), body: example.value.clone() },
                };
                self.draft.state(line, Basis::Example, statement);
            }
        }
    }

    fn response(&mut self, response: &Response) {
        let line = self.line(&response.pointer);
        self.draft.state(line, Basis::Field, Statement::Status(response.status));
        for header in &response.headers {
            let place = Place::Header { status: Some(response.status), name: header.name.clone() };
            let line = self.line(&header.pointer);
            self.draft.claim(line, Basis::Field, &place, Claim::Exists);
            if let Some(schema) = &header.schema {
                Walk::new(self).value(&place, schema);
            }
        }
        self.content(Side::Response(Some(response.status)), &response.content);
    }

    fn security(&mut self, line: usize, pointer: &str, alternatives: &[Security]) {
        let own = self.line(&join(pointer, "security"));
        for (name, scopes) in alternatives.iter().flat_map(|alternative| &alternative.schemes) {
            if let Some(scheme) = self.api.schemes.get(name) {
                let statement = Statement::Security { kind: scheme.kind.clone(), scopes: scopes.clone() };
                self.draft.state(own.max(line), Basis::Field, statement);
            }
        }
    }
}

fn exact(status: Status) -> Option<u16> {
    match status {
        Status::Exactly(code) => Some(code),
        _ => None,
    }
}
