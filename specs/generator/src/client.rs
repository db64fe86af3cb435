//! The client of a document, and the credentials of its security schemes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use specs::{
    Api,
    api::{Location, Scheme, SchemeKind},
    resources::LimitHeader,
};

use crate::{
    docs::{docs, paragraphs},
    names::{Scope, snake},
    operations::{self, Operation},
    shapes::Types,
};

/// The client with its methods, and progenitor's hooks.
pub(crate) fn generate(api: &Api, operations: &[Operation], types: &Types) -> TokenStream {
    let methods = operations.iter().map(|operation| operations::method(operation, types));
    let doc = docs(&paragraphs(&[&format!("A client of {}.", api.title), &api.description]), "");
    let addresses = addresses(api);
    let limits = limits(api);
    let hooks = hooks(operations);
    quote! {
        #addresses
        #limits

        #doc
        #[derive(Clone, Debug)]
        pub struct Client {
            transport: transport::Client,
        }

        impl Client {
            /// A client with these credentials, of the first server that the document names.
            ///
            /// # Panics
            /// When the system cannot set up TLS.
            #[must_use]
            pub fn new(credentials: Credentials) -> Self {
                let connection = ::client_runtime::Connection::new(credentials.0);
                Self { transport: transport::Client::new_with_client(BASE_URL, ::client_runtime::http_client(), connection) }
            }

            /// The same at another address: another server, a proxy, a mock.
            #[must_use]
            pub fn with_base_url(mut self, base_url: &str) -> Self {
                self.transport.baseurl = base_url.trim_end_matches('/').to_owned();
                self
            }

            /// The same with another limit to how long a call may take, connecting and reading included; 30 seconds
            /// otherwise.
            #[must_use]
            pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.transport.inner.timeout = timeout;
                self
            }

            /// The same with a header on every request.
            #[must_use]
            pub fn with_header(mut self, name: ::client_runtime::reqwest::header::HeaderName, value: ::client_runtime::reqwest::header::HeaderValue) -> Self {
                self.transport.inner.headers.insert(name, value);
                self
            }

            /// The same over your own HTTP client, with its proxies, pools and certificates.
            #[must_use]
            pub fn with_http_client(mut self, http: ::client_runtime::reqwest::Client) -> Self {
                self.transport.client = http;
                self
            }

            /// The address that it talks to.
            #[must_use]
            pub fn base_url(&self) -> &str {
                &self.transport.baseurl
            }

            #(#methods)*
        }
        #hooks
    }
}

/// Puts on every request what its operation asks for.
fn hooks(operations: &[Operation]) -> TokenStream {
    let arms = operations.iter().filter_map(|operation| {
        let method = &operation.lowered.method;
        let security = operation.model.security.iter().map(|alternative| {
            let schemes = alternative.schemes.iter().map(|(scheme, _)| scheme);
            quote!(&[#(#schemes),*])
        });
        let server = match operation.model.servers.first() {
            Some(server) => {
                let url = &server.url;
                quote!(::std::option::Option::Some(#url))
            }
            None => quote!(::std::option::Option::None),
        };
        let renamed = operation.lowered.renamed.iter().map(|(alias, name)| quote!((#alias, #name)));
        let is_plain = operation.model.security.is_empty() && operation.model.servers.is_empty() && operation.lowered.renamed.is_empty();
        (!is_plain).then(
            || quote!(#method => ::client_runtime::Facts { security: &[#(#security),*], server: #server, renamed: &[#(#renamed),*] },),
        )
    });
    quote! {
        impl ::client_runtime::progenitor_client::ClientHooks<::client_runtime::Connection> for transport::Client {
            async fn pre<E>(
                &self,
                request: &mut ::client_runtime::reqwest::Request,
                info: &::client_runtime::progenitor_client::OperationInfo,
            ) -> ::std::result::Result<(), ::client_runtime::progenitor_client::Error<E>> {
                let facts = match info.operation_id {
                    #(#arms)*
                    _ => ::client_runtime::Facts::default(),
                };
                let base = ::std::option::Option::Some(self.baseurl.as_str()).filter(|base| *base == BASE_URL);
                self.inner.prepare(request, facts, base).map_err(|why| ::client_runtime::progenitor_client::Error::Custom(why.to_string()))
            }
        }
    }
}

/// The addresses that the document names, and functions for those with variables.
fn addresses(api: &Api) -> TokenStream {
    let base_url = api.servers.first().map(|server| server.url.trim_end_matches('/')).unwrap_or_default();
    let servers = api.servers.iter().map(|server| server.url.as_str());
    let mut scope = Scope::default();
    let with_variables = api.servers.iter().filter(|server| !server.variables.is_empty()).map(|server| {
        let name = scope.field("base_url");
        let wires: Vec<&str> = server.variables.iter().map(|(name, _, _)| name.as_str()).collect();
        let idents = Scope::default().all(&wires, snake);
        let said = server.variables.iter().map(|(name, default, description)| format!("- `{name}`, `{default}` by default. {description}"));
        let said: Vec<String> = said.collect();
        let doc = docs(&paragraphs(&[&format!("The address `{}`.", server.template), &server.description, &said.join("\n")]), "");
        let (template, variables) = (&server.template, wires.iter().map(|wire| format!("{{{wire}}}")));
        quote! {
            #doc
            #[must_use]
            pub fn #name(#(#idents: &str),*) -> ::std::string::String {
                #template #(.replace(#variables, #idents))*
            }
        }
    });
    quote! {
        /// The address that a client talks to unless it is told otherwise.
        pub const BASE_URL: &str = #base_url;
        /// All addresses that the document names, with variables at their defaults.
        pub const SERVERS: &[&str] = &[#(#servers),*];
        #(#with_variables)*
    }
}

/// The headers that tell when a rate limit's window ends.
fn limits(api: &Api) -> TokenStream {
    let known = api.rate_limits.iter().flat_map(|limit| &limit.headers).filter_map(|(name, holds)| {
        let reset = match holds {
            LimitHeader::ResetSeconds => quote!(Seconds),
            LimitHeader::ResetMilliseconds => quote!(Milliseconds),
            LimitHeader::ResetUnix => quote!(Unix),
            LimitHeader::ResetUnixMilliseconds => quote!(UnixMilliseconds),
            LimitHeader::ResetDate | LimitHeader::ResetHttpDate => quote!(Date),
            LimitHeader::Structured | LimitHeader::Item => quote!(Structured),
            _ => return None,
        };
        Some(quote!((#name, ::client_runtime::Reset::#reset)))
    });
    quote! { const LIMITS: &[(&str, ::client_runtime::Reset)] = &[#(#known),*]; }
}

/// The credentials that the document's schemes ask for.
pub(crate) fn credentials(api: &Api) -> TokenStream {
    let constructors = api.schemes.values().zip(credential_names(api)).map(|(scheme, method)| constructor(scheme, &method));
    quote! {
        /// What proves who is calling. Nothing of it shows in `Debug`.
        #[derive(Clone, Debug, Default)]
        pub struct Credentials(::client_runtime::Credentials);

        impl Credentials {
            /// None: requests go out without any, and the server says what it thinks of that.
            #[must_use]
            pub fn none() -> Self {
                Self::default()
            }

            /// These and others, for operations that need several, or others than the rest.
            #[must_use]
            pub fn and(self, others: Self) -> Self {
                Self(self.0.and(others.0))
            }

            #(#constructors)*
        }
    }
}

/// The names of the constructors, in the order of the schemes.
pub(crate) fn credential_names(api: &Api) -> Vec<Ident> {
    let mut scope = Scope::with(&["none", "and", "clone", "fmt", "default"]);
    api.schemes.values().map(|scheme| scope.field(&scheme.name)).collect()
}

fn constructor(scheme: &Scheme, method: &Ident) -> TokenStream {
    let name = &scheme.name;
    let what = match &scheme.kind {
        SchemeKind::Basic => "User and password, sent as HTTP Basic.".to_owned(),
        SchemeKind::Bearer { .. } => "A token, sent as `Authorization: Bearer …`.".to_owned(),
        SchemeKind::Http(word) => format!("What follows `{word}` in the `Authorization` header."),
        SchemeKind::ApiKey { location, name } => format!("A key, sent as {} `{name}`.", location.as_str()),
        SchemeKind::MutualTls => "A client certificate, which your own HTTP client presents.".to_owned(),
    };
    let doc = docs(&paragraphs(&[&scheme.description, &what]), "");
    let secret = quote!(::client_runtime::Secret);
    let (arguments, secret) = match &scheme.kind {
        SchemeKind::Basic => (
            quote!(user: impl ::std::convert::Into<::std::string::String>, password: impl ::std::convert::Into<::std::string::String>),
            quote!(#secret::Basic(user.into(), password.into())),
        ),
        SchemeKind::MutualTls => (quote!(), quote!(#secret::Connection)),
        kind => {
            let variant = match kind {
                SchemeKind::Http(word) => quote!(#secret::Authorization(#word, secret.into())),
                SchemeKind::ApiKey { location: Location::Query, name } => quote!(#secret::Query(#name, secret.into())),
                SchemeKind::ApiKey { location: Location::Cookie, name } => quote!(#secret::Cookie(#name, secret.into())),
                SchemeKind::ApiKey { name, .. } => quote!(#secret::Header(#name, secret.into())),
                _ => quote!(#secret::Authorization("Bearer", secret.into())),
            };
            (quote!(secret: impl ::std::convert::Into<::std::string::String>), variant)
        }
    };
    quote! {
        #doc
        #[must_use]
        pub fn #method(#arguments) -> Self {
            Self(::client_runtime::Credentials::one(#name, #secret))
        }
    }
}
