//! What a document says of credentials to its mock: which exist, whose they are, and what they may do
//! (`x-mock.credentials` and `x-mock.users` at the top, `x-mock.login` at an operation).

use serde_json::Value;

use super::node::{Node, Reader};

/// What a security scheme's credentials look like to the mock (`x-mock.credentials` at the top, by scheme name).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Credentials {
    /// A credential that works, as a person would copy it: the token, the key, or `user:password`.
    pub example: Option<String>,
    /// What the example may do; none: everything.
    pub scopes: Option<Vec<String>>,
    /// Credentials that are refused although they are well formed.
    pub invalid: Vec<String>,
    /// Credentials that were good once.
    pub expired: Vec<String>,
    /// Credentials that were taken back.
    pub revoked: Vec<String>,
    /// Who a request with this scheme comes from.
    pub caller: Option<Value>,
    /// Other credentials that work, each with its own holder.
    pub others: Vec<Holder>,
    /// Whether those listed here are all that work.
    pub only: bool,
    /// The seconds for which tokens are good that the mock gives out.
    pub expires: Option<u64>,
    /// The clients of OAuth that may ask for tokens; none listed: any client.
    pub clients: Vec<Client>,
}

/// A credential of somebody else than the usual caller.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holder {
    /// The credential, as a person would copy it.
    pub credential: String,
    /// Who a request with it comes from; none: the usual caller.
    pub caller: Option<Value>,
    /// What it may do; none: everything.
    pub scopes: Option<Vec<String>>,
    /// The tenant whose rows it sees; none: the usual one.
    pub tenant: Option<String>,
}

/// A client of OAuth 2.0 (RFC 6749, section 2).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its `client_secret`; none: a public client.
    pub secret: Option<String>,
    /// Who a request with its tokens comes from.
    pub caller: Option<Value>,
    /// What it may ask for; none: everything.
    pub scopes: Option<Vec<String>>,
    /// The tenant whose rows its tokens see.
    pub tenant: Option<String>,
}

/// Somebody who can log in (`x-mock.users` at the top).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// What is sent to say who it is: a name or an e-mail address.
    pub name: String,
    /// The password.
    pub password: String,
    /// Who a request with the user's tokens comes from.
    pub caller: Option<Value>,
    /// What the tokens may do; none: everything.
    pub scopes: Option<Vec<String>>,
    /// The tenant whose rows they see.
    pub tenant: Option<String>,
}

/// What `x-mock.login` at an operation says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    /// JSON pointer into the success body, of the token that is given out.
    pub token: Option<String>,
    /// JSON pointer into the success body, of what the token is renewed with.
    pub refresh: Option<String>,
    /// JSON pointer into the request body, of who it is.
    pub name: Option<String>,
    /// JSON pointer into the request body, of the password.
    pub password: Option<String>,
    /// JSON pointer into the request body, of what a token is renewed with.
    pub renews: Option<String>,
    /// Whether it ends what a login began.
    pub ends: bool,
    /// Whether it gives out nothing, however it looks (`false`).
    pub is_none: bool,
}

const MEMBERS: [&str; 10] = ["example", "scopes", "invalid", "expired", "revoked", "caller", "others", "only", "expires", "clients"];

/// The credentials of one scheme.
pub(super) fn read(reader: &mut Reader, node: &Node) -> Credentials {
    unknown_members(reader, node, &MEMBERS);
    let only = node.get("only");
    if let Some(wrong) = only.as_ref().filter(|only| !only.value.is_boolean()) {
        reader.problems.error("x-mock", &wrong.pointer, "`only` is yes or no", "write `true` where no other credential works");
    }
    let expires = node.get("expires");
    if let Some(wrong) = expires.as_ref().filter(|expires| expires.value.as_u64().is_none()) {
        reader.problems.error("x-mock", &wrong.pointer, "`expires` is no number of seconds", "write a whole number, as `3600`");
    }
    Credentials {
        example: node.get("example").map(|example| text(example.value)),
        scopes: scopes(node),
        invalid: texts(node, "invalid"),
        expired: texts(node, "expired"),
        revoked: texts(node, "revoked"),
        caller: node.get("caller").map(|caller| caller.value.clone()),
        others: node.items_of("others").iter().filter_map(|other| holder(reader, other)).collect(),
        only: only.is_some_and(|only| only.value == &Value::Bool(true)),
        expires: expires.and_then(|expires| expires.value.as_u64()),
        clients: node.items_of("clients").iter().filter_map(|one| client(reader, one)).collect(),
    }
}

fn holder(reader: &mut Reader, node: &Node) -> Option<Holder> {
    unknown_members(reader, node, &["credential", "caller", "scopes", "tenant"]);
    let help = "write `{credential: …, caller: {…}, scopes: […], tenant: …}`";
    let credential = needed(reader, node, "credential", "the holder of a credential has none", help)?;
    Some(Holder { credential, caller: caller(node), scopes: scopes(node), tenant: tenant(node) })
}

fn client(reader: &mut Reader, node: &Node) -> Option<Client> {
    unknown_members(reader, node, &["id", "secret", "caller", "scopes", "tenant"]);
    let id = needed(reader, node, "id", "a client has no `id`", "write `{id: …, secret: …, scopes: […]}`")?;
    let secret = node.get("secret").map(|secret| text(secret.value));
    Some(Client { id, secret, caller: caller(node), scopes: scopes(node), tenant: tenant(node) })
}

/// Those who can log in.
pub(super) fn users(reader: &mut Reader, node: &Node) -> Vec<User> {
    let user = |reader: &mut Reader, node: &Node| {
        unknown_members(reader, node, &["name", "password", "caller", "scopes", "tenant"]);
        let help = "write `{name: …, password: …, caller: {…}}`";
        let name = needed(reader, node, "name", "a user has no `name`", help)?;
        let password = needed(reader, node, "password", "a user has no `password`", help)?;
        Some(User { name, password, caller: caller(node), scopes: scopes(node), tenant: tenant(node) })
    };
    node.items().collect::<Vec<_>>().iter().filter_map(|one| user(reader, one)).collect()
}

/// What an operation says of logging in.
pub(super) fn login(reader: &mut Reader, node: &Node) -> Login {
    if node.value == &Value::Bool(false) {
        return Login { is_none: true, ..Login::default() };
    }
    unknown_members(reader, node, &["token", "refresh", "name", "password", "renews", "ends"]);
    let mut place = |name: &str| {
        let written = node.get(name)?;
        let pointer = written.value.as_str().filter(|pointer| pointer.starts_with('/'));
        if pointer.is_none() {
            reader.problems.error("x-mock", &written.pointer, "a place of a body is a JSON pointer", "write it as `/data/token`");
        }
        pointer.map(str::to_owned)
    };
    let (token, refresh, name) = (place("token"), place("refresh"), place("name"));
    let (password, renews) = (place("password"), place("renews"));
    Login { token, refresh, name, password, renews, ends: node.flag("ends"), is_none: false }
}

fn unknown_members(reader: &mut Reader, node: &Node, known: &[&str]) {
    for (_, value) in node.members().filter(|(member, _)| !known.contains(member)) {
        let name = value.pointer.rsplit('/').next().unwrap_or_default();
        let help = format!("write one of `{}`", known.join("`, `"));
        reader.problems.error("x-mock", &value.pointer, &format!("`{name}` means nothing here"), &help);
    }
}

fn needed(reader: &mut Reader, node: &Node, name: &str, message: &str, help: &str) -> Option<String> {
    let found = node.get(name).map(|found| text(found.value));
    if found.is_none() {
        reader.problems.error("x-mock", &node.pointer, message, help);
    }
    found
}

fn caller(node: &Node) -> Option<Value> {
    node.get("caller").map(|caller| caller.value.clone())
}

fn tenant(node: &Node) -> Option<String> {
    node.get("tenant").map(|tenant| text(tenant.value))
}

fn scopes(node: &Node) -> Option<Vec<String>> {
    node.get("scopes").map(|scopes| scopes.items().map(|scope| text(scope.value)).collect())
}

fn texts(node: &Node, name: &str) -> Vec<String> {
    node.items_of(name).iter().map(|one| text(one.value)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
