//! The forms that people read, as they read them.

use std::path::Path;

use super::{document, report, shown, suite};
use crate::{
    coverage::Coverage,
    report::{Colour, Counts, Finished, Progress, Shown, github, markdown, text},
};

#[test]
fn a_terminal_shows_what_did_not_pass() {
    assert_eq!(text(&shown(), Colour::Plain), include_str!("run.txt"));
}

#[test]
fn a_terminal_has_colour_where_it_is_wanted() {
    let coloured = text(&shown(), Colour::Terminal);
    assert!(coloured.contains("\u{1b}[1;31mFAILED\u{1b}[0m \u{1b}[1mquarry::create_stone::keeps_label\u{1b}[0m\n"), "{coloured}");
    let mut plain = coloured;
    for code in ["1", "1;31", "2", "0"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(plain, include_str!("run.txt"));
}

#[test]
fn a_run_in_which_all_is_well_says_so_in_a_line() {
    let mut report = report();
    report.finished.truncate(1);
    (report.residue, report.warnings) = (Vec::new(), Vec::new());
    let shown = Shown::new(&report, &super::redactor(&suite()));
    assert_eq!(text(&shown, Colour::Plain), "1 passed, 0 failed, 0 blocked, 0 new, 0 skipped\n");
    assert_eq!(markdown(&shown), "### `quarry` at `http://127.0.0.1:7070/v1`: 1 passed, 0 failed, 0 blocked, 0 new, 0 skipped\n");
    assert_eq!(github(&shown, suite().api(), &document(), Path::new("elsewhere")), "");
}

#[test]
fn a_pull_request_shows_what_did_not_pass() {
    assert_eq!(markdown(&shown()), include_str!("run.md"));
}

#[test]
fn details_that_a_comment_has_no_room_for_are_left_out() {
    let mut report = report();
    let failed = report.finished[2].clone();
    report.finished = vec![failed; 200];
    let text = markdown(&Shown::new(&report, &super::redactor(&suite())));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.contains(" more are left out here."), "{text}");
}

#[test]
fn annotations_stand_at_the_operation() {
    let document = document();
    let shown = shown();
    assert_eq!(github(&shown, suite().api(), &document, Path::new("elsewhere")), include_str!("run.github"));
    let below = github(&shown, suite().api(), &document, Path::new("documents"));
    assert!(below.starts_with("::error file=quarry.yaml,line=25,col=5,"), "{below}");
}

#[test]
fn coverage_is_shown_where_it_was_asked_for() {
    let mut report = report();
    let exchanges: Vec<_> = report.finished.iter().flat_map(|one| one.verdict.exchanges.clone()).collect();
    report.coverage = Some(Coverage::of(&suite(), &exchanges));
    let shown = Shown::new(&report, &super::redactor(&suite()));
    let text = text(&shown, Colour::Plain);
    assert!(text.contains("\nCoverage\n  operations asked "), "{text}");
    assert!(text.contains("  not reached: parameters\n    list_stones  query kind, header X-Units\n"), "{text}");
    assert!(markdown(&shown).contains("\n#### Coverage\n\n| of | reached |\n"));
}

#[test]
fn progress_is_one_line_that_goes_when_the_run_ends() {
    let mut screen = Vec::new();
    let all: Vec<Finished> = report().finished;
    let mut progress = Progress::on(&mut screen);
    progress.show(&Counts::default(), all.len(), "quarry::list_stones::accepts_the_documented_example");
    progress.show(&Counts::of(&all), 1000, &"x".repeat(100));
    drop(progress);
    let long = "x".repeat(79 - "   9/1000, 2 failed, 2 blocked, 1 new  ".len());
    let expected = format!(
        "\r\u{1b}[K0/9  quarry::list_stones::accepts_the_documented_example\r\u{1b}[K   9/1000, 2 failed, 2 blocked, 1 new  {long}\r\u{1b}[K"
    );
    assert_eq!(String::from_utf8(screen).unwrap(), expected);
}

#[test]
fn nothing_a_server_says_moves_the_cursor() {
    let mut report = report();
    report.finished.truncate(4);
    for exchange in report.finished.iter_mut().flat_map(|one| &mut one.verdict.exchanges) {
        exchange.response = Ok(crate::Response {
            status: 200,
            headers: vec![("x".to_owned(), "\u{1b}[2J".to_owned())],
            body: b"\x1b[2J\x07 \xe2\x80\xae".to_vec(),
        });
    }
    let text = text(&Shown::new(&report, &super::redactor(&suite())), Colour::Plain);
    assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
    assert!(text.contains("  x: \\u{1b}[2J\n") && text.contains("\\u{1b}[2J\\u{7} \\u{202e}\n"), "{text}");
}
