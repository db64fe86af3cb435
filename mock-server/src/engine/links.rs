//! Addresses in answers: of pages, and of what was made. Absolute, where the request says which host it was sent to.

use std::fmt::Write as _;

use http::header::HOST;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use specs::{
    Api,
    api::{Operation, Part, Response, Segment},
    resources::{Action, Place},
    wire::pairs,
};

use super::Request;

/// What stands as it is in a path or a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What may not stand as it is in a query.
const FORBIDDEN: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'[').add(b']').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// The address of the request, its query with one parameter replaced, or taken away.
pub(super) fn turned(request: &Request, parameter: &str, value: Option<&str>) -> String {
    let mut address = own(request, request.target.path());
    let kept = request.target.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let kept = kept.filter(|pair| pairs(pair).first().is_none_or(|pair| pair.name != parameter)).map(valid);
    let new = value.map(|value| format!("{}={}", encoded(parameter), encoded(value)));
    let query: Vec<String> = kept.chain(new).collect();
    if !query.is_empty() {
        // Writing to memory cannot fail.
        let _ = write!(address, "?{}", query.join("&"));
    }
    address
}

/// The address of the request itself.
pub(super) fn itself(request: &Request) -> String {
    let query = request.target.query().map(|query| format!("?{}", valid(query))).unwrap_or_default();
    own(request, request.target.path()) + &query
}

/// The address of a path at the server that the request was sent to.
fn own(request: &Request, path: &str) -> String {
    let host = request
        .headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .or_else(|| request.target.authority().map(http::uri::Authority::as_str));
    let scheme = request.target.scheme_str().unwrap_or("http");
    let origin = host.map(|host| format!("{scheme}://{host}")).unwrap_or_default();
    let sandbox = request.sandbox.as_ref().map(|name| format!("/~{name}")).unwrap_or_default();
    format!("{origin}{sandbox}{path}")
}

/// What was sent of a query, with what clients send as it is and an address may not have.
fn valid(query: &str) -> String {
    utf8_percent_encode(query, FORBIDDEN).to_string()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Where a new item is to be found.
#[derive(Clone, Debug)]
pub(super) enum Location {
    /// At the path of the request.
    Here,
    /// Below the path of the request, by its key.
    Below,
    /// At a path of its own: each segment, or the variable that stands for the key.
    At(Vec<Piece>),
}

/// A piece of a path.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Key,
    /// A path parameter that the request has too.
    Parameter(String),
}

impl Location {
    /// Where what an operation makes can be read, if the operation is said to tell.
    pub(super) fn new(api: &Api, operation: &Operation, role: &specs::resources::Role) -> Option<Self> {
        let is_declared = |response: &Response| response.headers.iter().any(|header| header.name.eq_ignore_ascii_case("location"));
        if !(role.action == Action::Create || role.makes) || !operation.responses.iter().any(is_declared) {
            return None;
        }
        if role.makes && role.action != Action::Create {
            return Some(Self::Here);
        }
        let reads = api.operations.iter().filter_map(|known| Some((known, known.role.as_ref()?)));
        let mut reads = reads.filter(|(_, known)| known.resource == role.resource && matches!(known.action, Action::Read | Action::Delete));
        let found = reads.find_map(|(known, read)| at(operation, known, read));
        Some(found.unwrap_or(Self::Below))
    }

    /// The address of the item with this key, made by a request.
    pub(super) fn address(&self, request: &Request, prefix: &str, key: &str, parameter: impl Fn(&str) -> Option<String>) -> String {
        let path = match self {
            Self::Here => request.target.path().to_owned(),
            Self::Below => format!("{}/{}", request.target.path().trim_end_matches('/'), encoded(key)),
            Self::At(pieces) => pieces.iter().fold(prefix.to_owned(), |path, piece| {
                path + &match piece {
                    Piece::Text(text) => text.clone(),
                    Piece::Key => encoded(key),
                    Piece::Parameter(name) => encoded(&parameter(name).unwrap_or_default()),
                }
            }),
        };
        own(request, &path)
    }
}

/// The path of a reading operation, if the request that makes the item says all of it but the key.
fn at(making: &Operation, reading: &Operation, role: &specs::resources::Role) -> Option<Location> {
    let Some(Place::Path(key)) = &role.key else { return None };
    let mut pieces = Vec::new();
    for Segment { parts } in &reading.segments {
        pieces.push(Piece::Text("/".to_owned()));
        for part in parts {
            pieces.push(match part {
                Part::Literal(text) => Piece::Text(text.clone()),
                Part::Variable(name) if name == key => Piece::Key,
                Part::Variable(name) if making.path.contains(&format!("{{{name}}}")) => Piece::Parameter(name.clone()),
                Part::Variable(_) => return None,
            });
        }
    }
    Some(Location::At(pieces))
}

/// Whether a text is an address with a host.
#[cfg(test)]
fn is_absolute(address: &str) -> bool {
    address.parse::<http::Uri>().is_ok_and(|address| address.authority().is_some())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;

    fn request(target: &str, host: &'static str) -> Request {
        let headers: HeaderMap = [(HOST, HeaderValue::from_static(host))].into_iter().collect();
        let target = target.parse().unwrap();
        Request { method: Method::GET, target, headers, body: bytes::Bytes::new(), oversized: false, sandbox: Some("me".to_owned()) }
    }

    #[test]
    fn a_page_has_the_address_of_the_list_and_a_position_of_its_own() {
        let request = request("/shop/wares?page%5Bsize%5D=2&page%5Bnumber%5D=3&q=a+b", "127.0.0.1:1");
        let next = turned(&request, "page[number]", Some("4"));
        assert_eq!(next, "http://127.0.0.1:1/~me/shop/wares?page%5Bsize%5D=2&q=a+b&page%5Bnumber%5D=4");
        assert!(is_absolute(&next));
        assert_eq!(turned(&request, "page[number]", None), "http://127.0.0.1:1/~me/shop/wares?page%5Bsize%5D=2&q=a+b");
        assert!(itself(&request).ends_with("page%5Bnumber%5D=3&q=a+b"));
    }

    #[test]
    fn a_new_item_is_below_its_collection_unless_it_is_read_elsewhere() {
        let request = request("/shop/wares/", "h");
        let none = |_: &str| None;
        assert_eq!(Location::Below.address(&request, "", "a b", none), "http://h/~me/shop/wares/a%20b");
        let pieces = vec![Piece::Text("/".to_owned()), Piece::Text("ware".to_owned()), Piece::Text("/".to_owned()), Piece::Key];
        assert_eq!(Location::At(pieces).address(&request, "/v1", "7", none), "http://h/~me/v1/ware/7");
        assert_eq!(Location::Here.address(&request, "", "7", none), "http://h/~me/shop/wares/");
    }
}
