//! What was covered, at the end: a file with all of it, and a table with a verdict where a minimum is given.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use mock_server::{CoverageFormat, CoverageReport, Error};

use super::{arguments::Arguments, failure::Failure};

/// Does what the flags want of the report.
pub(super) fn finish(arguments: &Arguments, report: CoverageReport) -> Result<(), Failure> {
    let report = match arguments.min_coverage {
        Some(minimum) => report.held_to(minimum),
        None => report,
    };
    if let Some(path) = &arguments.coverage {
        write(path, &report)?;
    }
    if arguments.min_coverage.is_none() {
        return Ok(());
    }
    // A closed pipe is no reason to say that too little is covered.
    let _ = io::stdout().lock().write_all(report.to_string().as_bytes());
    if report.is_enough {
        return Ok(());
    }
    let minimum = report.minimum.unwrap_or_default();
    let text = format!("{} % of what the documents declare was covered, and `--min-coverage` is {minimum}", report.percent);
    Err(Failure::plain(text, "send what the table above names, or lower `--min-coverage`"))
}

fn write(path: &Path, report: &CoverageReport) -> Result<(), Failure> {
    let text = report.render(CoverageFormat::of(path));
    fs::write(path, text).map_err(|source| Failure::from(Error::Write { path: path.to_owned(), source }))
}

/// A part of a hundred.
pub(super) fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim().parse::<f64>().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "expected a number from 0 to 100".to_owned())
}
