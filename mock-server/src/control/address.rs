//! Where the data listener is, as the client of the control listener sees it.
//!
//! A mock that listens everywhere is asked from other machines, where its own name for itself, `127.0.0.1`, is another
//! machine's. The name by which a client reached one listener is the one by which it reaches the other.

use std::net::IpAddr;

use http::{HeaderMap, Uri, header, uri::Authority};

/// The URL of the data listener without a trailing slash, in a sandbox if one is named.
pub(super) fn seen(url: &str, asked: &HeaderMap, sandbox: Option<&str>) -> String {
    let base = by_host(url, asked).unwrap_or_else(|| url.to_owned());
    sandbox.map_or_else(|| base.clone(), |sandbox| format!("{base}/~{sandbox}"))
}

/// The URL without its path.
pub(super) fn origin(url: &str) -> String {
    let uri: Option<Uri> = url.parse().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?)));
    parts.map_or_else(String::new, |(scheme, authority)| format!("{scheme}://{authority}"))
}

/// The URL with the host that the client asked for, when that is another machine and the URL's is this one.
fn by_host(url: &str, asked: &HeaderMap) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let host = Authority::try_from(asked.get(header::HOST)?.as_bytes()).ok()?;
    if !is_loopback(uri.host()?) || is_loopback(host.host()) {
        return None;
    }
    let port = uri.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", uri.scheme_str()?, host.host()))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_listener_is_where_the_control_listener_was_found() {
        for (url, host, sandbox, expected) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8081", None, "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "localhost:8081", None, "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080", "192.168.1.5:8081", None, "http://192.168.1.5:8080"),
            ("https://[::1]:8080", "mock.example", Some("red"), "https://mock.example:8080/~red"),
            ("http://127.0.0.1:8080", "[fd00::5]:8081", None, "http://[fd00::5]:8080"),
            ("http://10.0.0.7:8080", "mock.example:8081", None, "http://10.0.0.7:8080"),
            ("http://127.0.0.1:8080", "not a host", Some("red"), "http://127.0.0.1:8080/~red"),
        ] {
            let asked = HeaderMap::from_iter([(header::HOST, host.parse().unwrap())]);
            assert_eq!(seen(url, &asked, sandbox), expected, "{host}");
        }
        assert_eq!(origin("http://127.0.0.1:8080/~red"), "http://127.0.0.1:8080");
    }
}
