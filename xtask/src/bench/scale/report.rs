//! What the rounds add up to, and the marks that a document of any size must keep.

use std::{
    fmt,
    io::{self, Write},
};

use super::super::report::median;

/// Numbers of operations.
pub(super) const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];

/// One size in one round.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measured {
    /// Milliseconds from start to ready.
    pub(super) ready: f64,
    /// MiB resident when ready.
    pub(super) resident: f64,
    /// Milliseconds that the slowest first request to an operation took.
    pub(super) first: f64,
    /// Reads in a second.
    pub(super) rate: f64,
}

/// All sizes, in the order of [`SIZES`], and what a text of 13 MB takes to be ready.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Round {
    pub(super) sizes: [Measured; SIZES.len()],
    pub(super) large: f64,
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ready = self.sizes.map(|size| format!("{:.0}", size.ready)).join(" / ");
        write!(f, "{ready} ms, 13 MB after {:.0} ms", self.large)
    }
}

/// A figure of every size, and the most that it may be at each.
struct Line {
    name: &'static str,
    value: fn(&Measured) -> f64,
    digits: usize,
    most: [f64; SIZES.len()],
}

const FREE: f64 = f64::INFINITY;

const LINES: [Line; 3] = [
    Line { name: "ready ms", value: |size| size.ready, digits: 1, most: [FREE, 60.0, 250.0, 1_500.0] },
    Line { name: "resident MiB, ready", value: |size| size.resident, digits: 1, most: [FREE, FREE, FREE, 250.0] },
    Line { name: "slowest first request ms", value: |size| size.first, digits: 1, most: [10.0; SIZES.len()] },
];

/// The least rate with the most operations, as a share of that with the fewest.
const LEAST_RATE: f64 = 0.9;
/// Milliseconds after which 13 MB must be ready.
const MOST_LARGE: f64 = 1_500.0;

/// Writes the table, and says whether every mark is kept.
pub(super) fn write(rounds: &[Round], screen: &mut dyn Write) -> io::Result<bool> {
    writeln!(screen, "{:<25}{}  mark", "median of the rounds", SIZES.map(|size| format!("{size:>9}")).concat())?;
    let medians = |value: fn(&Measured) -> f64| -> [f64; SIZES.len()] {
        std::array::from_fn(|at| median(rounds.iter().map(|round| value(&round.sizes[at]))))
    };
    let mut kept = true;
    for line in &LINES {
        let found = medians(line.value);
        let is_kept = found.iter().zip(&line.most).all(|(value, most)| value <= most);
        let marks = line.most.map(|most| if most.is_finite() { most.to_string() } else { "-".to_owned() }).join(" / ");
        writeln!(screen, "{}  at most {marks}: {}", row(line.name, found, line.digits), verdict(is_kept))?;
        kept &= is_kept;
    }
    // Round by round, since what else the machine does changes from round to round and not within one.
    let ratio = median(rounds.iter().map(|round| round.sizes[SIZES.len() - 1].rate / round.sizes[0].rate));
    let line = row("GET requests/s", medians(|size| size.rate), 0);
    writeln!(screen, "{line}  last at least {LEAST_RATE} × first, is {ratio:.2}: {}", verdict(ratio >= LEAST_RATE))?;
    let large = median(rounds.iter().map(|round| round.large));
    writeln!(screen, "{:<25}{large:>9.1}  at most {MOST_LARGE}: {}", "ready ms, 13 MB", verdict(large <= MOST_LARGE))?;
    Ok(kept && ratio >= LEAST_RATE && large <= MOST_LARGE)
}

fn row(name: &str, values: [f64; SIZES.len()], digits: usize) -> String {
    format!("{name:<25}{}", values.map(|value| format!("{value:>9.digits$}")).concat())
}

fn verdict(is_kept: bool) -> &'static str {
    if is_kept { "kept" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::{Measured, Round, write};

    fn round(rate: f64) -> Round {
        let size = |ready, rate| Measured { ready, resident: 20.0, first: 2.5, rate };
        Round { sizes: [size(10.0, 100_000.0), size(60.0, 99_000.0), size(120.0, 98_000.0), size(900.0, rate)], large: 300.0 }
    }

    #[test]
    fn every_mark_has_its_line() {
        let mut screen = Vec::new();
        assert!(write(&[round(95_000.0)], &mut screen).unwrap());
        let expected = "\
median of the rounds            10      100     1000    10000  mark
ready ms                      10.0     60.0    120.0    900.0  at most - / 60 / 250 / 1500: kept
resident MiB, ready           20.0     20.0     20.0     20.0  at most - / - / - / 250: kept
slowest first request ms       2.5      2.5      2.5      2.5  at most 10 / 10 / 10 / 10: kept
GET requests/s              100000    99000    98000    95000  last at least 0.9 × first, is 0.95: kept
ready ms, 13 MB              300.0  at most 1500: kept
";
        assert_eq!(String::from_utf8(screen).unwrap(), expected);
    }

    #[test]
    fn a_mark_that_is_missed_is_said() {
        let mut screen = Vec::new();
        assert!(!write(&[round(80_000.0)], &mut screen).unwrap());
        assert_eq!(String::from_utf8(screen).unwrap().matches("MISSED").count(), 1);
    }
}
