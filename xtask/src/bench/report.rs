//! What the rounds add up to: medians, ratios taken round by round, and the marks that the mock must keep.

use std::io::{self, Write};

/// The servers, in the order in which a round measures them.
pub(crate) const SERVERS: [&str; 3] = ["mock", "dropshot", "hyper"];

/// One server in one round.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Measured {
    /// Milliseconds from start to ready.
    pub(crate) ready: f64,
    /// MiB resident when ready.
    pub(crate) idle: f64,
    /// MiB resident after the GETs.
    pub(crate) resident: f64,
    /// The GETs.
    pub(crate) get: Load,
    /// The POSTs.
    pub(crate) post: Load,
}

/// One kind of request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Load {
    /// Microseconds of the server's processor time for each request.
    pub(crate) cost: f64,
    /// Requests in a second.
    pub(crate) rate: f64,
}

/// A round: what each server did, in the order of [`SERVERS`].
pub(crate) type Round = [Measured; 3];

/// A line of the table.
struct Line {
    name: &'static str,
    value: fn(&Measured) -> f64,
    digits: usize,
    mark: Option<Mark>,
}

/// What the mock must keep.
enum Mark {
    /// At most this times what bare dropshot has.
    TimesDropshot(f64),
    /// At most this.
    AtMost(f64),
}

const LINES: [Line; 7] = [
    Line { name: "GET processor µs", value: |one| one.get.cost, digits: 2, mark: Some(Mark::TimesDropshot(1.25)) },
    Line { name: "POST processor µs", value: |one| one.post.cost, digits: 2, mark: Some(Mark::TimesDropshot(1.25)) },
    Line { name: "GET requests/s", value: |one| one.get.rate, digits: 0, mark: None },
    Line { name: "POST requests/s", value: |one| one.post.rate, digits: 0, mark: None },
    Line { name: "ready ms", value: |one| one.ready, digits: 1, mark: Some(Mark::AtMost(50.0)) },
    Line { name: "resident MiB, ready", value: |one| one.idle, digits: 1, mark: Some(Mark::AtMost(25.0)) },
    Line { name: "resident MiB, GETs", value: |one| one.resident, digits: 1, mark: Some(Mark::AtMost(25.0)) },
];

/// Writes the table, and says whether every mark is kept.
pub(crate) fn write(rounds: &[Round], screen: &mut dyn Write) -> io::Result<bool> {
    let [mock, dropshot, hyper] = SERVERS;
    writeln!(screen, "{:<20} {mock:>9} {dropshot:>9} {hyper:>9} {:>9} {:>7}  mark", "median of the rounds", "/dropshot", "/hyper")?;
    let mut kept = true;
    for line in &LINES {
        let medians = [0, 1, 2].map(|server| median(rounds.iter().map(|round| (line.value)(&round[server]))));
        // Round by round, since what else the machine does changes from round to round and not within one.
        let ratio = |to: usize| median(rounds.iter().map(|round| (line.value)(&round[0]) / (line.value)(&round[to])));
        let [mock, dropshot, hyper] = medians.map(|value| format!("{value:.*}", line.digits));
        let row = format!("{:<20} {mock:>9} {dropshot:>9} {hyper:>9} {:>9.2} {:>7.2}", line.name, ratio(1), ratio(2));
        let (value, words) = match line.mark {
            Some(Mark::TimesDropshot(most)) => (ratio(1) <= most, format!("at most {most} × dropshot")),
            Some(Mark::AtMost(most)) => (medians[0] <= most, format!("at most {most}")),
            None => (true, String::new()),
        };
        kept &= value;
        let verdict = if words.is_empty() {
            ""
        } else if value {
            ": kept"
        } else {
            ": MISSED"
        };
        writeln!(screen, "{}", format!("{row}  {words}{verdict}").trim_end())?;
    }
    Ok(kept)
}

/// The middle value; the mean of the two middle ones when their number is even.
pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted = values.collect::<Vec<_>>();
    sorted.sort_by(f64::total_cmp);
    let middle = |at: usize| sorted.get(at).copied().unwrap_or(f64::NAN);
    f64::midpoint(middle(sorted.len().saturating_sub(1) / 2), middle(sorted.len() / 2))
}

#[cfg(test)]
mod tests {
    use super::{Load, Measured, median, write};

    fn measured(cost: f64) -> Measured {
        let load = Load { cost, rate: 100_000.0 / cost };
        Measured { ready: cost, idle: 12.0, resident: 13.0, get: load, post: load }
    }

    fn screen(mock: [f64; 3]) -> (bool, String) {
        let mut screen = Vec::new();
        let rounds = mock.map(|cost| [measured(cost), measured(8.0), measured(4.0)]);
        let kept = write(&rounds, &mut screen).unwrap();
        (kept, String::from_utf8(screen).unwrap())
    }

    #[test]
    fn the_middle_round_counts() {
        let (kept, screen) = screen([10.0, 80.0, 9.0]);
        assert!(kept);
        let expected = "\
median of the rounds      mock  dropshot     hyper /dropshot  /hyper  mark
GET processor µs         10.00      8.00      4.00      1.25    2.50  at most 1.25 × dropshot: kept
POST processor µs        10.00      8.00      4.00      1.25    2.50  at most 1.25 × dropshot: kept
GET requests/s           10000     12500     25000      0.80    0.40
POST requests/s          10000     12500     25000      0.80    0.40
ready ms                  10.0       8.0       4.0      1.25    2.50  at most 50: kept
resident MiB, ready       12.0      12.0      12.0      1.00    1.00  at most 25: kept
resident MiB, GETs        13.0      13.0      13.0      1.00    1.00  at most 25: kept
";
        assert_eq!(screen, expected);
    }

    #[test]
    fn a_mark_that_is_missed_is_said() {
        let (kept, screen) = screen([11.0, 11.0, 9.0]);
        assert!(!kept);
        assert_eq!(screen.matches("MISSED").count(), 2, "{screen}");
    }

    #[test]
    fn an_even_number_has_its_middle_between_two() {
        assert!((median([4.0, 1.0, 3.0, 2.0].into_iter()) - 2.5).abs() < f64::EPSILON);
    }
}
