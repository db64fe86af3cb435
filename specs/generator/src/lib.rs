//! Document to typed Rust client source.
//!
//! Three parts meet in one module per document. **Transport** is progenitor's: paths, the request, hooks
//! ([`specs::lower`] says why it gets no types). **Types** are planned from the schemas, once for each direction in
//! which they travel, and written as structs, enums and unions. **Operations** are the surface: a request with
//! setters, and the answers by status.
//!
//! The source refers to `::crm_notes::runtime`, `::serde`, `::serde_json`, `::reqwest` and `::progenitor_client`, so
//! any crate that has these can include it. The same model gives the same source, byte for byte.

mod client;
mod contract;
mod docs;
mod example;
mod names;
mod opening;
mod operations;
mod providers;
mod shapes;
mod transport;

use proc_macro2::TokenStream;
use quote::quote;
use specs::{Api, Problem, Severity};

pub use opening::Opening;
pub use providers::{Providers, generate_all};

/// The source of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Items of a module, formatted; empty when nothing could be generated.
    pub source: String,
    /// What could not be typed, or not be generated, and why.
    pub problems: Vec<Problem>,
    /// A few lines of Rust that use it, as Markdown.
    pub example: String,
    /// What a reader does first, when the document has all values for it.
    pub opening: Option<Opening>,
}

/// Generates the client of a document. Never panics; an operation that cannot be generated is left out, with a problem.
#[must_use]
pub fn generate(api: &Api) -> Generated {
    generate_in("crm_notes", api)
}

/// The same for a crate of another name, which only matters to the example.
pub(crate) fn generate_in(including: &str, api: &Api) -> Generated {
    let mut problems = Vec::new();
    let transport = transport::generate(api, &mut problems);
    let mut planner = shapes::Planner::new(api);
    let operations = operations::plan(api, &transport, &mut planner);
    let (types, mut untyped) = planner.finish();
    problems.append(&mut untyped);
    let example = example::generate(api, &format!("{including}::{}", api.name), &operations, &types);
    let opening = opening::opening(api, &operations, &types);
    let file = assemble(api, &transport, &operations, &types);
    match syn::parse2::<syn::File>(file) {
        Ok(file) => Generated { source: prettyplease::unparse(&file), problems, example, opening },
        Err(error) => {
            let message = format!("the client cannot be generated: {error}");
            problems.push(problem(api, "not-generated", Severity::Error, "", message, "report this document to the generator's authors"));
            Generated { source: String::new(), problems, example: String::new(), opening: None }
        }
    }
}

fn assemble(api: &Api, transport: &transport::Transport, operations: &[operations::Operation], types: &shapes::Types) -> TokenStream {
    let client = client::generate(api, operations, types);
    let credentials = client::credentials(api);
    let requests = operations::requests(operations, types);
    let answers = operations::answers(operations, types);
    let contract = contract::generate(api, operations, types);
    let definitions = shapes::generate(types);
    let transport = &transport.source;
    quote! {
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
        #[allow(missing_docs, rustdoc::all, reason = "nobody sees it")]
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
