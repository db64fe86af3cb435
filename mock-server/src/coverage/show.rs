//! A report of what was covered as text: for terminals, for pull requests, and for programs.

use std::{fmt, path::Path};

use schemars::JsonSchema;
use serde::Deserialize;

use super::report::{CoveragePart, CoverageReport, ProviderCoverage};

/// How a report of what was covered is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CoverageFormat {
    /// For programs.
    #[default]
    Json,
    /// For terminals.
    Text,
    /// For pull requests and summaries of jobs.
    Markdown,
}

impl CoverageFormat {
    /// The format that a file is to have, by its extension: `json`, `md` and `markdown`; text for others.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("json") => Self::Json,
            Some("md" | "markdown") => Self::Markdown,
            _ => Self::Text,
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Text => "text/plain; charset=utf-8",
            Self::Markdown => "text/markdown; charset=utf-8",
        }
    }
}

impl CoverageReport {
    /// The report in a format, with a line break at its end.
    #[must_use]
    pub fn render(&self, format: CoverageFormat) -> String {
        match format {
            // Nothing here has keys that are no text, which is all that could fail.
            CoverageFormat::Json => serde_json::to_string_pretty(self).unwrap_or_default() + "\n",
            CoverageFormat::Text => self.to_string(),
            CoverageFormat::Markdown => markdown(self),
        }
    }

    /// What came of the minimum, in words.
    fn verdict(&self) -> Option<String> {
        let minimum = self.minimum?;
        let is = if self.is_enough { "enough" } else { "too little" };
        Some(format!("covered: {} %, {is}: the minimum is {minimum} %", self.percent))
    }
}

/// A table for terminals: for each provider a line for each kind, and what was not covered.
impl fmt::Display for CoverageReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for provider in &self.providers {
            writeln!(f, "{}", provider.provider)?;
            for (name, part) in provider.parts() {
                line(f, name, part.covered, part.total, part.percent)?;
            }
            line(f, "overall", provider.covered, provider.total, provider.percent)?;
            for (name, part) in provider.parts().into_iter().filter(|(_, part)| !part.missing.is_empty()) {
                writeln!(f, "  not covered: {name}")?;
                for (operation, places) in by_operation(part) {
                    writeln!(f, "{}", format!("    {operation}  {}", places.join(", ")).trim_end())?;
                }
            }
            writeln!(f)?;
        }
        if self.providers.len() != 1 {
            line(f, "all providers", self.covered, self.total, self.percent)?;
        }
        self.verdict().into_iter().try_for_each(|verdict| writeln!(f, "{verdict}"))
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, covered: usize, total: usize, percent: f64) -> fmt::Result {
    writeln!(f, "  {name:<13} {covered:>6} of {total:>6}  {percent:>5.1} %")
}

/// What was not covered of a kind, by operation, in the order of the document.
fn by_operation(part: &CoveragePart) -> Vec<(&str, Vec<&str>)> {
    let mut operations: Vec<(&str, Vec<&str>)> = Vec::new();
    for missing in &part.missing {
        match operations.last_mut().filter(|(operation, _)| *operation == missing.operation) {
            Some((_, places)) => places.push(&missing.place),
            None => operations.push((&missing.operation, vec![&missing.place])),
        }
    }
    operations
}

fn markdown(report: &CoverageReport) -> String {
    let mut text = String::from("| Provider | Operations | Statuses | Parameters | Values | Properties | Errors | Overall |\n");
    text.push_str("|---|---:|---:|---:|---:|---:|---:|---:|\n");
    for provider in &report.providers {
        let cells = provider.parts().map(|(_, part)| format!("{} of {}", part.covered, part.total));
        text.push_str(&format!("| {} | {} | {} % |\n", provider.provider, cells.join(" | "), provider.percent));
    }
    if let Some(verdict) = report.verdict() {
        text.push_str(&format!("\n{verdict}\n"));
    }
    for provider in report.providers.iter().filter(|provider| provider.covered < provider.total) {
        text.push_str(&details(provider));
    }
    text
}

/// What was not covered, folded away.
fn details(provider: &ProviderCoverage) -> String {
    let mut text = format!("\n<details><summary>Not covered of {}</summary>\n", provider.provider);
    for (name, part) in provider.parts().into_iter().filter(|(_, part)| !part.missing.is_empty()) {
        text.push_str(&format!("\n**{name}**\n\n"));
        for (operation, places) in by_operation(part) {
            let places: Vec<_> = places.iter().filter(|place| !place.is_empty()).map(|place| code(place)).collect();
            text.push_str(format!("- {} {}", code(operation), places.join(", ")).trim_end());
            text.push('\n');
        }
    }
    text + "\n</details>\n"
}

/// Text that Markdown leaves alone, whatever it has.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
