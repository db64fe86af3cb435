//! Security schemes, and the alternatives that an operation asks for.

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Credentials, Holder, Location,
    node::{Node, Reader},
};
use crate::pointer;

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
    /// What `x-mock` at the top says about its credentials.
    pub credentials: Credentials,
    /// JSON pointer of its place.
    pub pointer: String,
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

/// The schemes under `components/securitySchemes`, with what `x-mock` says about their credentials.
pub(super) fn schemes<'r>(reader: &mut Reader<'r, '_, '_>, root: &Node<'r>) -> IndexMap<String, Scheme> {
    let declared = root.get("components").map(|components| components.entries_of("securitySchemes")).unwrap_or_default();
    let mut found = IndexMap::new();
    for (name, written) in declared {
        let Some(node) = reader.follow(written) else { continue };
        let Some(kind) = kind(&node) else {
            let help = "write `apiKey` with `in` and `name`, `http` with `scheme`, `oauth2`, `openIdConnect` or `mutualTLS`";
            reader.problems.error(
                "security-scheme",
                &node.pointer,
                &format!("the security scheme `{name}` is none that OpenAPI knows"),
                help,
            );
            continue;
        };
        let scheme = Scheme {
            name: name.to_owned(),
            description: node.text("description"),
            kind,
            credentials: Credentials::default(),
            pointer: node.pointer,
        };
        found.insert(name.to_owned(), scheme);
    }
    credentials(reader, root, &mut found);
    found
}

fn kind(node: &Node) -> Option<SchemeKind> {
    Some(match node.string("type")? {
        "apiKey" => {
            let location = match node.string("in")? {
                "header" => Location::Header,
                "query" => Location::Query,
                "cookie" => Location::Cookie,
                _ => return None,
            };
            SchemeKind::ApiKey { location, name: node.string("name")?.to_owned() }
        }
        "http" => match node.string("scheme")?.to_ascii_lowercase().as_str() {
            "basic" => SchemeKind::Basic,
            "bearer" => SchemeKind::Bearer { scopes: Vec::new() },
            _ => SchemeKind::Http(node.string("scheme")?.to_owned()),
        },
        "oauth2" => SchemeKind::Bearer { scopes: scopes(node) },
        "openIdConnect" => SchemeKind::Bearer { scopes: Vec::new() },
        "mutualTLS" => SchemeKind::MutualTls,
        _ => return None,
    })
}

fn scopes(node: &Node) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, flow) in node.entries_of("flows") {
        for (scope, _) in flow.members_of("scopes") {
            if !found.iter().any(|known| known == scope) {
                found.push(scope.to_owned());
            }
        }
    }
    found
}

fn credentials<'r>(reader: &mut Reader<'r, '_, '_>, root: &Node<'r>, schemes: &mut IndexMap<String, Scheme>) {
    let declared = root.get("x-mock").map(|mock| mock.members_of("credentials")).unwrap_or_default();
    for (name, node) in declared {
        let Some(scheme) = schemes.get_mut(name) else {
            let message = format!("`{name}` is no security scheme of the document");
            reader.problems.error("x-mock", &node.pointer, &message, "name one under `components/securitySchemes`");
            continue;
        };
        for (member, value) in node.members() {
            if !matches!(member, "example" | "invalid" | "expired" | "caller" | "others") {
                reader.problems.error(
                    "x-mock",
                    &value.pointer,
                    &format!("`{member}` means nothing here"),
                    "write `example`, `invalid`, `expired`, `caller` or `others`",
                );
            }
        }
        let others = node.items_of("others").iter().filter_map(|other| holder(reader, other)).collect();
        scheme.credentials = Credentials {
            others,
            example: node.get("example").map(|example| text(example.value)),
            invalid: node.items_of("invalid").iter().map(|one| text(one.value)).collect(),
            expired: node.items_of("expired").iter().map(|one| text(one.value)).collect(),
            caller: node.get("caller").map(|caller| caller.value.clone()),
        };
    }
}

fn holder(reader: &mut Reader, node: &Node) -> Option<Holder> {
    let Some(credential) = node.get("credential") else {
        let help = "write `{credential: …, caller: {…}, scopes: […]}`";
        reader.problems.error("x-mock", &node.pointer, "the holder of a credential has none", help);
        return None;
    };
    let scopes = node.get("scopes").map(|scopes| scopes.items().map(|scope| text(scope.value)).collect());
    Some(Holder { credential: text(credential.value), caller: node.get("caller").map(|caller| caller.value.clone()), scopes })
}

/// The scopes that an operation asks for besides those of its security requirements (`x-scopes`): OpenAPI 3.0 lets
/// only OAuth and `OpenID` Connect name scopes, and keys have them too.
pub(super) fn scopes_of(reader: &mut Reader, operation: &Node) -> Vec<String> {
    let Some(node) = operation.get("x-scopes") else { return Vec::new() };
    if !node.items().all(|scope| scope.value.is_string()) || !node.value.is_array() {
        reader.problems.error("x-scopes", &node.pointer, "scopes are a list of words", "write `[notes.read]`");
    }
    node.items().filter_map(|scope| scope.value.as_str().map(str::to_owned)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The alternatives of `security`. One that names an unknown scheme is left out.
pub(super) fn alternatives(reader: &mut Reader, security: Option<&Node>, schemes: &IndexMap<String, Scheme>) -> Vec<Security> {
    let mut found = Vec::new();
    for alternative in security.into_iter().flat_map(Node::items) {
        let mut wanted = Security { schemes: Vec::new() };
        let mut is_known = true;
        for (name, scopes) in alternative.members() {
            if !schemes.contains_key(name) {
                is_known = false;
                let message = format!("the security scheme `{name}` is not declared");
                reader.problems.error(
                    "unknown-security-scheme",
                    &pointer::join(&alternative.pointer, name),
                    &message,
                    "add it under `components/securitySchemes`",
                );
            }
            wanted.schemes.push((name.to_owned(), scopes.items().filter_map(|scope| scope.value.as_str().map(str::to_owned)).collect()));
        }
        if is_known {
            found.push(wanted);
        }
    }
    found
}

impl Scheme {
    /// How a credential is sent, in words: `header x-api-key`, `Authorization: Basic`.
    #[must_use]
    pub fn sent_as(&self) -> String {
        match &self.kind {
            SchemeKind::ApiKey { location, name } => format!("{} {name}", location.as_str()),
            SchemeKind::Basic => "Authorization: Basic".to_owned(),
            SchemeKind::Bearer { .. } => "Authorization: Bearer".to_owned(),
            SchemeKind::Http(name) => format!("Authorization: {name}"),
            SchemeKind::MutualTls => "client certificate".to_owned(),
        }
    }
}
