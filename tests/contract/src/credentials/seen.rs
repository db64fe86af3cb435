//! What somebody else's request proves itself with, so that it can be kept out of what is told.

use http::{
    HeaderMap,
    header::{AUTHORIZATION, COOKIE},
};
use specs::{
    Api,
    api::SchemeKind,
    wire::{Shown, credentials},
};

use super::{Credential, Credentials, Origin};

/// The shortest value of a cookie that is more than a setting.
const SESSION: usize = 8;

impl Credentials {
    /// Those that a request shows: for each scheme of the document, and whatever else stands in `Authorization`.
    pub(crate) fn seen(api: &Api, headers: &HeaderMap, query: Option<&str>) -> Self {
        let mut all = Self::default();
        let mut add = |name: String, kind: &SchemeKind, value: &str| {
            let credential = Credential { value: value.to_owned(), origin: Origin::Given, kind: kind.clone() };
            all.0.insert(name, credential);
        };
        for scheme in api.schemes.values() {
            credentials(&scheme.kind, headers, query, |shown| {
                if let Shown::Given(text) = shown {
                    add(scheme.name.clone(), &scheme.kind, &text);
                }
            });
        }
        // A credential of a scheme that is not declared is somebody's all the same. No scheme is called like a header.
        for (number, value) in headers.get_all(AUTHORIZATION).iter().filter_map(|value| value.to_str().ok()).enumerate() {
            let (_, text) = value.split_once(' ').unwrap_or(("", value));
            add(format!("header {number}"), &SchemeKind::Http(String::new()), text.trim());
            credentials(&SchemeKind::Basic, headers, None, |shown| {
                if let Shown::Given(pair) = shown {
                    add(format!("basic {number}"), &SchemeKind::Basic, &pair);
                }
            });
        }
        let cookies = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
        for (name, value) in cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(_, value)| value.len() >= SESSION) {
            add(format!("cookie {name}"), &SchemeKind::Http(String::new()), value);
        }
        all
    }
}
