//! Texts become values, and what is wrong with a text has a place.

use serde_json::{Value, json};

use super::{DEEPEST, Document, Source, identifier};
use crate::problem::Severity;

fn read(file: &str, text: &str) -> (Option<Document>, Vec<String>) {
    let (document, problems) = Document::read(&Source::new("fixture", file, text.to_owned()));
    let problems = problems.into_iter().map(|one| format!("{} {}:{} {}", one.rule, one.line, one.column, one.pointer)).collect();
    (document, problems)
}

fn place_of(document: &Document, pointer: &str) -> (usize, usize) {
    let problem = document.problem(Severity::Error, "rule", pointer, "", "");
    (problem.line, problem.column)
}

#[track_caller]
fn check(text: &str, expected: &Value, problems: &[&str]) {
    let file = if text.trim_start().starts_with('{') { "fixture.json" } else { "fixture.yaml" };
    let (document, found) = read(file, text);
    assert_eq!(found, problems, "{text}");
    assert_eq!(document.map_or(Value::Null, |document| document.value), *expected, "{text}");
}

#[test]
fn yaml_is_read_under_the_core_schema() {
    check("on: yes\nno: ~\n200: {off: 'true', 1.5: !!str 7}\n", &json!({"on": "yes", "no": null, "200": {"off": "true", "1.5": "7"}}), &[]);
    check("text: |\n  a\n  b\nfolded: >-\n  a\n  b\n", &json!({"text": "a\nb\n", "folded": "a b"}), &[]);
    check("\u{feff}a: 1\r\nb: 2\r\n", &json!({"a": 1, "b": 2}), &[]);
    check("a: 2026-06-19\nb: 1e3\nc: 0x1F\nd: '2'\n", &json!({"a": "2026-06-19", "b": 1000.0, "c": 31, "d": "2"}), &[]);
}

#[test]
fn anchors_are_written_out_and_merge_keys_merged() {
    check(
        "a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, x: 3}\n",
        &json!({"a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}, "c": {"x": 3, "y": 2}}),
        &[],
    );
    check(
        "a: &a {x: 1}\nb: &b {x: 2, z: 3}\nc: {<<: [*a, *b]}\n",
        &json!({"a": {"x": 1}, "b": {"x": 2, "z": 3}, "c": {"x": 1, "z": 3}}),
        &[],
    );
    check("a: {'<<': 1}\n", &json!({"a": {"<<": 1}}), &[]);
    check("a: &k key\n*k : 1\n", &json!({"a": "key", "key": 1}), &[]);
    check("a: {<<: 1}\n", &json!({"a": {}}), &["merge-key 1:4 "]);
}

#[test]
fn repeated_keys_are_problems_with_a_place() {
    check("a: 1\nb: {c: 1, c: 2}\na: 3\n", &json!({"a": 1, "b": {"c": 1}}), &["repeated-key 2:11 /b/c", "repeated-key 3:1 /a"]);
    check("{\"a\": [0, {\n \"x/y\": 1, \"x/y\": 2}]}", &json!({"a": [0, {"x/y": 2}]}), &["repeated-key 2:12 /a/1/x~1y"]);
    check("a: {\"b\": 1, b: 2}\n", &json!({"a": {"b": 1}}), &["repeated-key 1:13 /a/b"]);
}

#[test]
fn what_is_neither_yaml_nor_json_says_where() {
    check("a: [1, 2\nb: 3\n", &Value::Null, &["yaml-syntax 2:2 "]);
    check("{\"a\": 1", &Value::Null, &["json-syntax 1:7 "]);
    check("", &Value::Null, &[]);
    check("a: 1\n---\nb: 2\n", &json!({"a": 1}), &["second-document 2:1 "]);
    check("? [a, b]\n: 1\nc: 2\n", &json!({"": 1, "c": 2}), &["collection-as-key 1:3 "]);
    check("a: !colour red\nb: .inf\n", &json!({"a": "red", "b": ".inf"}), &["unknown-tag 1:4 ", "number-range 2:4 "]);
}

#[test]
fn what_is_clear_is_read_although_it_breaks_the_syntax() {
    check("{\"a\": 1,}", &json!({"a": 1}), &["json-syntax 1:9 "]);
    check(
        "{\"a\": [1, // one\n 2], /* b */\n\"b\": \"/*\"}",
        &json!({"a": [1, 2], "b": "/*"}),
        &["json-comment 1:11 ", "json-comment 2:6 "],
    );
    check("{\"a\": [1, // one\n]}", &json!({"a": [1]}), &["json-comment 1:11 ", "json-syntax 1:11 "]);
    check("{\"a\": \"x\\ud83d\\ude00\\uD800y\"}", &json!({"a": "x\u{1f600}\u{fffd}y"}), &["lone-surrogate 1:21 "]);
    check("{\n\"a\": 1e999, \"b\": \"1e999\"}", &json!({"a": "1e999", "b": "1e999"}), &["number-range 2:6 "]);
    check("{\"a\": [18446744073709551616]}", &json!({"a": [18_446_744_073_709_551_616.0_f64]}), &["number-range 1:8 /a/0"]);
    check("a: 18446744073709551616\n", &json!({"a": 18_446_744_073_709_551_616.0_f64}), &["number-range 1:4 "]);
    check("a:\n\tb:\n\t\tc: 1\n\td: 2\n", &json!({"a": {"b": {"c": 1}, "d": 2}}), &["tab 2:1 "]);
    check("a:\tb\n", &json!({"a": "b"}), &["tab 1:3 "]);
}

#[test]
fn pasted_json_may_close_its_brackets_too_far_left() {
    check(
        "a:\n  b: {\n    c: [\n      1\n ]\n}\nd: 2\n",
        &json!({"a": {"b": {"c": [1]}}, "d": 2}),
        &["yaml-indentation 5:2 ", "yaml-indentation 6:1 "],
    );
    check("a: {b: 1\n}}\n", &Value::Null, &["yaml-syntax 2:2 "]);
}

#[test]
fn aliases_and_nesting_are_bounded() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![before; 10].join(", ")));
    }
    let (document, problems) = read("bomb.yaml", &bomb);
    assert!(document.is_none());
    assert!(problems[0].starts_with("alias-bomb"), "{problems:?}");

    let merges: Vec<_> = (0..3000).map(|number| format!("m{number}: {{<<: *a}}")).collect();
    let keys: Vec<_> = (0..3000).map(|number| format!("k{number}: 1")).collect();
    let (_, problems) = read("merges.yaml", &format!("a: &a {{{}}}\n{}", keys.join(", "), merges.join("\n")));
    assert!(problems[0].starts_with("alias-bomb"), "{problems:?}");

    for (file, open, close) in [("deep.yaml", "[", "]"), ("deep.json", "[", "]"), ("deep.yaml", "{a: ", "}"), ("deep.json", "{\"a\":", "}")]
    {
        let text = |depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert!(read(file, &text(DEEPEST - 1)).0.is_some(), "{file} {open}");
        assert!(read(file, &text(DEEPEST + 2)).0.is_none(), "{file} {open}");
        assert!(read(file, &text(100_000)).0.is_none(), "{file} {open}");
    }
    let chain: Vec<_> = (1..80).map(|level| format!("a{level}: &a{level} [[*a{}]]", level - 1)).collect();
    let (document, problems) = read("chain.yaml", &format!("a0: &a0 1\n{}", chain.join("\n")));
    assert!(document.is_none());
    assert!(problems[0].starts_with("deep-nesting"), "{problems:?}");
    check("a: &a [*a]\n", &json!({"a": [null]}), &["endless-alias 1:8 /a"]);
}

#[test]
fn places_are_those_of_keys_and_items() {
    let yaml = "a:\n  b: 1\n  c:\n    - x\n    - y: 2\nd: &d {e: 1}\nf: *d\n";
    let json = "{\n  \"a\": {\n    \"b\": 1, \"c\": [true,\n     {\"y\": \"\\\"\"}]},\n  \"d/e\": 2}";
    let rows = [
        ("x.yaml", yaml, "", (1, 1)),
        ("x.yaml", yaml, "/a", (1, 1)),
        ("x.yaml", yaml, "/a/c/1", (5, 7)),
        ("x.yaml", yaml, "/a/c/1/y", (5, 7)),
        ("x.yaml", yaml, "/a/c/7", (3, 3)),
        ("x.yaml", yaml, "/a/nothing/below", (1, 1)),
        ("x.yaml", yaml, "/f/e", (6, 8)),
        ("x.json", json, "/a/c/1/y", (4, 7)),
        ("x.json", json, "/d~1e", (5, 3)),
        ("x.json", json, "/a/c/0", (3, 19)),
    ];
    for (file, text, pointer, place) in rows {
        assert_eq!(place_of(&read(file, text).0.unwrap(), pointer), place, "{file} {pointer}");
    }
}

#[test]
fn names_are_rust_identifiers() {
    for (stem, name) in [
        ("quarry", "quarry"),
        ("GoQuarry", "go_quarry"),
        ("go-quarry.v2", "go_quarry_v2"),
        ("3stones", "_3stones"),
        ("type", "type_"),
        ("self", "self_"),
        ("", "unnamed"),
        ("--", "unnamed"),
        ("Gr\u{fc}be", "gr_be"),
    ] {
        assert_eq!(identifier(stem), name, "{stem}");
    }
}
