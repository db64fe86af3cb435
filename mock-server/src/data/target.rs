//! Where a request was sent to, said the same way whatever carried it.
//!
//! HTTP/1.1 says it in `Host`, HTTP/2 in `:authority`, and a client that takes the mock for a proxy in the target
//! itself, which then counts (RFC 9112, section 3.2.2). Behind this, `Host` is always the one that counts, and the
//! target of a request that came over TLS says so, because addresses in answers begin like the one that was asked.

use http::{HeaderMap, HeaderValue, Uri, header::HOST, uri};

/// Makes `Host` what the request says in its target, and gives the target as it came; over TLS with its scheme.
pub(super) fn settle(target: Uri, headers: &mut HeaderMap, is_secure: bool) -> Uri {
    if let Some(authority) = target.authority() {
        // A user before the host is no part of where it goes.
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        if headers.get(HOST).is_none_or(|known| known != host)
            && let Ok(host) = HeaderValue::from_str(host)
        {
            headers.insert(HOST, host);
        }
    }
    if !is_secure {
        return target;
    }
    secure(&target, headers).unwrap_or(target)
}

fn secure(target: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let mut parts = uri::Parts::default();
    parts.scheme = Some(uri::Scheme::HTTPS);
    parts.authority = headers.get(HOST).and_then(|host| uri::Authority::try_from(host.as_bytes()).ok());
    // `OPTIONS *` asks about the server and has no path.
    parts.path_and_query = Some(target.path_and_query().filter(|path| path.as_str().starts_with('/'))?.clone());
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(target: &str, host: Option<&str>, is_secure: bool, expected: (&str, Option<&str>)) {
        let mut headers = HeaderMap::new();
        headers.extend(host.map(|host| (HOST, HeaderValue::try_from(host).unwrap())));
        let settled = settle(target.parse().unwrap(), &mut headers, is_secure);
        let host = headers.get(HOST).map(|host| host.to_str().unwrap());
        assert_eq!((settled.to_string().as_str(), host), expected, "{target} {host:?}");
    }

    #[test]
    fn host_is_where_the_request_was_sent_to() {
        check("/a?b", Some("h:1"), false, ("/a?b", Some("h:1")));
        check("/a?b", None, false, ("/a?b", None));
        check("http://h:1/a", None, false, ("http://h:1/a", Some("h:1")));
        check("http://h:1/a", Some("other"), false, ("http://h:1/a", Some("h:1")));
        check("http://u:p@h:1/a", Some("other"), false, ("http://u:p@h:1/a", Some("h:1")));
    }

    #[test]
    fn what_came_over_tls_says_so() {
        check("/a?b", Some("h:1"), true, ("https://h:1/a?b", Some("h:1")));
        check("https://h:1/a", None, true, ("https://h:1/a", Some("h:1")));
        check("*", Some("h:1"), true, ("*", Some("h:1")));
        check("/a", None, true, ("/a", None));
    }
}
