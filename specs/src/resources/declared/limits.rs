//! `x-rate-limits`.

use serde_json::Value;

use super::{known_members, word};
use crate::{
    api::{
        Operation,
        node::{Node, Reader},
    },
    resources::{LimitHeader, LimitScope, RateLimit, WindowStart},
};

const RULE: &str = "x-rate-limits";

const HEADERS: &[(&str, LimitHeader)] = &[
    ("limit", LimitHeader::Limit),
    ("remaining", LimitHeader::Remaining),
    ("used", LimitHeader::Used),
    ("reset-seconds", LimitHeader::ResetSeconds),
    ("reset-milliseconds", LimitHeader::ResetMilliseconds),
    ("reset-unix", LimitHeader::ResetUnix),
    ("reset-unix-milliseconds", LimitHeader::ResetUnixMilliseconds),
    ("reset-date", LimitHeader::ResetDate),
    ("reset-http-date", LimitHeader::ResetHttpDate),
    ("window-seconds", LimitHeader::WindowSeconds),
    ("window-milliseconds", LimitHeader::WindowMilliseconds),
    ("structured", LimitHeader::Structured),
    ("item", LimitHeader::Item),
    ("policy", LimitHeader::Policy),
    ("retry-after", LimitHeader::RetryAfter),
    ("retry-after-date", LimitHeader::RetryAfterDate),
];

const STARTS: &[(&str, WindowStart)] = &[("clock", WindowStart::Clock), ("first-request", WindowStart::FirstRequest)];

const SCOPES: &[(&str, LimitScope)] = &[("key", LimitScope::Key), ("account", LimitScope::Account)];

/// Seconds of a day: windows of whole days mostly begin at midnight.
const DAY: u64 = 86_400;

impl WindowStart {
    /// The word in `x-rate-limits`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        STARTS.iter().find(|(_, start)| *start == self).map_or("clock", |(word, _)| word)
    }
}

impl LimitScope {
    /// The word in `x-rate-limits`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        SCOPES.iter().find(|(_, scope)| *scope == self).map_or("key", |(word, _)| word)
    }
}

impl LimitHeader {
    /// The word in `x-rate-limits`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        HEADERS.iter().find(|(_, holds)| *holds == self).map_or("limit", |(word, _)| word)
    }
}

impl Operation {
    /// Whether this is its id, as the document writes it or as the workspace does.
    #[must_use]
    pub fn is_called(&self, id: &str) -> bool {
        self.id == id || self.documented_id.as_deref() == Some(id)
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
    known_members(reader, node, RULE, &["name", "limit", "window", "start", "per", "operations", "headers"]);
    let above_zero = |name: &str| node.value.get(name).and_then(Value::as_u64).filter(|number| *number > 0);
    let (Some(name), Some(limit), Some(window)) = (node.string("name"), above_zero("limit"), above_zero("window")) else {
        let help = "write `{name: …, limit: <requests>, window: <seconds>}`";
        reader.problems.error(RULE, &node.pointer, "a rate limit has a name, a limit and a window", help);
        return None;
    };
    let headers = node.members_of("headers").into_iter();
    let headers = headers.filter_map(|(header, holds)| Some((header.to_owned(), word(reader, &holds, RULE, HEADERS)?))).collect();
    let start = node.get("start").and_then(|start| word(reader, &start, RULE, STARTS));
    let usual = if window % DAY == 0 { WindowStart::Clock } else { WindowStart::FirstRequest };
    let per = node.get("per").and_then(|per| word(reader, &per, RULE, SCOPES)).unwrap_or(LimitScope::Key);
    let operations = node.items_of("operations").into_iter().filter_map(|id| id.value.as_str().map(str::to_owned)).collect();
    Some(RateLimit { name: name.to_owned(), limit, window, start: start.unwrap_or(usual), per, operations, headers })
}
