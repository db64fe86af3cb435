//! Which sandbox a request names: by the header `x-mock-sandbox`, or by the first segment of its path, `/~name/…`.
//!
//! The path wins where both do, because a base URL is chosen for one client and a header may come from a proxy.

use http::{HeaderMap, HeaderName, Uri};

/// The header that names a sandbox.
static HEADER: HeaderName = HeaderName::from_static("x-mock-sandbox");

/// The sandbox that a request names, the target without that name, and whether it was the path that named it.
pub(super) fn sandbox(target: Uri, headers: &HeaderMap) -> (Option<String>, Uri, bool) {
    if let Some((name, rest)) = prefix(&target) {
        return (Some(name), rest, true);
    }
    let named = headers.get(&HEADER).map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
    (named, target, false)
}

fn prefix(target: &Uri) -> Option<(String, Uri)> {
    let whole = target.path_and_query()?.as_str();
    // Some clients escape the tilde, although they need not.
    let after = ["/~", "/%7E", "/%7e"].iter().find_map(|start| whole.strip_prefix(start))?;
    let end = after.find(['/', '?']).unwrap_or(after.len());
    let (name, rest) = after.split_at(end);
    let rest = if rest.starts_with('/') { rest.to_owned() } else { format!("/{rest}") };
    let mut parts = target.clone().into_parts();
    parts.path_and_query = Some(rest.parse().ok()?);
    Some((name.to_owned(), Uri::from_parts(parts).ok()?))
}
