//! `cargo xtask ci`: every check that a change must pass, in the order in which they fail fastest.
//!
//! The list is data ([`steps::STEPS`]); this file runs it. A step that fails ends the run, because what follows
//! would fail for the same reason; the table at the end tells which steps ran and how long each took.

mod drop_in;
mod examples;
mod scratch;
mod seed;
mod steps;

use std::{io::Write, time::Instant};

use steps::Done;
pub(crate) use steps::STEPS;

use crate::{Exit, Failure, args};

/// Runs the steps that are wanted.
pub(crate) fn run(wanted: &args::Ci, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let mut table = Vec::new();
    for step in STEPS.iter().filter(|step| wanted.steps.is_empty() || wanted.steps.iter().any(|name| name == step.name)) {
        writeln!(screen, "── {}: {}", step.name, step.promise)?;
        screen.flush()?;
        let start = Instant::now();
        let done = (step.run)(screen)?;
        table.push((step.name, done, start.elapsed()));
        if table.last().is_some_and(|(_, done, _)| *done == Done::Failed) {
            break;
        }
    }
    writeln!(screen, "\n{:<9} {:<8} seconds", "step", "result")?;
    for (name, done, took) in &table {
        let why = if let Done::Skipped(why) = done { format!("  {why}") } else { String::new() };
        writeln!(screen, "{name:<9} {:<8} {:7.1}{why}", done.word(), took.as_secs_f64())?;
    }
    if let Some((name, ..)) = table.iter().find(|(_, done, _)| *done == Done::Failed) {
        writeln!(screen, "error: step `{name}` failed\nhelp: `cargo xtask ci {name}` runs it alone")?;
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}
