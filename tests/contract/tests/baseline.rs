//! Accepted failures: what a file may say, what is accepted by it, and what becomes of it.

use std::time::Duration;

use chrono::NaiveDate;
use contract::{
    Baseline, Failure, Outcome, Suite, Verdict,
    baseline::{Acceptance, NotAccepted},
    report::{Finished, Report},
};
use specs::{Problem, Source};

const KITCHEN: &str = "
openapi: 3.1.0
info: {title: Kitchen, version: '1'}
paths:
  /pans:
    post:
      operationId: addPan
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string, maxLength: 9}}}
      responses: {'201': {description: Added.}, '422': {description: Refused.}}
";

const FILE: &str = "\
# What the vendor knows of.
accepted:
# The great one.
- case: kitchen::add_pan::accepts_the_longest_name
  rule: edge
  place: status
  got: '500'
  reason: it burns
  since: 2026-12-01
  expires: 2027-01-31
- case: kitchen::add_pan::rejects_missing_name
  rule: required
  place: status # whatever it is
  reason: they take everything
  since: 2026-12-01
  expires: 2027-01-14
";

fn suite() -> Suite {
    Suite::new(specs::load(&Source::new("kitchen", "kitchen.yaml", KITCHEN.to_owned())).api.expect("the document is sound"), 0)
}

fn failed(place: &str, got: &str) -> Outcome {
    Outcome::Failed(Failure { what: format!("got {got}"), place: place.to_owned(), expected: "another".to_owned(), got: got.to_owned() })
}

/// A report of these cases, by name, in this order.
fn report(cases: &[(&str, Outcome)]) -> Report {
    let suite = suite();
    let finished = |(name, outcome): &(&str, Outcome)| {
        let case = suite.cases().iter().find(|case| case.name == *name);
        let case = case.expect("the document has the case");
        let verdict = Verdict { outcome: outcome.clone(), exchanges: Vec::new() };
        Finished { case: case.clone(), verdict, cleaning: Vec::new(), took: Duration::ZERO, accepted: None }
    };
    Report {
        provider: "kitchen".to_owned(),
        file: "kitchen.yaml".to_owned(),
        url: "http://127.0.0.1".to_owned(),
        seed: 0,
        finished: cases.iter().map(finished).collect(),
        ..Report::default()
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("the day is a date")
}

fn read(text: &str) -> Baseline {
    Baseline::read("accepted.yaml", text).expect("the file is sound")
}

fn shown(problems: &[Problem]) -> String {
    problems.iter().flat_map(|problem| [problem.to_string(), "\n".to_owned()]).collect()
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_line_and_fix() {
    let check = |text: &str, expected: &str| {
        let problems = Baseline::read("accepted.yaml", text).expect_err("the file is wrong");
        assert_eq!(shown(&problems), expected, "{text}");
    };
    let row = |old: &str, new: &str, expected: &str| {
        assert!(FILE.contains(old), "{old}");
        check(&FILE.replacen(old, new, 1), expected);
    };
    row(
        "  rule: edge\n",
        "",
        "error[baseline]: `rule` is missing\n  --> accepted.yaml:4:3 (#/accepted/0)\n  help: write it, or let `--accept` write the entry\n",
    );
    row(
        "it burns",
        "''",
        "error[baseline]: `reason` is missing\n  --> accepted.yaml:4:3 (#/accepted/0)\n  help: write why it is accepted\n",
    );
    row(
        "reason",
        "raeson",
        "error[baseline]: nothing is called `raeson` here\n  --> accepted.yaml:8:3 (#/accepted/0/raeson)\n  help: write `reason`\n\
         error[baseline]: `reason` is missing\n  --> accepted.yaml:4:3 (#/accepted/0)\n  help: write why it is accepted\n",
    );
    row("'500'", "500", "error[baseline]: this is no text\n  --> accepted.yaml:7:3 (#/accepted/0/got)\n  help: put it in quotes\n");
    row(
        "2027-01-31",
        "soon",
        "error[baseline]: `soon` is no date\n  --> accepted.yaml:10:3 (#/accepted/0/expires)\n  help: write it as 2027-01-31\n",
    );
    row(
        "2027-01-31",
        "2026-01-31",
        "error[baseline]: 2026-01-31 is before 2026-12-01\n  --> accepted.yaml:10:3 (#/accepted/0/expires)\n  help: write the last day on which it is accepted\n",
    );
    row(
        "got: '500'",
        "blocked: true",
        "error[baseline]: what is blocked has no place and got nothing\n  --> accepted.yaml:7:3 (#/accepted/0/blocked)\n  help: leave out `place` and `got`, or `blocked`\n",
    );
    let twice = FILE.replace("rejects_missing_name", "accepts_the_longest_name").replace("  got: '500'\n", "");
    check(
        &twice,
        "error[baseline]: this failure is accepted in line 4 already\n  --> accepted.yaml:10:3 (#/accepted/1)\n  help: take one of them out\n",
    );
    check(
        "accepted: 7\n",
        "error[baseline]: this is no list\n  --> accepted.yaml:1:1 (#/accepted)\n  help: write a list of failures: `- case: …`\n",
    );
    check(
        "acepted: []\n",
        "error[baseline]: nothing is called `acepted` here\n  --> accepted.yaml:1:1 (#/acepted)\n  help: write `accepted`\n",
    );
    assert_eq!(read("# nothing yet\n").entries, []);
    assert_eq!(read("accepted:\n").entries, []);
}

#[test]
fn a_failure_is_accepted_and_another_one_of_the_same_case_is_not() {
    let check = |outcome: Outcome, accepted: Option<&str>, told: &str| {
        let mut report = report(&[("accepts_the_longest_name", outcome)]);
        let problems = read(FILE).judge(&mut report, day("2027-01-15"));
        assert_eq!((report.finished[0].accepted.as_deref(), shown(&problems).as_str()), (accepted, told));
    };
    check(failed("status", "500"), Some("it burns"), "");
    let otherwise = |what: &str| {
        let case = "`kitchen::add_pan::accepts_the_longest_name`";
        format!("warning[accepted-in-vain]: {case} {what}\n  --> accepted.yaml:4:3\n  help: take the entry out\n")
    };
    check(failed("status", "400"), None, &otherwise("fails otherwise than is accepted: got 400"));
    check(failed("/name", "500"), None, &otherwise("fails otherwise than is accepted: got 500"));
    check(Outcome::Passed, None, &otherwise("passes, and is accepted as failing"));
    check(Outcome::New("more".into()), None, &otherwise("passes, and is accepted as failing"));
    check(Outcome::Blocked("no pan".to_owned()), None, "");
    check(Outcome::Skipped("no pan".to_owned()), None, "");
}

#[test]
fn an_entry_counts_until_its_last_day() {
    let check = |today: &str, accepted: Option<&str>, told: &str| {
        let mut report = report(&[("rejects_missing_name", failed("status", "201"))]);
        let problems = read(FILE).judge(&mut report, day(today));
        assert_eq!((report.finished[0].accepted.as_deref(), shown(&problems).as_str()), (accepted, told));
    };
    check("2027-01-14", Some("they take everything"), "");
    let told = "warning[acceptance-expired]: `kitchen::add_pan::rejects_missing_name` is accepted until 2027-01-14 and fails as before, so \
                that it counts again\n  --> accepted.yaml:11:3\n  help: mend what fails, or accept it anew with `--accept`\n";
    check("2027-01-15", None, told);
}

#[test]
fn what_was_not_run_is_not_judged_and_what_is_no_case_is_told() {
    assert_eq!(read(FILE).judge(&mut report(&[]), day("2029-01-01")), []);
    assert_eq!(read(FILE).unknown(&suite()), []);
    let text = FILE
        .replace("accepts_the_longest_name", "accepts_the_lengest_name")
        .replace("kitchen::add_pan::rejects", "cellar::add_pan::rejects");
    let told = "warning[accepted-case-unknown]: there is no case `kitchen::add_pan::accepts_the_lengest_name`\n  --> accepted.yaml:4:3\n  \
                help: take the entry out\n";
    assert_eq!(shown(&read(&text).unknown(&suite())), told);
}

fn acceptance(reason: &str) -> Acceptance {
    Acceptance { reason: reason.to_owned(), today: day("2027-01-15"), expires: None }
}

fn block(name: &str, rule: &str, says: &str, reason: &str) -> String {
    format!("- case: kitchen::add_pan::{name}\n  rule: {rule}\n{says}  reason: {reason}\n  since: 2027-01-15\n  expires: 2027-04-15\n")
}

#[test]
fn failures_become_entries_that_accept_them() {
    let cases = [
        ("rejects_missing_name", failed("status", "201")),
        ("accepts_the_longest_name", failed("/name", "it's \"cold\": #1")),
        ("accepts_the_minimal_body", Outcome::Blocked("no pan".to_owned())),
        ("rejects_malformed_json", Outcome::Passed),
    ];
    let mut judged = report(&cases);
    let accepted = read("").accept(&judged, &acceptance("see #4:\n  it is known")).expect("the file can be written");
    let expected = format!(
        "# Failures of contract tests that are accepted for a while. `contract run … --accept --reason WHY` adds to this file;\n\
         # edit it as you like. An entry counts until its last day; take out what no longer occurs.\n\
         accepted:\n{}{}{}",
        block("accepts_the_longest_name", "edge", "  place: /name\n", "\"see #4: it is known\""),
        block("accepts_the_minimal_body", "minimal", "  blocked: true\n", "\"see #4: it is known\""),
        block("rejects_missing_name", "required", "  place: status\n  got: \"201\"\n", "\"see #4: it is known\""),
    );
    assert_eq!(accepted.text, expected);
    assert_eq!(accepted.added.len(), 3);
    assert_eq!(read(&accepted.text).judge(&mut judged, day("2027-01-15")), []);
    assert!(judged.finished.iter().take(3).all(|finished| finished.accepted.as_deref() == Some("see #4: it is known")));
    // Once more, and nothing is new.
    let again = read(&accepted.text).accept(&judged, &acceptance("again")).expect("the file can be written");
    assert_eq!((again.text, again.added, again.renewed), (accepted.text, Vec::<String>::new(), Vec::new()));
}

#[test]
fn entries_are_put_in_order_and_what_people_wrote_stays() {
    let cases = [
        ("rejects_missing_name", failed("status", "201")),
        ("accepts_the_minimal_body", failed("", "")),
        ("rejects_malformed_json", failed("status", "201")),
    ];
    let check = |text: &str, expected: &str| {
        let accepted = read(text).accept(&report(&cases), &acceptance("known")).expect("the file can be edited");
        assert_eq!(accepted.text, expected);
        read(&accepted.text);
    };
    let json = block("rejects_malformed_json", "body_malformed", "  place: status\n  got: \"201\"\n", "known");
    let minimal = block("accepts_the_minimal_body", "minimal", "", "known");
    let renewed = FILE.replace("they take everything", "known").replace("2027-01-14", "2027-04-15");
    let at = renewed.find("- case: kitchen::add_pan::rejects").expect("the entry is there");
    check(FILE, &format!("{}{minimal}{json}{}", &renewed[..at], &renewed[at..]));
    // A comment above an entry goes with it, what follows the list stays behind it, and an indented list stays indented.
    let commented = FILE.replace("- case: kitchen::add_pan::rejects", "# Two.\n- case: kitchen::add_pan::rejects") + "\n# The end.\n";
    let renewed = renewed.replace("- case: kitchen::add_pan::rejects", "# Two.\n- case: kitchen::add_pan::rejects") + "\n# The end.\n";
    check(&commented, &format!("{}{minimal}{json}{}", &renewed[..at], &renewed[at..]));
    let indented = |text: &str| {
        text.lines().map(|line| if line.starts_with(['-', ' ']) { format!("  {line}\n") } else { format!("{line}\n") }).collect::<String>()
    };
    check(&indented(&commented), &indented(&format!("{}{minimal}{json}{}", &renewed[..at], &renewed[at..])));
}

#[test]
fn what_is_not_written_in_lines_is_added_all_the_same() {
    let cases = [("accepts_the_minimal_body", failed("", "")), ("rejects_missing_name", failed("status", "201"))];
    let check = |text: &str, entries: usize| {
        let accepted = read(text).accept(&report(&cases), &acceptance("known")).expect("the file can be edited");
        let mut judged = report(&cases);
        assert_eq!(read(&accepted.text).judge(&mut judged, day("2027-01-15")), [], "{}", accepted.text);
        assert_eq!(read(&accepted.text).entries.len(), entries, "{}", accepted.text);
        assert!(judged.finished.iter().all(|finished| finished.accepted.is_some()), "{}", accepted.text);
    };
    check("accepted: []\n", 2);
    check("# None yet.\n", 2);
    check("accepted: [{case: a::b::c, rule: edge, reason: it is, since: 2026-01-01, expires: 2028-01-01}]", 3);
    check(&FILE.replace('\n', "\r\n"), 3);
    check(FILE.trim_end(), 3);
}

#[test]
fn nothing_is_accepted_without_a_reason_or_for_days_that_are_over() {
    let report = report(&[("accepts_the_longest_name", failed("status", "500"))]);
    assert_eq!(read("").accept(&report, &acceptance(" \n")), Err(NotAccepted::NoReason));
    let over = Acceptance { expires: Some(day("2027-01-14")), ..acceptance("known") };
    assert_eq!(read("").accept(&report, &over), Err(NotAccepted::Over(day("2027-01-14"))));
    let last = Acceptance { expires: Some(day("2027-01-15")), ..acceptance("known") };
    assert!(read("").accept(&report, &last).is_ok_and(|accepted| accepted.text.contains("expires: 2027-01-15")));
}
