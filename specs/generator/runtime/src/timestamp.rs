//! Dates that keep their text.
//!
//! APIs document `date-time` and send a space for the `T`, no offset, or a bare date. A client that refuses the whole
//! response for that is worse than one that hands over the text, and a client that rewrites the text breaks
//! comparisons with it; so the text is what is kept, and reading it is the caller's choice.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone};
use serde::{Deserialize, Serialize};

/// Forms without an offset, read as UTC.
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
/// Forms with an offset that RFC 3339 does not have.
const WITH_OFFSET: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%dT%H:%M:%S%.f %#z"];

/// A date and time as it was sent, or as it is to be sent.
///
/// ```
/// let stamp = client_runtime::Timestamp::from("2026-03-01T09:30:00.250000+00:00");
/// assert_eq!(stamp.as_str(), "2026-03-01T09:30:00.250000+00:00");
/// assert_eq!(stamp.to_datetime().map(|time| time.timestamp()), Some(1_772_357_400));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(String);

/// A day as it was sent, or as it is to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(String);

impl Timestamp {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The moment, when the text is one: RFC 3339, the same with a space, without an offset (UTC), or a bare date
    /// (midnight UTC).
    #[must_use]
    pub fn to_datetime(&self) -> Option<DateTime<FixedOffset>> {
        let text = self.0.trim();
        let utc = FixedOffset::east_opt(0)?;
        let naive = || WITHOUT_OFFSET.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
        let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(|day| day.and_time(NaiveTime::MIN));
        DateTime::parse_from_rfc3339(text)
            .ok()
            .or_else(|| WITH_OFFSET.iter().find_map(|form| DateTime::parse_from_str(text, form).ok()))
            .or_else(|| naive().or_else(day).and_then(|naive| utc.from_local_datetime(&naive).single()))
    }
}

impl Date {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day, when the text is one, with or without a time behind it.
    #[must_use]
    pub fn to_date(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(self.0.trim().get(..10)?, "%Y-%m-%d").ok()
    }
}

impl<Zone: TimeZone> From<DateTime<Zone>> for Timestamp {
    fn from(time: DateTime<Zone>) -> Self {
        Self(time.fixed_offset().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl From<NaiveDate> for Date {
    fn from(day: NaiveDate) -> Self {
        Self(day.format("%Y-%m-%d").to_string())
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Date {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Date {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_in_the_forms_that_apis_send() {
        let moment = 1_772_357_400;
        for text in [
            "2026-03-01T09:30:00Z",
            "2026-03-01T09:30:00.000000+00:00",
            "2026-03-01T10:30:00+0100",
            "2026-03-01 09:30:00",
            "2026-03-01T09:30:00.000",
            "2026-03-01 10:30:00+01",
            "2026-03-01 10:30:00 +01:00",
        ] {
            let read = Timestamp::from(text).to_datetime();
            assert_eq!(read.map(|time| time.timestamp()), Some(moment), "{text}");
        }
        assert_eq!(Timestamp::from("soon").to_datetime(), None);
        assert_eq!(Date::from("2026-03-01T00:00:00Z").to_date(), NaiveDate::from_ymd_opt(2026, 3, 1));
    }

    #[test]
    fn odd_text_is_kept_as_it_is() {
        let stamp: Timestamp = serde_json::from_str("\"next tuesday\"").unwrap();
        assert_eq!(serde_json::to_string(&stamp).unwrap(), "\"next tuesday\"");
    }
}
