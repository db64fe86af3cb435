//! Requests: what is set, and what is sent.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use specs::{
    api::{Location, Status, Style},
    lower::Argument,
};

use super::{Answer, Content, Operation, Parameter, Side};
use crate::{
    docs::docs,
    names::{Scope, ident},
    shapes::Types,
};

/// The requests of all operations.
pub(crate) fn generate(operations: &[Operation], types: &Types) -> TokenStream {
    let all = operations.iter().map(|operation| request(operation, types));
    quote! { #(#all)* }
}

/// The method of the client that makes a request.
pub(crate) fn method(operation: &Operation, types: &Types) -> TokenStream {
    let (method, request) = (&operation.method, &operation.request);
    let path = quote!(types::);
    let doc = docs(&operation.docs(), "");
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for parameter in &operation.parameters {
        let ident = &parameter.ident;
        if parameter.model.required {
            let (bound, value) = types.taken(&parameter.value, &path, ident);
            arguments.push(quote!(#ident: #bound));
            values.push(if *ident == value.to_string() { quote!(#ident) } else { quote!(#ident: #value) });
        } else {
            values.push(quote!(#ident: ::std::option::Option::None));
        }
    }
    if let Some(body) = &operation.body {
        let payload = if body.required {
            let (bound, encode) = (body.bound(types, &path), body.encode(types));
            arguments.push(quote!(body: #bound));
            encode
        } else {
            quote!(::std::result::Result::Ok(::std::default::Default::default()))
        };
        values.push(quote!(payload: #payload));
    }
    let deprecated = operation.model.deprecated.then(|| quote!(#[deprecated = "the provider deprecated this operation"]));
    quote! {
        #doc
        #deprecated
        pub fn #method(&self, #(#arguments),*) -> requests::#request<'_> {
            requests::#request { client: self, #(#values),* }
        }
    }
}

fn request(operation: &Operation, types: &Types) -> TokenStream {
    let (name, success, failure) = (&operation.request, &operation.success, &operation.failure);
    let path = quote!(super::types::);
    let fields = operation.parameters.iter().map(|parameter| {
        let (ident, rust) = (&parameter.ident, types.rust(&parameter.value, &path));
        if parameter.model.required { quote!(pub(super) #ident: #rust,) } else { quote!(pub(super) #ident: ::std::option::Option<#rust>,) }
    });
    let payload = operation
        .body
        .as_ref()
        .map(|_| quote!(pub(super) payload: ::std::result::Result<::client_runtime::Payload, ::client_runtime::NotSent>,));
    let setters = setters(operation, types, &path);
    let send = send(operation);
    let output = quote!(::std::result::Result<::client_runtime::Response<super::#success>, ::client_runtime::Error<super::#failure>>);
    let doc = docs(&operation.docs(), "");
    quote! {
        #doc
        #[derive(Clone, Debug)]
        #[must_use = "a request does nothing until it is sent or awaited"]
        pub struct #name<'c> {
            pub(super) client: &'c super::Client,
            #(#fields)*
            #payload
        }
        impl<'c> #name<'c> {
            #setters

            /// Sends the request.
            ///
            /// # Errors
            /// When the server refuses it, answers something else than the document declares, or cannot be reached.
            pub async fn send(self) -> #output {
                #send
            }
        }
        impl<'c> ::std::future::IntoFuture for #name<'c> {
            type Output = #output;
            type IntoFuture = ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = Self::Output> + ::std::marker::Send + 'c>>;

            fn into_future(self) -> Self::IntoFuture {
                ::std::boxed::Box::pin(self.send())
            }
        }
    }
}

fn setters(operation: &Operation, types: &Types, path: &TokenStream) -> TokenStream {
    let each = operation.parameters.iter().filter(|parameter| !parameter.model.required).map(|parameter| {
        let ident = &parameter.ident;
        let (bound, value) = types.taken(&parameter.value, path, &crate::names::ident("value"));
        let deprecated = parameter.model.deprecated.then(|| quote!(#[deprecated = "the provider deprecated this parameter"]));
        let doc = docs(&parameter.model.description, &format!("Sets `{}`.", parameter.model.name));
        quote! {
            #doc
            #deprecated
            pub fn #ident(mut self, value: #bound) -> Self {
                self.#ident = ::std::option::Option::Some(#value);
                self
            }
        }
    });
    let body = operation.body.as_ref().filter(|body| !body.required).map(|body| {
        let (bound, encode) = (body.bound(types, path), body.encode(types));
        let doc = docs(&body.docs, "Sets the body.");
        quote! {
            #doc
            pub fn body(mut self, body: #bound) -> Self {
                self.payload = #encode;
                self
            }
        }
    });
    quote! { #(#each)* #body }
}

fn send(operation: &Operation) -> TokenStream {
    let (id, method) = (&operation.model.id, ident(&operation.lowered.method));
    let mut scope = Scope::with(&["self", "query", "reply", "sent", "payload", "not_sent"]);
    let mut prepare = Vec::new();
    let mut arguments = Vec::new();
    let mut hold = |prepare: &mut Vec<TokenStream>, value: TokenStream| -> Ident {
        let name = format_ident!("{}", scope.unique("argument"));
        prepare.push(quote!(let #name = #value;));
        name
    };
    for argument in &operation.lowered.arguments {
        let tokens = match argument {
            Argument::Path(name) => {
                let value = match find(operation, Location::Path, name) {
                    Some(parameter) => written(parameter, &quote!(path)),
                    None => quote!(::std::string::String::new()),
                };
                let name = hold(&mut prepare, value);
                quote!(&#name)
            }
            Argument::Query => {
                let name = hold(&mut prepare, query(operation));
                quote!(&#name)
            }
            Argument::Header(name) => {
                let fixed = super::fixed(operation.model, Location::Header, name);
                let fixed = fixed.map(|value| quote!(::std::option::Option::Some(::std::string::String::from(#value))));
                let given = || find(operation, Location::Header, name).map(|parameter| written(parameter, &quote!(header)));
                let value = fixed.or_else(given);
                let name = hold(&mut prepare, value.unwrap_or_else(|| quote!(::std::option::Option::<::std::string::String>::None)));
                quote!(#name.as_deref())
            }
            Argument::Cookie => {
                let name = hold(&mut prepare, cookie(operation));
                quote!(#name.as_deref())
            }
            Argument::Accept => match accept(operation) {
                Some(accept) => quote!(::std::option::Option::Some(#accept)),
                None => quote!(::std::option::Option::None),
            },
            Argument::ContentType => quote!(payload.content_type.as_deref()),
            Argument::Body => quote!(payload.bytes.clone()),
        };
        arguments.push(tokens);
    }
    let payload = operation.body.as_ref().map(|_| quote!(let payload = self.payload.map_err(not_sent)?;));
    let arms = arms(operation);
    let failure = &operation.failure;
    quote! {
        let not_sent = |why| ::client_runtime::Error::<super::#failure>::not_sent(#id, why);
        #(#prepare)*
        #payload
        let sent = self.client.transport.#method(#(#arguments),*).await;
        let reply = ::client_runtime::Reply::read(#id, super::LIMITS, sent).await?;
        match reply.code() { #arms }
    }
}

fn find<'o, 'a>(operation: &'o Operation<'a>, location: Location, name: &str) -> Option<&'o Parameter<'a>> {
    operation.parameters.iter().find(|parameter| parameter.model.location == location && parameter.model.name == name)
}

fn written(parameter: &Parameter, with: &TokenStream) -> TokenStream {
    let (name, ident, style) = (&parameter.model.name, &parameter.ident, style(parameter));
    quote!(::client_runtime::#with(#name, &self.#ident, #style).map_err(not_sent)?)
}

fn query(operation: &Operation) -> TokenStream {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.model.location == Location::Query);
    let each = parameters.map(|parameter| {
        let (name, ident, style) = (&parameter.model.name, &parameter.ident, style(parameter));
        quote!(query.add(#name, &self.#ident, #style).map_err(not_sent)?;)
    });
    let fixed = operation.model.conditions.iter().filter(|condition| condition.location == Location::Query);
    let fixed = fixed.filter_map(|condition| {
        let (name, value) = (&condition.name, condition.fixed()?);
        Some(quote!(query.add(#name, &#value, ::client_runtime::Style::Form).map_err(not_sent)?;))
    });
    quote! {
        {
            let mut query = ::client_runtime::Query::default();
            #(#fixed)*
            #(#each)*
            query
        }
    }
}

fn cookie(operation: &Operation) -> TokenStream {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.model.location == Location::Cookie);
    let each = parameters.map(|parameter| {
        let (name, value) = (&parameter.model.name, written(parameter, &quote!(header)));
        quote!((#name, #value))
    });
    quote!(::client_runtime::cookies(&[#(#each),*]))
}

fn style(parameter: &Parameter) -> TokenStream {
    let model = parameter.model;
    let name = match (model.style, model.explode) {
        _ if model.content.is_some() => "Json",
        (Style::Simple, false) => "Simple",
        (Style::Simple, true) => "SimpleExploded",
        (Style::Label, false) => "Label",
        (Style::Label, true) => "LabelExploded",
        (Style::Matrix, false) => "Matrix",
        (Style::Matrix, true) => "MatrixExploded",
        (Style::Form, false) => "Form",
        (Style::Form | Style::SpaceDelimited | Style::PipeDelimited, true) => "FormExploded",
        (Style::SpaceDelimited, false) => "SpaceDelimited",
        (Style::PipeDelimited, false) => "PipeDelimited",
        (Style::DeepObject, _) => "DeepObject",
    };
    let name = ident(name);
    quote!(::client_runtime::Style::#name)
}

/// The media types that the responses are declared in.
fn accept(operation: &Operation) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for media_type in operation.model.responses.iter().flat_map(|response| &response.content) {
        if !names.contains(&media_type.essence()) {
            names.push(media_type.essence());
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

fn arms(operation: &Operation) -> TokenStream {
    let mut answers: Vec<(&Answer, bool)> = Vec::new();
    for answer in &operation.answers {
        match answer.side {
            Side::Success => answers.push((answer, true)),
            Side::Failure => answers.push((answer, false)),
            Side::Both => answers.extend([(answer, true), (answer, false)]),
        }
    }
    let has_default = answers.iter().any(|(answer, _)| answer.status == Status::Default);
    let each = answers.iter().map(|(answer, is_success)| arm(operation, answer, *is_success));
    let failure = &operation.failure;
    let rest = (!has_default)
        .then(|| quote!(_ => ::std::result::Result::Err(reply.undeclared(|status, body| super::#failure::Undeclared { status, body })),));
    quote! { #(#each)* #rest }
}

fn arm(operation: &Operation, answer: &Answer, is_success: bool) -> TokenStream {
    let pattern = match answer.status {
        Status::Exactly(code) => quote!(#code),
        Status::Range(hundreds) => {
            let (first, last) = (u16::from(hundreds) * 100, u16::from(hundreds) * 100 + 99);
            quote!(#first..=#last)
        }
        Status::Default if is_success => quote!(200u16..=299u16),
        Status::Default => quote!(_),
    };
    let decode = match answer.content {
        Content::Nothing => quote!(nothing),
        Content::Json(_) => quote!(json),
        Content::Mixed(_) => quote!(mixed),
        Content::Text => quote!(text),
        Content::Raw => quote!(raw),
    };
    let name = if is_success { &operation.success } else { &operation.failure };
    let variant = &answer.variant;
    let make = if answer.content == Content::Nothing { quote!(|()| super::#name::#variant) } else { quote!(super::#name::#variant) };
    let decoded = quote!(::client_runtime::Reply::#decode, #make);
    if is_success {
        quote!(#pattern => reply.success(#decoded),)
    } else {
        quote!(#pattern => ::std::result::Result::Err(reply.failure(#decoded)),)
    }
}
