//! What the harnesses have in common that name their tests themselves: the documents of a folder bring their tests, as
//! libtest-mimic runs them.

use std::{future::Future, path::Path, process::ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use specs::Problem;

/// Runs the tests of each file in a folder, and some more. Of a file that cannot be read one test says why. Scripts
/// beside documents are none of the files.
pub(crate) fn run(folder: &str, trials: impl Fn(&str, &Path) -> Result<Vec<Trial>, String>, more: Vec<Trial>) -> ExitCode {
    let arguments = Arguments::from_args();
    let files = match specs::documents(folder.as_ref()) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("error: failed to read `{folder}`: {error}");
            return ExitCode::FAILURE;
        }
    };
    let of_file = |file: &Path| {
        let name = name(file);
        if !is_wanted(&name, &arguments) {
            return Vec::new();
        }
        trials(&name, file).unwrap_or_else(|why| vec![Trial::test(format!("{name}::can_be_read"), || Err(why.into()))])
    };
    let of_files = files.iter().filter(|file| !is_script(file)).flat_map(|file| of_file(file));
    libtest_mimic::run(&arguments, of_files.chain(more).collect()).exit_code()
}

/// Whether a file is a script, and stands beside the document that it is about.
pub(crate) fn is_script(file: &Path) -> bool {
    file.file_stem().is_some_and(|stem| Path::new(stem).extension().is_some_and(|ending| ending == "script"))
}

/// Runs a test on a runtime of its own.
pub(crate) fn block_on(test: impl Future<Output = Result<(), Failed>>) -> Result<(), Failed> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}

/// Problems as a person reads them.
pub(crate) fn joined(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The name that the tests of a file begin with.
fn name(file: &Path) -> String {
    file.file_stem().map(|stem| specs::document::identifier(&stem.to_string_lossy())).unwrap_or_default()
}

/// Whether a test of this name can be meant. nextest runs each test in a process of its own and names it in full: the
/// other files need not be read for that.
fn is_wanted(name: &str, arguments: &Arguments) -> bool {
    let exact = arguments.filter.as_ref().filter(|_| arguments.exact);
    exact.is_none_or(|test| test.starts_with(&format!("{name}::")))
}
