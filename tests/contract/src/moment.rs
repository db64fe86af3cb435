//! Moments as text (RFC 3339), compared by time, whatever their zone and however exactly they are written.

use std::cmp::Ordering;

const NANOS: i128 = 1_000_000_000;
/// How far two clocks of one server may be apart.
const SKEW: i128 = NANOS;

/// A moment, as exact as it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Since a fixed day, in UTC.
    nanos: i128,
    /// The time between two moments that can be told apart.
    step: i128,
}

impl Moment {
    /// `None` for what is no RFC 3339 date and time.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(['T', 't'])?;
        let (time, offset) = rest.split_at(rest.rfind(['Z', 'z', '+', '-'])?);
        let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
        let numbers = |text: &str, between: char| text.split(between).map(|part| part.parse::<i64>().ok()).collect::<Option<Vec<_>>>();
        let [year, month, day] = numbers(date, '-')?[..] else { return None };
        let [hour, minute, second] = numbers(clock, ':')?[..] else { return None };
        let shift = match offset {
            "Z" | "z" => 0,
            _ => {
                let [hours, minutes] = numbers(offset.get(1..)?, ':')?[..] else { return None };
                (hours * 60 + minutes) * if offset.starts_with('-') { -60 } else { 60 }
            }
        };
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - shift;
        let digits = fraction.get(..fraction.len().min(9))?;
        let step = NANOS / 10_i128.pow(u32::try_from(digits.len()).ok()?);
        let part = if digits.is_empty() { 0 } else { digits.parse::<i128>().ok()? * step };
        Some(Self { nanos: i128::from(seconds) * NANOS + part, step })
    }

    /// Whether this one, written less exactly, is that one.
    pub(crate) fn is(self, exact: Self) -> bool {
        // Rounded or cut: either way it is less than a step away.
        let step = self.step.max(exact.step);
        let apart = (self.nanos - exact.nanos).abs();
        if self.step == exact.step { apart == 0 } else { apart < step }
    }

    /// Which one is later, as far as both are exact.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        let step = self.step.max(other.step);
        (self.nanos.div_euclid(step)).cmp(&other.nanos.div_euclid(step))
    }

    /// Whether it is before another one, by more than clocks differ.
    pub(crate) fn is_long_before(self, other: Self) -> bool {
        other.nanos - self.nanos > SKEW.max(self.step).max(other.step)
    }
}

/// Days since a fixed one, in the Gregorian calendar, with years that begin in March.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
}

/// What a time that a server keeps of an item is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stamp {
    Creation,
    Change,
}

/// Words that say no more than that it is a time.
const FILLERS: [&str; 13] = ["at", "on", "date", "time", "datetime", "timestamp", "ts", "utc", "last", "when", "item", "record", "meta"];
const CREATION: [&str; 5] = ["created", "creation", "create", "inserted", "added"];
const CHANGE: [&str; 6] = ["updated", "update", "modified", "modification", "changed", "edited"];

/// Whether a property is named as the time of creation, or as that of the last change: `created_at`, `dateModified`.
pub(crate) fn stamp(name: &str) -> Option<Stamp> {
    let snake = heck::AsSnakeCase(name.rsplit('/').next().unwrap_or_default()).to_string();
    let words: Vec<&str> = snake.split('_').filter(|word| !FILLERS.contains(word)).collect();
    match words[..] {
        [word] if CREATION.contains(&word) => Some(Stamp::Creation),
        [word] if CHANGE.contains(&word) => Some(Stamp::Change),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Stamp, stamp};

    fn read(text: &str) -> Moment {
        Moment::read(text).unwrap()
    }

    #[test]
    fn moments_are_compared_by_time_as_exactly_as_they_are_written() {
        let check = |one: &str, other: &str, expected: bool| assert_eq!(read(one).is(read(other)), expected, "{one} {other}");
        check("2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00.000Z", true);
        check("2026-01-01T00:30:00Z", "2026-01-01T00:30:01Z", false);
        check("2024-03-01T00:00:00Z", "2024-02-29T24:00:00Z", true);
        check("2026-01-01T00:30:00.123Z", "2026-01-01T00:30:00.123456Z", true);
        check("2026-01-01T00:30:01Z", "2026-01-01T00:30:00.9Z", true);
        check("2026-01-01T00:30:00.123Z", "2026-01-01T00:30:00.124Z", false);
        assert!(Moment::read("yesterday").is_none() && Moment::read("2026-01-01").is_none());
    }

    #[test]
    fn clocks_may_differ_by_a_second() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!(read(one).is_long_before(read(other)), expected, "{one} {other}");
        };
        check("2026-01-01T00:30:00.900Z", "2026-01-01T00:30:01Z", false);
        check("2026-01-01T00:30:00Z", "2026-01-01T00:30:01Z", false);
        check("2026-01-01T00:30:00Z", "2026-01-01T00:30:03Z", true);
        check("2026-01-01T00:30:03Z", "2026-01-01T00:30:00Z", false);
    }

    #[test]
    fn stamps_are_known_by_their_names() {
        for name in ["created_at", "dateCreated", "createdDate", "meta/creationTimestamp", "added_on", "created"] {
            assert_eq!(stamp(name), Some(Stamp::Creation), "{name}");
        }
        for name in ["updated_at", "lastModified", "updated_on", "edited"] {
            assert_eq!(stamp(name), Some(Stamp::Change), "{name}");
        }
        for name in ["created_from", "status_updated_at", "due_date", "at"] {
            assert_eq!(stamp(name), None, "{name}");
        }
    }
}
