//! `cargo xtask readme`: the table of providers in the README, from the documents.
//!
//! The table stands between two markers, and nothing else of the README is touched. Writing and checking share one
//! path and part at the last step.

mod table;

use std::{fs, io::Write};

use specs::{Api, Source};

use crate::{Exit, Failure, args, lint, workspace};

/// What stands before the table, and what stands behind it.
const MARKERS: [&str; 2] = ["<!-- providers: written by `cargo xtask readme` -->\n", "<!-- /providers -->"];

/// Writes the table, or says whether it is what would be written.
pub(crate) fn run(wanted: &args::Readme, screen: &mut dyn Write) -> Result<Exit, Failure> {
    let path = workspace::root().join("README.md");
    let found = fs::read_to_string(&path).map_err(|error| Failure::new("cannot read `README.md`").because(error))?;
    let right = replaced(&found, &table::table(&shipped()?))?;
    if found == right {
        writeln!(screen, "`README.md` is up to date")?;
        return Ok(Exit::Done);
    }
    if wanted.check {
        writeln!(screen, "the table of providers in `README.md` is not what the documents say\nhelp: `cargo xtask readme` writes it")?;
        return Ok(Exit::Attention);
    }
    fs::write(&path, right).map_err(|error| Failure::new("cannot write `README.md`").because(error))?;
    writeln!(screen, "`README.md` is written")?;
    Ok(Exit::Done)
}

/// The models of the documents that ship, in the order of their names.
fn shipped() -> Result<Vec<Api>, Failure> {
    let mut found = Vec::new();
    for path in lint::shipped()? {
        let name = path.display().to_string();
        let source = Source::read(&path).map_err(|error| Failure::new(format!("cannot read `{name}`")).because(error))?;
        let unusable = || Failure::new(format!("`{name}` cannot be used")).help(format!("`cargo xtask lint {name}` says why"));
        found.push(specs::load(&source).api.ok_or_else(unusable)?);
    }
    Ok(found)
}

/// The text with another table between the markers.
fn replaced(text: &str, table: &str) -> Result<String, Failure> {
    let [begin, end] = MARKERS;
    let parts = text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.ok_or_else(|| {
        let lines = format!("write the lines `{}` and `{end}` where the table is to stand", begin.trim_end());
        Failure::new("`README.md` has no place for the table of providers").help(lines)
    })?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{MARKERS, replaced, shipped, table};
    use crate::workspace;

    /// A document that was just dropped in has no row yet, and breaks no test by that; `cargo xtask ci` wants all rows.
    #[test]
    fn each_row_of_the_readme_is_what_its_document_gives() {
        let readme = fs::read_to_string(workspace::root().join("README.md")).unwrap();
        let found = readme.split_once(MARKERS[0]).unwrap().1.split_once(MARKERS[1]).unwrap().0;
        let right = table::table(&shipped().unwrap());
        let wrong: Vec<_> = found.lines().filter(|row| !right.lines().any(|line| line == *row)).collect();
        assert!(wrong.is_empty() && found.lines().count() > 2, "{wrong:#?}\nhelp: `cargo xtask readme` writes the table");
    }

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = |table: &str| format!("a\n{}{table}{}\nb\n", MARKERS[0], MARKERS[1]);
        assert_eq!(replaced(&text("old\n"), "new\n").unwrap(), text("new\n"));
        let failure = replaced("a\nb\n", "new\n").unwrap_err().to_string();
        assert!(failure.starts_with("error: `README.md` has no place for the table of providers\nhelp: write "), "{failure}");
    }
}
