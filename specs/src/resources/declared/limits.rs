//! `x-rate-limits`.

use serde_json::Value;

use super::{known_members, word};
use crate::{
    api::node::{Node, Reader},
    resources::{LimitHeader, RateLimit},
};

const RULE: &str = "x-rate-limits";

const HEADERS: &[(&str, LimitHeader)] = &[
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

impl LimitHeader {
    /// The word in `x-rate-limits`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        HEADERS.iter().find(|(_, holds)| *holds == self).map_or("limit", |(word, _)| word)
    }
}

/// The limits of `x-rate-limits` at the top of the document.
pub(crate) fn rate_limits(reader: &mut Reader, root: &Node) -> Vec<RateLimit> {
    let mut found: Vec<RateLimit> = Vec::new();
    for node in root.items_of(RULE) {
        let Some(limit) = rate_limit(reader, &node) else { continue };
        if found.iter().any(|known| known.name == limit.name) {
            let message = format!("the rate limit `{}` is there twice", limit.name);
            reader.problems.error(RULE, &node.pointer, &message, "give it a name of its own");
            continue;
        }
        found.push(limit);
    }
    found
}

fn rate_limit(reader: &mut Reader, node: &Node) -> Option<RateLimit> {
    known_members(reader, node, RULE, &["name", "limit", "window", "headers"]);
    let above_zero = |name: &str| node.value.get(name).and_then(Value::as_u64).filter(|number| *number > 0);
    let (Some(name), Some(limit), Some(window)) = (node.string("name"), above_zero("limit"), above_zero("window")) else {
        let help = "write `{name: …, limit: <requests>, window: <seconds>}`";
        reader.problems.error(RULE, &node.pointer, "a rate limit has a name, a limit and a window", help);
        return None;
    };
    let headers = node.members_of("headers").into_iter();
    let headers = headers.filter_map(|(header, holds)| Some((header.to_owned(), word(reader, &holds, RULE, HEADERS)?))).collect();
    Some(RateLimit { name: name.to_owned(), limit, window, headers })
}
