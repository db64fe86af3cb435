//! Who may depend on whom. The mock and the client share the document and nothing else, so that their agreement is evidence.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::{assert_finds, assert_none, sources::root};

/// From whom to whom there is no way, and why.
const FORBIDDEN: [(&str, &str, &str); 12] = [
    ("specs", "generator", "documents are read without knowing what is made of them"),
    ("specs", "crm-notes", "documents are read without knowing what is made of them"),
    ("specs", "mock-server", "documents are read without knowing what is made of them"),
    ("specs", "contract", "documents are read without knowing what is made of them"),
    ("specs", "xtask", "documents are read without knowing what is made of them"),
    ("crm-notes", "mock-server", "who calls the vendor needs no server"),
    ("crm-notes", "contract", "who calls the vendor needs no cases"),
    ("mock-server", "crm-notes", "a server that answers by the client's types proves nothing about the client"),
    ("mock-server", "generator", "a server that answers by the client's types proves nothing about the client"),
    ("contract", "crm-notes", "cases send what no typed client would"),
    ("contract", "mock-server", "cases run against the real vendor too"),
    ("generator", "mock-server", "a client is made from the document alone"),
];

/// Each package of the workspace with the packages of the workspace that it is built from; dev-dependencies do not count.
type Packages = BTreeMap<String, Vec<String>>;

fn check(packages: &Packages) -> Vec<String> {
    let broken = FORBIDDEN.iter().filter(|(from, to, _)| reaches(packages, from, to));
    broken.map(|(from, to, why)| format!("`{from}` depends on `{to}`, but {why}")).collect()
}

fn reaches(packages: &Packages, from: &str, to: &str) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(&package) = seen.get(next) {
        next += 1;
        for dependency in packages.get(package).into_iter().flatten() {
            if dependency == to {
                return true;
            }
            if !seen.contains(&dependency.as_str()) {
                seen.push(dependency);
            }
        }
    }
    false
}

fn packages() -> Packages {
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).current_dir(root()).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = packages.iter().map(name).collect::<Vec<_>>();
    let built_from = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap();
        dependencies.iter().filter(|one| one["kind"] != "dev").map(name).filter(|name| ours.contains(name)).collect()
    };
    packages.iter().map(|package| (name(package), built_from(package))).collect()
}

#[test]
fn dependencies_point_one_way() {
    let packages = packages();
    for name in FORBIDDEN.iter().flat_map(|(from, to, _)| [from, to]) {
        assert!(packages.contains_key(*name), "`{name}` is a package of the workspace");
    }
    assert_none(&check(&packages), "let the two share the document, through `specs`, or make it a dev-dependency");
}

#[test]
fn a_way_round_is_found() {
    let packages = |middle: &[&str]| {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        Packages::from([("mock-server".to_owned(), owned(&["between"])), ("between".to_owned(), owned(middle))])
    };
    assert_finds(&check(&packages(&["crm-notes"])), &check(&packages(&["specs", "mock-server"])));
}
