//! Every operation by id, with JSON arguments: how contract tests drive a client that they know nothing about.

use proc_macro2::TokenStream;
use quote::quote;
use specs::{
    Api,
    api::{Location, SchemeKind},
};

use crate::{
    operations::{Content, Encoding, Operation, Side},
    shapes::{Type, Types},
};

/// The `contract` module of a document.
pub(crate) fn generate(api: &Api, operations: &[Operation], types: &Types) -> TokenStream {
    let ids = operations.iter().map(|operation| &operation.model.id);
    let arms = operations.iter().map(|operation| arm(operation, types));
    let credentials = api.schemes.values().map(|scheme| {
        let name = &scheme.name;
        let secret = match &scheme.kind {
            SchemeKind::Basic => quote!(::client_runtime::contract::basic(text)),
            SchemeKind::MutualTls => quote!(::client_runtime::Secret::Connection),
            SchemeKind::Http(word) => quote!(::client_runtime::Secret::Authorization(#word, text.to_owned())),
            SchemeKind::ApiKey { location: Location::Query, name } => quote!(::client_runtime::Secret::Query(#name, text.to_owned())),
            SchemeKind::ApiKey { location: Location::Cookie, name } => quote!(::client_runtime::Secret::Cookie(#name, text.to_owned())),
            SchemeKind::ApiKey { name, .. } => quote!(::client_runtime::Secret::Header(#name, text.to_owned())),
            SchemeKind::Bearer { .. } => quote!(::client_runtime::Secret::Authorization("Bearer", text.to_owned())),
        };
        quote!(#name => Some(::client_runtime::Credentials::one(#name, #secret)),)
    });
    quote! {
        /// Calls by operation id, with JSON arguments; see `client_runtime::contract`.
        #[cfg(feature = "contract")]
        pub mod contract {
            use ::client_runtime::contract::{Arguments, Call, Connect, Outcome};

            /// The ids of the operations.
            pub const OPERATIONS: &[&str] = &[#(#ids),*];

            /// Calls an operation.
            pub fn call(connect: Connect, operation: ::std::string::String, arguments: Arguments) -> Call {
                ::std::boxed::Box::pin(async move {
                    let client = client(&connect);
                    match operation.as_str() {
                        #(#arms)*
                        other => Outcome::not_sent(::std::format!("no operation `{other}`")),
                    }
                })
            }

            fn client(connect: &Connect) -> super::Client {
                let credentials = connect.credentials(|scheme, text| match scheme {
                    #(#credentials)*
                    _ => None,
                });
                let mut client = super::Client::new(super::Credentials(credentials)).with_base_url(&connect.base_url);
                client.transport.inner.headers = connect.headers.clone();
                client
            }
        }
    }
}

fn arm(operation: &Operation, types: &Types) -> TokenStream {
    let id = &operation.model.id;
    let request = &operation.request;
    let fields = operation.parameters.iter().map(|parameter| {
        let (ident, name, location) = (&parameter.ident, &parameter.model.name, parameter.model.location.as_str());
        let take = if parameter.model.required { quote!(required) } else { quote!(optional) };
        quote!(#ident: arguments.#take(#location, #name)?,)
    });
    let payload = operation.body.as_ref().map(|body| {
        let encode = body.encode(types);
        let take = match (body.encoding, &body.value) {
            (Encoding::Text | Encoding::Raw, _) => quote!(text()),
            (_, value) => {
                let rust = types.rust(value, &quote!(super::types::));
                quote!(body::<#rust>())
            }
        };
        let borrow = match (body.encoding, &body.value) {
            (Encoding::Text | Encoding::Raw, _) => quote!(body),
            (_, Type::List(_)) => quote!(body.as_slice()),
            _ => quote!(&body),
        };
        quote! {
            payload: match arguments.#take? {
                Some(body) => { let body = #borrow; #encode }
                None => Ok(::std::default::Default::default()),
            },
        }
    });
    let successes = decoded(operation, &operation.success, Side::Success);
    let failures = decoded(operation, &operation.failure, Side::Failure);
    let failure = &operation.failure;
    quote! {
        #id => {
            let request = (|| -> ::std::result::Result<super::requests::#request<'_>, ::std::string::String> {
                Ok(super::requests::#request { client: &client, #(#fields)* #payload })
            })();
            let request = match request {
                Ok(request) => request,
                Err(why) => return Outcome::not_sent(why),
            };
            match request.send().await {
                Ok(response) => Outcome::decoded(response.status(), match response.answer() { #(#successes)* }),
                Err(error) => {
                    let answer = error.answer().map(|answer| match answer {
                        #(#failures)*
                        super::#failure::Undeclared { .. } => ::std::result::Result::Ok(None),
                    });
                    Outcome::failed(&error, answer)
                }
            }
        }
    }
}

/// Each variant back to JSON, so that the harness can compare it with what was sent.
fn decoded(operation: &Operation, name: &proc_macro2::Ident, side: Side) -> Vec<TokenStream> {
    let answers = operation.answers.iter().filter(|answer| answer.side == side || answer.side == Side::Both);
    let each = answers.map(|answer| {
        let variant = &answer.variant;
        match answer.content {
            Content::Nothing => {
                quote!(super::#name::#variant => ::std::result::Result::Ok(Some(::client_runtime::serde_json::Value::Null)),)
            }
            Content::Raw => quote!(super::#name::#variant(body) => ::std::result::Result::Ok(Some(body.text().into())),),
            Content::Mixed(_) => quote! {
                super::#name::#variant(::client_runtime::Media::Json(body)) => ::client_runtime::serde_json::to_value(body).map(Some),
                super::#name::#variant(::client_runtime::Media::Other(body)) => ::std::result::Result::Ok(Some(body.text().into())),
            },
            _ => quote!(super::#name::#variant(body) => ::client_runtime::serde_json::to_value(body).map(Some),),
        }
    });
    each.collect()
}
