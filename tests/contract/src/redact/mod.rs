//! What may be shown of a run: everything but credentials.
//!
//! A credential is hidden in three ways. By *place*: headers that carry credentials (`Authorization`, `Cookie` and the
//! like), and the headers and query parameters of the document's schemes, whatever stands there. By *mark*: fields that
//! a request marks as redacted. By *value*: a credential in use, wherever it appears (a body that echoes it, a header, a
//! URL, the text of an error) and however it is spelled there, its beginning included where a text was cut, unless it is
//! so short that it would be found by chance.
//!
//! The credentials that a document offers for its mock are treated like all others, since a report that was read once
//! should not be read differently when the target is somebody's account. What no one could prove themselves with
//! is told from them all the same (`Redactor::is_open`), so that a command that repeats a request with wrong
//! credentials repeats it.
//!
//! A compressed body is left out, because nobody looks into it.

mod spellings;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{Engine, engine::general_purpose::STANDARD};
use specs::api::{Api, Location, Scheme, SchemeKind};

use crate::{
    case::{Failure, Outcome},
    credentials::{self, Credentials},
    exchange::{Exchange, Field, Request, Response, Visibility},
};

/// What stands in the place of a credential: a word that is legal in URLs, headers and JSON.
pub const MARK: &str = "REDACTED";

/// Headers that carry credentials, whatever the document says.
const HEADERS: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "set-cookie"];
/// The shortest credential that is hidden by value.
const SHORTEST: usize = 4;
/// What stands where the rest of a text was cut off.
const CUT: char = '…';
/// What ends the value of a query parameter in a text.
const ENDS: [char; 11] = ['&', '#', ' ', '\t', '\n', '\r', '"', '\'', ')', '<', '>'];
/// Schemes of `Authorization` that documents do not have to name.
const SCHEMES: [&str; 4] = ["basic", "bearer", "digest", "negotiate"];

/// Takes credentials out of whatever is shown. It has them itself, and so cannot be printed.
#[derive(Clone)]
pub struct Redactor {
    places: Vec<Place>,
    /// Finds the spellings.
    finder: Option<AhoCorasick>,
    /// Each with the environment variable that stands for it as it is written there.
    spellings: Vec<(String, Option<String>)>,
    /// Credentials that anybody may know.
    open: Vec<String>,
}

/// Where a scheme wants its credential.
#[derive(Clone, Debug)]
struct Place {
    location: Location,
    name: String,
    /// The word before it, in `Authorization`; else empty.
    scheme: String,
    /// The environment variable that gives it.
    variable: String,
}

/// A piece of what a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// It can be shown.
    Plain(&'a [u8]),
    /// A credential, exactly as this environment variable has it.
    Variable(&'a str),
    /// A credential in another spelling.
    Hidden,
}

impl Redactor {
    /// Hides these credentials of this document.
    #[must_use]
    pub fn new(api: &Api, credentials: &Credentials) -> Self {
        let places = api.schemes.values().filter_map(|scheme| place(api, scheme)).collect();
        let mut spellings: Vec<(String, Option<String>)> = Vec::new();
        for (name, credential) in credentials.of_somebody().filter(|(_, credential)| credential.len() >= SHORTEST) {
            let variable = api.schemes.get(name).map(|scheme| variable(api, scheme));
            for (text, is_whole) in spellings::of(credential) {
                if !spellings.iter().any(|(known, _)| *known == text) {
                    spellings.push((text, variable.clone().filter(|_| is_whole)));
                }
            }
        }
        let texts: Vec<&str> = spellings.iter().map(|(text, _)| text.as_str()).collect();
        let mut builder = AhoCorasick::builder();
        // Whoever echoes a credential may write its `%2f` in either case.
        let finder = builder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(texts).ok();
        Self { places, finder: finder.filter(|_| !spellings.is_empty()), spellings, open: open(api) }
    }

    /// A text without credentials.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        let text = match &self.finder {
            Some(finder) => finder.replace_all(text, &vec![MARK; self.spellings.len()]),
            None => text.to_owned(),
        };
        let text = self.names(Location::Query).fold(text, |text, name| without_value(&text, name));
        if text.contains(CUT) { self.without_start(&text) } else { text }
    }

    /// Bytes without credentials.
    #[must_use]
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        match (std::str::from_utf8(bytes), &self.finder) {
            (Ok(text), _) => self.text(text).into_bytes(),
            (Err(_), Some(finder)) => finder.replace_all_bytes(bytes, &vec![MARK; self.spellings.len()]),
            (Err(_), None) => bytes.to_vec(),
        }
    }

    /// A URL without credentials, and without those before its host.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        self.address(&self.text(url))
    }

    /// A URL without the credentials in places for them.
    pub(crate) fn address(&self, url: &str) -> String {
        let url = self.names(Location::Query).fold(url.to_owned(), |url, name| without_value(&url, name));
        let Some((scheme, rest)) = url.split_once("://") else { return url };
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        match host.rsplit_once('@') {
            Some((_, host)) => format!("{scheme}://{MARK}@{host}{path}"),
            None => url,
        }
    }

    /// An exchange without credentials. It reads as the one that was, and can be shown as a whole.
    #[must_use]
    pub fn exchange(&self, exchange: &Exchange) -> Exchange {
        let request = &exchange.request;
        let header = |field: &Field| {
            let hidden = field.visibility == Visibility::Redacted || self.is_secret_header(&field.name);
            self.field(field, hidden)
        };
        let query = |field: &Field| self.field(field, field.visibility == Visibility::Redacted || self.is_secret_query(&field.name));
        let sent = request.headers.iter().map(|field| (field.name.as_str(), field.value.as_str()));
        let request = Request {
            method: request.method.clone(),
            elsewhere: request.elsewhere.clone(),
            path: self.text(&request.path),
            query: request.query.iter().map(query).collect(),
            headers: request.headers.iter().map(header).collect(),
            body: request.body.as_ref().map(|body| self.body(sent, body)),
        };
        let response = exchange.response.as_ref().map(|response| self.response(response)).map_err(|why| self.text(why));
        let operation = exchange.operation.clone();
        Exchange { operation, intent: exchange.intent, started: exchange.started, took: exchange.took, request, response }
    }

    /// A failure without credentials.
    #[must_use]
    pub fn failure(&self, failure: &Failure) -> Failure {
        let Failure { what, place, expected, got } = failure;
        Failure { what: self.text(what), place: self.text(place), expected: self.text(expected), got: self.text(got) }
    }

    /// An outcome without credentials.
    #[must_use]
    pub fn outcome(&self, outcome: &Outcome) -> Outcome {
        match outcome {
            Outcome::Passed => Outcome::Passed,
            Outcome::Skipped(why) => Outcome::Skipped(self.text(why)),
            Outcome::Failed(failure) => Outcome::Failed(self.failure(failure)),
            Outcome::New(failure) => Outcome::New(self.failure(failure)),
            Outcome::Blocked(what) => Outcome::Blocked(self.text(what)),
            Outcome::Unreachable(what) => Outcome::Unreachable(self.text(what)),
        }
    }

    /// What is sent, taken apart at its credentials.
    pub(crate) fn pieces<'a>(&'a self, bytes: &'a [u8]) -> Vec<Piece<'a>> {
        let (mut pieces, mut at) = (Vec::new(), 0);
        for found in self.finder.iter().flat_map(|finder| finder.find_iter(bytes)) {
            if found.start() > at {
                pieces.push(Piece::Plain(&bytes[at..found.start()]));
            }
            let known = self.spellings.get(found.pattern().as_usize());
            let exact = known.filter(|(text, _)| text.as_bytes() == &bytes[found.range()]);
            pieces.push(exact.and_then(|(_, variable)| variable.as_deref()).map_or(Piece::Hidden, Piece::Variable));
            at = found.end();
        }
        if at < bytes.len() {
            pieces.push(Piece::Plain(&bytes[at..]));
        }
        pieces
    }

    /// The environment variable that gives what stands in a header or in a query parameter, when a scheme wants it there.
    pub(crate) fn variable_at(&self, location: Location, name: &str) -> Option<&str> {
        let is_here = |place: &&Place| place.location == location && is_same(location, &place.name, name);
        self.places.iter().find(is_here).map(|place| place.variable.as_str())
    }

    /// The environment variable that gives the credential behind this word in `Authorization`.
    pub(crate) fn variable_of(&self, scheme: &str) -> Option<&str> {
        let is_known = |place: &&Place| !scheme.is_empty() && place.scheme.eq_ignore_ascii_case(scheme);
        self.places.iter().find(is_known).map(|place| place.variable.as_str())
    }

    /// The environment variable that is a Basic credential, when a header is exactly that.
    pub(crate) fn basic(&self, header: &str) -> Option<&str> {
        let credential = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
        let known = self.spellings.iter().find(|(text, variable)| text.as_bytes() == credential && variable.is_some());
        known.and_then(|(_, variable)| variable.as_deref())
    }

    /// Whether what stands where a credential is due is none, or one that everybody may know: the document lists it as
    /// invalid, or it was made up.
    pub(crate) fn is_open(&self, text: &str) -> bool {
        let (scheme, credential) = text.split_once(' ').unwrap_or((text, ""));
        let is_open = |text: &str| text.is_empty() || self.open.iter().any(|known| known == text);
        is_open(text) || (SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) && is_open(credential))
    }

    /// Whether a header carries a credential.
    pub(crate) fn is_secret_header(&self, name: &str) -> bool {
        HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) || self.variable_at(Location::Header, name).is_some()
    }

    /// Whether a query parameter carries a credential.
    pub(crate) fn is_secret_query(&self, name: &str) -> bool {
        self.variable_at(Location::Query, name).is_some()
    }

    /// A text in which no credential begins that was cut before its end.
    fn without_start(&self, text: &str) -> String {
        let mut kept = String::new();
        for part in text.split_inclusive(CUT) {
            let Some(before) = part.strip_suffix(CUT) else { return kept + part };
            let starts = self.spellings.iter().filter_map(|(spelling, _)| {
                let mut ends = spelling.char_indices().map(|(end, _)| end);
                ends.rfind(|end| *end >= SHORTEST && before.ends_with(&spelling[..*end]))
            });
            match starts.max() {
                Some(length) => kept.push_str(&format!("{}{MARK}{CUT}", &before[..before.len() - length])),
                None => kept.push_str(part),
            }
        }
        kept
    }

    fn names(&self, location: Location) -> impl Iterator<Item = &str> {
        self.places.iter().filter(move |place| place.location == location).map(|place| place.name.as_str())
    }

    fn field(&self, field: &Field, hidden: bool) -> Field {
        let value = if hidden { MARK.to_owned() } else { self.text(&field.value) };
        Field { name: self.text(&field.name), value, visibility: field.visibility }
    }

    fn response(&self, response: &Response) -> Response {
        let value = |name: &str, value: &str| if self.is_secret_header(name) { MARK.to_owned() } else { self.text(value) };
        let headers: Vec<(String, String)> = response.headers.iter().map(|(name, text)| (self.text(name), value(name, text))).collect();
        let sent = response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Response { status: response.status, headers, body: self.body(sent, &response.body) }
    }

    fn body<'h>(&self, mut headers: impl Iterator<Item = (&'h str, &'h str)>, body: &[u8]) -> Vec<u8> {
        let encoded =
            headers.find(|(name, value)| name.eq_ignore_ascii_case("content-encoding") && !value.eq_ignore_ascii_case("identity"));
        match encoded {
            Some((_, encoding)) if !body.is_empty() => format!("{MARK}: {} bytes in `{encoding}`", body.len()).into_bytes(),
            _ => self.bytes(body),
        }
    }
}

fn place(api: &Api, scheme: &Scheme) -> Option<Place> {
    let authorization = |word: &'_ str| (Location::Header, "Authorization".to_owned(), word.to_owned());
    let (location, name, word) = match &scheme.kind {
        SchemeKind::ApiKey { location: Location::Cookie, .. } => (Location::Header, "Cookie".to_owned(), String::new()),
        SchemeKind::ApiKey { location: Location::Path, name } => (Location::Query, name.clone(), String::new()),
        SchemeKind::ApiKey { location, name } => (*location, name.clone(), String::new()),
        SchemeKind::MutualTls => return None,
        SchemeKind::Basic => authorization("Basic"),
        SchemeKind::Bearer { .. } => authorization("Bearer"),
        SchemeKind::Http(word) => authorization(word),
    };
    Some(Place { location, name, scheme: word, variable: variable(api, scheme) })
}

/// The environment variable for a scheme: that of its kind, unless another scheme has it too.
fn variable(api: &Api, scheme: &Scheme) -> String {
    let own = credentials::variables(scheme);
    let others = api.schemes.values().filter(|other| other.name != scheme.name);
    let is_taken = others.map(credentials::variables).any(|other| other.last() == own.last());
    let chosen = if is_taken { own.first() } else { own.last() };
    chosen.cloned().unwrap_or_default()
}

/// The credentials that the document lists as invalid, and those that were made up.
fn open(api: &Api) -> Vec<String> {
    let invalid = api.schemes.values().flat_map(|scheme| scheme.credentials.invalid.iter().cloned());
    let all: Vec<String> = invalid.chain(credentials::made_up_ones()).collect();
    let encoded: Vec<String> = all.iter().map(|text| STANDARD.encode(text)).collect();
    all.into_iter().chain(encoded).collect()
}

fn is_same(location: Location, one: &str, other: &str) -> bool {
    if location == Location::Header { one.eq_ignore_ascii_case(other) } else { one == other || *one == decoded(other) }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// A text in which URLs do not say what this query parameter is.
fn without_value(text: &str, name: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(['?', '&']) {
        let (before, after) = rest.split_at(start + 1);
        kept.push_str(before);
        rest = after;
        let Some((known, value)) = after.split_once('=').filter(|(known, _)| is_same(Location::Query, name, known)) else { continue };
        let end = value.find(ENDS).unwrap_or(value.len());
        kept.push_str(&format!("{known}={MARK}"));
        rest = &value[end..];
    }
    kept + rest
}
