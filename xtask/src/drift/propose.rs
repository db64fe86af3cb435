//! The edits that would settle what differs, as one patch.
//!
//! What no single edit settles stands before the patch as comments, which `git apply` passes over.

use std::{io::Write, path::Path};

use specs::{drift, edit, pages::Page};

use super::Held;
use crate::{Exit, Failure};

/// Prints the patch.
pub(super) fn run(held: &[Held], groups: &[(usize, Vec<Page>)], screen: &mut dyn Write) -> Result<Exit, Failure> {
    let mut patch = String::new();
    let mut is_done = true;
    for (at, pages) in groups {
        let Some(proposal) = drift::propose(pages, &held[*at].source) else { continue };
        is_done &= proposal.files.is_empty() && proposal.left.is_empty();
        for (finding, reason) in &proposal.left {
            let place = format!("{}:{} (#{})", finding.held.file, finding.held.line, finding.held.pointer);
            let shown = finding.shown.as_ref().map(|shown| format!(", {}:{}", shown.page, shown.line)).unwrap_or_default();
            writeln!(screen, "# {}: {}: {}", finding.verdict.as_str(), finding.subject, finding.message)?;
            writeln!(screen, "#   {place}{shown}: {reason}")?;
        }
        for file in &proposal.files {
            patch.push_str(&edit::patch(&file.before, &file.after, &relative(&file.file)));
        }
    }
    write!(screen, "{patch}")?;
    Ok(if is_done { Exit::Done } else { Exit::Attention })
}

/// The path from here, as `git apply` wants it.
fn relative(file: &str) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    Path::new(file).strip_prefix(&here).map_or_else(|_| file.trim_start_matches('/').to_owned(), |path| path.display().to_string())
}
