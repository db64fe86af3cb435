//! A line of bash that repeats a request: its bytes are those that were sent, and its credentials are the environment
//! variables that the run itself reads.
//!
//! A request with wrong credentials is repeated with these, when anybody may know them: the case made them up, or the
//! document lists them. What is unknown in a place for credentials is taken for a credential.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use specs::api::Location;

use super::quote;
use crate::{
    case::{Case, Edit, Kind},
    exchange::{Exchange, Field, Visibility},
    redact::{MARK, Piece, Redactor},
};

/// The longest body that is written into a line.
const LONGEST: usize = 8192;

/// The line that repeats the request of an exchange, which is not redacted yet.
pub(super) fn command(exchange: &Exchange, base: &str, case: &Case, redactor: &Redactor) -> String {
    let writer = Writer { exchange, redactor, made_up: made_up(case) };
    let mut words = vec!["curl -sS".to_owned()];
    words.push(writer.method());
    words.extend(writer.url(base));
    words.extend(exchange.request.headers.iter().map(|field| writer.header(field)));
    let body = exchange.request.body.as_deref();
    if body.is_some() && !exchange.request.headers.iter().any(|field| field.name.eq_ignore_ascii_case("content-type")) {
        // It would say one of its own.
        words.push("-H Content-Type:".to_owned());
    }
    let Some(body) = body else { return words.join(" ") };
    let pieces = redactor.pieces(body);
    if body.len() > LONGEST {
        words.push(format!("--data-binary @body # the {} bytes of the body, as a HAR keeps them", body.len()));
    } else if body.contains(&0) {
        words.insert(0, format!("printf {} |", quote::format(&redactor.bytes(body))));
        words.push("--data-binary @-".to_owned());
    } else {
        // An `@` at its start would name a file.
        let raw = if body.starts_with(b"@") { "--data-raw" } else { "--data-binary" };
        words.push(format!("{raw} {}", quote::word(&pieces)));
    }
    words.join(" ")
}

struct Writer<'a> {
    exchange: &'a Exchange,
    redactor: &'a Redactor,
    /// The wrong credentials that the case sends.
    made_up: Vec<&'a str>,
}

impl Writer<'_> {
    fn method(&self) -> String {
        let request = &self.exchange.request;
        match &request.method {
            &Method::GET if request.body.is_none() => "-i".to_owned(),
            &Method::HEAD if request.body.is_none() => "--head".to_owned(),
            other => format!("-i -X {}", quote::literal(other.as_str().as_bytes())),
        }
    }

    /// The URL, and the options that it needs.
    fn url(&self, base: &str) -> Vec<String> {
        let mut request = self.exchange.request.clone();
        let (mut apart, mut inline) = (Vec::new(), Vec::new());
        for field in std::mem::take(&mut request.query) {
            match self.query(&field) {
                Written::Inline => inline.push(format!("{}={}", field.name, field.value)),
                Written::Hidden => inline.push(format!("{}={MARK}", field.name)),
                Written::Apart(variable) => {
                    let start = format!("{}=", field.name);
                    apart.push(format!("--url-query {}", quote::word(&[Piece::Plain(start.as_bytes()), Piece::Variable(&variable)])));
                }
            }
        }
        let mut url = self.redactor.address(&request.url(base));
        for (position, pair) in inline.iter().enumerate() {
            url.push(if position == 0 && !request.path.contains('?') { '?' } else { '&' });
            url.push_str(pair);
        }
        let mut words = Vec::new();
        if url.contains("/.") {
            words.push("--path-as-is".to_owned());
        }
        if url.contains(['[', ']', '{', '}']) {
            words.push("-g".to_owned());
        }
        words.push(quote::word(&self.redactor.pieces(url.as_bytes())));
        words.extend(apart);
        words
    }

    fn query(&self, field: &Field) -> Written {
        let variable = self.redactor.variable_at(Location::Query, &field.name);
        if field.visibility == Visibility::Shown && variable.is_none() {
            return Written::Inline;
        }
        let value = percent_encoding::percent_decode_str(&field.value).decode_utf8_lossy();
        let pieces = self.redactor.pieces(value.as_bytes());
        let is_known = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
        match (pieces.as_slice(), variable) {
            _ if is_known && value == field.value => Written::Inline,
            ([Piece::Variable(known)], _) => Written::Apart((*known).to_owned()),
            _ if self.is_open(&value) => Written::Inline,
            (_, Some(variable)) => Written::Apart(variable.to_owned()),
            (_, None) => Written::Hidden,
        }
    }

    fn header(&self, field: &Field) -> String {
        let Field { name, value, visibility } = field;
        if value.is_empty() {
            return format!("-H {}", quote::literal(format!("{name};").as_bytes()));
        }
        if let Some(variable) = self.redactor.basic(value).filter(|_| name.eq_ignore_ascii_case("authorization")) {
            return format!("-u \"${variable}\"");
        }
        let line = format!("{name}: {value}");
        let pieces = self.redactor.pieces(line.as_bytes());
        let is_secret = *visibility == Visibility::Redacted || self.redactor.is_secret_header(name);
        let is_known = pieces.iter().any(|piece| matches!(piece, Piece::Variable(_)));
        if is_secret && !is_known && !self.is_open(value) {
            return self.unknown(name, value);
        }
        format!("-H {}", quote::word(&pieces))
    }

    /// A header with a credential that is none of those in use, which the variable of its scheme stands for.
    fn unknown(&self, name: &str, value: &str) -> String {
        let (scheme, start) = value.split_once(' ').map_or(("", format!("{name}: ")), |(scheme, _)| (scheme, format!("{name}: {scheme} ")));
        let variable = self.redactor.variable_of(scheme).or_else(|| self.redactor.variable_at(Location::Header, name));
        let credential = variable.map_or(Piece::Hidden, Piece::Variable);
        if scheme.eq_ignore_ascii_case("basic") {
            return format!("-u {}", quote::word(&[credential]));
        }
        format!("-H {}", quote::word(&[Piece::Plain(start.as_bytes()), credential]))
    }

    fn is_open(&self, credential: &str) -> bool {
        let behind = credential.split_once(' ').map_or(credential, |(_, behind)| behind);
        let is_made_up = |known: &str| known == credential || known == behind || STANDARD.encode(known) == behind;
        self.redactor.is_open(credential) || self.made_up.iter().any(|known| is_made_up(known))
    }
}

/// How a query parameter is written.
enum Written {
    /// In the URL, as it is; what is known of it is a variable there.
    Inline,
    /// In the URL, but for its value.
    Hidden,
    /// By an option, which encodes what the variable holds.
    Apart(String),
}

/// The wrong credentials that a case sends.
fn made_up(case: &Case) -> Vec<&str> {
    let (Kind::Accept(_, edits) | Kind::Refuse(_, edits, _)) = &case.kind else { return Vec::new() };
    let made_up = edits.iter().filter_map(|edit| match edit {
        Edit::Credential(_, text) | Edit::RawCredential(_, text) | Edit::Authorization(text) => Some(text.as_str()),
        _ => None,
    });
    made_up.collect()
}
