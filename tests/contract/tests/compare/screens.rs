//! What a comparison shows, to the letter.

use std::{env, fs};

use contract::{Outcome, compare::Form};
use serde_json::{Value, json};

use crate::{compared, failed, passed};

#[test]
fn the_screen_says_who_is_odd_case_by_case() {
    let comparison = compared(&[
        (failed("status", "201"), passed()),
        (passed(), failed("status", "500")),
        (failed("status", "201"), failed("status", "201")),
        (Some(Outcome::New("a header `Pan` is not documented".into())), passed()),
    ]);
    let expected = "\
`mock` is the odd one out in 1 case
  kitchen::add_pan::rejects_missing_name
    a pan without a name is refused
    document  422 at `status`
    mock      201
    vendor    as the document says
  help: `contract run kitchen.yaml --url http://127.0.0.1:1 --filter <case>` shows the exchanges

`vendor` is the odd one out in 1 case
  kitchen::add_pan::rejects_malformed_json
    a pan that is not JSON is refused
    document  422 at `status`
    mock      as the document says
    vendor    500
  help: `contract run kitchen.yaml --url https://kitchen.example --filter <case>` shows the exchanges

the document is the odd one out in 1 case
  kitchen::add_pan::rejects_too_long_name
    a pan with a long name is refused
    document  422 at `status`
    mock      201
    vendor    201
  help: both do the same: mend the document

beyond the document
  kitchen::add_pan::accepts_the_minimal_body
    mock: a header `Pan` is not documented

1 agree, mock odd in 1, vendor odd in 1, the document odd in 1, no two agree in 0, 0 undecided
";
    assert_eq!(comparison.told(Form::Text), expected);
}

#[test]
fn the_screen_says_where_no_two_agree_and_what_is_undecided() {
    let skipped = || Some(Outcome::Skipped("no pan\nis there".to_owned()));
    let comparison = compared(&[
        (failed("status", "201"), failed("/name", "\"a|b\"")),
        (passed(), skipped()),
        (passed(), None),
        (failed("status", "201"), skipped()),
    ]);
    let expected = "\
no two agree in 1 case
  kitchen::add_pan::rejects_missing_name
    a pan without a name is refused
    document  what is required cannot be left out
    mock      201 at `status`
    vendor    \"a|b\" at `/name`
  help: ask the vendor which is meant, and mend the other two

undecided
  2 cases: skipped on `vendor`: no pan is there
  1 case: not run on `vendor`

0 agree, mock odd in 0, vendor odd in 0, the document odd in 0, no two agree in 1, 3 undecided
";
    assert_eq!(comparison.told(Form::Text), expected);
}

#[test]
fn a_page_has_the_odd_cases_in_a_table() {
    let comparison = compared(&[(failed("/name", "\"a|b\""), passed()), (passed(), passed()), (passed(), None)]);
    let expected = "\
## kitchen: mock and vendor

| agree | mock odd | vendor odd | document odd | no two agree | undecided |
|--:|--:|--:|--:|--:|--:|
| 1 | 1 | 0 | 0 | 0 | 1 |

| case | odd one out | document | mock | vendor |
|---|---|---|---|---|
| `kitchen::add_pan::rejects_missing_name` | **mock** | 422 | \"a\\|b\" | as the document says |
";
    assert_eq!(comparison.told(Form::Markdown), expected);
    assert!(compared(&[(passed(), passed())]).told(Form::Markdown).ends_with("| 1 | 0 | 0 | 0 | 0 | 0 |\n"));
}

#[test]
fn programs_are_told_everything() {
    let comparison = compared(&[(failed("status", "201"), passed()), (passed(), None)]);
    let told: Value = serde_json::from_str(&comparison.told(Form::Json)).expect("it is JSON");
    let expected = json!({
        "provider": "kitchen", "document": "kitchen.yaml", "seed": 7,
        "a": {"name": "mock", "url": "http://127.0.0.1:1"},
        "b": {"name": "vendor", "url": "https://kitchen.example"},
        "counts": {"agree": 0, "a": 1, "b": 0, "document": 0, "no_two_agree": 0, "undecided": 1},
        "cases": [
            {
                "case": "kitchen::add_pan::rejects_missing_name",
                "sentence": "a pan without a name is refused",
                "rule": "required", "verdict": "odd", "odd": "a",
                "a": {"outcome": "failed", "what": "status is 201", "place": "status", "expected": "422", "got": "201"},
                "b": {"outcome": "passed"},
            },
            {
                "case": "kitchen::add_pan::rejects_malformed_json",
                "sentence": "a pan that is not JSON is refused",
                "rule": "body_malformed", "verdict": "undecided", "odd": null, "why": "not run on `vendor`",
                "a": {"outcome": "passed"},
                "b": {"outcome": "not_run"},
            },
        ],
    });
    assert_eq!(told, expected);
}

#[test]
fn the_evidence_is_kept_in_a_folder() {
    let folder = env::temp_dir().join(format!("contract-evidence-{}", std::process::id()));
    let mut comparison = compared(&[(failed("status", "201"), passed())]);
    comparison.b.name = "kitchen.example:8080".to_owned();
    let files = comparison.record(&folder, ("{\"log\": 1}", "{\"log\": 2}"), |form| comparison.told(form)).expect("the folder is writable");
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert_eq!(names, ["mock.har", "kitchen.example-8080.har", "verdict.json", "verdict.md"]);
    assert_eq!(fs::read_to_string(&files[1]).expect("the file is there"), "{\"log\": 2}");
    assert_eq!(fs::read_dir(&folder).expect("the folder is there").count(), 4);
    comparison.b.name = "mock".to_owned();
    let files = comparison.record(&folder, ("", ""), |_| String::new()).expect("the folder is writable");
    assert!(files[0].ends_with("mock-a.har") && files[1].ends_with("mock-b.har"));
    fs::remove_dir_all(&folder).expect("the folder is ours");
}
