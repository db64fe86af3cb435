//! Who asks, as far as a request says it: for which host, from which page, with which program.

use std::net::IpAddr;

use http::{HeaderMap, Method, Uri, header, uri::Authority};

/// The host that a request was sent to. HTTP/2 says it in the target.
pub(super) fn host(target: &Uri, headers: &HeaderMap) -> Option<Authority> {
    let in_header = || Authority::try_from(headers.get(header::HOST)?.as_bytes()).ok();
    target.authority().cloned().or_else(in_header)
}

/// Whether a host is this machine whatever a name server says.
pub(super) fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || address(host).is_some_and(|address| address.is_loopback())
}

/// Whether a host is an address, which no name server can make another.
pub(super) fn is_address(host: &str) -> bool {
    address(host).is_some()
}

/// Whether an origin is that of a page that this machine serves.
pub(super) fn is_local_page(origin: &str) -> bool {
    let is_http = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
    origin.parse::<Uri>().ok().filter(is_http).is_some_and(|uri| uri.host().is_some_and(is_this_machine))
}

/// Whether a browser shows the answer to a person.
pub(super) fn is_person(method: &Method, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    *method == Method::GET && accepts.is_some_and(|accept| accept.contains("text/html"))
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_this_machine_is_told_from_one_that_is_called_like_it() {
        for (origin, expected) in [
            ("http://localhost:5173", true),
            ("https://localhost", true),
            ("http://app.localhost:3000", true),
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080", true),
            ("http://192.168.1.5:3000", false),
            ("http://localhost.evil.example", false),
            ("http://notlocalhost", false),
            ("http://127.0.0.1.evil.example", false),
            ("https://evil.example", false),
            ("chrome-extension://localhost", false),
            ("null", false),
            ("", false),
        ] {
            assert_eq!(is_local_page(origin), expected, "{origin}");
        }
    }
}
