//! Who asks for a token (RFC 6749, section 2.3): by Basic, or in the form. Any client passes, unless the document lists
//! those that there are.

use percent_encoding::percent_decode_str;
use specs::{
    api::{Client, SchemeKind},
    wire,
};

use super::{Asking, Refusal, form::Form};

/// A client, as far as it says who it is.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) id: Option<String>,
    /// What the document says of it.
    pub(super) listed: Option<&'a Client>,
}

impl<'a> Asking<'a> {
    /// The client of a request for a token. One that has a secret has to show it.
    pub(super) fn client(self, places: &[(usize, usize)], form: &Form) -> Result<Known<'a>, Refusal> {
        let (mut id, mut secret) = (form.get("client_id").map(str::to_owned), form.get("client_secret").map(str::to_owned));
        let mut wrong = None;
        wire::credentials(&SchemeKind::Basic, &self.request.headers, None, |shown| match shown {
            wire::Shown::Given(pair) => {
                let (user, password) = pair.split_once(':').unwrap_or((&pair, ""));
                let user = decoded(user);
                if id.as_ref().is_some_and(|id| *id != user) {
                    wrong = Some(Refusal::new("invalid_request", "the header and the form name different clients", "name one client"));
                }
                id = Some(user);
                secret = Some(decoded(password));
            }
            wire::Shown::Malformed => {
                wrong = Some(unknown("the client's credentials are not well formed"));
            }
            wire::Shown::OtherScheme => {}
        });
        if let Some(refusal) = wrong {
            return Err(refusal);
        }
        let listed = self.listed(places, id.as_deref())?;
        if let Some(client) = listed.filter(|client| client.secret.is_some() && client.secret != secret) {
            return Err(unknown(format!("the secret of the client `{}` is another one", client.id)));
        }
        Ok(Known { id, listed })
    }

    /// What the document says of a client; refused where it lists clients, and not this one.
    pub(super) fn listed(self, places: &[(usize, usize)], id: Option<&str>) -> Result<Option<&'a Client>, Refusal> {
        let schemes = places.iter().filter_map(|(scheme, _)| self.engine.api.schemes.get_index(*scheme));
        let all: Vec<&Client> = schemes.flat_map(|(_, scheme)| &scheme.credentials.clients).collect();
        if all.is_empty() {
            return Ok(None);
        }
        let Some(id) = id else { return Err(unknown("the client does not say who it is")) };
        match all.into_iter().find(|client| client.id == *id) {
            Some(client) => Ok(Some(client)),
            None => Err(unknown(format!("there is no client `{id}`"))),
        }
    }
}

pub(super) fn unknown(message: impl Into<String>) -> Refusal {
    Refusal::new("invalid_client", message, "send `client_id` and `client_secret` of a client that is known, by Basic or in the form")
}

/// Both parts of Basic are form-encoded first (RFC 6749, section 2.3.1). Not every client does.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
