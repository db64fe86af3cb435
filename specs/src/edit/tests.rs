//! Edits as a person would do them by hand, and what is refused.

use serde_json::{Value, json};

use super::{Edit, apply, edit, patch, read, to_yaml};
use crate::document::{Document, Source};

fn set(at: &str, value: Value) -> Edit {
    Edit::Set { at: at.to_owned(), value }
}

fn insert(at: &str, key: &str, value: Value) -> Edit {
    Edit::Insert { at: at.to_owned(), key: key.to_owned(), value, after: None }
}

fn after(at: &str, key: &str, value: Value, after: &str) -> Edit {
    Edit::Insert { at: at.to_owned(), key: key.to_owned(), value, after: Some(after.to_owned()) }
}

fn append(at: &str, value: Value) -> Edit {
    Edit::Append { at: at.to_owned(), value }
}

fn remove(at: &str) -> Edit {
    Edit::Remove { at: at.to_owned() }
}

fn rename(at: &str, key: &str) -> Edit {
    Edit::Rename { at: at.to_owned(), key: key.to_owned() }
}

#[track_caller]
fn check(file: &str, before: &str, edits: &[Edit], expected: &str) {
    assert_eq!(apply(file, before, edits).as_deref(), Ok(expected), "{before}");
}

#[track_caller]
fn refused(before: &str, edits: &[Edit], why: &str) {
    let refused = apply("a.yaml", before, edits).unwrap_err().to_string();
    assert!(refused.contains(why), "{refused}");
}

const KITES: &str = "\
# Kites.
kites: # all of them
  red:
    size: 1 # in metres
    'tail': \"long\"
    about: |
      It flies.

      High.
  # the other one
  blue: {size: 2, tail: short} # a small one
lines:
- name: thin
  strength: 10
- name: thick # very
  # as ropes are
  strength: 90
";

#[test]
fn one_line_changes_in_yaml() {
    let row = |edit: Edit, old: &str, new: &str| {
        assert!(KITES.contains(old), "{old}");
        check("a.yaml", KITES, &[edit], &KITES.replacen(old, new, 1));
    };
    row(set("/kites/red/size", json!(12)), "size: 1 #", "size: 12 #");
    row(set("/kites/red/tail", json!("it's")), "\"long\"", "\"it's\"");
    row(set("/kites/red/about", json!("No.\n")), "|\n      It flies.\n\n      High.\n", "\"No.\\n\"\n");
    row(set("/kites/red/about", json!("No,\nit\n")), "It flies.\n\n      High.\n", "No,\n      it\n");
    row(set("/kites/blue/tail", json!("a, b")), "tail: short}", "tail: 'a, b'}");
    row(set("/kites/blue", json!({"size": 3})), "{size: 2, tail: short}", "{size: 3}");
    row(
        set("/kites/red/size", json!({"a": [1, {"b": {"c": 2}}]})),
        "size: 1 # in metres\n",
        "size: # in metres\n      a:\n      - 1\n      - {b: {c: 2}}\n",
    );
    row(set("/lines/0", json!("none")), "- name: thin\n  strength: 10\n", "- none\n");
    row(set("/lines/0", json!({"name": "none"})), "- name: thin\n  strength: 10\n", "- name: none\n");
    row(
        set("/lines", json!([])),
        "lines:\n- name: thin\n  strength: 10\n- name: thick # very\n  # as ropes are\n  strength: 90\n",
        "lines: []\n",
    );
    row(insert("/kites/red", "wind", json!("on")), "      High.\n", "      High.\n    wind: 'on'\n");
    row(after("/kites/red", "wind", json!(true), "size"), "in metres\n", "in metres\n    wind: true\n");
    row(insert("/kites/blue", "wind", json!([1, 2])), "short}", "short, wind: [1, 2]}");
    row(append("/lines", json!({"name": "new", "strength": null})), "strength: 90\n", "strength: 90\n- {name: new, strength: null}\n");
    row(remove("/kites/red/size"), "    size: 1 # in metres\n", "");
    row(remove("/kites/red/about"), "    about: |\n      It flies.\n\n      High.\n", "");
    row(remove("/kites/blue/size"), "{size: 2, tail", "{tail");
    row(remove("/kites/blue/tail"), ", tail: short", "");
    row(remove("/lines/0"), "- name: thin\n  strength: 10\n", "");
    row(remove("/lines/0/name"), "- name: thin\n  strength", "- strength");
    row(remove("/lines/1/name"), "- name: thick # very\n", "-\n");
    row(rename("/kites/red/tail", "rope"), "'tail':", "'rope':");
    row(rename("/kites/blue/size", "a: b"), "{size:", "{'a: b':");
}

#[test]
fn several_edits_are_one() {
    let edits = [
        set("/kites/red/size", json!(5)),
        remove("/kites/blue/tail"),
        insert("/kites/blue", "wind", json!(1)),
        rename("/kites/blue", "green"),
        remove("/lines/0"),
        append("/lines", json!("rope")),
        append("/lines", json!("wire")),
        insert("", "more", json!({})),
    ];
    let expected = KITES.replace("size: 1 #", "size: 5 #").replace("blue: {size: 2, tail: short}", "green: {size: 2, wind: 1}");
    let expected = expected.replace("- name: thin\n  strength: 10\n", "");
    check("a.yaml", KITES, &edits, &format!("{expected}- rope\n- wire\nmore: {{}}\n"));
}

#[test]
fn what_is_emptied_stays_empty_and_what_is_empty_is_filled() {
    check("a.yaml", "a: # why\n  b: 1\n  c: 2\nd: 3\n", &[remove("/a/b"), remove("/a/c")], "a: {} # why\nd: 3\n");
    check("a.yaml", "a:\n  - 1\n  - 2", &[remove("/a/0"), remove("/a/1")], "a: []");
    check("a.yaml", "a: {} # none\nb: []\n", &[insert("/a", "k", json!(1)), append("/b", json!("x"))], "a: {k: 1} # none\nb: [x]\n");
    check("a.yaml", "a:\nb:   ~\n", &[set("/a", json!(1)), set("/b", json!("x"))], "a: 1\nb:   x\n");
    check("a.yaml", "a: {b: , c}\n", &[set("/a/b", json!(1)), set("/a/c", json!(2))], "a: {b: 1, c: 2}\n");
    check("a.json", "{\"a\": {}, \"b\": [1]}", &[insert("/a", "k", json!(1)), remove("/b/0")], "{\"a\": {\"k\": 1}, \"b\": []}");
}

#[test]
fn json_keeps_its_lines() {
    let before = "{\n\t\"a\": {\"x\": 1, \"y\": [2,3]},\n\t\"b\": [\n\t\t1,\n\t\t2\n\t]\n}";
    let edits = [
        append("/b", json!({"k": [1]})),
        remove("/b/0"),
        insert("", "c", json!("é\n")),
        set("/a/x", json!({"z": null})),
        rename("/a/y", "w\""),
    ];
    let after = "{\n\t\"a\": {\"x\": {\n\t\t\"z\": null\n\t}, \"w\\\"\": [2,3]},\n\t\"b\": [\n\t\t2,\n\t\t{\n\t\t\t\"k\": [\n\t\t\t\t1\n\t\t\t]\n\t\t}\n\t],\n\t\"c\": \"é\\n\"\n}";
    check("a.json", before, &edits, after);
    check("a.json", "{\n  \"a\": 1,\n  \"b\": 2\n}\n", &[remove("/b")], "{\n  \"a\": 1\n}\n");
}

#[test]
fn brackets_with_lines_and_comments() {
    let before = "a: [ # first\n  one, # 1\n  two # 2\n  ]\n";
    check("a.yaml", before, &[append("/a", json!("three"))], "a: [ # first\n  one, # 1\n  two, # 2\n  three\n  ]\n");
    check("a.yaml", before, &[remove("/a/1")], "a: [ # first\n  one # 1\n  ]\n");
    check("a.yaml", before, &[remove("/a/0")], "a: [ # first\n  two # 2\n  ]\n");
    check("a.yaml", "a: [1, 2,\n  3]\n", &[remove("/a/1")], "a: [1,\n  3]\n");
}

#[test]
fn marks_ends_of_lines_and_the_end_of_the_file_stay() {
    check(
        "a.yaml",
        "\u{feff}a: 1\r\nb:\r\n  c: 2\r\n",
        &[set("/a", json!(3)), insert("/b", "d", json!(4))],
        "\u{feff}a: 3\r\nb:\r\n  c: 2\r\n  d: 4\r\n",
    );
    check("a.yaml", "a: 1\nb: 2", &[remove("/b")], "a: 1");
    check("a.yaml", "a: 1\nb: |\n  x\n  y", &[insert("", "c", json!(3))], "a: 1\nb: |\n  x\n  y\nc: 3");
    check("a.yaml", "--- # head\na: 1\n...\n", &[insert("", "b", json!(2))], "--- # head\na: 1\nb: 2\n...\n");
    check("a.yaml", "a: |+\n  x\n\nb: 1\n", &[after("", "c", json!(2), "a")], "a: |+\n  x\n\nc: 2\nb: 1\n");
}

#[test]
fn what_would_change_elsewhere_is_refused() {
    let shared = "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n";
    refused(shared, &[set("/a/b", json!(2))], "aliases elsewhere");
    refused(shared, &[set("/a", json!(2))], "aliases elsewhere");
    refused(shared, &[remove("/a")], "aliases elsewhere");
    refused(shared, &[insert("/a", "f", json!(2))], "aliases elsewhere");
    refused(shared, &[set("/c/b", json!(2))], "share it by an alias");
    refused(shared, &[insert("/c", "f", json!(2))], "alias");
    refused(shared, &[set("/d/b", json!(2))], "merge key");
    check("a.yaml", shared, &[set("/c", json!(2)), insert("/d", "f", json!(3))], "a: &x {b: 1}\nc: 2\nd:\n  <<: *x\n  e: 2\n  f: 3\n");
    check("a.yaml", "a: &x 1\nb: 2\n", &[set("/a", json!(3))], "a: 3\nb: 2\n");
    check("a.yaml", "a:\n  b: &x 1\n  c: *x\nd: 1\n", &[remove("/a")], "d: 1\n");
}

#[test]
fn what_does_not_fit_is_refused() {
    refused("a: 1\n", &[set("/b", json!(1))], "cannot edit `#/b`: nothing stands there");
    refused("a: 1\n", &[insert("", "a", json!(1))], "it has a `a` already");
    refused("a: 1\n", &[insert("/a", "b", json!(1))], "it is no object");
    refused("a: 1\n", &[append("/a", json!(1))], "it is no array");
    refused("a: 1\n", &[after("", "b", json!(1), "c")], "it has no `c`");
    refused("a: {b: 1}\n", &[remove("/a"), set("/a/b", json!(2))], "another edit");
    refused("a: 1\n", &[set("/a", json!(1)), set("/a", json!(2))], "the same place");
    refused("a: 1\nb: 2\n", &[rename("/a", "b")], "it has a `b` already");
    refused("a: 1\n", &[remove("")], "the whole cannot be removed");
    refused("a: [1\n", &[set("/a", json!(1))], "breaks a rule of its syntax");
    refused("a:\n\tb: 1\n", &[set("/a/b", json!(2))], "breaks a rule of its syntax");
}

#[test]
fn an_edit_is_done_in_the_file_where_it_was_written() {
    let root = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: 'more/a.json#/a'}\n";
    let source = Source::new("t", "specs/t.yaml", root.to_owned());
    let other = "{\"a\": {\"get\": {\"responses\": {\"200\": {\"description\": \"ok\"}}}}}".to_owned();
    let source = source.with_texts([("more/a.json".to_owned(), other.clone())]);
    let document = Document::read(&source).0.unwrap();
    let edits = [insert("/paths/~1a/get", "operationId", json!("get_a")), set("/info/title", json!("New"))];
    let edited = edit(&document, &source, &edits).unwrap();
    assert_eq!(edited.len(), 2);
    assert_eq!(edited[0].after, root.replace("title: T", "title: New"));
    assert!(edited[1].file.ends_with("more/a.json") && edited[1].before == other, "{edited:?}");
    assert_eq!(edited[1].after, other.replace("\"ok\"}}}", "\"ok\"}}, \"operationId\": \"get_a\"}"));
}

#[test]
fn a_value_becomes_yaml_that_is_read_as_the_same() {
    let small = json!({"a": "no", "b": [1, {"c": "2024-01-01", "d": null}], "e": "two\nlines\n", "": {}, "deep": {"one": {"two": {"three": [true]}}}});
    let text = "a: 'no'\nb: [1, {c: '2024-01-01', d: null}]\ne: |\n  two\n  lines\n'': {}\ndeep:\n  one:\n    two: {three: [true]}\n";
    assert_eq!(to_yaml(&small).as_deref(), Some(text));
    for value in [json!("text"), json!(7), json!([]), json!({}), json!([[1], {"a": "#"}]), json!({"a: b": "- c", "d": " e\u{7f}\t"})] {
        let text = to_yaml(&value).unwrap();
        assert_eq!(read("written.yaml", &text).unwrap().1, value, "{text}");
    }
}

#[test]
fn patches_are_those_of_git() {
    assert_eq!(patch("a\n", "a\n", "x"), "");
    let patched = patch("a\r\nb\r\nc", "a\r\nB\r\nc", "specs/x.yaml");
    assert_eq!(patched, "--- a/specs/x.yaml\n+++ b/specs/x.yaml\n@@ -1,3 +1,3 @@\n a\r\n-b\r\n+B\r\n c\n\\ No newline at end of file\n");
    let ended = patch("a\rb\n", "a\rb", "my \"x\".yaml");
    assert_eq!(
        ended,
        "--- \"a/my \\\"x\\\".yaml\"\n+++ \"b/my \\\"x\\\".yaml\"\n@@ -1 +1 @@\n-a\rb\n+a\rb\n\\ No newline at end of file\n"
    );
    assert!(patch("a\n", "b\n", "my x.yaml").starts_with("--- a/my x.yaml\t\n+++ b/my x.yaml\t\n"));
}
