//! A version of other people's code is written once, in the root `Cargo.toml`, where all of them can be seen.

use crate::{
    assert_finds, assert_none,
    sources::{File, files},
};

/// Dependencies of a manifest that do not say `workspace = true`. Only the root's `[workspace.dependencies]` may.
fn own_versions(manifest: &File) -> Vec<String> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line.starts_with('[') {
            line.trim_matches(['[', ']']).clone_into(&mut section);
        }
        let table = section.rsplit_once('.').map_or("", |(table, _)| table);
        let single = is_dependencies(table) && section != "workspace.dependencies" && line.starts_with('[');
        let versioned = is_dependencies(&section) && !line.starts_with('[') && !line.replace(' ', "").contains("workspace=true");
        if single || versioned {
            found.push(format!("{}: `{line}`", manifest.path));
        }
    }
    found
}

fn is_dependencies(section: &str) -> bool {
    let kind = section.rsplit('.').next().unwrap_or_default();
    kind.ends_with("dependencies") && !section.starts_with("workspace")
}

/// Entries of `[workspace.dependencies]` that no manifest uses.
fn unused(manifests: &[File]) -> Vec<String> {
    let declared = |manifest: &File| {
        let (_, section) = manifest.text.split_once("[workspace.dependencies]\n")?;
        let section = section.split("\n[").next()?;
        let names = section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('='));
        Some(names.map(|(name, _)| name.trim().to_owned()).collect::<Vec<_>>())
    };
    let used = |name: &str| {
        let inherited = [format!("{name}.workspace = true"), format!("{name} = {{ workspace = true")];
        manifests.iter().flat_map(|manifest| manifest.text.lines()).any(|line| inherited.iter().any(|start| line.starts_with(start)))
    };
    let names = manifests.iter().filter_map(declared).flatten().filter(|name| !used(name));
    names.map(|name| format!("`{name}` is declared and nobody uses it")).collect()
}

fn manifests() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with("Cargo.toml")).collect()
}

#[test]
fn third_party_versions_stand_in_the_root_alone() {
    let found = manifests().iter().flat_map(own_versions).collect::<Vec<_>>();
    assert_none(&found, "declare it in `[workspace.dependencies]` of the root, and write `name.workspace = true` here");
}

#[test]
fn every_declared_version_is_used() {
    assert_none(&unused(&manifests()), "take it out of `[workspace.dependencies]`");
}

#[test]
fn a_version_of_ones_own_is_found() {
    let check = |text| own_versions(&File::new("a/Cargo.toml", text));
    assert_finds(&check("[dependencies]\nhttp = \"1\"\n"), &check("[dependencies]\nhttp.workspace = true\n"));
    assert_finds(&check("[target.'cfg(unix)'.dev-dependencies]\na = \"1\"\n"), &check("[workspace.dependencies]\na = \"1\"\n"));
    assert_finds(&check("[dependencies.http]\n"), &check("[package.metadata.docs]\nversion = \"1\"\n"));
}

#[test]
fn an_unused_version_is_found() {
    let check = |user| unused(&[File::new("Cargo.toml", "[workspace.dependencies]\na = \"1\"\n"), File::new("b/Cargo.toml", user)]);
    assert_finds(&check("[dependencies]\nab.workspace = true\n"), &check("[dependencies]\na = { workspace = true, optional = true }\n"));
}
