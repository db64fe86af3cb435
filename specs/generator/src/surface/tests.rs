//! A client that is written in part has the items of the whole one, under the same names.

use std::{collections::HashSet, fs, path::PathBuf};

use specs::{Api, Source, lower::lower};

use super::{
    Surface,
    closure::{Differences, Side},
};
use crate::generate;

/// The documents of the workspace that say odd things.
fn documents() -> Vec<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("../tests/corpus"), here.join("tests/fixtures/documents")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file() && !path.to_string_lossy().contains(".script.")).collect();
    files.sort();
    files
}

fn part(api: &Api, operation: &str) -> Surface {
    let lowered = lower(api);
    let mut side = Side::new(api, &lowered);
    let mut differs = Differences { operations: HashSet::from([operation.to_owned()]), types: HashSet::new() };
    differs.types = side.reached(operation);
    side.refuse(&lowered, &differs);
    side.surface(&differs)
}

#[test]
fn the_items_of_one_operation_are_among_those_of_the_client() {
    let mut compared = 0;
    for file in documents() {
        let Some(api) = specs::load(&Source::read(&file).unwrap()).api else { continue };
        let generated = generate(&api);
        let whole = generated.surface().unwrap();
        let known: HashSet<String> = whole.items().iter().map(ToString::to_string).collect();
        for id in &generated.operations {
            let part = part(&api, id);
            let strangers: Vec<String> = part.items().iter().map(ToString::to_string).filter(|line| !known.contains(line)).collect();
            assert_eq!(strangers, Vec::<String>::new(), "{}: {id}", file.display());
            assert!(part.items().iter().any(|item| item.path.starts_with("requests::")), "{}: {id}", file.display());
            compared += part.items().len();
        }
    }
    assert!(compared > 10_000, "{compared} items");
}
