//! Times as people say them.

use std::time::Duration;

/// The units, largest first, with their seconds.
const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];

/// A time in its two largest units: `5 h`, `13 h 52 min`, `45 s`, `0.4 s`. A day is said as `24 h`.
#[must_use]
pub fn spelled(time: Duration) -> String {
    if time < Duration::from_secs(1) && !time.is_zero() {
        return format!("{:.1} s", time.as_secs_f64().max(0.1));
    }
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let units = if seconds < 2 * 86_400 { &UNITS[1..] } else { &UNITS[..] };
    let mut left = seconds;
    let mut said: Vec<String> = Vec::new();
    for (unit, length) in units {
        let count = left / length;
        left %= length;
        match (count, said.len()) {
            (0, 0) => {}
            (0, _) | (_, 2) => break,
            _ => said.push(format!("{count} {unit}")),
        }
    }
    if said.is_empty() { "0 s".to_owned() } else { said.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_their_largest_units() {
        let check = |millis: u64, expected: &str| assert_eq!(spelled(Duration::from_millis(millis)), expected);
        check(0, "0 s");
        check(400, "0.4 s");
        check(20, "0.1 s");
        check(45_000, "45 s");
        check(44_100, "45 s");
        check(60_000, "1 min");
        check(18_000_000, "5 h");
        check(49_925_000, "13 h 52 min");
        check(3_605_000, "1 h");
        check(86_400_000, "24 h");
        check(200_000_000, "2 d 7 h");
    }
}
