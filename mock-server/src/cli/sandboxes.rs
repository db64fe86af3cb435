//! The flags about sandboxes: how many, for how long, with which clock and which limits.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};
use mock_server::{Builder, DEFAULT_MAX_MEMORY, DEFAULT_MAX_SANDBOXES};

/// What goes for all sandboxes.
#[derive(Args, Debug)]
pub(crate) struct SandboxFlags {
    /// Most sandboxes; when there are more, the one that is idle longest goes
    #[arg(long, help_heading = "Sandboxes", value_name = "NUMBER", default_value_t = DEFAULT_MAX_SANDBOXES)]
    max_sandboxes: usize,

    /// How long a sandbox is kept that nobody uses: `90s`, `15m`, `1h`, `2d`, `never`
    #[arg(long, help_heading = "Sandboxes", value_name = "TIME", default_value = "1h", value_parser = idle)]
    sandbox_idle: Idle,

    /// Memory for the changed rows and the journals of all sandboxes: `512MiB`, `2GiB`
    #[arg(long, help_heading = "Sandboxes", value_name = "BYTES", default_value_t = Bytes(DEFAULT_MAX_MEMORY), value_parser = bytes)]
    max_memory: Bytes,

    /// Let the clock of every sandbox stand still at this time: `2026-01-01T00:00:00Z`
    #[arg(long, help_heading = "Sandboxes", value_name = "TIME")]
    clock: Option<DateTime<Utc>>,

    /// Whether a request that is over a limit of its document is refused; the headers are sent either way
    #[arg(long, help_heading = "Sandboxes", value_name = "MODE", value_enum, default_value_t = Enforcement::Off)]
    limits: Enforcement,
}

/// Whether limits are enforced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Enforcement {
    /// It is not: the headers stop at zero
    Off,
    /// It is
    On,
    /// It is, and clocks stand still until they are moved: a day passes in a call
    Virtual,
}

/// How long an unused sandbox is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Idle {
    For(Duration),
    Never,
}

/// An amount of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Bytes(usize);

impl SandboxFlags {
    pub(super) fn apply(&self, mut builder: Builder) -> Builder {
        builder = builder.max_sandboxes(self.max_sandboxes).max_memory(self.max_memory.0);
        builder = builder.sandbox_idle(match self.sandbox_idle {
            Idle::For(idle) => Some(idle),
            Idle::Never => None,
        });
        if let Some(at) = self.clock {
            builder = builder.clock(at);
        }
        match self.limits {
            Enforcement::Off => builder,
            Enforcement::On => builder.enforce_limits(),
            Enforcement::Virtual => builder.enforce_limits().still(),
        }
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            bytes if bytes.is_multiple_of(1 << 30) => write!(f, "{}GiB", bytes >> 30),
            bytes if bytes.is_multiple_of(1 << 20) => write!(f, "{}MiB", bytes >> 20),
            bytes => write!(f, "{bytes}B"),
        }
    }
}

fn idle(text: &str) -> Result<Idle, String> {
    if text == "never" {
        return Ok(Idle::Never);
    }
    let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    let milliseconds = amount(text, &units).filter(|milliseconds| *milliseconds > 0);
    let expected = || "expected a number with a unit, as `90s`, `15m`, `1h` or `2d`, or `never`".to_owned();
    milliseconds.map(|milliseconds| Idle::For(Duration::from_millis(milliseconds))).ok_or_else(expected)
}

fn bytes(text: &str) -> Result<Bytes, String> {
    let units = [
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("k", 1 << 10),
        ("m", 1 << 20),
        ("g", 1 << 30),
        ("b", 1),
        ("", 1),
    ];
    let bytes = amount(&text.to_ascii_lowercase(), &units).and_then(|bytes| usize::try_from(bytes).ok());
    bytes.filter(|bytes| *bytes > 0).map(Bytes).ok_or_else(|| "expected a number of bytes with a unit, as `512MiB` or `2GiB`".to_owned())
}

/// A whole number, times its unit.
fn amount(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let (number, factor) = units.iter().find_map(|(unit, factor)| Some((text.strip_suffix(unit)?.trim_end(), factor)))?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_have_units() {
        for (text, expected) in [("90s", Some(90_000)), ("15m", Some(900_000)), ("1h", Some(3_600_000)), ("2d", Some(172_800_000))] {
            assert_eq!(idle(text).ok(), expected.map(|millis| Idle::For(Duration::from_millis(millis))), "{text}");
        }
        assert_eq!(idle("250ms"), Ok(Idle::For(Duration::from_millis(250))));
        assert_eq!(idle("never"), Ok(Idle::Never));
        for text in ["", "1", "h", "-1h", "0s", "1.5h", "99999999999999999999d", "9999999999999999999d"] {
            assert!(idle(text).is_err(), "{text}");
        }
        for (text, expected) in [("512MiB", 512 << 20), ("2g", 2 << 30), ("1024", 1024), ("3 kb", 3_000), ("7B", 7)] {
            assert_eq!(bytes(text), Ok(Bytes(expected)), "{text}");
        }
        for text in ["", "0", "MiB", "-1", "1TiB", "99999999999999999999"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
