//! Document to typed Rust client source.
//!
//! Three parts meet in one module per document. **Transport** is progenitor's: paths, the request, hooks
//! ([`specs::lower`] says why it gets no types). **Types** are planned from the schemas, once for each direction in
//! which they travel, and written as structs, enums and unions. **Operations** are the surface: a request with
//! setters, and the answers by status.
//!
//! The source refers to `::client_runtime` and to no other crate, so any crate that depends on that can include it.
//! The same model gives the same source, byte for byte.
//!
//! A build script of another workspace is one call of [`build`]; `examples/stranger` is a crate that does it.

mod build;
mod client;
mod contract;
mod docs;
mod example;
mod names;
mod opening;
mod operations;
mod providers;
mod shapes;
pub mod surface;
mod transport;

use std::{collections::HashMap, path::PathBuf};

use proc_macro2::TokenStream;
use quote::quote;
use specs::{
    Api, Problem, Severity,
    lower::{LoweredOperation, lower},
};

use operations::Operation;

pub use build::{build, generate_from};
pub use opening::Opening;
pub use providers::{Providers, generate_all, generate_files};

/// The source of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Items of a module, formatted; empty when nothing could be generated.
    pub source: String,
    /// What the document is called.
    pub title: String,
    /// The ids of the operations that are in it.
    pub operations: Vec<String>,
    /// Those of them that are not typed throughout; the problems say where and why.
    pub degraded: Vec<String>,
    /// What could not be typed, or not be generated, and why.
    pub problems: Vec<Problem>,
    /// A few lines of Rust that use it, as Markdown.
    pub example: String,
    /// What a reader does first, when the document has all values for it.
    pub opening: Option<Opening>,
    /// The files that the document refers to, which were read.
    pub files: Vec<PathBuf>,
}

/// What stands around a client that nobody reads: lints are for what people write.
const UNREAD: &str = "unreachable_pub, unused, clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::allow_attributes_without_reason";

impl Generated {
    /// Its public items.
    ///
    /// # Errors
    /// When the source is no Rust, which would be a mistake of the generator.
    pub fn surface(&self) -> Result<surface::Surface, syn::Error> {
        surface::Surface::of(&self.source)
    }

    /// The source as a file of its own, which `mod acme;` includes.
    #[must_use]
    pub fn file(&self) -> String {
        format!(
            "//! Generated from an OpenAPI document; edit that instead.\n\n#![allow({UNREAD}, reason = \"generated\")]\n\n{}",
            self.source
        )
    }

    /// The source as a module of this name, which `include!` includes.
    #[must_use]
    pub fn module(&self, name: &str) -> String {
        format!("/// {}\n#[allow({UNREAD}, reason = \"generated\")]\npub mod {name} {{\n{}}}\n", self.title, self.source)
    }
}

/// What of a client is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent<'n> {
    /// What callers use.
    Client,
    /// The same for a crate of this name, and calls by operation id behind its feature `contract`.
    WithContract(&'n str),
}

/// Generates the client of a document. Never panics; an operation that cannot be generated is left out, with a problem.
#[must_use]
pub fn generate(api: &Api) -> Generated {
    generate_with(api, Extent::Client)
}

/// The same to an extent.
pub(crate) fn generate_with(api: &Api, extent: Extent) -> Generated {
    let mut problems = Vec::new();
    let lowered = lower(api);
    problems.extend(lowered.problems.iter().cloned());
    let calls = lowered.operations.iter().map(|operation| (operation.id.as_str(), operation)).collect();
    let (mut operations, mut types, mut untyped) = plan(api, &calls);
    let transport = transport::generate(api, &lowered, &mut problems);
    if transport.refuses_any() {
        operations.retain(|operation| transport.has(&operation.model.id));
        types.keep(operations.iter().flat_map(Operation::values));
    }
    problems.append(&mut untyped);
    let including = if let Extent::WithContract(name) = extent { name } else { "crate" };
    let example = example::generate(api, &format!("{including}::{}", names::ident(&api.name)), &operations, &types);
    let opening = opening::opening(api, &operations, &types);
    let file = assemble(api, extent, &transport, &operations, &types);
    let degraded = operations.iter().filter(|operation| !operation.is_typed(&types)).map(|operation| operation.model.id.clone()).collect();
    let ids = operations.iter().map(|operation| operation.model.id.clone()).collect();
    let generated = Generated { title: docs::line(&api.title), problems, ..Generated::default() };
    match syn::parse2::<syn::File>(file) {
        Ok(file) => Generated { source: prettyplease::unparse(&file), operations: ids, degraded, example, opening, ..generated },
        Err(error) => {
            let message = format!("the client cannot be generated: {error}");
            let help = "report this document to the generator's authors";
            let why = problem(api, "not-generated", Severity::Error, "", message, help);
            Generated { problems: generated.problems.into_iter().chain([why]).collect(), ..generated }
        }
    }
}

/// Names and types of all operations that can be called, whichever of them is written then: what one is called must
/// not depend on that.
pub(crate) fn plan<'a>(api: &'a Api, calls: &HashMap<&str, &'a LoweredOperation>) -> (Vec<Operation<'a>>, shapes::Types, Vec<Problem>) {
    let mut planner = shapes::Planner::new(api);
    let operations = operations::plan(api, calls, &mut planner);
    let (types, untyped) = planner.finish();
    (operations, types, untyped)
}

fn assemble(api: &Api, extent: Extent, transport: &transport::Transport, operations: &[Operation], types: &shapes::Types) -> TokenStream {
    let client = client::generate(api, operations, types);
    let credentials = client::credentials(api);
    let requests = operations::requests(operations, types);
    let answers = operations::answers(operations, types);
    let contract = matches!(extent, Extent::WithContract(_)).then(|| contract::generate(api, operations, types));
    let definitions = shapes::generate(types, &|_| true);
    let transport = &transport.source;
    quote! {
        /// What the client is made of: errors, files, dates, and the HTTP client below.
        pub use ::client_runtime as runtime;
        #client
        #credentials
        #answers
        /// Requests: one per operation, made by the client's methods.
        pub mod requests {
            #requests
        }
        /// What travels: bodies, parameters, and what they are made of.
        pub mod types {
            #definitions
        }
        #contract
        #[allow(dead_code, missing_docs, rustdoc::all, reason = "nobody sees it")]
        mod transport {
            #transport
        }
    }
}

/// A problem with a place in a document.
fn problem(api: &Api, rule: &'static str, severity: Severity, pointer: &str, message: String, help: &str) -> Problem {
    let (file, pointer, help) = (api.file.clone(), pointer.to_owned(), help.to_owned());
    Problem { rule, severity, file, line: 0, column: 0, pointer, message, help }
}
