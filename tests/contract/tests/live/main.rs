//! Runs against a server that has somebody's rows: whatever happens to the run, the rows are as they were, and what the
//! run may not do it does not do.

mod garden;

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use crate::garden::{Garden, Habit, TOKEN};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/live/garden.yaml");

/// A folder of a test's own, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("contract-live-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made for temporary files");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract"));
    command.args(arguments).current_dir(&folder.0).env("CONTRACT_BEARER", TOKEN).stdin(Stdio::null());
    command
}

/// A run with a ledger of a known name.
fn run(folder: &Folder, garden: &Garden, more: &[&str]) -> Command {
    let arguments = [&["run", DOCUMENT, "--url", &garden.url, "--ledger", "run.ledger"], more].concat();
    command(folder, &arguments)
}

fn output(mut command: Command) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command is built beside its tests");
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

fn begun(mut command: Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command is built beside its tests")
}

#[test]
fn a_run_passes_and_leaves_every_row_as_it_was() {
    let (folder, garden) = (Folder::new("whole"), Garden::start(Habit::None));
    let before = garden.rows();
    let (code, text) = output(run(&folder, &garden, &[]));
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains(TOKEN), "{text}");
    assert_eq!(garden.rows(), before);
    assert!(garden.seen().iter().any(|seen| seen.method == "DELETE"));
}

#[test]
fn a_server_that_takes_any_token_is_found_out_and_no_part_of_the_token_is_told() {
    let (folder, garden) = (Folder::new("token"), Garden::start(Habit::TakesAnyToken));
    let (code, text) = output(run(&folder, &garden, &["--filter", "rejects_wrong_credentials", "--har", "run.har"]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("FAILED garden::get_plant::rejects_wrong_credentials"), "{text}");
    let har = fs::read_to_string(folder.0.join("run.har")).expect("the archive is written");
    assert!(!text.contains("rose") && !har.contains("tok-rose"), "{text}");
}

#[test]
fn several_cases_at_once_find_the_same() {
    let (folder, garden) = (Folder::new("jobs"), Garden::start(Habit::None));
    let before = garden.rows();
    let (code, text) = output(run(&folder, &garden, &["--jobs", "8"]));
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(garden.rows(), before);
}

#[test]
fn what_a_killed_run_left_is_removed_by_its_ledger() {
    for (method, number) in [("POST", 1), ("POST", 6), ("POST", 40), ("DELETE", 3), ("PATCH", 5), ("GET", 30)] {
        let (folder, garden) = (Folder::new(&format!("kill-{method}-{number}")), Garden::start(Habit::HangsAfter(method, number)));
        let before = garden.rows();
        let mut child = begun(run(&folder, &garden, &[]));
        let hangs = garden.wait_until_it_hangs();
        child.kill().expect("the run has not ended");
        child.wait().expect("the run has ended");
        assert!(hangs, "{method} {number} was never sent");
        let (code, text) = output(command(&folder, &["clean", "run.ledger"]));
        assert_eq!((code, garden.rows()), (Some(0), before), "{method} {number}: {text}");
        let (code, text) = output(command(&folder, &["clean", "run.ledger"]));
        assert_eq!(code, Some(0), "a second time: {text}");
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_run_well() {
    for (signal, expected) in [("INT", 130), ("TERM", 143)] {
        let (folder, garden) = (Folder::new(signal), Garden::start(Habit::HangsAfter("POST", 9)));
        let before = garden.rows();
        let mut child = begun(run(&folder, &garden, &[]));
        assert!(garden.wait_until_it_hangs());
        let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(killed.is_ok_and(|status| status.success()));
        let status = child.wait().expect("the run ends by itself");
        assert_eq!(status.code(), Some(expected));
        assert_eq!(garden.rows(), before);
    }
}

#[test]
fn what_was_stored_without_an_answer_is_found_and_removed() {
    let (folder, garden) = (Folder::new("closes"), Garden::start(Habit::ClosesAfter(3)));
    let before = garden.rows();
    let (code, text) = output(run(&folder, &garden, &[]));
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(garden.rows(), before, "{text}");
}

#[test]
fn a_row_that_has_the_mark_and_another_text_is_left_and_told() {
    let (folder, garden) = (Folder::new("alike"), Garden::start(Habit::HangsAfter("POST", 1)));
    (1..9).for_each(|number| garden.plant(&format!("My own contract-rose-{number} and nobody else's")));
    let mut child = begun(run(&folder, &garden, &["--mark", "rose"]));
    assert!(garden.wait_until_it_hangs());
    child.kill().expect("the run has not ended");
    child.wait().expect("the run has ended");
    let (code, text) = output(command(&folder, &["clean", "run.ledger"]));
    assert_eq!(garden.rows().iter().filter(|row| row.contains("My own")).count(), 8, "{text}");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("holds its mark in another text"), "{text}");
}

#[test]
fn on_an_account_only_what_is_given_is_written_to_and_nothing_learned_is_sent() {
    let (folder, garden) = (Folder::new("account"), Garden::start(Habit::None));
    let before = garden.rows();
    let (code, text) = output(run(&folder, &garden, &["--live", "--given", "garden_id=gd-own"]));
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(garden.rows(), before);
    for seen in garden.seen() {
        assert!(!seen.text.contains("Zanzibar") && !seen.target.contains("Zanzibar"), "{seen:?}");
        let is_foreign = seen.method != "GET" && (seen.target.contains("gd-ann") || seen.target.contains("gd-bea"));
        assert!(!is_foreign, "{seen:?}");
    }
    let created = garden.seen().iter().filter(|seen| seen.method == "POST" && seen.text.contains("contract-")).count();
    assert!(created > 5, "{created}");
}

#[test]
fn an_account_without_a_parent_for_tests_is_not_written_to() {
    let (folder, garden) = (Folder::new("no-parent"), Garden::start(Habit::None));
    let (code, text) = output(run(&folder, &garden, &["--live"]));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("--given garden_id=…"), "{text}");
    assert!(garden.seen().is_empty());
    let (code, text) = output(command(&folder, &["run", DOCUMENT, "--url", "http://192.0.2.7/v1"]));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("--live"), "{text}");
}

#[test]
fn a_run_that_only_looks_sends_nothing_that_could_write() {
    let (folder, garden) = (Folder::new("looks"), Garden::start(Habit::None));
    let (code, text) = output(run(&folder, &garden, &["--read-only"]));
    assert_eq!(code, Some(0), "{text}");
    assert!(garden.seen().iter().all(|seen| seen.method == "GET"));
    assert!(!garden.seen().is_empty());
}

#[test]
fn no_more_requests_are_sent_than_are_allowed() {
    for most in [1, 17, 60] {
        let (folder, garden) = (Folder::new(&format!("most-{most}")), Garden::start(Habit::None));
        let before = garden.rows();
        let (code, text) = output(run(&folder, &garden, &["--max-requests", &most.to_string()]));
        assert_eq!(code, Some(0), "{text}");
        assert!(garden.seen().len() <= most, "{} of {most}", garden.seen().len());
        assert_eq!(garden.rows(), before);
    }
}

#[test]
fn a_plan_says_what_is_sent_and_sends_nothing() {
    let (folder, garden) = (Folder::new("plan"), Garden::start(Habit::None));
    let (code, plan) = output(command(&folder, &["plan", DOCUMENT, "--url", &garden.url]));
    assert_eq!(code, Some(0), "{plan}");
    assert!(garden.seen().is_empty());
    let (code, text) = output(run(&folder, &garden, &[]));
    assert_eq!(code, Some(0), "{text}");
    let sent = |is: &dyn Fn(&str) -> bool| garden.seen().iter().filter(|seen| is(&seen.method)).count();
    let planned = |what: &str| -> usize {
        let line = plan.lines().find(|line| line.contains(what)).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    // It is made for a server that has nothing yet; what is there makes lists longer, and some looks shorter.
    for (what, sent) in [
        ("requests in all", sent(&|_| true)),
        ("create something", sent(&|method| method == "POST")),
        ("delete something", sent(&|method| method == "DELETE")),
    ] {
        let planned = planned(what);
        assert!((sent * 9 / 10..=sent * 5 / 4).contains(&planned), "{what}: {planned} planned, {sent} sent\n{plan}");
    }
    assert_eq!(planned("rows would stay"), 0, "{plan}");
}
