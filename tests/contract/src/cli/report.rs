//! What a run tells, as it goes: failures with the exchange that shows them, and one line at the end.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{Case, Class, Outcome, Suite, Target, Verdict};

const FAILED: u8 = 1;
const UNREACHABLE: u8 = 3;

/// Where a target is. What may only run on a mock is left out elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// On this machine.
    Here,
    /// Anywhere else.
    Elsewhere,
}

/// How many cases came out how.
#[derive(Default)]
struct Counts {
    passed: usize,
    skipped: usize,
    failed: usize,
    blocked: usize,
}

/// Runs the cases one after another.
pub(super) async fn run(suite: &Suite, target: &Target, place: Place, filter: Option<&str>, out: &mut dyn Write) -> io::Result<ExitCode> {
    let mut counts = Counts::default();
    for case in suite.cases().iter().filter(|case| filter.is_none_or(|filter| case.id().contains(filter))) {
        if case.class == Class::MockOnly && place == Place::Elsewhere {
            counts.skipped += 1;
            continue;
        }
        let verdict = suite.run(case, target).await;
        match &verdict.outcome {
            Outcome::Passed | Outcome::New(_) => counts.passed += 1,
            Outcome::Skipped(_) => counts.skipped += 1,
            Outcome::Failed(what) => {
                counts.failed += 1;
                tell(out, "FAIL", case, &what.what, &verdict)?;
            }
            Outcome::Blocked(what) => {
                counts.blocked += 1;
                tell(out, "BLOCKED", case, what, &verdict)?;
            }
            Outcome::Unreachable(what) => {
                writeln!(out, "error: {what}\nhelp: is the server running, and `--url` its address?")?;
                return Ok(ExitCode::from(UNREACHABLE));
            }
        }
    }
    let Counts { passed, skipped, failed, blocked } = counts;
    writeln!(out, "{passed} passed, {failed} failed, {blocked} blocked, {skipped} skipped")?;
    Ok(if failed + blocked > 0 { ExitCode::from(FAILED) } else { ExitCode::SUCCESS })
}

fn tell(out: &mut dyn Write, word: &str, case: &Case, what: &str, verdict: &Verdict) -> io::Result<()> {
    writeln!(out, "{word} {}\n  {}\n  {what}", case.id(), case.sentence)?;
    if let Some(exchange) = verdict.exchanges.last() {
        writeln!(out, "  {}", exchange.to_string().replace('\n', "\n  "))?;
    }
    writeln!(out)
}
