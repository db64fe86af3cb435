//! Every example of the client runs to its end on a mock of its own.
//!
//! Which examples there are is what the folder holds. They are built with the whole workspace, so that features are
//! those that everything else was built with, and nothing is built a second time.

use std::{fs, io::Write, process::Command};

use super::steps::Done;
use crate::{Failure, workspace};

/// Builds all and runs each.
pub(crate) fn run(screen: &mut dyn Write) -> Result<Done, Failure> {
    if !workspace::succeeds(&mut workspace::cargo(&["build", "--quiet", "--workspace", "--examples"]))? {
        return Ok(Done::Failed);
    }
    let folder = workspace::target()?.join("debug").join("examples");
    let mut done = Done::Passed;
    for name in names()? {
        let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        writeln!(screen, "{name}")?;
        screen.flush()?;
        if !workspace::succeeds(&mut Command::new(&program))? {
            writeln!(screen, "error: the example `{name}` failed\nhelp: `cargo run --example {name}` runs it alone")?;
            done = Done::Failed;
        }
    }
    Ok(done)
}

/// Names of the examples, in order.
fn names() -> Result<Vec<String>, Failure> {
    let folder = workspace::root().join("examples");
    let cannot = |error| Failure::new(format!("cannot read `{}`", folder.display())).because(error);
    let entries = fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>).map_err(cannot)?;
    let files = entries.iter().map(fs::DirEntry::path).filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let mut names = files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect::<Vec<_>>();
    names.sort();
    Ok(names)
}
