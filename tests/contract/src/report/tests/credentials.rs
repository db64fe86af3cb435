//! No form tells a credential, wherever a server puts it.

use std::path::Path;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{document, field, finished, redactor, report, request, suite};
use crate::{
    Redactor, Suite,
    case::{Failure, Outcome},
    exchange::{Exchange, Intent, Response},
    report::{Colour, Har, Report, Shown, github, json, junit, markdown, text},
    rule,
};

/// The credentials of the document, and their spellings.
fn secrets() -> Vec<String> {
    let mut all = Vec::new();
    for secret in ["tok_gneiss_7", "foreman:basalt&99", "foreman", "basalt&99", "k/ey+é"] {
        all.push(secret.to_owned());
        all.push(percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC).to_string());
        all.push(STANDARD.encode(secret));
        all.push(secret.replace('/', "\\/"));
        all.push(secret.replace('é', "\\u00e9"));
    }
    all
}

/// A run whose server says everything that it was sent, and whose errors do.
fn echoing() -> Report {
    let echo = secrets().join(" | ");
    let mut asked = request(
        "GET",
        &format!("/stones/{}?seal=ab", secrets()[1]),
        &[("Authorization", super::PASS), ("Cookie", "a=xyz_cookie"), ("X-Echo", &echo)],
        None,
    );
    asked.query = vec![field("seal", "k%2Fey%2B%C3%A9"), field("note", "tok_gneiss_7")];
    let answered = |body: Vec<u8>| {
        let mut exchange = super::exchange("get_stone", Intent::Test, asked.clone(), Ok((200, "")));
        let headers = [("x-echo", echo.as_str()), ("Set-Cookie", "a=xyz_cookie"), ("seal-of", "http://h/?seal=ab&x=1"), (&echo, "v")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        exchange.response = Ok(Response { status: 500, headers, body });
        exchange
    };
    let silent = Exchange { response: Err(format!("failed to ask http://h/?seal=ab&x: {echo}")), ..answered(Vec::new()) };
    let binary = [b"\xff", echo.as_bytes()].concat();
    let mut posted = answered(binary.clone());
    posted.request.body = Some(binary);
    let failure = || Failure { what: echo.clone(), place: format!("/{echo}"), expected: echo.clone(), got: echo.clone() };
    let case = |name: &str| super::case("get_stone", name, rule::EXAMPLE, "", &format!("it says {echo}"));
    let mut report = report();
    report.url = format!("http://user:basalt&99@127.0.0.1:1/?seal=ab&tok={}", secrets()[0]);
    report.finished = vec![
        finished(case("fails"), Outcome::Failed(failure()), vec![answered(echo.clone().into_bytes())]),
        finished(case("fails_in_bytes"), Outcome::Failed(failure()), vec![posted]),
        finished(case("is_new"), Outcome::New(failure()), vec![answered(Vec::new())]),
        finished(case("is_blocked"), Outcome::Blocked(echo.clone()), vec![silent.clone()]),
        finished(case("is_unanswered"), Outcome::Unreachable(echo.clone()), vec![silent]),
        finished(case("is_skipped"), Outcome::Skipped(echo.clone()), Vec::new()),
        crate::report::Finished { accepted: Some(echo.clone()), ..finished(case("is_accepted"), Outcome::Failed(failure()), Vec::new()) },
    ];
    (report.residue, report.warnings) = (vec![echo.clone()], vec![echo]);
    report
}

fn forms(report: &Report, suite: &Suite, redactor: &Redactor) -> Vec<(&'static str, String)> {
    let shown = Shown::new(report, redactor);
    vec![
        ("text", text(&shown, Colour::Plain)),
        ("json", json(&shown)),
        ("junit", junit(&shown).unwrap()),
        ("markdown", markdown(&shown)),
        ("github", github(&shown, suite.api(), &document(), Path::new(""))),
        ("har", Har::of(report, redactor).to_json()),
    ]
}

#[test]
fn no_form_tells_a_credential() {
    let suite = suite();
    for (form, text) in forms(&echoing(), &suite, &redactor(&suite)) {
        let decoded: String = text
            .split(|c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c))
            .filter(|word| word.len() > 20)
            .filter_map(|word| STANDARD.decode(word).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .collect();
        for secret in secrets().iter().map(String::as_str).chain(["xyz_cookie", "seal=ab"]) {
            assert!(!text.contains(secret), "{form} tells `{secret}`: {text}");
            assert!(!decoded.contains(secret), "{form} tells `{secret}` in Base64: {text}");
        }
        assert!(text.contains("REDACTED"), "{form} hides nothing: {text}");
    }
}
