//! Where people are sent to agree (RFC 6749, section 4.1.1). Everybody agrees at once.

use chrono::TimeDelta;
use form_urlencoded::Serializer;
use http::{HeaderValue, Response, StatusCode, Uri, header::LOCATION};
use specs::api::Grant as Kind;

use super::{Answer, Asking, Maker, Refusal, form::Form};
use crate::state::{Grant, Key, Keyring, Method};

/// The seconds for which a code is good.
const CODE_LIFE: i64 = 600;
/// Where a code goes that nobody is sent with: it is shown (RFC 8252 calls these out of band).
const SHOWN: &str = "urn:ietf:wg:oauth:2.0:oob";

impl Asking<'_> {
    /// Sends people back with a code, or a token.
    pub(super) fn people(self, places: &[(usize, usize)]) -> Result<Answer, Refusal> {
        let form = Form::of_query(self.request)?;
        let client = form.need("client_id")?;
        let listed = self.listed(places, Some(client)).map_err(|refusal| Refusal { status: StatusCode::BAD_REQUEST, ..refusal })?;
        let redirect = form.need("redirect_uri")?;
        let is_uri = redirect.parse::<Uri>().is_ok_and(|uri| uri.scheme().is_some()) || redirect.contains(":/");
        if !is_uri || redirect.contains('#') || redirect == SHOWN {
            let message = format!("`{redirect}` is no address that people can be sent back to");
            return Err(Refusal::new("invalid_request", message, "send an absolute `redirect_uri` without a fragment"));
        }
        let limit = listed.and_then(|client| client.scopes.as_deref());
        let key = |kind| -> Result<Key, Refusal> {
            let flows = self.flows_of(places, kind);
            if flows.is_empty() {
                return Err(wrong_response(form.get("response_type").unwrap_or_default()));
            }
            let scopes = self.scopes(&flows, form.get("scope"), limit)?;
            let (caller, tenant) = (listed.and_then(|known| known.caller.clone()), listed.and_then(|known| known.tenant.clone()));
            Ok(Key { scheme: self.scheme(&flows), scopes, caller, tenant, ..Key::default() })
        };
        let (answer, mark) = match form.get("response_type") {
            Some("code") => (key(Kind::AuthorizationCode).and_then(|key| self.code(key, client, redirect, &form)), '?'),
            Some("token") => (key(Kind::Implicit).map(|key| self.token(key, client)), '#'),
            other => (Err(wrong_response(other.unwrap_or_default())), '?'),
        };
        let mut pairs = answer.unwrap_or_else(|refusal| {
            vec![("error".to_owned(), refusal.code.to_owned()), ("error_description".to_owned(), refusal.message)]
        });
        pairs.extend(form.get("state").map(|state| ("state".to_owned(), state.to_owned())));
        Ok(Answer { response: sent_back(redirect, mark, &pairs)?, notes: Vec::new() })
    }

    fn code(self, key: Key, client: &str, redirect: &str, form: &Form) -> Result<Vec<(String, String)>, Refusal> {
        let method = match form.get("code_challenge_method") {
            None | Some("plain") => Method::Plain,
            Some("S256") => Method::S256,
            Some(other) => {
                let message = format!("there is no code challenge method `{other}`");
                return Err(Refusal::new("invalid_request", message, "use `S256`"));
            }
        };
        let challenge = form.get("code_challenge").map(|challenge| (challenge.to_owned(), method));
        let keyring = self.conditions.keyring.as_deref();
        let number = keyring.map(Keyring::number).unwrap_or_default();
        let code = Maker::new(&self.engine.api, None, self.conditions).opaque("", number, 3);
        let grant = Grant {
            key,
            client: Some(client.to_owned()),
            expires_at: self.conditions.now.checked_add_signed(TimeDelta::seconds(CODE_LIFE)),
            redirect: Some(redirect.to_owned()),
            challenge,
            is_spent: false,
        };
        if let Some(keyring) = keyring {
            keyring.grant(code.clone(), grant);
        }
        Ok(vec![("code".to_owned(), code)])
    }

    fn token(self, key: Key, client: &str) -> Vec<(String, String)> {
        let maker = Maker::new(&self.engine.api, key.scheme.as_deref(), self.conditions);
        let scope = key.scopes.as_ref().map(|scopes| scopes.join(" "));
        let made = maker.make(key, Some(client), false);
        let fixed = [("access_token", made.token), ("token_type", "Bearer".to_owned()), ("expires_in", maker.life.to_string())];
        let all = fixed.into_iter().chain(scope.map(|scope| ("scope", scope)));
        all.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

fn wrong_response(kind: &str) -> Refusal {
    let message = format!("no flow of the document answers here with `{kind}`");
    Refusal::new("unsupported_response_type", message, "ask with `response_type=code`")
}

fn sent_back(redirect: &str, mark: char, pairs: &[(String, String)]) -> Result<Response<bytes::Bytes>, Refusal> {
    let text = Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if mark == '?' && redirect.contains('?') { '&' } else { mark };
    let location = HeaderValue::try_from(format!("{redirect}{mark}{text}"));
    let location =
        location.map_err(|_| Refusal::new("invalid_request", "the address to be sent back to is no header", "send another one"))?;
    let mut response = Response::new(bytes::Bytes::new());
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}
