//! Security schemes, and the alternatives that an operation asks for.

use super::{
    Credentials, Flow, Grant, Location, Scheme, SchemeKind, Security,
    node::{Node, Reader},
};
use crate::pointer;
use indexmap::IndexMap;

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
            flows: flows(&node),
            is_jwt: node.string("bearerFormat").is_some_and(|format| format.eq_ignore_ascii_case("jwt")),
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

fn flows(node: &Node) -> Vec<Flow> {
    let text = |flow: &Node, name: &str| flow.string(name).filter(|url| !url.is_empty()).map(str::to_owned);
    let flow = |(name, flow): (&str, Node)| {
        Some(Flow {
            grant: Grant::of(name)?,
            authorization_url: text(&flow, "authorizationUrl"),
            token_url: text(&flow, "tokenUrl"),
            refresh_url: text(&flow, "refreshUrl"),
            scopes: flow.members_of("scopes").into_iter().map(|(scope, _)| scope.to_owned()).collect(),
        })
    };
    node.entries_of("flows").into_iter().filter_map(flow).collect()
}

fn credentials<'r>(reader: &mut Reader<'r, '_, '_>, root: &Node<'r>, schemes: &mut IndexMap<String, Scheme>) {
    let declared = root.get("x-mock").map(|mock| mock.members_of("credentials")).unwrap_or_default();
    for (name, node) in declared {
        let Some(scheme) = schemes.get_mut(name) else {
            let message = format!("`{name}` is no security scheme of the document");
            reader.problems.error("x-mock", &node.pointer, &message, "name one under `components/securitySchemes`");
            continue;
        };
        scheme.credentials = super::credentials::read(reader, &node);
    }
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
