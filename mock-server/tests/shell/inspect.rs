//! `mock-server inspect`: the exact screen for a made-up document, and what it says of names and files.

use std::process::{Command, Output};

fn inspect(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-server"));
    command.arg("inspect").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn everything_that_is_known_is_shown_with_its_reason() {
    let output = inspect(&["--document", "tests/fixtures/observatory.yaml"]);
    let expected = include_str!("../fixtures/observatory.inspect.txt");
    let found = text(output.stdout);
    let help = "`cargo run -p mock-server -- inspect --document …` in `mock-server/` writes what is expected";
    assert_eq!(found.lines().collect::<Vec<_>>(), expected.lines().collect::<Vec<_>>(), "\n{found}\nhelp: {help}");
    assert!(output.status.success());
    assert!(found.lines().all(|line| line.chars().count() <= 110), "{found}");
}

#[test]
fn without_names_all_documents_are_shown_and_with_them_those() {
    let titles = |arguments: &[&str]| {
        let shown = text(inspect(arguments).stdout);
        let titles = shown.lines().filter(|line| line.contains(", version ") && !line.starts_with(' '));
        titles.filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect::<Vec<_>>()
    };
    let built_in: Vec<_> = mock_server::embedded().map(|source| source.name).collect();
    assert_eq!(titles(&[]), built_in);
    assert_eq!(titles(&[&built_in[0]]), built_in[..1]);
    assert_eq!(titles(&["--document", "dome=tests/fixtures/observatory.yaml"]), ["dome"]);
    assert_eq!(titles(&["--document", "tests/fixtures/observatory.yaml", &built_in[0]]), ["observatory", &built_in[0]]);
}

#[test]
fn a_document_with_problems_is_refused_where_it_is_read_strictly() {
    let sloppy = "../specs/tests/corpus/loading-lenient.yaml";
    assert!(inspect(&["--document", sloppy]).status.success());
    let output = inspect(&["--strict", "--document", sloppy]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(output.stdout), "");
    let said = text(output.stderr);
    assert!(said.contains("loading-lenient.yaml` cannot be used") && said.contains("[missing-member]"), "{said}");
    assert!(inspect(&["--strict", "--document", "../specs/tests/corpus/loading-links.yaml"]).status.success());
}

#[test]
fn an_unknown_name_ends_with_help() {
    let output = inspect(&["nobody"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(output.stderr);
    assert!(said.starts_with("error: no document is named `nobody`\nhelp: "), "{said}");
}
