//! Tokens for a grant: what the client is, what a user said, a code, or what an earlier token is renewed with.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use specs::api;

use super::{
    Answer, Asking, Maker, Refusal,
    client::{self, Known},
    form::Form,
    with_body,
};
use crate::state::{Grant, Key, Method};

impl Asking<'_> {
    /// Answers a request for a token.
    pub(super) fn tokens(self, places: &[(usize, usize)]) -> Result<Answer, Refusal> {
        let form = Form::of_body(self.request)?;
        let client = self.client(places, &form)?;
        let grant = form.need("grant_type")?;
        let mut notes: Vec<String> = form.note.map(str::to_owned).into_iter().collect();
        let of = |kind| self.flows_of(places, kind);
        let key = match grant {
            "client_credentials" => {
                let declared = of(api::Grant::ClientCredentials);
                // Whoever tests needs a token without a person who agrees.
                let without = "the document has no flow `clientCredentials`; the mock gives out a token all the same";
                notes.extend(declared.is_empty().then(|| without.to_owned()));
                self.for_client(if declared.is_empty() { places } else { &declared }, &client, &form)
            }
            "password" => self.for_user(&of(api::Grant::Password), &client, &form),
            "authorization_code" => self.for_code(&of(api::Grant::AuthorizationCode), &client, &form),
            "refresh_token" => self.renewed(&client, &form),
            other => Err(unsupported(other)),
        }?;
        let maker = Maker::new(&self.engine.api, key.scheme.as_deref(), self.conditions);
        let scope = key.scopes.as_ref().map(|scopes| scopes.join(" "));
        let made = maker.make(key, client.id.as_deref(), true);
        let mut body = json!({"access_token": made.token, "token_type": "Bearer", "expires_in": maker.life});
        if let Some(refresh) = made.refresh {
            body["refresh_token"] = refresh.into();
        }
        if let Some(scope) = scope.filter(|scope| !scope.is_empty()) {
            body["scope"] = Value::String(scope);
        }
        Ok(Answer { response: with_body(StatusCode::OK, &body), notes })
    }

    fn for_client(self, flows: &[(usize, usize)], client: &Known<'_>, form: &Form) -> Result<Key, Refusal> {
        if client.id.is_none() {
            return Err(client::unknown("the client does not say who it is"));
        }
        self.key(flows, client, form)
    }

    fn for_user(self, flows: &[(usize, usize)], client: &Known<'_>, form: &Form) -> Result<Key, Refusal> {
        if flows.is_empty() {
            return Err(unsupported("password"));
        }
        let (name, password) = (form.need("username")?, form.need("password")?);
        let mut key = self.key(flows, client, form)?;
        let users = &self.engine.api.mock.users;
        let Some(user) = users.iter().find(|user| user.name == *name && user.password == *password) else {
            let wrong = || Refusal::new("invalid_grant", "name and password are nobody's", "use a user that the document lists");
            return if users.is_empty() { Ok(key) } else { Err(wrong()) };
        };
        if let Some(may) = &user.scopes {
            key.scopes = Some(key.scopes.map_or_else(|| may.clone(), |asked| asked.into_iter().filter(|one| may.contains(one)).collect()));
        }
        key.caller = user.caller.clone().or(key.caller);
        key.tenant = user.tenant.clone().or(key.tenant);
        Ok(key)
    }

    fn for_code(self, flows: &[(usize, usize)], client: &Known<'_>, form: &Form) -> Result<Key, Refusal> {
        if flows.is_empty() {
            return Err(unsupported("authorization_code"));
        }
        let code = form.need("code")?;
        let Some(keyring) = self.conditions.keyring.as_deref() else { return Err(no_good("the code", "is none that was given out")) };
        let check = |grant: Option<&Grant>| {
            let grant = grant.filter(|grant| grant.redirect.is_some());
            let grant = self.good(grant, "the code", client)?;
            if let Some(redirect) = form.get("redirect_uri").filter(|sent| grant.redirect.as_deref() != Some(*sent)) {
                return Err(no_good("the code", &format!("was sent elsewhere than to `{redirect}`")));
            }
            verify(grant.challenge.as_ref(), form.get("code_verifier"))
        };
        keyring.spend(code, check)?.map(|grant| grant.key).ok_or_else(|| no_good("the code", "is none that was given out"))
    }

    /// A new token for one that was given out. What renews it is used up, and another one takes its place.
    fn renewed(self, client: &Known<'_>, form: &Form) -> Result<Key, Refusal> {
        let text = form.need("refresh_token")?;
        let what = "the refresh token";
        let Some(keyring) = self.conditions.keyring.as_deref() else { return Err(no_good(what, "is none that was given out")) };
        let mut scopes = None;
        let check = |grant: Option<&Grant>| {
            let grant = self.good(grant.filter(|grant| grant.redirect.is_none()), what, client)?;
            scopes = narrowed(grant.key.scopes.as_deref(), form.get("scope"))?;
            Ok(())
        };
        let grant = keyring.spend(text, check)?.ok_or_else(|| no_good(what, "is none that was given out"))?;
        Ok(Key { scopes, ..grant.key })
    }

    fn key(self, flows: &[(usize, usize)], client: &Known<'_>, form: &Form) -> Result<Key, Refusal> {
        let scopes = self.scopes(flows, form.get("scope"), client.listed.and_then(|client| client.scopes.as_deref()))?;
        let caller = client.listed.and_then(|client| client.caller.clone());
        let tenant = client.listed.and_then(|client| client.tenant.clone());
        Ok(Key { scheme: self.scheme(flows), scopes, caller, tenant, ..Key::default() })
    }

    /// A grant that is good for this client now.
    fn good<'g>(self, grant: Option<&'g Grant>, what: &str, client: &Known<'_>) -> Result<&'g Grant, Refusal> {
        let Some(grant) = grant else { return Err(no_good(what, "is none that was given out")) };
        if grant.is_spent {
            return Err(no_good(what, "was used before, and is good once"));
        }
        if grant.expires_at.is_some_and(|end| end <= self.conditions.now) {
            return Err(no_good(what, "has expired"));
        }
        if matches!((&grant.client, &client.id), (Some(own), Some(id)) if own != id) {
            return Err(no_good(what, "was given to another client"));
        }
        Ok(grant)
    }
}

fn unsupported(grant: &str) -> Refusal {
    let message = format!("no flow of the document gives out tokens here for the grant type `{grant}`");
    Refusal::new("unsupported_grant_type", message, "use a grant type whose flow the document has, or `refresh_token`")
}

fn no_good(what: &str, why: &str) -> Refusal {
    Refusal::new("invalid_grant", format!("{what} {why}"), "ask for a new one")
}

/// The scopes of a renewed token: no more than it had (RFC 6749, section 6).
fn narrowed(had: Option<&[String]>, asked: Option<&str>) -> Result<Option<Vec<String>>, Refusal> {
    let Some(asked) = asked else { return Ok(had.map(<[String]>::to_vec)) };
    let asked: Vec<String> = asked.split_ascii_whitespace().map(str::to_owned).collect();
    match asked.iter().find(|scope| had.is_some_and(|had| !had.contains(scope))) {
        Some(more) => {
            let message = format!("the scope `{more}` is none that the first token had");
            Err(Refusal::new("invalid_scope", message, "ask for scopes that it had, or for none"))
        }
        None => Ok(Some(asked)),
    }
}

/// Whether a verifier is that of the challenge (RFC 7636, section 4.6).
fn verify(challenge: Option<&(String, Method)>, verifier: Option<&str>) -> Result<(), Refusal> {
    let Some((challenge, method)) = challenge else { return Ok(()) };
    let Some(verifier) = verifier else {
        return Err(no_good("the code", "was asked for with a challenge, and `code_verifier` is missing"));
    };
    let made = match method {
        Method::Plain => verifier.to_owned(),
        Method::S256 => BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
    };
    if made == *challenge { Ok(()) } else { Err(no_good("the code", "was asked for with a challenge that is not this verifier's")) }
}
