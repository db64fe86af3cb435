//! New tokens: the same for the same seed and number, and shaped as the document shows them.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::json;
use specs::Api;

use crate::{
    engine::{Conditions, mint},
    state::{Grant, Key, Keyring},
};

/// The length of a token, without what it begins with: as many bits as 32 bytes have.
const LENGTH: usize = 43;
/// The longest beginning that all tokens of a vendor have in common.
const LONGEST_PREFIX: usize = 12;
/// The seconds for which a token is good, where nothing says otherwise.
const LIFE: u64 = 3600;

/// Makes tokens.
pub(in crate::engine) struct Maker<'a> {
    conditions: &'a Conditions,
    /// What tokens begin with.
    prefix: &'a str,
    is_jwt: bool,
    /// The seconds for which they are good.
    pub(in crate::engine) life: u64,
}

/// Tokens that were given out.
pub(in crate::engine) struct Made {
    pub(in crate::engine) token: String,
    pub(in crate::engine) refresh: Option<String>,
}

impl<'a> Maker<'a> {
    /// For tokens of a scheme, or of none in particular.
    pub(in crate::engine) fn new(api: &'a Api, scheme: Option<&str>, conditions: &'a Conditions) -> Self {
        let mut schemes = api.schemes.values().filter(|known| scheme.is_none_or(|scheme| known.name == scheme));
        let all: Vec<_> = schemes.by_ref().collect();
        let example = all.iter().find_map(|scheme| scheme.credentials.example.as_deref()).unwrap_or_default();
        let end = example.rfind(['_', '-']).map_or(0, |at| at + 1);
        let prefix = example.get(..end).filter(|prefix| prefix.len() <= LONGEST_PREFIX).unwrap_or_default();
        let is_jwt = all.iter().any(|scheme| scheme.is_jwt) || example.starts_with("eyJ");
        let life = all.iter().find_map(|scheme| scheme.credentials.expires).unwrap_or(LIFE);
        Self { conditions, prefix, is_jwt, life }
    }

    /// When what is made now ends to work.
    pub(in crate::engine) fn end(&self) -> Option<DateTime<Utc>> {
        let life = chrono::TimeDelta::try_seconds(i64::try_from(self.life).ok()?)?;
        self.conditions.now.checked_add_signed(life)
    }

    /// Makes a token for a key, and if wanted what renews it, and remembers both.
    pub(in crate::engine) fn make(&self, mut key: Key, client: Option<&str>, renewable: bool) -> Made {
        let keyring = self.conditions.keyring.as_deref();
        let number = keyring.map(Keyring::number).unwrap_or_default();
        key.expires_at = self.end();
        key.is_issued = true;
        let token = if self.is_jwt { self.jwt(&key, client, number) } else { self.opaque(self.prefix, number, 0) };
        let refresh = renewable.then(|| self.opaque("rt_", number, 1));
        if let Some(keyring) = keyring {
            keyring.add(token.clone(), key.clone());
            if let Some(refresh) = &refresh {
                keyring.grant(refresh.clone(), Grant { key, client: client.map(str::to_owned), ..Grant::default() });
            }
        }
        Made { token, refresh }
    }

    /// A text that nobody has had.
    pub(in crate::engine) fn opaque(&self, prefix: &str, number: u64, draw: u64) -> String {
        // Ids are minted from the same seed, far below.
        mint::text(prefix, LENGTH, &mut mint::randomness(self.conditions.seed, u64::MAX - number, draw))
    }

    /// A token that can be read as a JWT (RFC 7519). Nobody has the key of its signature.
    fn jwt(&self, key: &Key, client: Option<&str>, number: u64) -> String {
        let name = |caller: &serde_json::Value| ["id", "_id", "sub", "email", "name"].iter().find_map(|name| caller.get(*name).cloned());
        let subject = key.caller.as_ref().and_then(name).unwrap_or_else(|| client.unwrap_or("mock").into());
        let issued = self.conditions.now.timestamp();
        let mut claims = json!({"iss": "mock", "sub": subject, "iat": issued, "jti": format!("{number}")});
        if let Some(end) = self.end() {
            claims["exp"] = end.timestamp().into();
        }
        if let Some(scopes) = &key.scopes {
            claims["scope"] = scopes.join(" ").into();
        }
        let part = |value: &serde_json::Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signature = self.opaque("", number, 2);
        format!("{}.{}.{signature}", part(&json!({"alg": "HS256", "typ": "JWT"})), part(&claims))
    }
}
