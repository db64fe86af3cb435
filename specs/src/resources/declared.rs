//! What a document declares about its resources: `x-resource`, `x-pagination` and `x-rate-limits`.

use super::{LimitHeader, RateLimit};
use crate::api::node::{Node, Reader};

const LIMIT_HEADERS: &[(&str, LimitHeader)] = &[
    ("limit", LimitHeader::Limit),
    ("remaining", LimitHeader::Remaining),
    ("reset-seconds", LimitHeader::ResetSeconds),
    ("reset-milliseconds", LimitHeader::ResetMilliseconds),
    ("reset-unix", LimitHeader::ResetUnix),
    ("reset-date", LimitHeader::ResetDate),
    ("window-milliseconds", LimitHeader::WindowMilliseconds),
    ("structured", LimitHeader::Structured),
    ("retry-after", LimitHeader::RetryAfter),
];

/// The limits of `x-rate-limits` at the top of the document.
pub(crate) fn rate_limits(reader: &mut Reader, root: &Node) -> Vec<RateLimit> {
    let mut found: Vec<RateLimit> = Vec::new();
    for node in root.items_of("x-rate-limits") {
        let Some(limit) = rate_limit(reader, &node) else { continue };
        if found.iter().any(|known| known.name == limit.name) {
            let message = format!("the rate limit `{}` is there twice", limit.name);
            reader.problems.error("x-rate-limits", &node.pointer, &message, "give it a name of its own");
            continue;
        }
        found.push(limit);
    }
    found
}

fn rate_limit(reader: &mut Reader, node: &Node) -> Option<RateLimit> {
    known_members(reader, node, "x-rate-limits", &["name", "limit", "window", "headers"]);
    let above_zero = |name: &str| node.value.get(name).and_then(serde_json::Value::as_u64).filter(|number| *number > 0);
    let (Some(name), Some(limit), Some(window)) = (node.string("name"), above_zero("limit"), above_zero("window")) else {
        let help = "write `{name: …, limit: <requests>, window: <seconds>}`";
        reader.problems.error("x-rate-limits", &node.pointer, "a rate limit has a name, a limit and a window", help);
        return None;
    };
    let mut headers = Vec::new();
    for (header, word) in node.members_of("headers") {
        let Some((_, kind)) = LIMIT_HEADERS.iter().find(|(known, _)| word.value == *known) else {
            let words: Vec<_> = LIMIT_HEADERS.iter().map(|(known, _)| *known).collect();
            let help = format!("write one of `{}`", words.join("`, `"));
            reader.problems.error("x-rate-limits", &word.pointer, &format!("{} is nothing that a header can hold", word.value), &help);
            continue;
        };
        headers.push((header.to_owned(), *kind));
    }
    Some(RateLimit { name: name.to_owned(), limit, window, headers })
}

/// A problem for each member that means nothing.
pub(super) fn known_members(reader: &mut Reader, node: &Node, rule: &'static str, known: &[&str]) {
    for (name, member) in node.members().filter(|(name, _)| !known.contains(name)) {
        let help = format!("write one of `{}`", known.join("`, `"));
        reader.problems.error(rule, &member.pointer, &format!("`{name}` means nothing here"), &help);
    }
}
