//! The examples of the rules: what `--explain` shows is what happens.

use std::collections::HashSet;

use super::{
    super::{Frame, Rule, compare, rules},
    changes, found, framed, loaded,
};

/// Rules whose example is no pair of documents; each has a test of its own.
const TOLD_ELSEWHERE: [&str; 3] = ["document-added", "document-removed", "too-tangled"];

/// What an example shows besides its rule, because it cannot be written without.
const BESIDES: [(&str, &[&str]); 1] = [("value-forbidden", &[])];

fn expected(rule: &Rule) -> Vec<String> {
    let ways = [(rule.request, "request"), (rule.response, "response"), (rule.neither, "neither")];
    let mut all: Vec<String> = ways.iter().filter(|(judged, _)| judged.is_some()).map(|(_, way)| format!("{} {way}", rule.id)).collect();
    let more = BESIDES.iter().filter(|(id, _)| *id == rule.id).flat_map(|(_, more)| more.iter());
    all.extend(more.map(|one| (*one).to_owned()));
    all.sort();
    all
}

#[test]
fn each_example_shows_its_rule_in_every_direction_and_nothing_else() {
    for rule in rules().filter(|rule| !TOLD_ELSEWHERE.contains(&rule.id)) {
        let [old, new] = rule.example.map(|text| framed(rule.frame, text));
        let told = changes(&old, &new);
        let mut mine: Vec<String> = found(&told);
        // A rule of one direction has a twin of another name in the other one.
        if rule.frame == Frame::Schema && (rule.request.is_none() || rule.response.is_none()) && rule.neither.is_none() {
            mine.retain(|one| one.starts_with(&format!("{} ", rule.id)));
        }
        assert_eq!(mine, expected(rule), "{}:\n{old}\n{new}\n{told:#?}", rule.id);
    }
}

#[test]
fn no_example_changes_by_being_loaded_twice() {
    for text in rules().filter(|rule| !TOLD_ELSEWHERE.contains(&rule.id)).flat_map(|rule| rule.example.map(|text| framed(rule.frame, text)))
    {
        assert_eq!(changes(&text, &text), [], "{text}");
    }
}

#[test]
fn documents_come_and_go() {
    let kites = loaded("openapi: 3.1.0\ninfo: {title: Kites, version: '1'}\npaths: {}\n");
    assert_eq!(found(&compare(None, Some(&kites))), ["document-added neither"]);
    let gone = compare(Some(&kites), None);
    assert_eq!(found(&gone), ["document-removed neither"]);
    assert_eq!(gone[0].side().file, "kites.yaml");
    assert_eq!(compare(None, None), []);
}

#[test]
fn rules_have_stable_names_and_whole_sentences() {
    let mut seen = HashSet::new();
    for rule in rules() {
        assert!(seen.insert(rule.id), "{} is there twice", rule.id);
        assert!(rule.id.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'), "{}", rule.id);
        let judged = [rule.request, rule.response, rule.neither];
        assert!(judged.iter().any(Option::is_some), "{} is judged nowhere", rule.id);
        let sentences = judged.iter().flatten().map(|judged| judged.reason).chain([rule.says]);
        for sentence in sentences {
            assert!(sentence.len() > 8 && !sentence.ends_with('.') && !sentence.starts_with(char::is_uppercase), "{}: {sentence}", rule.id);
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
}
