//! What a request proves itself with: from the environment, or from the document's `x-mock`.

use base64::{Engine, engine::general_purpose::STANDARD};
use indexmap::IndexMap;
use specs::api::{Api, Location, Operation, Scheme, SchemeKind};

use crate::exchange::{Field, Request, Visibility};

/// What is sent for a scheme of which nothing is known: well formed, and nobody's.
const MADE_UP: &str = "contract";

/// A credential for each security scheme of a document.
#[derive(Clone, Debug, Default)]
pub struct Credentials(IndexMap<String, String>);

impl Credentials {
    /// Those that the document offers for its mock.
    #[must_use]
    pub fn of_document(api: &Api) -> Self {
        let offered = |scheme: &Scheme| scheme.credentials.example.clone().unwrap_or_else(|| made_up(&scheme.kind));
        Self(api.schemes.values().map(|scheme| (scheme.name.clone(), offered(scheme))).collect())
    }

    /// Those that the environment gives, by scheme name (`CONTRACT_<NAME>`) or kind (`CONTRACT_BEARER`,
    /// `CONTRACT_BASIC`, `CONTRACT_APIKEY`); the others from the document.
    #[must_use]
    pub fn of_environment(api: &Api, variable: impl Fn(&str) -> Option<String>) -> Self {
        let mut all = Self::of_document(api);
        for scheme in api.schemes.values() {
            let [own, shared] = variables(scheme);
            if let Some(value) = variable(&own).or_else(|| variable(&shared)) {
                all.0.insert(scheme.name.clone(), value);
            }
        }
        all
    }

    /// The credential of a scheme.
    #[must_use]
    pub fn of(&self, scheme: &str) -> &str {
        self.0.get(scheme).map_or(MADE_UP, String::as_str)
    }

    /// The credential of each scheme, but for those that were made up here and are nobody's.
    pub(crate) fn of_somebody(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.0.iter().map(|(scheme, credential)| (scheme.as_str(), credential.as_str()));
        all.filter(|(_, credential)| !made_up_ones().iter().any(|known| known == credential))
    }

    /// Adds what one of the alternatives of an operation asks for.
    pub fn apply(&self, api: &Api, operation: &Operation, alternative: usize, request: &mut Request) {
        for (name, _) in operation.security.get(alternative).into_iter().flat_map(|alternative| &alternative.schemes) {
            if let Some(scheme) = api.schemes.get(name) {
                present(request, &scheme.kind, self.of(name));
            }
        }
    }
}

/// The environment variables that give the credential of a scheme: its own, and that of its kind.
pub(crate) fn variables(scheme: &Scheme) -> [String; 2] {
    let name: String = scheme.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    let kind = match scheme.kind {
        SchemeKind::ApiKey { .. } => "APIKEY",
        SchemeKind::Basic => "BASIC",
        SchemeKind::Bearer { .. } | SchemeKind::Http(_) | SchemeKind::MutualTls => "BEARER",
    };
    [name.as_str(), kind].map(|end| format!("CONTRACT_{end}"))
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
            let value = percent_encoding::utf8_percent_encode(credential, percent_encoding::NON_ALPHANUMERIC).to_string();
            request.query.push(Field { name: name.to_owned(), value, visibility });
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

fn made_up(kind: &SchemeKind) -> String {
    if *kind == SchemeKind::Basic { format!("{MADE_UP}:{MADE_UP}") } else { MADE_UP.to_owned() }
}
