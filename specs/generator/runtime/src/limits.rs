//! How long to wait, by the headers that a response has.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::DateTime;
use reqwest::{
    StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

use super::Timestamp;

/// What a documented header tells about the end of a rate limit's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Seconds until then.
    Seconds,
    /// Milliseconds until then.
    Milliseconds,
    /// Unix seconds.
    Unix,
    /// Unix milliseconds.
    UnixMilliseconds,
    /// A date and time.
    Date,
    /// `limit=100, remaining=50, reset=5`, or `"name";r=50;t=5`, in seconds until then.
    Structured,
}

/// `Retry-After` in both its forms; on a refusal for too many requests, else what the document says of its headers.
pub(super) fn retry_after(status: StatusCode, headers: &HeaderMap, documented: &[(&str, Reset)]) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    if let Some(wait) = text(RETRY_AFTER.as_str()).and_then(standard) {
        return Some(wait);
    }
    if status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    documented.iter().find_map(|(name, reset)| until(text(name)?.trim(), *reset))
}

fn standard(text: &str) -> Option<Duration> {
    let date = || DateTime::parse_from_rfc2822(text.trim()).ok().map(|date| date.timestamp_millis());
    seconds(text).or_else(|| date().map(since_now))
}

fn until(text: &str, reset: Reset) -> Option<Duration> {
    match reset {
        Reset::Seconds => seconds(text),
        Reset::Milliseconds => text.parse().ok().map(Duration::from_millis),
        Reset::Unix => text.parse::<i64>().ok().map(|unix| since_now(unix.saturating_mul(1000))),
        Reset::UnixMilliseconds => text.parse().ok().map(since_now),
        Reset::Date => {
            let dated = Timestamp::from(text).to_datetime().map(|date| since_now(date.timestamp_millis()));
            dated.or_else(|| standard(text))
        }
        Reset::Structured => {
            let members = text.split([',', ';']).filter_map(|member| member.trim().split_once('='));
            members.into_iter().find(|(name, _)| matches!(*name, "reset" | "t")).and_then(|(_, wait)| seconds(wait))
        }
    }
}

fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

/// The time until a moment in Unix milliseconds; none when it is over.
#[expect(clippy::disallowed_methods, reason = "a server's date is compared with the time it really is")]
fn since_now(millis: i64) -> Duration {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Duration::from_millis(u64::try_from(millis).unwrap_or_default()).saturating_sub(now)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const DOCUMENTED: [(&str, Reset); 4] =
        [("left", Reset::Structured), ("in", Reset::Milliseconds), ("at", Reset::Date), ("on", Reset::Unix)];

    #[test]
    fn the_wait_is_read_from_the_headers_that_are_there() {
        let check = |status: u16, name: &'static str, value: &'static str, expected: Option<u64>| {
            let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            let wait = retry_after(StatusCode::from_u16(status).unwrap(), &headers, &DOCUMENTED);
            assert_eq!(wait.map(|wait| wait.as_secs()), expected, "{status} {name}: {value}");
        };
        check(503, "retry-after", "7", Some(7));
        check(429, "retry-after", "Sun, 06 Nov 1994 08:49:37 GMT", Some(0));
        check(429, "left", "limit=100, remaining=0, reset=5", Some(5));
        check(429, "left", "\"burst\";r=0;t=6", Some(6));
        check(429, "in", "2500", Some(2));
        check(429, "at", "2001-01-01T00:00:00Z", Some(0));
        check(429, "at", "Sun, 06 Nov 1994 08:49:37 GMT", Some(0));
        check(429, "on", "1000000000", Some(0));
        check(200, "in", "2500", None);
        check(429, "other", "1", None);
        check(429, "retry-after", "soon", None);
    }
}
