//! What a request proves itself with: from the environment, or from the document's `x-mock`.
//!
//! Where each credential came from is kept: on somebody's account none is made up, and of several ways to prove itself a
//! request takes one for which all was given.

mod environment;
mod lacking;
mod seen;

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use indexmap::IndexMap;
use specs::api::{Api, Location, Operation, Scheme, SchemeKind};

pub(crate) use self::environment::variables;
pub use self::{environment::Unusable, lacking::Missing};
use crate::exchange::{Field, Request, Visibility};

/// What is sent for a scheme of which nothing is known: well formed, and nobody's.
const MADE_UP: &str = "contract";

/// A credential for each security scheme of a document.
#[derive(Clone, Default)]
pub struct Credentials(IndexMap<String, Credential>);

#[derive(Clone)]
struct Credential {
    value: String,
    origin: Origin,
    kind: SchemeKind,
}

/// Where a credential came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Given,
    Document,
    MadeUp,
}

impl Credentials {
    /// Those that the document offers for its mock.
    #[must_use]
    pub fn of_document(api: &Api) -> Self {
        let credential = |scheme: &Scheme| {
            let kind = scheme.kind.clone();
            match scheme.credentials.example.clone() {
                Some(value) => Credential { value, origin: Origin::Document, kind },
                None => Credential { value: made_up(&kind), origin: Origin::MadeUp, kind },
            }
        };
        Self(api.schemes.values().map(|scheme| (scheme.name.clone(), credential(scheme))).collect())
    }

    /// The credential of a scheme.
    #[must_use]
    pub fn of(&self, scheme: &str) -> &str {
        self.0.get(scheme).map_or(MADE_UP, |credential| credential.value.as_str())
    }

    /// The credential of each scheme, but for those that were made up here and are nobody's.
    pub(crate) fn of_somebody(&self) -> impl Iterator<Item = (&str, &str)> {
        let real = self.0.iter().filter(|(_, credential)| credential.origin != Origin::MadeUp);
        real.map(|(scheme, credential)| (scheme.as_str(), credential.value.as_str()))
    }

    /// Adds what one of the alternatives of an operation asks for.
    pub fn apply(&self, api: &Api, operation: &Operation, alternative: usize, request: &mut Request) {
        for (name, _) in operation.security.get(alternative).into_iter().flat_map(|alternative| &alternative.schemes) {
            if let Some(scheme) = api.schemes.get(name) {
                present(request, &scheme.kind, self.of(name));
            }
        }
    }

    /// All texts that nobody may see, the longest first: the credentials, their parts that are secret by themselves, and
    /// what they are on the wire. What is made up is no secret.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let real = self.0.values().filter(|credential| credential.origin != Origin::MadeUp);
        let mut secrets: Vec<String> = real.flat_map(Credential::texts).filter(|text| !text.is_empty()).collect();
        secrets.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        secrets.dedup();
        secrets
    }
}

impl Credential {
    fn texts(&self) -> Vec<String> {
        let value = &self.value;
        let mut texts = vec![value.clone(), encoded(value)];
        if self.kind == SchemeKind::Basic {
            let (user, password) = value.split_once(':').unwrap_or((value, ""));
            // A key without a password stands where the user does.
            let secret = if password.is_empty() { user } else { password };
            texts.extend([STANDARD.encode(value), secret.to_owned()]);
        }
        texts
    }
}

/// Tells of which schemes there are credentials, and never one of them.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(name, credential)| (name, credential.origin))).finish()
    }
}

/// What is sent where no credential is known.
pub(crate) fn made_up_ones() -> [String; 2] {
    [made_up(&SchemeKind::MutualTls), made_up(&SchemeKind::Basic)]
}

/// Writes a credential, as a person would copy it, where its scheme wants it.
pub fn present(request: &mut Request, kind: &SchemeKind, credential: &str) {
    match kind {
        SchemeKind::ApiKey { location, name } => place(request, *location, name, credential),
        SchemeKind::Basic => authorization(request, &format!("Basic {}", STANDARD.encode(credential))),
        SchemeKind::Bearer { .. } => authorization(request, &format!("Bearer {credential}")),
        SchemeKind::Http(scheme) => authorization(request, &format!("{scheme} {credential}")),
        SchemeKind::MutualTls => {}
    }
}

/// Writes a text where a scheme wants its credential, as it is.
pub fn present_raw(request: &mut Request, kind: &SchemeKind, text: &str) {
    match kind {
        SchemeKind::ApiKey { location, name } => place(request, *location, name, text),
        _ => authorization(request, text),
    }
}

fn place(request: &mut Request, location: Location, name: &str, credential: &str) {
    let visibility = Visibility::Redacted;
    match location {
        Location::Query | Location::Path => {
            request.query.push(Field { name: name.to_owned(), value: encoded(credential), visibility });
        }
        Location::Header => request.set_header(name, credential, visibility),
        Location::Cookie => {
            let before =
                request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("cookie")).map(|field| format!("{}; ", field.value));
            request.set_header("Cookie", format!("{}{name}={credential}", before.unwrap_or_default()), visibility);
        }
    }
}

fn authorization(request: &mut Request, value: &str) {
    request.set_header("Authorization", value, Visibility::Redacted);
}

fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn made_up(kind: &SchemeKind) -> String {
    if *kind == SchemeKind::Basic { format!("{MADE_UP}:{MADE_UP}") } else { MADE_UP.to_owned() }
}
