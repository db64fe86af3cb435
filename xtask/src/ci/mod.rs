//! `cargo xtask ci`: every check that a change must pass, in the order in which they fail fastest.
//!
//! The list is data ([`steps::STEPS`]); this file runs it. A step that fails ends the run, because what follows
//! would fail for the same reason; the table at the end tells which steps ran and how long each took.

mod drop_in;
mod scratch;
mod steps;

use std::{io::Write, time::Instant};

use steps::{Done, STEPS, Step};

use crate::{Exit, Failure, args};

/// Runs the steps that are wanted.
pub(crate) fn run(wanted: &args::Ci, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let chosen = choose(&wanted.steps)?;
    let mut table = Vec::new();
    for step in chosen {
        writeln!(screen, "── {}: {}", step.name, step.promise)?;
        screen.flush()?;
        let start = Instant::now();
        let done = (step.run)(screen)?;
        let failed = done == Done::Failed;
        table.push((step.name, done, start.elapsed()));
        if failed {
            break;
        }
    }
    writeln!(screen, "\n{:<9} {:<8} seconds", "step", "result")?;
    for (name, done, took) in &table {
        writeln!(screen, "{name:<9} {:<8} {:7.1}", done.word(), took.as_secs_f64())?;
    }
    if let Some((name, ..)) = table.iter().find(|(_, done, _)| *done == Done::Failed) {
        writeln!(screen, "error: step `{name}` failed\nhelp: `cargo xtask ci {name}` runs it alone")?;
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}

fn choose(names: &[String]) -> Result<Vec<&'static Step>, Failure> {
    if let Some(unknown) = names.iter().find(|name| STEPS.iter().all(|step| step.name != name.as_str())) {
        let known = STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ");
        return Err(Failure::new(format!("no step is called `{unknown}`")).help(format!("the steps are {known}")));
    }
    Ok(STEPS.iter().filter(|step| names.is_empty() || names.iter().any(|name| name == step.name)).collect())
}
