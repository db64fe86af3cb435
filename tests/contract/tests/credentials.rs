//! Credentials from the environment: which variable is for what, and what is told before anything is sent.

use std::collections::HashMap;

use contract::{Credentials, credentials::Unusable};
use specs::{Api, Source};

/// A vendor with a scheme of every kind, and operations that ask for them in turn.
const LOCKS: &str = "
openapi: 3.1.0
info: {title: Locks, version: '1'}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
    login: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: X-Key}
    app-id: {type: apiKey, in: query, name: app}
    crumb: {type: apiKey, in: cookie, name: crumb}
    digest: {type: http, scheme: Digest}
    card: {type: mutualTLS}
    unused: {type: http, scheme: bearer}
x-mock:
  credentials:
    token: {example: tok_brass}
paths:
  /doors:
    get: {operationId: listDoors, security: [{token: []}, {key: []}], responses: {'200': {description: Doors.}}}
    post: {operationId: addDoor, security: [{login: []}], responses: {'201': {description: Added.}}}
  /keys:
    get: {operationId: listKeys, security: [{key: [], app-id: []}], responses: {'200': {description: Keys.}}}
    post: {operationId: addKey, security: [{crumb: []}, {digest: []}, {}], responses: {'201': {description: Added.}}}
    delete: {operationId: dropKeys, security: [{card: []}], responses: {'204': {description: Gone.}}}
";

fn api(text: &str) -> Api {
    specs::load(&Source::new("locks", "locks.yaml", text.to_owned())).api.expect("the document is sound")
}

fn read(text: &str, variables: &[(&str, &str)]) -> Result<Credentials, Vec<Unusable>> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    Credentials::of_environment(&api(text), |name| variables.get(name).map(|value| (*value).to_owned()))
}

#[test]
fn a_scheme_has_its_own_variable_or_that_of_its_kind() {
    let check = |variables: &[(&str, &str)], scheme: &str, expected: &str| {
        let credentials = read(LOCKS, variables).expect("the variables can be used");
        assert_eq!(credentials.of(scheme), expected, "{variables:?}");
        assert_eq!(credentials.is_given(scheme), variables.iter().any(|(_, value)| *value == expected), "{variables:?}");
    };
    check(&[], "token", "tok_brass");
    check(&[], "login", "contract:contract");
    check(&[("CONTRACT_BEARER", "t-1")], "token", "t-1");
    check(&[("CONTRACT_BEARER", "t-1"), ("CONTRACT_TOKEN", "t-2")], "token", "t-2");
    check(&[("CONTRACT_BASIC", "robin:p:w")], "login", "robin:p:w");
    check(&[("CONTRACT_LOGIN", "key:")], "login", "key:");
    check(&[("CONTRACT_APP_ID", "a b/ü")], "app-id", "a b/ü");
    check(&[("CONTRACT_APIKEY", "k-1"), ("CONTRACT_APP_ID", "k-2")], "key", "k-1");
    check(&[("CONTRACT_BEARER", "t-1")], "digest", "t-1");
}

#[test]
fn what_no_request_could_carry_is_told_and_never_shown() {
    let check = |variable: &str, value: &str, expected: &str| {
        let unusable = read(LOCKS, &[(variable, value)]).expect_err("the value cannot be sent");
        let told: Vec<String> = unusable.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expected]);
    };
    check("CONTRACT_TOKEN", "", "error: `CONTRACT_TOKEN` is empty\nhelp: give it the credential of `token`, or unset it");
    check("CONTRACT_TOKEN", "t-1\n", "error: `CONTRACT_TOKEN` has an end of line in it\nhelp: leave it out: `$(cat FILE)` does");
    check("CONTRACT_APP_ID", "a\u{7}", "error: `CONTRACT_APP_ID` has a control character in it\nhelp: copy it again, as text");
    check("CONTRACT_KEY", " k", "error: `CONTRACT_KEY` begins or ends with a space\nhelp: leave the space out");
    let word = "error: `CONTRACT_TOKEN` begins with `Bearer`\nhelp: leave the word out: it is put before when it is sent";
    check("CONTRACT_TOKEN", "bearer t-1", word);
    let unsafe_header = "error: `CONTRACT_KEY` has a character in it that no header may have\nhelp: copy it again, as the vendor shows it";
    check("CONTRACT_KEY", "schlüssel", unsafe_header);
    let unsafe_cookie =
        "error: `CONTRACT_CRUMB` has a character in it that no cookie may have\nhelp: copy it again, as the vendor shows it";
    check("CONTRACT_CRUMB", "a;b", unsafe_cookie);
    let colon = "error: `CONTRACT_BASIC` has no colon in it\nhelp: write `user:password`, or `key:` where there is no password";
    check("CONTRACT_BASIC", "robin", colon);
    let encoded =
        "error: `CONTRACT_BASIC` begins with `Basic`\nhelp: write `user:password` as they are: they are encoded when they are sent";
    check("CONTRACT_BASIC", "Basic cm9iaW46cHc=", encoded);
}

#[test]
fn a_variable_that_is_meant_for_two_is_told() {
    let check = |text: &str, variables: &[(&str, &str)], expected: &str| {
        let unusable = read(text, variables).expect_err("the variable is ambiguous");
        assert_eq!(unusable.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    };
    let together = "error: `CONTRACT_APIKEY` would be the credential of both `key` and `app-id`\n\
                    help: set `CONTRACT_KEY` and `CONTRACT_APP_ID` too, for that scheme alone";
    let apart = [("CONTRACT_APIKEY", "k-1"), ("CONTRACT_CRUMB", "c")];
    check(LOCKS, &apart, together);
    let same = LOCKS.replace("    login:", "    app_id: {type: http, scheme: bearer}\n    login:");
    let alike = "error: `CONTRACT_APP_ID` would be the credential of both `app_id` and `app-id`\n\
                 help: give the schemes names in the document that differ by more than their punctuation";
    check(&same, &[("CONTRACT_APP_ID", "k-1")], alike);
    let named = LOCKS.replace("token", "basic");
    let kind = "error: `CONTRACT_BASIC` would be the credential of both `basic` and `login`\n\
                help: set `CONTRACT_LOGIN` too, for that scheme alone";
    check(&named, &[("CONTRACT_BASIC", "a:b")], kind);
    assert!(read(&named, &[("CONTRACT_BASIC", "a:b"), ("CONTRACT_LOGIN", "c:d")]).is_ok());
}

#[test]
fn what_is_not_given_is_told_with_what_would_do() {
    let check = |variables: &[(&str, &str)], expected: &[&str]| {
        let missing = read(LOCKS, variables).expect("the variables can be used").missing(&api(LOCKS));
        assert_eq!(missing.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{variables:?}");
    };
    let login = "`login` (`CONTRACT_LOGIN` or `CONTRACT_BASIC`), needed by `add_door`";
    let card = "`card` (no variable can give it), needed by `drop_keys`";
    let spare = |name: &str, variables: &str| format!("`{name}` ({variables}), which other credentials stand in for");
    let crumb = spare("crumb", "`CONTRACT_CRUMB` or `CONTRACT_APIKEY`");
    let digest = spare("digest", "`CONTRACT_DIGEST` or `CONTRACT_BEARER`");
    check(
        &[],
        &[
            "`token` (`CONTRACT_TOKEN` or `CONTRACT_BEARER`), needed by `list_doors`",
            login,
            "`key` (`CONTRACT_KEY` or `CONTRACT_APIKEY`), needed by `list_doors` and 1 more",
            "`app-id` (`CONTRACT_APP_ID` or `CONTRACT_APIKEY`), needed by `list_keys`",
            &crumb,
            &digest,
            card,
        ],
    );
    let token = spare("token", "`CONTRACT_TOKEN` or `CONTRACT_BEARER`");
    let given = [("CONTRACT_KEY", "k"), ("CONTRACT_APP_ID", "a"), ("CONTRACT_CRUMB", "c"), ("CONTRACT_DIGEST", "d")];
    check(&given, &[&token, login, card]);
}

#[test]
fn a_request_takes_the_alternative_that_is_given() {
    let check = |variables: &[(&str, &str)], operation: &str, expected: usize| {
        let api = api(LOCKS);
        let operation = api.operation(operation).expect("the document has the operation");
        assert_eq!(read(LOCKS, variables).expect("the variables can be used").alternative(operation), expected, "{variables:?}");
    };
    check(&[], "list_doors", 0);
    check(&[("CONTRACT_KEY", "k")], "list_doors", 1);
    check(&[("CONTRACT_KEY", "k"), ("CONTRACT_TOKEN", "t")], "list_doors", 0);
    check(&[("CONTRACT_KEY", "k")], "list_keys", 0);
    check(&[("CONTRACT_KEY", "k")], "add_key", 2);
    check(&[("CONTRACT_DIGEST", "d")], "add_key", 1);
}

#[test]
fn secrets_are_listed_in_every_form_that_they_have_and_never_shown() {
    let given = [("CONTRACT_LOGIN", "robin:p w"), ("CONTRACT_KEY", "k-secret"), ("CONTRACT_DIGEST", "plain")];
    let credentials = read(LOCKS, &given).expect("the variables can be used");
    let expected = ["robin%3Ap%20w", "cm9iaW46cCB3", "tok%5Fbrass", "k%2Dsecret", "robin:p w", "tok_brass", "k-secret", "plain", "p w"];
    assert_eq!(credentials.secrets(), expected);
    let key_alone = read(LOCKS, &[("CONTRACT_LOGIN", "key-alone:")]).expect("the variables can be used");
    assert!(key_alone.secrets().contains(&"key-alone".to_owned()));
    let shown = format!("{credentials:?}");
    assert!(credentials.secrets().iter().all(|secret| !shown.contains(secret.as_str())), "{shown}");
}
