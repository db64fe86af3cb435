//! Ways to prove who one is, and how tokens are got.

use super::Location;

/// One alternative of `security`: all of its schemes must be met. Empty: nothing is needed (`{}`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// Scheme name and the scopes it needs.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// A security scheme.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Its name under `components/securitySchemes`.
    pub name: String,
    /// `description`, or empty.
    pub description: String,
    /// What it asks for.
    pub kind: SchemeKind,
    /// How tokens are got, for `oauth2`.
    pub flows: Vec<Flow>,
    /// Whether its tokens are JWTs, by `bearerFormat`.
    pub is_jwt: bool,
    /// What `x-mock` at the top says about its credentials.
    pub credentials: super::Credentials,
    /// JSON pointer of its place.
    pub pointer: String,
}

/// A way to get a token of OAuth 2.0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The kind of grant.
    pub grant: Grant,
    /// Where people are sent to agree, as written.
    pub authorization_url: Option<String>,
    /// Where tokens are given out, as written.
    pub token_url: Option<String>,
    /// Where tokens are renewed, as written, when that is another place.
    pub refresh_url: Option<String>,
    /// What may be asked for.
    pub scopes: Vec<String>,
}

/// The kind of a flow of OAuth 2.0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// `implicit`.
    Implicit,
    /// `password`.
    Password,
    /// `clientCredentials`.
    ClientCredentials,
    /// `authorizationCode`.
    AuthorizationCode,
}

impl Grant {
    /// The kind with this name under `flows`.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "implicit" => Self::Implicit,
            "password" => Self::Password,
            "clientCredentials" => Self::ClientCredentials,
            "authorizationCode" => Self::AuthorizationCode,
            _ => return None,
        })
    }
}

/// What a security scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A value under a name.
    ApiKey {
        /// Where it is sent.
        location: Location,
        /// The name of header, parameter or cookie.
        name: String,
    },
    /// HTTP Basic (RFC 7617).
    Basic,
    /// A bearer token (RFC 6750): `http` with `bearer`, `oauth2`, `openIdConnect`.
    Bearer {
        /// All scopes that the scheme declares.
        scopes: Vec<String>,
    },
    /// Another `http` scheme, by its name in `Authorization`.
    Http(String),
    /// A client certificate.
    MutualTls,
}
