//! Moments as the vendor writes them, learnt from an example.

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::Value;

/// How a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// RFC 3339 with so many digits after the second.
    DateTime {
        /// 0 to 9.
        digits: usize,
        /// `+00:00` instead of `Z`.
        numeric_offset: bool,
    },
    /// A date alone.
    Date,
    /// Seconds since 1970 as a number.
    UnixSeconds,
    /// Milliseconds since 1970 as a number.
    UnixMilliseconds,
}

impl Default for TimeFormat {
    fn default() -> Self {
        Self::DateTime { digits: 3, numeric_offset: false }
    }
}

impl TimeFormat {
    /// The format of an example, if it is a moment.
    pub(super) fn of(example: &Value) -> Option<Self> {
        match example {
            Value::Number(number) => {
                let number = number.as_u64()?;
                Some(if number > 100_000_000_000 { Self::UnixMilliseconds } else { Self::UnixSeconds })
            }
            Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => {
                let digits = text.split_once('.').map_or(0, |(_, rest)| rest.bytes().take_while(u8::is_ascii_digit).count());
                Some(Self::DateTime { digits: digits.min(9), numeric_offset: !text.ends_with(['Z', 'z']) })
            }
            Value::String(text) if chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() => Some(Self::Date),
            _ => None,
        }
    }

    /// The moment in this format.
    pub(super) fn value(self, now: DateTime<Utc>) -> Value {
        match self {
            Self::UnixSeconds => now.timestamp().into(),
            Self::UnixMilliseconds => now.timestamp_millis().into(),
            Self::Date => Value::String(date(now)),
            Self::DateTime { digits, numeric_offset } => {
                let mut text = date(now);
                let time = now.time();
                for (before, number) in [('T', time.hour()), (':', time.minute()), (':', time.second())] {
                    text.push(before);
                    push(&mut text, number, 2);
                }
                if digits > 0 {
                    let nanoseconds = time.nanosecond() % 1_000_000_000;
                    text.push('.');
                    push(&mut text, nanoseconds / 10_u32.pow(u32::try_from(9 - digits).unwrap_or(0)), digits);
                }
                text.push_str(if numeric_offset { "+00:00" } else { "Z" });
                Value::String(text)
            }
        }
    }
}

fn date(now: DateTime<Utc>) -> String {
    let mut text = String::with_capacity(32);
    let date = now.date_naive();
    push(&mut text, date.year().unsigned_abs(), 4);
    for number in [date.month(), date.day()] {
        text.push('-');
        push(&mut text, number, 2);
    }
    text
}

/// The last digits of a number, nine at most.
fn push(text: &mut String, mut number: u32, digits: usize) {
    let mut written = [0; 9];
    for place in written[9 - digits.min(9)..].iter_mut().rev() {
        *place = number % 10;
        number /= 10;
    }
    text.extend(written[9 - digits.min(9)..].iter().filter_map(|digit| char::from_digit(*digit, 10)));
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_is_written_like_the_example() {
        let now = Utc.timestamp_opt(1_700_000_000, 123_456_789).unwrap();
        for (example, written) in [
            (json!("2013-02-20T06:39:57.266000+00:00"), json!("2023-11-14T22:13:20.123456+00:00")),
            (json!("2020-01-01T00:00:00Z"), json!("2023-11-14T22:13:20Z")),
            (json!("2020-01-01T00:00:00.000Z"), json!("2023-11-14T22:13:20.123Z")),
            (json!("2020-01-01"), json!("2023-11-14")),
            (json!(1_600_000_000), json!(1_700_000_000)),
            (json!(1_600_000_000_000_u64), json!(1_700_000_000_123_u64)),
        ] {
            assert_eq!(TimeFormat::of(&example).map(|format| format.value(now)), Some(written), "{example}");
        }
        assert_eq!(TimeFormat::of(&json!("yesterday")), None);
    }
}
