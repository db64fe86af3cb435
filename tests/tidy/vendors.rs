//! Nothing about a provider is in Rust, tests included: what OpenAPI cannot say is inferred, or declared in the document.
//! Nor is it in the scripts of tests.
//!
//! The one exception is an example of the client, which shows how to call one provider. It is called after that
//! provider's document, and may name that provider and no other.

use std::path::Path;

use serde_json::json;

use crate::{
    assert_finds, assert_none,
    documents::Facts,
    sources::{File, files, rust_files},
};

/// Names that a document happens to have alone, and that Rust may know: they belong to a convention that many APIs share.
const CONVENTIONS: [(&str, &str); 5] = [
    ("_id", "a key as document stores write it, and what inference goes by"),
    ("content_type", "the header `Content-Type` in snake case, which a fault makes wrong"),
    ("has_more", "the page fact `has-more` in snake case, and what inference goes by"),
    ("per_page", "the size of a page, and what inference goes by"),
    ("statusCode", "the status, once more in the body of a refusal, which the mock fills"),
];

fn check(facts: &Facts, file: &File) -> Vec<String> {
    let strings = file.strings();
    let mut found: Vec<(&String, &String)> = Vec::new();
    found.extend(facts.stems.iter().filter(|stem| names_stem(file, &strings, stem)).map(|stem| (stem, stem)));
    found.extend(facts.hosts.iter().filter(|(host, _)| file.text.contains(host.as_str())));
    found.extend(facts.paths.iter().filter(|(path, _)| has_path(&strings, path)));
    let allowed = |name: &str| CONVENTIONS.iter().any(|(convention, _)| *convention == name);
    found.extend(facts.properties.iter().filter(|(name, _)| !allowed(name) && has_word(&strings, name)));
    let others = found.into_iter().filter(|(_, owner)| example(&file.path) != Some(owner));
    others.map(|(what, owner)| format!("{}: `{what}` belongs to the document `{owner}`", file.path)).collect()
}

/// The same of a script, by its text alone: names where only a provider's can stand, hosts and paths.
fn check_script(facts: &Facts, file: &File) -> Vec<String> {
    let text = [file.text.clone()];
    let quoted = |stem: &str| ["\"", "'", "`"].iter().any(|mark| file.text.contains(&format!("{mark}{stem}{mark}")));
    let names = facts.stems.iter().filter(|stem| quoted(stem) || file.text.contains(&format!("/{stem}/")));
    let hosts = facts.hosts.keys().filter(|host| file.text.contains(host.as_str()));
    let paths = facts.paths.keys().filter(|path| has_path(&text, path));
    names.chain(hosts).chain(paths).map(|what| format!("{}: `{what}` is a provider's", file.path)).collect()
}

/// The name of an example of the client.
fn example(path: &str) -> Option<&str> {
    path.strip_prefix("examples/")?.strip_suffix(".rs").filter(|name| !name.contains('/'))
}

/// Whether a string is the stem, or has it where only a provider's name can stand; or code names its module.
fn names_stem(file: &File, strings: &[String], stem: &str) -> bool {
    let places = [format!("/{stem}/"), format!("{stem}::"), format!("{stem}.yaml"), format!("{stem}.yml"), format!("{stem}.json")];
    let said = |text: &String| text == stem || places.iter().any(|place| text.contains(place.as_str()));
    let client = file.identifiers().windows(2).any(|pair| pair[0] == "crm_notes" && pair[1] == stem);
    client || strings.iter().any(said)
}

/// Whether a path stands in a string and ends there. Something may stand before it, as a server does, unless the path
/// is of one segment: `/notes` is a vendor's own only when it is all.
fn has_path(strings: &[String], path: &str) -> bool {
    let inner = |character: Option<char>| character.is_some_and(|next| next.is_alphanumeric() || "/{}_-".contains(next));
    let begins = |before: &str| path.trim_end_matches('/').matches('/').count() > 1 || !inner(before.chars().next_back());
    let stands = |text: &str| text.match_indices(path).any(|(at, _)| begins(&text[..at]) && !inner(text[at + path.len()..].chars().next()));
    strings.iter().any(|text| stands(text))
}

/// Whether a word stands in a string: alone, in JSON, in an expression or in a sentence.
fn has_word(strings: &[String], word: &str) -> bool {
    let is_inside = |character: char| !character.is_alphanumeric() && character != '_' && character != '-';
    strings.iter().any(|text| text.split(is_inside).any(|part| part == word))
}

#[test]
fn rust_knows_no_provider() {
    let facts = Facts::shipped();
    let found = rust_files().iter().flat_map(|file| check(&facts, file)).collect::<Vec<_>>();
    assert_none(&found, "infer it from the document, declare it there, or use a made-up vendor in a test");
}

#[test]
fn scripts_know_no_provider() {
    let facts = Facts::shipped();
    let files = files();
    let scripts = files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|ending| ending == "mjs")).collect::<Vec<_>>();
    assert!(!scripts.is_empty(), "the check in the browser is a script");
    let found = scripts.into_iter().flat_map(|file| check_script(&facts, file)).collect::<Vec<_>>();
    assert_none(&found, "ask the control listener, or the document");
}

#[test]
fn examples_are_called_after_documents() {
    let stems = Facts::shipped().stems;
    let files = rust_files();
    let strangers = files.iter().filter(|file| example(&file.path).is_some_and(|name| !stems.contains(name)));
    let found = strangers.map(|file| file.path.clone()).collect::<Vec<_>>();
    assert_none(&found, "call it after the document whose client it shows");
}

#[test]
fn conventions_are_needed() {
    let facts = Facts::shipped();
    let strings = rust_files().iter().flat_map(File::strings).collect::<Vec<_>>();
    let idle = CONVENTIONS.iter().filter(|(name, _)| !facts.names.contains(*name) || !has_word(&strings, name));
    assert_none(&idle.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>(), "take it off the list");
}

#[test]
fn what_is_a_providers_is_found() {
    let schema = |names: &[&str]| names.iter().map(|&name| (name.to_owned(), json!({"type": "string"}))).collect::<serde_json::Map<_, _>>();
    let document = |server: &str, path: &str, names: &[&str]| json!({"servers": [{"url": server}], "paths": {path: {}}, "components": {"schemas": {"A": {"properties": schema(names)}}}});
    let facts = Facts::of(&[
        ("acme".to_owned(), document("https://api.acme.example/v9", "/memos/{id}", &["memo_text", "made_by", "title"])),
        ("zenith".to_owned(), document("https://zenith.example", "/leaflets", &["made_by", "words"])),
    ]);
    let check = |text: &str| check(&facts, &File::new("a.rs", &format!("fn f() {{ {text}\n}}")));
    assert_finds(&check("\"acme\""), &check("\"the acme of style\""));
    assert_finds(&check("crm_notes::acme::new()"), &check("acme.new()"));
    assert_finds(&check("// api.acme.example"), &check("// api.example"));
    assert_finds(&check("\"see /memos/{id}.\""), &check("\"/memos/{id}/pages\""));
    assert_finds(&check("\"https://localhost/v9/memos/{id}\""), &check("\"/other/leaflets\""));
    assert_finds(&check("r#\"{\"memo_text\": 1}\"#"), &check("\"memo_texts made_by title\""));
    let script = |text: &str| check_script(&facts, &File::new("a.mjs", text));
    assert_finds(&script("of('acme')"), &script("acme()"));
    assert_finds(&script("// api.acme.example"), &script("// api.example"));
    assert_finds(&script("`${base}/memos/{id}`"), &script("`${base}/memo/{id}`"));
    let example = |path: &str| self::check(&facts, &File::new(path, "fn f() { \"memo_text\" }"));
    assert_finds(&example("examples/zenith.rs"), &example("examples/acme.rs"));
}
