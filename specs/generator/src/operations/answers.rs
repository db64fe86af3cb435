//! Answers by status: an enum of the successes of an operation, and one of its refusals.

use http::Method;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use specs::api::{self, Direction, MediaType, Status};

use super::{Answer, Content, Operation, Side};
use crate::{
    docs::docs,
    names::{Scope, ident},
    shapes::{Planner, Type, Types},
};

/// Plans the answers of an operation, those for one status before those for several.
pub(super) fn plan<'a>(model: &'a api::Operation, planner: &mut Planner<'_>) -> Vec<Answer<'a>> {
    let mut scope = Scope::with(&["Undeclared"]);
    let has_success = model.responses.iter().any(|response| side(response.status, true) == Side::Success);
    let has_default = model.responses.iter().any(|response| response.status == Status::Default);
    let mut answers: Vec<Answer> = model
        .responses
        .iter()
        .map(|response| Answer {
            status: response.status,
            variant: ident(&scope.unique(&variant(response.status))),
            content: if has_body(model, response.status) { content(&response.content, planner) } else { Content::Nothing },
            description: &response.description,
            side: side(response.status, has_success),
        })
        .collect();
    if !has_success && !has_default {
        answers.push(Answer {
            status: Status::Range(2),
            variant: ident(&scope.unique(&variant(Status::Range(2)))),
            content: Content::Raw,
            description: "The document declares no success.",
            side: Side::Success,
        });
    }
    answers.sort_by_key(|answer| answer.status);
    answers
}

/// What the variant for a status is called.
pub(crate) fn variant(status: Status) -> String {
    match status {
        Status::Exactly(code) => reason(code),
        Status::Range(1) => "Informational".to_owned(),
        Status::Range(2) => "Success".to_owned(),
        Status::Range(3) => "Redirection".to_owned(),
        Status::Range(4) => "ClientError".to_owned(),
        Status::Range(_) => "ServerError".to_owned(),
        Status::Default => "Default".to_owned(),
    }
}

fn reason(code: u16) -> String {
    let known = http::StatusCode::from_u16(code).ok().and_then(|status| status.canonical_reason());
    match known {
        Some("I'm a teapot") => "ImATeapot".to_owned(),
        Some(reason) => crate::names::pascal(reason, "Status"),
        None => format!("Status{code}"),
    }
}

fn side(status: Status, has_success: bool) -> Side {
    match status {
        Status::Exactly(200..=299) | Status::Range(2) => Side::Success,
        Status::Default if !has_success => Side::Both,
        _ => Side::Failure,
    }
}

/// Whether HTTP lets this response have a body, whatever the document says.
fn has_body(model: &api::Operation, status: Status) -> bool {
    model.method != Method::HEAD && !matches!(status, Status::Exactly(100..=199 | 204 | 205 | 304) | Status::Range(1))
}

fn content(media_types: &[MediaType], planner: &mut Planner<'_>) -> Content {
    let any = |media_type: &&MediaType| matches!(media_type.essence(), "*/*" | "application/*") && media_type.schema.is_some();
    let json = media_types.iter().filter(|media_type| media_type.is_json()).min_by_key(|media_type| media_type.name.matches('*').count());
    let json = json.or_else(|| media_types.iter().find(any));
    let Some(json) = json else {
        for media_type in media_types {
            planner.expect_bytes(media_type);
        }
        let is_text = media_types.iter().any(|media_type| media_type.essence().starts_with("text/"));
        return if media_types.is_empty() {
            Content::Nothing
        } else if is_text {
            Content::Text
        } else {
            Content::Raw
        };
    };
    let value = json.schema.as_ref().map_or(Type::Any, |schema| planner.plan(schema, Direction::Response));
    for other in media_types.iter().filter(|other| other.is_json()) {
        planner.expect_same(json, other, "read");
    }
    let is_mixed = media_types.iter().any(|other| !other.is_json() && other.pointer != json.pointer);
    if is_mixed { Content::Mixed(value) } else { Content::Json(value) }
}

/// The enums of all operations.
pub(crate) fn generate(operations: &[Operation], types: &Types) -> TokenStream {
    let all = operations.iter().map(|operation| {
        let success = successes(operation, types);
        let failure = failures(operation, types);
        quote! { #success #failure }
    });
    quote! { #(#all)* }
}

fn variants<'o>(operation: &'o Operation, types: &Types, wanted: Side) -> Vec<(&'o Ident, Option<TokenStream>, TokenStream)> {
    let path = quote!(types::);
    let answers = operation.answers.iter().filter(|answer| answer.side == wanted || answer.side == Side::Both);
    let each = answers.map(|answer| {
        let doc = docs(answer.description, &format!("`{}`.", answer.variant));
        (&answer.variant, Operation::content(types, &answer.content, &path), doc)
    });
    each.collect()
}

fn successes(operation: &Operation, types: &Types) -> TokenStream {
    let name = &operation.success;
    let variants = variants(operation, types, Side::Success);
    let definitions = variants.iter().map(|(variant, body, doc)| match body {
        Some(body) => quote!(#doc #variant(#body),),
        None => quote!(#doc #variant,),
    });
    let doc = format!(" Successes of `{}`.", operation.model.id);
    let comfort = match variants.as_slice() {
        [(variant, Some(body), _)] => only_body(name, variant, body),
        [(variant, None, _)] => inner(name, &quote!(()), &quote!({ let Self::#variant = self; })),
        _ => inner(name, &quote!(Self), &quote!(self)),
    };
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name { #(#definitions)* }
        #comfort
    }
}

fn only_body(name: &Ident, variant: &Ident, body: &TokenStream) -> TokenStream {
    let inner = inner(name, body, &quote!({ let Self::#variant(body) = self; body }));
    quote! {
        #inner
        impl ::std::ops::Deref for #name {
            type Target = #body;

            fn deref(&self) -> &Self::Target {
                let Self::#variant(body) = self;
                body
            }
        }
    }
}

fn inner(name: &Ident, inner: &TokenStream, value: &TokenStream) -> TokenStream {
    quote! {
        impl ::client_runtime::Success for #name {
            type Inner = #inner;

            fn into_inner(self) -> Self::Inner {
                #value
            }
        }
    }
}

fn failures(operation: &Operation, types: &Types) -> TokenStream {
    let name = &operation.failure;
    let definitions = variants(operation, types, Side::Failure).into_iter().map(|(variant, body, doc)| match body {
        Some(body) => quote!(#doc #variant(#body),),
        None => quote!(#doc #variant,),
    });
    let doc = format!(" Refusals of `{}`.", operation.model.id);
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#definitions)*
            /// A status that the document does not declare for this operation.
            Undeclared {
                /// The status.
                status: ::client_runtime::StatusCode,
                /// The body as it came.
                body: ::client_runtime::Body,
            },
        }
        impl ::client_runtime::Undeclared for #name {
            fn is_undeclared(&self) -> bool {
                ::std::matches!(self, Self::Undeclared { .. })
            }
        }
    }
}
