//! The table of rules is that of the code: each rule that a document can break is in it, and its own examples show it.

use std::{collections::BTreeSet, fs, path::Path};

use specs::{
    Source,
    lint::{Rule, rules},
};

/// Rules of what the table is not about: of building, and of requests.
const ELSEWHERE: [&str; 6] = ["document-name", "document-unreadable", "invalid-fault", "not-generated", "unknown-provider", "unreadable"];

/// Folders whose rules are about something else: changes, and facts of pages.
const OTHERS: [&str; 3] = ["compare", "drift", "pages"];

/// What no document is known to break: the passes before mend or leave out what would.
const UNBROKEN: [&str; 2] = ["schema", "operation-not-generated"];

fn broken(rule: &Rule, example: &str) -> BTreeSet<&'static str> {
    let source = Source::new("a", &rule.file, Rule::whole(example)).with_texts(rule.beside.clone());
    xtask::lint::problems_of(&source).into_iter().map(|problem| problem.rule).collect()
}

#[test]
fn every_rule_has_a_document_that_breaks_it_and_one_that_does_not() {
    let mut wrong = Vec::new();
    for rule in rules() {
        assert_eq!(rule.bad.is_empty() || rule.good.is_empty(), UNBROKEN.contains(&rule.id.as_str()), "{}", rule.id);
        assert!(!rule.says.is_empty() && !rule.fix.is_empty(), "{}", rule.id);
        if rule.bad.is_empty() {
            continue;
        }
        let (bad, good) = (broken(rule, &rule.bad), broken(rule, &rule.good));
        if !bad.contains(rule.id.as_str()) || good.contains(rule.id.as_str()) {
            wrong.push(format!("{}: bad {bad:?}, good {good:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_code_is_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is in the workspace");
    let mut named = BTreeSet::new();
    for folder in ["specs/src", "mock-server/src", "specs/generator/src"] {
        sources(&root.join(folder), &mut |text| named.extend(rules_in(text)));
    }
    assert!(named.contains("ambiguous-paths") && named.contains("tab") && named.contains("expression"), "{named:?}");
    let known: BTreeSet<_> = rules().iter().map(|rule| rule.id.clone()).collect();
    let unknown: Vec<_> = named.iter().filter(|name| !known.contains(*name) && !ELSEWHERE.contains(&name.as_str())).collect();
    assert!(unknown.is_empty(), "add to `specs/src/lint/rules.yaml`: {unknown:?}");
}

/// The texts of all sources but tests.
fn sources(folder: &Path, take: &mut dyn FnMut(&str)) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.file_name().is_some_and(|name| OTHERS.iter().any(|other| name == *other)) {
            continue;
        }
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if path.is_dir() {
            sources(&path, take);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_test {
            let text = fs::read_to_string(&path).expect("a source is text");
            take(text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
        }
    }
}

/// What stands where most code names a rule, which is enough to notice a new one: behind these words, as the first text that is a name. Rules of rejections, which
/// are told to clients, are not about documents.
fn rules_in(text: &str) -> BTreeSet<String> {
    const BEFORE: [&str; 9] = [".error(", ".warning(", ".fault(", ".warn(", ".tell(", ".lose(", ".replace(", "problem(", "rule: "];
    let mut found = BTreeSet::new();
    let is_name = |text: &&str| {
        text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    for before in BEFORE {
        for (at, _) in text.match_indices(before) {
            let statement = &text[at + before.len()..];
            let statement = &statement[..statement.find([';', '{']).unwrap_or(statement.len())];
            let first = statement.split('"').nth(1).filter(is_name);
            // A name of one word is one of many words; it counts where nothing else can stand.
            let is_sure = [".error(", ".warning(", "rule: "].contains(&before);
            found.extend(first.filter(|name| is_sure || name.contains('-')).map(str::to_owned));
        }
    }
    for (choice, end) in [("let rule = if", ";"), ("let rows = [", "];")] {
        let choices = text.split(choice).skip(1).filter_map(|rest| rest.split(end).next());
        let texts = choices.flat_map(|choice| choice.split('"').skip(1).step_by(2));
        found.extend(texts.filter(is_name).filter(|name| name.contains('-')).map(str::to_owned));
    }
    found
}
