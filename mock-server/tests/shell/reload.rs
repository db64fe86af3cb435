//! Documents that change while they are served.

use std::{fs, path::PathBuf};

use mock_server::MockServer;

use crate::http::{fixture, get, post};

/// A copy of the fixture that a test may write to.
fn copy(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("reload").join(name);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("orchard.yaml");
    fs::write(&file, fs::read_to_string(fixture()).unwrap()).unwrap();
    file
}

fn change(file: &PathBuf, edit: impl Fn(String) -> String) {
    fs::write(file, edit(fs::read_to_string(file).unwrap())).unwrap();
}

/// Asks until the answer is as wanted, for as long as the test may run.
async fn until(what: impl Fn() -> bool) {
    while !what() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_document_is_served_and_its_state_stays() {
    let file = copy("changed");
    let server = MockServer::start(file.display().to_string()).await.unwrap();
    assert_eq!(post(&format!("{}/trees/tree-07/pickings", server.url()), r#"{"kilos":4}"#).status, 201);
    let rows = server.state().rows("orchard", "pickings");
    change(&file, |text| text.replacen("/garden/v2", "/garden/v3", 1));
    until(|| server.base_url("orchard").ends_with("/garden/v3")).await;
    assert_eq!(get(&format!("{}/pickings/pick-001", server.base_url("orchard"))).status, 200);
    assert_eq!(server.state().rows("orchard", "pickings"), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_document_leaves_the_old_one_and_is_told_with_its_line() {
    let file = copy("broken");
    let server = MockServer::start(file.display().to_string()).await.unwrap();
    change(&file, |text| text.replace("paths:", "paths: [}"));
    until(|| !server.providers()[0].problems.is_empty()).await;
    let problems = server.providers().remove(0).problems.join("\n");
    assert!(problems.contains(&format!("{}:", file.display())) && problems.contains("help"), "{problems}");
    assert_eq!(get(&format!("{}/pickings/pick-001", server.url())).status, 200);
    change(&file, |text| text.replace("paths: [}", "paths:"));
    until(|| server.providers()[0].problems.is_empty()).await;
    assert_eq!(get(&format!("{}/pickings/pick-001", server.url())).status, 200);
}
