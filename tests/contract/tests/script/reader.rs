//! What is wrong with a script, with its line and its fix.

use serde_json::json;

use crate::read;

/// The script has one problem: on this line, with this message and this help.
fn check(text: &str, line: usize, message: &str, help: &str) {
    let problems = read(text).err().unwrap_or_default();
    let told: Vec<_> = problems.iter().map(|problem| (problem.line, problem.message.as_str(), problem.help.as_str())).collect();
    assert_eq!(told, [(line, message, help)], "{text}");
    assert!(problems[0].to_string().contains(&format!("kiosk.script.yaml:{line}:")), "{}", problems[0]);
}

/// A promise whose step has these lines, from line 5, below `send` and `gets`.
fn step(lines: &str) -> String {
    format!("promises:\n- promise: it is so\n  steps:\n  - {{send: GET /papers/7, gets: 200,\n{lines}}}\n")
}

#[test]
fn keys_that_nothing_reads_are_told_with_the_nearest_one() {
    check(
        "promised: []\npromises: [{promise: a, steps: [{send: GET /, gets: 200}]}]",
        1,
        "nothing is called `promised` here",
        "write `promises`",
    );
    check(&step("    answer: {/a: 1}"), 5, "nothing is called `answer` here", "write `answers`");
    let all = "write one of `promise`, `steps`";
    check("promises:\n- promise: a\n  steps: [{send: GET /, gets: 200}]\n  because: b\n", 4, "nothing is called `because` here", all);
}

#[test]
fn matchers_that_do_not_exist_are_told() {
    check(&step("    answers: {/a: {\n      machtes: x}}"), 6, "nothing is called `machtes` here", "write `matches`");
    check(&step("    answers: {/a: {is: strin}}"), 5, "nothing is called `strin` here", "write `string`");
    check(&step("    answers: {/a: {size: many}}"), 5, "this is no size", "write how many there are");
    check(&step("    answers: {/a: {each: {has: {b: 1}}}}"), 5, "`b` is no JSON pointer", "write `/b`");
    check(&step("    answers: {a.b: 1}"), 5, "`a.b` is no JSON pointer", "write `/a/b`");
    check(&step("    answers: {/a: {}}"), 5, "nothing is expected", "write `{equals: {}}` for an empty object");
    check(
        &step("    answers: {/a: {equals: 1, size: 2}}"),
        5,
        "`equals` stands beside other matchers",
        "an exact value needs no other matcher",
    );
    let problems = read(&step("    answers: {/a: {matches: '('}}")).err().unwrap_or_default();
    assert!(problems.len() == 1 && problems[0].message.starts_with("this is no regular expression: "), "{problems:?}");
}

#[test]
fn names_that_nothing_has_are_told() {
    let help = "keep it in a step before, or write `{{paper}}` for the text itself";
    check("promises:\n- promise: a\n  steps:\n  - send: GET /papers/{paper}\n    gets: 200\n", 4, "nothing is kept as `paper`", help);
    check(
        &step("    keep: {note: /id}, json: ['{note}']"),
        5,
        "nothing is kept as `note`",
        "keep it in a step before, or write `{{note}}` for the text itself",
    );
    check(&format!("with: {{paper: 7}}\n{}", step("    headers: {x-p: '{papre}'}")), 6, "nothing is kept as `papre`", "write `{paper}`");
    check(&step("    keep: {Note: /id}"), 5, "texts cannot name `Note`", "write small letters, digits, `_` and `-`, a letter first");
    let other = "promises:\n- &a {promise: Its so, steps: [{send: GET /, gets: 200, keep: {n: /a}}, {send: 'GET /{n}', gets: 200}]}\n";
    assert!(read(other).is_ok());
    check(
        &format!("{other}- {{promise: it's so, steps: [{{send: GET /, gets: 200}}]}}"),
        3,
        "another promise is called `its_so`",
        "say what is promised here",
    );
    let twice = "promises:\n- {promise: a, steps: [{send: GET /, gets: 200, keep: {n: /a}}]}\n- {promise: b, steps: [{send: 'GET /{n}', gets: 200}]}";
    check(twice, 3, "nothing is kept as `n`", "keep it in a step before, or write `{{n}}` for the text itself");
}

#[test]
fn texts_that_repeat_are_short_enough() {
    let with =
        |long: &str| format!("with:\n  long: {long}\npromises: [{{promise: a, steps: [{{send: GET /, gets: 200, text: '{{long}}'}}]}}]");
    assert!(read(&with("{repeat: ab, times: 3}")).is_ok());
    let help = "write how often, for at most 16777216 bytes";
    check(&with("{repeat: ab, times: 9999999999}"), 2, "this is no number of times", help);
    check(&with("{repeat: ab, times: -1}"), 2, "this is no number of times", help);
    check(&with("{repeat: ab}"), 2, "`times` is missing", "write `times: …`");
    check(&with("{repeat: ab, times: 3, with: c}"), 2, "nothing is called `with` here", "write one of `repeat`, `times`");
}

#[test]
fn credentials_are_of_schemes_that_there_are() {
    check(&step("    as: stam"), 5, "nothing is called `stam` here", "write `stamp`");
    check(&step("    as: {\n      bagde: x}"), 6, "nothing is called `bagde` here", "write `badge`");
    check(&step("    as: 7"), 5, "this is nobody", "write `nobody`, a scheme, or `{scheme: credential}`");
}

#[test]
fn what_no_request_and_no_answer_can_be_is_told() {
    check(
        "promises:\n- promise: a\n  steps: [{send: papers, gets: 200}]",
        3,
        "this is no request",
        "write a method and a path, as `GET /notes?page=2`",
    );
    check("promises:\n- promise: a\n  steps:\n  - send: GET /papers\n", 4, "`gets` is missing", "write `gets: …`");
    check("promises:\n- promise: a\n  steps:\n  - {send: GET /, gets: 4X}\n", 4, "this is no status", "write a status as `404`, or `4XX`");
    check(&step("    json: 1,\n    text: a"), 6, "`text` is a second body", "send one body a step");
    check(&step("    bytes: '*'"), 5, "this is no base64", "write the bytes in base64");
    check(&step("    type: text/csv"), 5, "there is no body to be of this type", "write a body, or the header `content-type`");
    check("page: https://kiosk.example", 1, "nothing is promised", "write promises under `promises`");
    check("promises: [{promise: a, steps: []}]", 1, "the promise has no step", "write `steps: [{send: …, gets: …}]`");
    check(
        "promises:\n- promise: a\n  promise: b\n  steps: [{send: GET /, gets: 200}]",
        3,
        "the key `promise` is there already, on line 2",
        "remove or rename one of the two",
    );
    check("", 1, "this is no object", "write an object with `page`, `problems`, `degraded`, `with`, `headers`, `promises`");
}

#[test]
fn promises_are_named_by_what_they_say() {
    let text = json!({"page": "https://kiosk.example/a", "promises": [{"promise": "The page's `size` is 3, and no 4XX", "steps": [{"send": "GET /", "gets": 200}]}]});
    let script = read(&text.to_string()).expect("it has no problem");
    assert_eq!(
        (script.page.as_deref(), script.promises[0].name.as_str()),
        (Some("https://kiosk.example/a"), "the_pages_size_is_3_and_no_4xx")
    );
}
