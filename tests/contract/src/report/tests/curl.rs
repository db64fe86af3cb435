//! The lines that repeat requests: bash reads from them what was sent.

use std::process::Command;

use super::{BASE, case, exchange, field, redactor, request, suite};
use crate::{
    case::{Edit, Kind, Refusal, Wanted},
    exchange::{Elsewhere, Intent, Request},
    report::curl::command,
    rule,
};

fn line(request: Request, edits: Vec<Edit>) -> String {
    let suite = suite();
    let mut case = case("create_stone", "a_case", rule::REQUIRED, "", "");
    case.kind = Kind::Refuse(Wanted::default(), edits, Refusal::Request);
    command(&exchange("create_stone", Intent::Test, request, Ok((200, ""))), BASE, &case, &redactor(&suite))
}

fn check(request: Request, expected: &str) {
    assert_eq!(line(request, Vec::new()), expected);
}

#[test]
fn a_line_has_what_was_sent() {
    check(request("GET", "/stones/s_1", &[], None), "curl -sS -i http://127.0.0.1:7070/v1/stones/s_1");
    check(request("HEAD", "/stones/s_1", &[], None), "curl -sS --head http://127.0.0.1:7070/v1/stones/s_1");
    check(
        request("POST", "/stones/../[x]?a=b&c", &[("X-Empty", ""), ("X-Said", "it's")], Some(b"it's\n\\ \xf0\x9f\x92\x8e \xff")),
        "curl -sS -i -X POST --path-as-is -g 'http://127.0.0.1:7070/v1/stones/../[x]?a=b&c' -H 'X-Empty;' -H $'X-Said: it\\'s' \
         -H Content-Type: --data-binary $'it\\'s\\n\\\\ 💎 \\xff'",
    );
    check(
        request("PUT", "/s", &[("Content-Type", "a/b")], Some(b"@x")),
        "curl -sS -i -X PUT http://127.0.0.1:7070/v1/s -H 'Content-Type: a/b' --data-raw @x",
    );
    check(
        request("PUT", "/s", &[("Content-Type", "a/b")], Some(b"a\0'%\\")),
        "printf 'a\\000\\047%%\\\\' | curl -sS -i -X PUT http://127.0.0.1:7070/v1/s -H 'Content-Type: a/b' --data-binary @-",
    );
    let long = request("PUT", "/s", &[("Content-Type", "a/b")], Some(&[b'a'; 9000]));
    assert!(line(long, Vec::new()).ends_with("--data-binary @body # the 9000 bytes of the body, as a HAR keeps them"));
    let mut elsewhere = request("GET", "/s", &[], None);
    elsewhere.elsewhere = Some(Elsewhere { instead_of: "/v1".to_owned(), path: "/v2".to_owned() });
    elsewhere.query = vec![field("a", "1"), field("b", "%20")];
    check(elsewhere, "curl -sS -i 'http://127.0.0.1:7070/v2/s?a=1&b=%20'");
}

#[test]
fn credentials_are_variables() {
    let rows = [
        ("Bearer tok_gneiss_7", "-H \"Authorization: Bearer $CONTRACT_BEARER\""),
        ("Bearer tok_gneiss_7x", "-H \"Authorization: Bearer ${CONTRACT_BEARER}x\""),
        ("tok_gneiss_7 \"", "-H 'Authorization: '\"$CONTRACT_BEARER\"' \"'"),
        ("Basic Zm9yZW1hbjpiYXNhbHQmOTk=", "-u \"$CONTRACT_BASIC\""),
        ("Bearer somebody_elses", "-H \"Authorization: Bearer $CONTRACT_BEARER\""),
        ("Basic c29tZWJvZHk6ZWxzZQ==", "-u \"$CONTRACT_BASIC\""),
        // Wrong, as anybody may know.
        ("Bearer tok_slag", "-H 'Authorization: Bearer tok_slag'"),
        ("Bearer", "-H 'Authorization: Bearer'"),
        ("Digest Y29udHJhY3Q6Y29udHJhY3Q=", "-H 'Authorization: Digest Y29udHJhY3Q6Y29udHJhY3Q='"),
        ("Bearer contract", "-H 'Authorization: Bearer contract'"),
    ];
    for (header, expected) in rows {
        check(request("GET", "/s", &[("Authorization", header)], None), &format!("curl -sS -i http://127.0.0.1:7070/v1/s {expected}"));
    }
    let wrong = request("GET", "/s", &[("Authorization", "Basic %%%")], None);
    let edits = vec![Edit::RawCredential("crew".to_owned(), "Basic %%%".to_owned())];
    assert_eq!(line(wrong, edits), "curl -sS -i http://127.0.0.1:7070/v1/s -H 'Authorization: Basic %%%'");
    let queries = [
        ("k%2Fey%2B%C3%A9", "curl -sS -i http://127.0.0.1:7070/v1/s --url-query \"seal=$CONTRACT_APIKEY\""),
        ("contract", "curl -sS -i 'http://127.0.0.1:7070/v1/s?seal=contract'"),
        ("other", "curl -sS -i http://127.0.0.1:7070/v1/s --url-query \"seal=$CONTRACT_APIKEY\""),
    ];
    for (value, expected) in queries {
        let mut request = request("GET", "/s", &[], None);
        request.query = vec![field("seal", value)];
        check(request, expected);
    }
    let echo = request("POST", "/s", &[("Content-Type", "text/plain")], Some(b"I am tok_gneiss_7, so"));
    check(echo, "curl -sS -i -X POST http://127.0.0.1:7070/v1/s -H 'Content-Type: text/plain' --data-binary \"I am $CONTRACT_BEARER, so\"");
}

/// What bash makes of words is what they were made from.
#[test]
fn bash_reads_words_as_they_were() {
    let bodies: [&[u8]; 6] =
        [b"a b", b"$HOME `id` \"!\" \\n", b"'\n\r\t\x01\x7f", "é 💎 \u{202e}".as_bytes(), b"\xff\xfe'", b"{\"a\": 'b'}\n"];
    for body in bodies {
        let words = line(request("POST", "/s", &[("Content-Type", "a/b")], Some(body)), Vec::new());
        let Some((_, word)) = words.split_once("--data-binary ") else { panic!("{words}") };
        let Ok(output) = Command::new("bash").arg("-c").arg(format!("printf %s {word}")).output() else { return };
        assert_eq!(output.stdout, body, "{word}");
    }
    let words = line(request("POST", "/s", &[], Some(b"\0a%\\'\xff")), Vec::new());
    let Some((printed, _)) = words.split_once(" |") else { panic!("{words}") };
    let Ok(output) = Command::new("bash").arg("-c").arg(printed).output() else { return };
    assert_eq!(output.stdout, b"\0a%\\'\xff");
}
