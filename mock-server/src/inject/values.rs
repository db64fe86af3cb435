//! How the values of a rule are written: times, shares, rates, distributions.

use std::{fmt::Display, str::FromStr, time::Duration};

use chrono::TimeDelta;
use serde_json::Value;

use crate::{engine::Share, state::Lag};

/// The longest time that can be written.
const LONGEST: Duration = Duration::from_hours(24);

/// What a value should have been.
pub(super) type Read<T> = Result<T, &'static str>;

const TIME: &str = "a time such as `200ms`, `1.5s` or `2m`; a number alone is milliseconds";
const DELAY: &str = "a time such as `200ms`, a range such as `200ms..2s`, or `normal(300ms, 50ms)` by mean and deviation, \
    `lognormal(100ms, 2s)` by median and 99th percentile, `exponential(300ms)` by mean";

/// How long an answer waits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Delay {
    /// Always so long.
    Fixed(Duration),
    /// Anything between.
    Range(Duration, Duration),
    /// By mean and standard deviation.
    Normal(Duration, Duration),
    /// By median and the standard deviation of the logarithm.
    LogNormal(Duration, f64),
    /// By mean.
    Exponential(Duration),
}

/// How slowly a body comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drip {
    /// So many bytes at a time, with a pause between.
    Pieces(usize, Duration),
    /// All of it within this time.
    Within(Duration),
}

/// How long limits of rate are exceeded, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storm {
    /// For so long.
    Time(TimeDelta),
    /// For so many requests.
    Count(u64),
    /// Until it is taken away.
    Endless,
}

/// When the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Before anything is done.
    Before,
    /// When all is done but the answer.
    After,
}

/// How a body breaks its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    /// A property has another type.
    Type,
    /// A property is not there.
    Missing,
    /// A property is null.
    Null,
    /// Any of these.
    Any,
}

/// A value as it stands in the compact text.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

/// Whether a value only says that something is wanted.
fn is_flag(value: &Value) -> bool {
    matches!(text(value).as_str(), "true" | "")
}

pub(super) fn flag(value: &Value) -> Read<bool> {
    match text(value).as_str() {
        "true" | "" => Ok(true),
        "false" => Ok(false),
        _ => Err("`true` or `false`"),
    }
}

pub(super) fn number<T: FromStr + PartialOrd + From<u8>>(value: &Value) -> Read<T> {
    text(value).parse().ok().filter(|number| *number >= T::from(1)).ok_or("a whole number from 1")
}

pub(super) fn count(value: &Value) -> Read<u64> {
    text(value).parse().map_err(|_| "a whole number from 0")
}

pub(super) fn probability(value: &Value) -> Read<f64> {
    let text = text(value);
    let read = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.parse(),
    };
    read.ok().filter(|read| (0.0..=1.0).contains(read)).ok_or("a number from 0 to 1, or a percentage such as `30%`")
}

pub(super) fn status(value: &Value) -> Read<http::StatusCode> {
    let read = text(value).parse::<u16>().ok().filter(|code| (200..=599).contains(code));
    read.and_then(|code| http::StatusCode::from_u16(code).ok()).ok_or("a status from 200 to 599")
}

pub(super) fn duration(value: &Value) -> Read<Duration> {
    time(&text(value)).ok_or(TIME)
}

fn time(text: &str) -> Option<Duration> {
    let text = text.trim();
    let end = text.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let seconds = match unit.trim() {
        "" | "ms" => 1e-3,
        "us" => 1e-6,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return None,
    };
    let seconds = number.trim().parse::<f64>().ok()? * seconds;
    Duration::try_from_secs_f64(seconds).ok().filter(|time| *time <= LONGEST)
}

pub(super) fn span(value: &Value) -> Read<TimeDelta> {
    delta(duration(value)?)
}

fn delta(time: Duration) -> Read<TimeDelta> {
    TimeDelta::from_std(time).map_err(|_| TIME)
}

pub(super) fn delay(value: &Value) -> Read<Delay> {
    let text = text(value);
    if let Some((name, rest)) = text.split_once('(') {
        let arguments: Vec<&str> = rest.strip_suffix(')').ok_or(DELAY)?.split(',').collect();
        return distribution(name.trim(), &arguments).ok_or(DELAY);
    }
    match text.split_once("..") {
        Some((least, most)) => {
            let (least, most) = (time(least).ok_or(DELAY)?, time(most).ok_or(DELAY)?);
            if least <= most { Ok(Delay::Range(least, most)) } else { Err("a range whose first time is the shorter one") }
        }
        None => time(&text).map(Delay::Fixed).ok_or(DELAY),
    }
}

fn distribution(name: &str, arguments: &[&str]) -> Option<Delay> {
    Some(match (name, arguments) {
        ("uniform", [least, most]) => Delay::Range(time(least)?, time(most)?),
        ("normal", [mean, deviation]) => Delay::Normal(time(mean)?, time(deviation)?),
        ("exponential", [mean]) => Delay::Exponential(time(mean)?),
        ("lognormal" | "log-normal", [median, spread]) => {
            let median = time(median)?;
            let sigma = match spread.trim().parse::<f64>() {
                Ok(sigma) => sigma,
                Err(_) => (time(spread)?.as_secs_f64() / median.as_secs_f64()).ln() / NINETY_NINTH,
            };
            Delay::LogNormal(median, Some(sigma).filter(|sigma| (0.0..10.0).contains(sigma))?)
        }
        _ => return None,
    })
}

/// The 99th percentile of the standard normal distribution.
const NINETY_NINTH: f64 = 2.326_347_874;

impl Delay {
    /// One of the times that it stands for.
    pub(crate) fn draw(self, random: &mut fastrand::Rng) -> Duration {
        // Box and Muller; 1 minus what is drawn is never 0.
        let mut normal = || (-2.0 * (1.0 - random.f64()).ln()).sqrt() * (std::f64::consts::TAU * random.f64()).cos();
        let seconds = match self {
            Self::Fixed(time) => return time,
            Self::Range(least, most) => return least + most.saturating_sub(least).mul_f64(random.f64()),
            Self::Normal(mean, deviation) => mean.as_secs_f64() + normal() * deviation.as_secs_f64(),
            Self::LogNormal(median, sigma) => median.as_secs_f64() * (sigma * normal()).exp(),
            Self::Exponential(mean) => -mean.as_secs_f64() * (1.0 - random.f64()).ln(),
        };
        Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(LONGEST).min(LONGEST)
    }
}

pub(super) fn drip(value: &Value) -> Read<Drip> {
    const EXPECTED: &str = "bytes and the pause between, as `16/100ms`, or the time for the whole body, as `2s`";
    if is_flag(value) {
        return Ok(Drip::Within(Duration::from_secs(1)));
    }
    let text = text(value);
    match text.split_once('/') {
        None => time(&text).map(Drip::Within).ok_or(EXPECTED),
        Some((bytes, pause)) => {
            let bytes = bytes.trim().trim_end_matches(['B', 'b']).trim_end().parse::<usize>().ok().filter(|bytes| *bytes > 0);
            Ok(Drip::Pieces(bytes.ok_or(EXPECTED)?, time(pause).ok_or(EXPECTED)?))
        }
    }
}

pub(super) fn storm(value: &Value) -> Read<Storm> {
    counted(value, Storm::Endless, Storm::Count, Storm::Time, "a time such as `10s`, or a number of requests")
}

pub(super) fn lag(value: &Value) -> Read<Lag> {
    counted(value, Lag::Reads(1), Lag::Reads, Lag::Time, "a time such as `2s`, or a number of reads")
}

/// A time, or a count where a number stands alone.
fn counted<T>(value: &Value, of_flag: T, of_count: fn(u64) -> T, of_time: fn(TimeDelta) -> T, expected: &'static str) -> Read<T> {
    if is_flag(value) {
        return Ok(of_flag);
    }
    let text = text(value);
    if let Ok(count) = text.parse() {
        return Ok(of_count(count));
    }
    Ok(of_time(delta(time(&text).ok_or(expected)?)?))
}

pub(super) fn share(value: &Value) -> Read<Share> {
    const EXPECTED: &str = "a percentage such as `40%`, or a whole number";
    if is_flag(value) {
        return Ok(Share::Part(0.5));
    }
    let text = text(value);
    match text.strip_suffix('%') {
        None => text.trim_end_matches(['B', 'b']).trim_end().parse().map(Share::Count).map_err(|_| EXPECTED),
        Some(percent) => {
            let percent = percent.trim().parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
            percent.map(|percent| Share::Part(percent / 100.0)).ok_or(EXPECTED)
        }
    }
}

pub(super) fn cut(value: &Value) -> Read<Cut> {
    match text(value).as_str() {
        "true" | "" | "before" => Ok(Cut::Before),
        "after" => Ok(Cut::After),
        _ => Err("`before`, when nothing is done, or `after`, when all is done but the answer"),
    }
}

pub(super) fn misfit(value: &Value) -> Read<Misfit> {
    match text(value).as_str() {
        "true" | "" => Ok(Misfit::Any),
        "type" => Ok(Misfit::Type),
        "missing" => Ok(Misfit::Missing),
        "null" => Ok(Misfit::Null),
        _ => Err("`type`, `missing` or `null`"),
    }
}

/// The name of what is not wanted, and what is.
pub(super) fn expected(name: &str, value: &impl Display, expected: &str) -> (String, String) {
    (format!("`{name}` is `{value}`"), format!("write {expected}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn delays_are_times_ranges_or_distributions() {
        for (written, read) in [
            (json!(200), Delay::Fixed(ms(200))),
            (json!("1.5s"), Delay::Fixed(ms(1_500))),
            (json!("2m"), Delay::Fixed(ms(120_000))),
            (json!("200ms..2s"), Delay::Range(ms(200), ms(2_000))),
            (json!("normal(300ms, 50ms)"), Delay::Normal(ms(300), ms(50))),
            (json!("lognormal(90, 0.1)"), Delay::LogNormal(ms(90), 0.1)),
            (json!("exponential(1s)"), Delay::Exponential(ms(1_000))),
        ] {
            assert_eq!(delay(&written), Ok(read), "{written}");
        }
        for written in ["", "soon", "2s..1s", "-1s", "1y", "48h", "normal(1s)", "normal(1s, 2s", "lognormal(0, 1s)", "lognormal(1s, 1ms)"] {
            assert!(delay(&json!(written)).is_err(), "{written}");
        }
    }

    /// The value below which a part of many draws lies.
    fn quantile(delay: Delay, part: usize) -> f64 {
        let mut random = fastrand::Rng::with_seed(7);
        let mut drawn: Vec<_> = (0..100_000).map(|_| delay.draw(&mut random)).collect();
        drawn.sort();
        drawn[part * 1_000].as_secs_f64()
    }

    #[test]
    fn draws_follow_the_distribution() {
        let near = |found: f64, wanted: f64| assert!((found / wanted - 1.0).abs() < 0.1, "{found} is not about {wanted}");
        near(quantile(Delay::Range(ms(100), ms(300)), 50), 0.2);
        near(quantile(Delay::Normal(ms(300), ms(50)), 50), 0.3);
        near(quantile(Delay::Normal(ms(300), ms(50)), 84), 0.35);
        near(quantile(delay(&json!("lognormal(100ms, 2s)")).unwrap(), 50), 0.1);
        near(quantile(delay(&json!("lognormal(100ms, 2s)")).unwrap(), 99), 2.0);
        near(quantile(Delay::Exponential(ms(100)), 63), 0.1);
    }

    #[test]
    fn the_same_seed_draws_the_same_times() {
        let draws = |seed| (0..9).map(|_| Delay::Normal(ms(300), ms(50)).draw(&mut fastrand::Rng::with_seed(seed))).collect::<Vec<_>>();
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
    }

    #[test]
    fn shares_lags_storms_and_drips_are_counts_or_more() {
        assert_eq!(share(&json!("40%")), Ok(Share::Part(0.4)));
        assert_eq!(share(&json!(12)), Ok(Share::Count(12)));
        assert_eq!(lag(&json!("2s")), Ok(Lag::Time(TimeDelta::seconds(2))));
        assert_eq!(lag(&json!(3)), Ok(Lag::Reads(3)));
        assert_eq!(storm(&json!("20")), Ok(Storm::Count(20)));
        assert_eq!(drip(&json!("16B/100ms")), Ok(Drip::Pieces(16, ms(100))));
        assert_eq!(drip(&json!("2s")), Ok(Drip::Within(ms(2_000))));
        assert!(drip(&json!("0/1s")).is_err() && share(&json!("140%")).is_err() && lag(&json!("later")).is_err());
    }
}
