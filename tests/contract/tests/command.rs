//! The command: what it prints, and its exit codes.

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::{Command, Output},
    thread,
};

const PANTRY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/pantry.yaml");

fn contract(arguments: &[&str]) -> Output {
    // What a run keeps is kept where the command runs.
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract"));
    command.args(arguments).current_dir(std::env::temp_dir()).output().expect("the command is built beside its tests")
}

fn check(arguments: &[&str], code: i32, says: &[&str]) {
    let output = contract(arguments);
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    for said in says {
        assert!(text.contains(said), "{arguments:?} does not say `{said}`: {text}");
    }
}

#[test]
fn list_prints_cases_with_their_sentences() {
    check(&["list", PANTRY, "--filter", "get_recipe::"], 0, &["pantry::get_recipe::rejects_an_unknown_item  `get_recipe` refuses"]);
}

#[test]
fn matrix_prints_rules_with_cases_or_reasons() {
    let says = ["pantry::list_entries  GET /recipes/{recipe_id}/entries", "✓ lists_its_recipe_id_alone  recipe_id", "– it has no pages"];
    check(&["matrix", PANTRY], 0, &says);
}

#[test]
fn wrong_arguments_are_told_with_what_would_do() {
    check(&["run"], 2, &["--url"]);
    check(&["list", "no-such-document"], 2, &["there is no document `no-such-document`", "help:"]);
    check(&["run", PANTRY, "--url", "http://127.0.0.1:1", "--given", "key"], 2, &["name=key"]);
    let nothing = ["run", PANTRY, "--url", "http://127.0.0.1:1", "--filter", "no-such-case"];
    check(&nothing, 2, &["no case has `no-such-case` in its name", "help:"]);
}

#[test]
fn a_server_that_is_not_there_cannot_be_reached() {
    check(&["run", PANTRY, "--url", "http://127.0.0.1:1"], 3, &["no response to", "help:"]);
}

#[test]
fn a_failed_case_is_told_with_its_exchange_and_no_credential() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            _ = stream.read(&mut [0; 4096]);
            _ = stream.write_all(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    let arguments = ["run", PANTRY, "--url", &format!("http://{address}"), "--filter", "get_recipe::accepts_the_documented_example"];
    let text = contract(&arguments).stdout;
    assert!(!String::from_utf8_lossy(&text).contains("tok_basil"));
    check(
        &arguments,
        1,
        &["FAILED pantry::get_recipe::accepts_the_documented_example", "GET /recipes/rc_00000001", "→ 500", "0 passed, 1 failed"],
    );
}
