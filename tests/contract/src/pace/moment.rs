//! When a wait ends, in all the ways that it is written: seconds, milliseconds, moments and dates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDateTime};

use super::FOREVER;

/// Numbers from here on are Unix seconds: as a time that is left they would be years.
const UNIX_SECONDS: f64 = 1e8;
/// Numbers from here on are Unix milliseconds: as seconds they would be thousands of years away.
const UNIX_MILLISECONDS: f64 = 1e11;
/// A time that is left is in seconds up to here, or up to the longest window that is known: more is in milliseconds.
const LONGEST_WINDOW: Duration = Duration::from_hours(1);

/// Dates that HTTP knows beside that of RFC 5322, and one that programs write when they print theirs.
const ZONED: [&str; 2] = ["%a %b %d %Y %H:%M:%S GMT%z", "%Y-%m-%d %H:%M:%S %z"];
/// Those without a zone, which is that of Greenwich.
const UNZONED: [&str; 4] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

/// A number of seconds.
pub(super) fn seconds(text: &str) -> Option<Duration> {
    span(number(text)?)
}

/// A number of milliseconds.
pub(super) fn milliseconds(text: &str) -> Option<Duration> {
    span(number(text)? / 1e3)
}

/// The time until a moment in Unix seconds.
pub(super) fn unix(text: &str, now: SystemTime) -> Option<Duration> {
    Some(since(now, UNIX_EPOCH.checked_add(span(number(text)?)?)?))
}

/// The time until a moment in Unix milliseconds.
pub(super) fn unix_milliseconds(text: &str, now: SystemTime) -> Option<Duration> {
    Some(since(now, UNIX_EPOCH.checked_add(span(number(text)? / 1_000.0)?)?))
}

/// The time until a date.
pub(super) fn until(text: &str, now: SystemTime) -> Option<Duration> {
    Some(since(now, date(text)?))
}

/// The time that is meant where nothing says in which unit. A time that is left is in seconds as far as `window`, the
/// longest window that is known, allows: milliseconds that are taken for seconds would end a run, and seconds that are
/// taken for milliseconds cost a repeat.
pub(super) fn guessed(text: &str, now: SystemTime, window: Duration) -> Option<Duration> {
    let Some(value) = number(text) else { return until(text, now) };
    match value {
        _ if value >= UNIX_MILLISECONDS => Some(since(now, UNIX_EPOCH.checked_add(span(value / 1e3)?)?)),
        _ if value >= UNIX_SECONDS => unix(text, now),
        _ if value > window.max(LONGEST_WINDOW).as_secs_f64() => span(value / 1e3),
        _ => span(value),
    }
}

/// A date in any of the forms of HTTP, RFC 3339, or as programs print it.
pub(super) fn date(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    // Programs put the name of the zone in brackets behind.
    let text = text.split(" (").next().unwrap_or(text);
    let zoned = DateTime::parse_from_rfc2822(text).or_else(|_| DateTime::parse_from_rfc3339(text)).ok();
    let zoned = zoned.or_else(|| ZONED.iter().find_map(|form| DateTime::parse_from_str(text, form).ok()));
    let plain = text.trim_end_matches(" UTC");
    let unzoned = || UNZONED.iter().find_map(|form| NaiveDateTime::parse_from_str(plain, form).ok());
    zoned.map(|date| date.to_utc()).or_else(|| unzoned().map(|date| date.and_utc())).map(SystemTime::from)
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
}

/// Time that is over is none.
fn span(seconds: f64) -> Option<Duration> {
    // Far enough for a date of any century.
    let longest = FOREVER.as_secs_f64() * 100.0;
    Duration::try_from_secs_f64(seconds.clamp(0.0, longest)).ok()
}

fn since(now: SystemTime, then: SystemTime) -> Duration {
    then.duration_since(now).unwrap_or_default().min(FOREVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2027-01-15 08:00:00 UTC.
    const NOW: u64 = 1_800_000_000;

    fn now() -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    #[test]
    fn a_number_is_of_the_unit_that_its_size_allows() {
        let check = |text: &str, window: u64, expected: Option<u64>| {
            let expected = expected.map(Duration::from_millis);
            assert_eq!(guessed(text, now(), Duration::from_secs(window)), expected, "{text}");
        };
        check("0", 0, Some(0));
        check("5", 0, Some(5_000));
        check("0.45", 0, Some(450));
        check("3600", 0, Some(3_600_000));
        check("43000", 0, Some(43_000));
        check("43000", 86_400, Some(43_000_000));
        check("86401", 86_400, Some(86_401));
        check("1800000007", 0, Some(7_000));
        check("1799999990", 0, Some(0));
        check("1800000007500", 0, Some(7_500));
        check("1799999990000", 86_400, Some(0));
        check("-1", 0, Some(0));
        check("soon", 0, None);
        check("NaN", 0, None);
        check("1e300", 0, Some(FOREVER.as_millis().try_into().unwrap()));
    }

    #[test]
    fn dates_are_read_in_every_form() {
        let check = |text: &str, expected: Option<u64>| {
            assert_eq!(until(text, now()), expected.map(Duration::from_secs), "{text}");
        };
        check("Fri, 15 Jan 2027 08:00:07 GMT", Some(7));
        check("Friday, 15-Jan-27 08:00:07 GMT", Some(7));
        check("Fri Jan 15 08:00:07 2027", Some(7));
        check("Fri Jan 15 2027 09:00:07 GMT+0100 (Central European Standard Time)", Some(7));
        check("2027-01-15T08:00:07Z", Some(7));
        check("2027-01-15T09:00:07.000+01:00", Some(7));
        check("2027-01-15T08:00:07", Some(7));
        check("2027-01-15 08:00:07", Some(7));
        check("2027-01-15 08:00:07 UTC", Some(7));
        check("Fri, 15 Jan 2027 07:00:00 GMT", Some(0));
        check("9999-12-31T00:00:00Z", Some(FOREVER.as_secs()));
        check("tomorrow", None);
        check("", None);
    }
}
