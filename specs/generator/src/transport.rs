//! What progenitor makes of the lowered document.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode};
use quote::{ToTokens as _, quote};
use specs::{
    Api, Problem, Severity,
    lower::{Lowered, QUERY},
};

use syn::visit_mut::{VisitMut, visit_expr_method_call_mut, visit_path_mut};

use crate::problem;

/// progenitor's client.
pub(crate) struct Transport {
    /// The items of the module.
    pub(crate) source: TokenStream,
    /// The ids of the operations that it goes without.
    refused: HashSet<String>,
}

impl Transport {
    /// Whether it can call this operation.
    pub(crate) fn has(&self, id: &str) -> bool {
        !self.refused.contains(id)
    }

    /// Whether there is an operation that it goes without.
    pub(crate) fn refuses_any(&self) -> bool {
        !self.refused.is_empty()
    }
}

/// Generates the transport. When progenitor refuses the document, the operations are tried one by one, so that one of
/// them does not cost the others.
pub(crate) fn generate(api: &Api, lowered: &Lowered, problems: &mut Vec<Problem>) -> Transport {
    match attempt(lowered) {
        Ok(source) => Transport { source, refused: HashSet::new() },
        Err(_) => without_refused(api, lowered, problems),
    }
}

/// The ids of those of these operations that progenitor refuses.
pub(crate) fn refused(api: &Api, lowered: &Lowered, ids: &HashSet<String>) -> HashSet<String> {
    let mut refused = Vec::new();
    let among: Vec<&str> = lowered.operations.iter().map(|operation| operation.id.as_str()).filter(|id| ids.contains(*id)).collect();
    search(api, lowered, &among, &mut refused);
    refused.into_iter().map(|(id, _)| id).collect()
}

fn without_refused(api: &Api, lowered: &Lowered, problems: &mut Vec<Problem>) -> Transport {
    let mut refused = Vec::new();
    let all: Vec<&str> = lowered.operations.iter().map(|operation| operation.id.as_str()).collect();
    search(api, lowered, &all, &mut refused);
    for (id, why) in &refused {
        let pointer = api.operation(id).map_or("", |operation| operation.pointer.as_str());
        let message = format!("the typed client goes without operation `{id}`: {why}");
        problems.push(problem(api, "operation-not-generated", Severity::Warning, pointer, message, "simplify what the message names"));
    }
    let refused: HashSet<String> = refused.into_iter().map(|(id, _)| id).collect();
    let rest = lowered.only(api, &|operation| !refused.contains(&operation.id));
    match attempt(&rest) {
        Ok(source) => Transport { source, refused },
        Err(why) => {
            let message = format!("the typed client cannot be generated: {why}");
            problems.push(problem(api, "not-generated", Severity::Error, "", message, "remove operations until the message goes away"));
            Transport { source: quote!(), refused: all.into_iter().map(str::to_owned).collect() }
        }
    }
}

/// Finds those that are refused alone, by halves: a few among thousands cost few attempts.
fn search(api: &Api, lowered: &Lowered, among: &[&str], refused: &mut Vec<(String, String)>) {
    let wanted: HashSet<&str> = among.iter().copied().collect();
    let Err(why) = attempt(&lowered.only(api, &|operation| wanted.contains(operation.id.as_str()))) else { return };
    match among {
        [] => {}
        [one] => refused.push(((*one).to_owned(), why)),
        several => {
            let (first, second) = several.split_at(several.len() / 2);
            search(api, lowered, first, refused);
            search(api, lowered, second, refused);
        }
    }
}

/// Asks progenitor. It panics on some documents, so its panics are caught, silently.
fn attempt(lowered: &Lowered) -> Result<TokenStream, String> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings()).generate_tokens(&lowered.document)));
    std::panic::set_hook(hook);
    match outcome {
        Ok(Ok(source)) => adapted(source),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(text.unwrap_or_else(|| "progenitor gave up".to_owned()))
        }
    }
}

/// progenitor's source, so that it needs no crate but the runtime, and has every method: progenitor calls
/// `client.options(url)` and `client.trace(url)`, which reqwest does not have.
fn adapted(source: TokenStream) -> Result<TokenStream, String> {
    let mut file: syn::File = syn::parse2(source).map_err(|error| error.to_string())?;
    Adapted.visit_file_mut(&mut file);
    Ok(file.to_token_stream())
}

/// The crates that progenitor names, which the runtime exports.
const CRATES: [&str; 2] = ["progenitor_client", "reqwest"];

struct Adapted;

impl VisitMut for Adapted {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_expr_method_call_mut(self, call);
        let name = call.method.to_string();
        let on_client =
            matches!(&*call.receiver, syn::Expr::Field(field) if matches!(&field.member, syn::Member::Named(member) if member == "client"));
        if on_client && (name == "options" || name == "trace") {
            let method = crate::names::ident(&name.to_uppercase());
            call.method = crate::names::ident("request");
            call.args.insert(0, syn::parse_quote!(::client_runtime::reqwest::Method::#method));
        }
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_path_mut(self, path);
        if path.segments.first().is_some_and(|first| CRATES.iter().any(|name| first.ident == name)) {
            path.leading_colon = Some(syn::parse_quote!(::));
            path.segments.insert(0, syn::parse_quote!(client_runtime));
        }
    }

    fn visit_item_use_mut(&mut self, item: &mut syn::ItemUse) {
        if let syn::UseTree::Path(first) = &item.tree
            && CRATES.iter().any(|name| first.ident == name)
        {
            let tree = &item.tree;
            item.tree = syn::parse_quote!(client_runtime::#tree);
            item.leading_colon = Some(syn::parse_quote!(::));
        }
    }
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings.with_hooks(HooksMode::Expected).with_inner_type(quote!(::client_runtime::Connection)).with_replacement(
        QUERY,
        "::client_runtime::Query",
        std::iter::empty(),
    );
    settings
}
