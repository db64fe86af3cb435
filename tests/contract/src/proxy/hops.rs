//! What concerns one connection alone, and so is not passed on (RFC 9110, section 7.6.1).
//!
//! `Via` is not added, although a gateway should: the server is to see what it would see without anybody between.

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRANSFER_ENCODING, UPGRADE},
};

/// Headers of a connection, whether or not `Connection` names them.
const OF_CONNECTION: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Removes what is not passed on.
pub(super) fn end_to_end(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = tokens(headers, &CONNECTION).filter_map(|name| name.parse().ok()).collect();
    // The one overrides the other (RFC 9112, section 6.1).
    let is_chunked = headers.contains_key(TRANSFER_ENCODING);
    retain(headers, |name| !(named.contains(name) || OF_CONNECTION.contains(name) || is_chunked && *name == CONTENT_LENGTH));
}

/// The same, of a request, which goes to another host.
pub(super) fn to_target(headers: &mut HeaderMap) -> Option<HeaderValue> {
    end_to_end(headers);
    let host = headers.get(HOST).cloned();
    retain(headers, |name| *name != HOST);
    host
}

/// Keeps some headers, in their order, which removing one by one would not.
fn retain(headers: &mut HeaderMap, is_kept: impl Fn(&HeaderName) -> bool) {
    let kept = headers.iter().filter(|(name, _)| is_kept(name));
    let kept: Vec<(HeaderName, HeaderValue)> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    headers.clear();
    for (name, value) in kept {
        headers.append(name, value);
    }
}

/// Whether a request asks for another protocol, as `websocket`.
pub(super) fn upgrade(headers: &HeaderMap) -> Option<String> {
    let wants = tokens(headers, &CONNECTION).any(|name| name.eq_ignore_ascii_case("upgrade"));
    let named = headers.get(UPGRADE).filter(|_| wants)?;
    Some(String::from_utf8_lossy(named.as_bytes()).to_ascii_lowercase())
}

fn tokens<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sent: &[(&'static str, &str)], kept: &[(&str, &str)]) {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        to_target(&mut headers);
        let left: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        assert_eq!(left, kept);
    }

    #[test]
    fn what_concerns_a_connection_is_not_passed_on() {
        check(&[("host", "a"), ("accept", "b"), ("accept", "c")], &[("accept", "b"), ("accept", "c")]);
        check(&[("connection", "close, X-Mine"), ("x-mine", "1"), ("x-other", "2")], &[("x-other", "2")]);
        check(&[("te", "trailers"), ("keep-alive", "1"), ("upgrade", "h2c"), ("proxy-authorization", "Basic YTpi")], &[]);
        check(&[("transfer-encoding", "chunked"), ("content-length", "3"), ("expect", "100-continue")], &[("expect", "100-continue")]);
        check(&[("content-length", "3")], &[("content-length", "3")]);
    }
}
