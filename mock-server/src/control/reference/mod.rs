//! The API reference: each document, and the control API's own, in Swagger UI, where every operation can be tried.
//!
//! The page is the same for all; the document that it shows is in its address, so that it can be linked and reloaded.
//! Swagger UI has a bar for choosing among documents, which holds credentials of one document for those of another
//! where their schemes are called alike; so the choice is ours. All that the page loads is in this program, and the
//! browser is told to ask nobody but the two listeners (Content Security Policy).

mod asset;
mod page;

use http::{HeaderMap, HeaderValue, header};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use specs::Api;

use super::{address, content::Content, handlers, refusal::HttpError};
use crate::{
    call::{Unshown, unshown},
    shell::Shell,
};

pub(super) use asset::find;

/// Says what the page shows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct ReferenceQuery {
    /// The provider whose document is shown; without it, the first one.
    pub(crate) provider: Option<String>,
    /// The sandbox that its operations are tried in.
    pub(crate) sandbox: Option<String>,
    /// Shows the control API instead.
    pub(crate) control: Option<String>,
}

/// Names a file of the page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(crate) struct AssetPath {
    /// Its name.
    pub(crate) file: String,
}

/// The page, for a browser that sent these headers.
pub(super) fn page(shell: &Shell, query: ReferenceQuery, asked: &HeaderMap) -> Result<Content, HttpError> {
    let sandbox = query.sandbox.filter(|name| !name.is_empty());
    if let Some(name) = &sandbox {
        handlers::open(shell, name)?;
    }
    let providers = shell.summaries();
    let shown = match (&query.control, &query.provider) {
        (Some(_), _) => None,
        (None, None) => providers.first(),
        (None, Some(name)) => {
            let known = || providers.iter().map(|provider| provider.name.as_str()).collect::<Vec<_>>().join(", ");
            let found = providers.iter().find(|provider| provider.name == *name);
            Some(found.ok_or_else(|| handlers::not_found(format!("no provider is named `{name}`; there are {}", known())))?)
        }
    };
    let view = page::View {
        url: shell.url(),
        seen: address::seen(shell.url(), asked, sandbox.as_deref()),
        control: shell.control_url().unwrap_or_default(),
        sandbox: sandbox.as_deref(),
        sandboxes: shell.sandboxes.names(),
        providers: &providers,
        shown,
        filled: shown.and_then(|shown| shell.provider(&shown.name)).map(|provider| filled(provider.api())).unwrap_or_default(),
    };
    let mut content = Content::text("text/html; charset=utf-8", page::render(&view));
    content.headers.extend(policy(&view).map(|policy| (header::CONTENT_SECURITY_POLICY, policy)));
    content.headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(content)
}

/// What stands in fields that the document shows no example for.
fn filled(api: &Api) -> Vec<Value> {
    let of = |one: &Unshown| {
        let (operation, parameter) = (one.operation, one.parameter);
        let at = [operation.path.clone(), operation.method.as_str().to_ascii_lowercase()];
        json!({ "at": at, "in": parameter.location.as_str(), "name": parameter.name, "value": one.value })
    };
    unshown(api).iter().map(of).collect()
}

/// Whom the page may ask: where it is from, and the data listener.
fn policy(view: &page::View) -> Option<HeaderValue> {
    let listeners = format!("{} {}", source(&address::origin(&view.seen)), source(view.control));
    let policy = format!(
        "default-src 'self'; connect-src 'self' {listeners}; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'"
    );
    HeaderValue::try_from(policy).ok()
}

/// An origin as a policy names it. Policies have no words for an address of version 6, but for its port.
fn source(origin: &str) -> String {
    match (origin.split_once('[').map(|(scheme, _)| scheme), origin.rsplit_once(']')) {
        (Some(scheme), Some((_, port))) => format!("{scheme}*{port}"),
        _ => origin.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_every_address() {
        for (origin, expected) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://localhost:1", "https://localhost:1"),
            ("http://[::1]:8080", "http://*:8080"),
        ] {
            assert_eq!(source(origin), expected);
        }
    }
}
