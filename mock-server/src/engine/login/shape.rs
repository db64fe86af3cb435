//! Which operations give out tokens, and where in their bodies everything is.

use chrono::{DateTime, SecondsFormat, Utc};
use http::Method;
use serde_json::Value;
use specs::{
    Api,
    api::{MediaType, Operation, SchemaId, Status},
    pointer,
};

use super::names;
use crate::engine::token::{Made, Maker};

/// How deep in a body the parts of a login are.
const DEEPEST: usize = 4;
/// Most members that are looked at.
const MOST: usize = 500;

/// What an operation has to do with logging in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct Login {
    /// Whether it gives out tokens.
    pub(super) gives: bool,
    /// Which of those that the request has it takes back.
    pub(super) ends: Ends,
    /// Whether the password is to be that of a known user.
    pub(super) checks: bool,
    /// Where the answer has the token, and what it is renewed with, where that is declared.
    token: Option<String>,
    refresh: Option<String>,
    /// Where the request says who it is, has the password, and what a token is renewed with.
    pub(super) name: Option<String>,
    pub(super) password: Option<String>,
    pub(super) renews: Option<String>,
    /// Why it is taken for that.
    pub(in crate::engine) why: String,
}

/// Which credentials an operation takes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ends {
    #[default]
    None,
    /// Those that the mock gave out, or was told of.
    Known,
    All,
}

/// Where in a body everything is.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) tokens: Vec<String>,
    pub(super) refreshes: Vec<String>,
    lives: Vec<String>,
    ends: Vec<String>,
}

impl Login {
    /// What an operation has to do with logging in, as it says or by its shape.
    pub(in crate::engine) fn of(api: &Api, operation: &Operation) -> Option<Self> {
        let declared = operation.mock.login.as_ref();
        if declared.is_some_and(|login| login.is_none)
            || !matches!(operation.method, Method::POST | Method::PUT | Method::GET | Method::DELETE)
        {
            return None;
        }
        let sent = sent(api, operation);
        let first = |is_it: fn(&str) -> bool| sent.iter().find(|place| is_it(last(place))).cloned();
        let (name, password, renews) = (first(names::tells_who), first(names::is_password), first(names::is_refresh));
        if let Some(login) = declared {
            return Some(Self {
                gives: !login.ends || login.token.is_some(),
                ends: if login.ends { Ends::All } else { Ends::None },
                checks: !is_joining(operation),
                token: login.token.clone(),
                refresh: login.refresh.clone(),
                name: login.name.clone().or(name),
                password: login.password.clone().or(password),
                renews: login.renews.clone().or(renews),
                why: "the document says so".to_owned(),
            });
        }
        let ends = names::is_ending(&operation.path) || operation.documented_id.as_deref().is_some_and(names::is_ending);
        if ends && operation.method != Method::GET {
            return Some(Self { ends: Ends::Known, why: "its name is that of a logout".to_owned(), ..Self::default() });
        }
        if operation.method != Method::POST {
            return None;
        }
        let token = answered(api, operation).into_iter().find(|place| names::is_token(last(place)))?;
        let needs_none = operation.security.is_empty() || operation.security.iter().any(|one| one.schemes.is_empty());
        let why = match (&renews, &password) {
            (Some(renews), _) => format!("`{renews}` goes in and `{token}` comes out"),
            (None, Some(password)) if needs_none => format!("`{password}` goes in and `{token}` comes out"),
            _ => return None,
        };
        let checks = !is_joining(operation);
        Some(Self { gives: true, checks, name, password, renews, why, ..Self::default() })
    }

    /// What it does, for people.
    pub(in crate::engine) fn what(&self) -> &'static str {
        match (self.gives, &self.renews) {
            (true, Some(_)) => "renews a token",
            (true, None) => "gives out a token that works",
            (false, _) => "takes back the credentials of the request",
        }
    }

    /// Where a body has everything.
    pub(super) fn shown(&self, body: &Value) -> Shown {
        let mut shown = Shown::default();
        each_member(body, "", 0, &mut |place, value| {
            let name = last(place);
            if !value.is_string() && !value.is_number() {
                return;
            }
            if value.is_string() && names::is_token(name) {
                shown.tokens.push(place.to_owned());
            } else if value.is_string() && names::is_refresh(name) {
                shown.refreshes.push(place.to_owned());
            } else if value.is_number() && names::is_life(name) {
                shown.lives.push(place.to_owned());
            } else if names::is_end(name) {
                shown.ends.push(place.to_owned());
            }
        });
        if let Some(token) = &self.token {
            shown.tokens = vec![token.clone()];
        }
        if let Some(refresh) = &self.refresh {
            shown.refreshes = vec![refresh.clone()];
        }
        shown
    }
}

impl Shown {
    /// The places of tokens of all kinds.
    pub(super) fn all(self) -> impl Iterator<Item = String> {
        self.tokens.into_iter().chain(self.refreshes)
    }

    /// Puts new tokens into a body.
    pub(super) fn fill(&self, body: &mut Value, made: &Made, maker: &Maker<'_>, now: DateTime<Utc>) {
        let mut put = |places: &[String], value: &dyn Fn(&Value) -> Option<Value>| {
            for place in places {
                if let Some(member) = body.pointer_mut(place)
                    && let Some(value) = value(member)
                {
                    *member = value;
                }
            }
        };
        put(&self.tokens, &|_| Some(made.token.as_str().into()));
        put(&self.refreshes, &|_| made.refresh.as_deref().map(Into::into));
        put(&self.lives, &|_| Some(maker.life.into()));
        put(&self.ends, &|before| end_like(before, maker.end()?, now));
    }
}

/// A time as the document writes it.
fn end_like(before: &Value, end: DateTime<Utc>, now: DateTime<Utc>) -> Option<Value> {
    match before {
        Value::String(text) => {
            DateTime::parse_from_rfc3339(text).ok()?;
            let format = if text.contains('.') { SecondsFormat::Millis } else { SecondsFormat::Secs };
            Some(end.to_rfc3339_opts(format, text.ends_with('Z')).into())
        }
        Value::Number(number) => Some(match number.as_f64()? {
            milliseconds if milliseconds > 1e11 => end.timestamp_millis().into(),
            seconds if seconds > 1e8 => end.timestamp().into(),
            _ => (end - now).num_seconds().into(),
        }),
        _ => None,
    }
}

fn is_joining(operation: &Operation) -> bool {
    names::is_joining(&operation.path) || operation.documented_id.as_deref().is_some_and(names::is_joining)
}

/// The places of what goes in.
fn sent(api: &Api, operation: &Operation) -> Vec<String> {
    operation.body.iter().flat_map(|body| &body.content).flat_map(|media| places(api, media)).collect()
}

/// The places of what comes out when all is well.
fn answered(api: &Api, operation: &Operation) -> Vec<String> {
    let is_success = |status: Status| matches!(status, Status::Exactly(200..=299) | Status::Range(2) | Status::Default);
    let responses = operation.responses.iter().filter(|response| is_success(response.status));
    responses.flat_map(|response| &response.content).flat_map(|media| places(api, media)).collect()
}

/// The places of a body: those of its schema, and of its example.
fn places(api: &Api, media: &MediaType) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(schema) = &media.schema {
        properties(api, schema, "", 0, &mut all);
    }
    if let Some(example) = media.examples.first() {
        each_member(&example.value, "", 0, &mut |place, _| {
            if all.len() < MOST && !all.iter().any(|known| known == place) {
                all.push(place.to_owned());
            }
        });
    }
    all
}

fn properties(api: &Api, schema: &SchemaId, above: &str, depth: usize, all: &mut Vec<String>) {
    if depth >= DEEPEST {
        return;
    }
    for (name, member) in api.schemas.properties(schema) {
        if all.len() >= MOST {
            return;
        }
        let place = pointer::join(above, &name);
        properties(api, &member, &place, depth + 1, all);
        all.push(place);
    }
}

fn each_member(value: &Value, above: &str, depth: usize, each: &mut dyn FnMut(&str, &Value)) {
    let Some(members) = value.as_object().filter(|_| depth < DEEPEST) else { return };
    for (name, member) in members {
        let place = pointer::join(above, name);
        each(&place, member);
        each_member(member, &place, depth + 1, each);
    }
}

/// The name of a member, by its place.
fn last(place: &str) -> &str {
    place.rsplit('/').next().unwrap_or_default()
}
